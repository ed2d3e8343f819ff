/** A written type without the aliases in front of it. */
import type { Type } from '../model/rust/ast-type.ts';
import type { Resolution, Scope, Workspace } from '../model/workspace.ts';

export interface Peeled {
  readonly type: Type;
  readonly scope: Scope;
  /** What the path names; null for a type that is no plain path. */
  readonly found: Resolution | null;
}

/** Longest chain of aliases that is followed. */
const DEPTH = 16;

/** Follows workspace aliases to what they stand for. Arguments of generic aliases are not put in: such a parameter stays `generic`. */
export function peel(type: Type, scope: Scope, workspace: Workspace): Peeled {
  let at: Peeled = look(type, scope, workspace);
  for (let i = 0; i < DEPTH; i++) {
    if (at.found?.kind !== 'item' || at.found.variant !== null) return at;
    const { item } = at.found;
    const ast = item.kind === 'type' && !item.inUnknownMacro ? workspace.ast(item) : null;
    if (ast?.kind !== 'type' || !ast.type) return at;
    at = look(ast.type, { module: item.module, item }, workspace);
  }
  return at;
}

function look(type: Type, scope: Scope, workspace: Workspace): Peeled {
  const found = type.kind === 'path' && !type.self ? workspace.resolve(type.path, scope, 'type') : null;
  return { type, scope, found };
}

/** The type that a raw pointer or reference points to; null for what is none of these. */
export function pointeeOf(at: Peeled): Type | null {
  if (at.type.kind === 'pointer') return at.type.pointee;
  return at.type.kind === 'reference' ? at.type.referent : null;
}

/** The name of a standard library type (`Option`, `NonNull`), of `core` and `alloc` too; null for everything else. */
export function stdName(at: Peeled): string | null {
  return at.found?.kind === 'external' && at.found.path[0] === 'std' ? (at.found.path.at(-1) ?? null) : null;
}

/** The first type argument as written. */
export function firstArg(type: Type): Type | null {
  if (type.kind !== 'path') return null;
  for (const arg of type.path.segments.at(-1)?.args ?? []) if (arg.kind === 'type') return arg.type;
  return null;
}
