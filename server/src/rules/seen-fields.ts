/** The fields of C types that the other side sees, those of types inside of types included. */
import type { EnumItem, Field, StructItem } from '../model/rust/ast-item.ts';
import type { UnsafeReason } from '../model/surface/ffi-safety.types.ts';
import { isRewritten } from '../model/surface/attributes.ts';
import { reachedTypes } from '../model/surface/type-walk.ts';
import type { BoundaryType, Surface } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { isHandle } from '../analysis/types/opacity.ts';
import { hasDefinedLayout } from './repr-fix.ts';
import type { RuleContext } from './rule.ts';

export interface SeenField {
  readonly item: RustItem;
  readonly ast: StructItem | EnumItem;
  readonly field: Field;
  readonly reason: UnsafeReason;
}

/** How a type is seen: itself, or through pointers to the types in `from`. */
interface Seen {
  value: boolean;
  readonly from: Set<BoundaryType>;
}

const known = new WeakMap<Surface, ReadonlyMap<RustItem, Seen>>();

/**
 * Fields of this file's C types that are no C types themselves: all of a type that crosses by value, the public ones of a type
 * behind a pointer that Rust does not make and hand out as a handle.
 */
export function seenFields(ctx: RuleContext): SeenField[] {
  if (ctx.unit.kind !== 'rust') return [];
  const seen = seenTypes(ctx.surface, ctx.workspace);
  return ctx.unit.items.flatMap((item) => {
    const how = seen.get(item);
    const ast = how ? ctx.workspace.ast(item) : null;
    if (!how || !ast || !isCType(item, ast)) return [];
    const found = fieldsOf(ast).flatMap((field) => {
      if (!how.value && ast.kind !== 'enum' && field.visibility !== 'pub') return [];
      const answer = ctx.facts.types.ffiSafety({ type: field.type, scope: { module: item.module, item }, file: item.file });
      // What lies deeper is reported at the field that it is.
      return answer.kind === 'unsafe' && answer.through.length === 0 ? [{ item, ast, field, reason: answer.reason }] : [];
    });
    const shown = found.length > 0 && (how.value || [...how.from].some((type) => !isHandle(type, ctx.workspace)));
    return shown ? found : [];
  });
}

function isCType(item: RustItem, ast: ReturnType<Workspace['ast']>): ast is StructItem | EnumItem {
  if (ast?.kind !== 'struct' && ast?.kind !== 'union' && ast?.kind !== 'enum') return false;
  return hasDefinedLayout(ast) && !isRewritten(ast.attributes) && !item.inUnknownMacro;
}

function fieldsOf(ast: StructItem | EnumItem): readonly Field[] {
  return ast.kind === 'enum' ? ast.variants.flatMap((v) => v.fields) : ast.fields;
}

function seenTypes(surface: Surface, workspace: Workspace): ReadonlyMap<RustItem, Seen> {
  const before = known.get(surface);
  if (before) return before;
  const seen = new Map<RustItem, Seen>();
  for (const type of surface.types) reach(type.item, type.byValue.length > 0 ? null : type, seen, workspace);
  known.set(surface, seen);
  return seen;
}

/** Marks a type and the types that lie in it; `from` is null where it crosses by value. */
function reach(item: RustItem, from: BoundaryType | null, seen: Map<RustItem, Seen>, workspace: Workspace): void {
  const had = seen.get(item) ?? { value: false, from: new Set() };
  if (had.value || (from && had.from.has(from))) return;
  seen.set(item, had);
  if (from) had.from.add(from);
  else had.value = true;
  const ast = workspace.ast(item);
  if (!ast || !isCType(item, ast)) return;
  for (const field of fieldsOf(ast)) {
    if (from && ast.kind !== 'enum' && field.visibility !== 'pub') continue;
    for (const inner of reachedTypes(field.type, { module: item.module, item }, workspace)) {
      if (!inner.behindPointer) reach(inner.item, from, seen, workspace);
    }
  }
}
