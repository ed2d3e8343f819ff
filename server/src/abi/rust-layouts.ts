/** The layouts of a workspace's Rust types: those at the boundary, and all others with a defined layout. */
import type { Field, Item } from '../model/rust/ast-item.ts';
import { evaluate } from '../model/rust/cfg.ts';
import { reprOf } from '../model/surface/attributes.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { computeLayout, computeSize } from './compute.ts';
import type { LayoutEntries, TypeLayout, UnknownType } from './layout-entries.ts';
import type { LayoutResult } from './layout.types.ts';
import { targetCfg } from './target-cfg.ts';
import { rustShapes } from './rust-shapes.ts';
import { isCertain, writtenUses } from './rust-uses.ts';
import type { Shape, TypeDef, UnknownShape } from './shape.ts';
import type { Target } from './targets.ts';

export function rustLayouts(workspace: Workspace, surface: Surface, target: Target): LayoutEntries {
  const known = targetCfg(target);
  const shapes = rustShapes(workspace, known);
  const laidOut = (def: TypeDef | UnknownShape): LayoutResult =>
    def.kind === 'unknown' ? def : computeLayout(def, shapes.resolve, target);
  const unsized = (shape: Shape): LayoutResult => {
    const found = computeSize(shape, 'rust', shapes.resolve, target);
    return { kind: 'unknown', reason: 'reason' in found ? found.reason : 'it is no record' };
  };
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  const seen = new Set<string>();
  const candidates = layoutCandidates(workspace, surface);
  for (const item of candidates) {
    if (item.test || evaluate(item.cfg, known) === false) continue;
    const ast = workspace.ast(item);
    if (ast?.kind !== 'struct' && ast?.kind !== 'union' && ast?.kind !== 'enum') continue;
    const at = workspace.place(item.file, ast.nameSpan);
    // A module of several crates is one text.
    const key = `${at.file}:${at.span.start}:${item.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const layout = laidOut(shapes.defOf(item));
    const base = { language: 'rust', name: item.name.replace(/^r#/, ''), at, target: target.triple } as const;
    if (layout.kind === 'unknown') unknown.push({ ...base, reason: layout.reason });
    else types.push({ ...base, kind: ast.kind, provenance: 'computed', layout, written: writtenTypes(ast, workspace.text(item.file)) });
  }
  for (const use of writtenUses(workspace, surface, target, candidates)) {
    const key = `${use.at.file}:${use.at.span.start}:${use.name}`;
    if (!isCertain(use) || seen.has(key)) continue;
    seen.add(key);
    const shape = shapes.shapeOf(use);
    const layout = shape.kind === 'ref' ? laidOut(shapes.resolve(shape.key)) : unsized(shape);
    const base = { language: 'rust', name: use.name, at: use.at, target: target.triple } as const;
    const ast = use.generic && workspace.ast(use.generic);
    if (layout.kind === 'unknown') unknown.push({ ...base, reason: layout.reason });
    else if (use.generic && (ast?.kind === 'struct' || ast?.kind === 'union' || ast?.kind === 'enum')) {
      const written = writtenTypes(ast, workspace.text(use.generic.file));
      types.push({ ...base, kind: ast.kind, provenance: 'computed', layout, written });
    }
  }
  return { types, unknown };
}

/** The structs, unions and enums whose layouts are of interest. */
export function layoutCandidates(workspace: Workspace, surface: Surface): readonly RustItem[] {
  const chosen = new Set(surface.types.map(({ item }) => item));
  for (const item of workspace.items) {
    if (item.kind !== 'struct' && item.kind !== 'union' && item.kind !== 'enum') continue;
    const { c, transparent, int } = reprOf(item.entry.attributes);
    if (c || transparent || int !== null) chosen.add(item);
  }
  return workspace.items.filter((item) => chosen.has(item));
}

function writtenTypes(ast: Extract<Item, { kind: 'struct' | 'union' | 'enum' }>, text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const add = (prefix: string, fields: readonly Field[]): void => {
    for (const { name, type } of fields) out.set(`${prefix}${name}`, text.slice(type.span.start, type.span.end).replace(/\s+/g, ' '));
  };
  if (ast.kind === 'enum') for (const variant of ast.variants) add(`${variant.name}.`, variant.fields);
  else add('', ast.fields);
  return out;
}
