/** The layouts of a module's ctypes classes. */
import type { PyClass, PyModule } from '../model/python/ctypes.ts';
import type { LayoutEntries, TypeLayout, UnknownType } from './layout-entries.ts';
import { pythonShapes } from './python-shapes.ts';
import type { Target } from './targets.ts';

export function pythonLayouts(module: PyModule, target: Target): LayoutEntries {
  const shapes = pythonShapes(module, target);
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  for (const one of module.classes) {
    const layout = shapes.layout(one);
    const base = { language: 'python', name: one.path, at: one.at, target: target.triple } as const;
    if (layout.kind === 'unknown') unknown.push({ ...base, reason: layout.reason });
    else types.push({ ...base, kind: one.kind, provenance: 'computed', layout, written: writtenFields(one, module) });
  }
  return { types, unknown };
}

/** Types as written, those of a base class and of anonymous members included. */
export function writtenFields(one: PyClass, module: PyModule, depth = 16): Map<string, string> {
  const out = new Map<string, string>();
  const parent = module.classes.find(({ path }) => path === one.parent);
  if (depth === 0) return out;
  if (parent) for (const [name, text] of writtenFields(parent, module, depth - 1)) out.set(name, text);
  for (const { name, type, text } of one.fields ?? []) {
    const inner = type.kind === 'class' && one.anonymous.includes(name) ? module.classes.find(({ path }) => path === type.path) : undefined;
    if (inner) for (const [below, belowText] of writtenFields(inner, module, depth - 1)) out.set(below, belowText);
    else out.set(name, text);
  }
  return out;
}
