/** The layouts of what a header defines under a name. */
import type { CUnit } from '../model/c/ast.ts';
import { cNamedTypes, cWrittenTypes } from './c-named-types.ts';
import type { CNamedType } from './c-named-types.ts';
import { cShapes } from './c-shapes.ts';
import type { CShapes } from './c-shapes.ts';
import { computeLayout, computeSize } from './compute.ts';
import type { LayoutEntries, TypeLayout, UnknownType } from './layout-entries.ts';
import type { LayoutResult } from './layout.types.ts';
import type { Target } from './targets.ts';

/** Of the files for which `wanted` says yes, in the order of definition. */
export function cLayouts(unit: CUnit, target: Target, wanted: (file: string) => boolean): LayoutEntries {
  const shapes = cShapes(unit, target);
  const named = cNamedTypes(unit, wanted);
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = named.others.map((one) => ({ language: 'c', target: target.triple, ...one }));
  for (const one of named.types) {
    const layout = computedLayout(one, shapes, target);
    const base = { language: 'c', name: one.name, at: one.at, target: target.triple } as const;
    if (layout.kind === 'unknown') unknown.push({ ...base, reason: layout.reason });
    else types.push({ ...base, kind: one.kind, provenance: 'computed', layout, written: cWrittenTypes(one.definition) });
  }
  return { types: inOrder(types), unknown: inOrder(unknown) };
}

function inOrder<T extends Pick<TypeLayout, 'at'>>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start));
}

function computedLayout({ spelling, definition, typedef }: CNamedType, shapes: CShapes, target: Target): LayoutResult {
  const shape = typedef && shapes.typedef(typedef.name);
  const def = !typedef ? shapes.resolve(spelling) : shape?.kind === 'unknown' ? shape : shapes.lower(definition);
  const layout: LayoutResult = def.kind === 'unknown' ? def : computeLayout(def, shapes.resolve, target);
  // An alignment on the typedef is its own; the size stays that of the type.
  const size = layout.kind === 'layout' && shape?.kind === 'aligned' ? computeSize(shape, 'c', shapes.resolve, target) : null;
  return layout.kind === 'layout' && size && !('kind' in size) ? { ...layout, size: size.size, align: size.align } : layout;
}
