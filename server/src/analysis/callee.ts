/** What a call or macro call names: a workspace item, something of another crate, or a name that could not be resolved. */
import type { Expr, PathExpr } from '../model/rust/ast-expr.ts';
import type { Path } from '../model/rust/ast-type.ts';
import type { Namespace, RustItem, Scope, Workspace } from '../model/workspace.ts';

export type Callee =
  | { readonly kind: 'items'; readonly items: readonly RustItem[] }
  /** Of another crate; `core` and `alloc` are written `std`. */
  | { readonly kind: 'external'; readonly path: readonly string[] }
  /** Not resolved (a local `use`, a glob of another crate): as written. */
  | { readonly kind: 'written'; readonly path: readonly string[] }
  /** The callee is no path, or a qualified one without a name. */
  | { readonly kind: 'computed' };

/** What a call's callee names. A local variable counts as `written`: the caller knows its variables. */
export function calleeOf(callee: Expr, scope: Scope, workspace: Workspace): Callee {
  if (callee.kind !== 'path') return { kind: 'computed' };
  if (callee.self) return qualified(callee);
  return named(callee.path, scope, workspace, 'value');
}

/** What a macro call names; the macro is an item of kind `macro-rules` where it is defined in the workspace. */
export function macroOf(path: Path, scope: Scope, workspace: Workspace): Callee {
  return named(path, scope, workspace, 'macro');
}

function named(path: Path, scope: Scope, workspace: Workspace, namespace: Namespace): Callee {
  const written = path.segments.map((segment) => segment.name);
  const found = workspace.resolve(path, scope, namespace);
  if (found.kind === 'item') return { kind: 'items', items: [found.item] };
  if (found.kind === 'ambiguous') return { kind: 'items', items: found.items };
  if (found.kind === 'external') return { kind: 'external', path: found.path };
  return { kind: 'written', path: written };
}

function qualified(callee: PathExpr): Callee {
  const name = callee.path.segments.at(-1)?.name;
  const type = callee.self?.type;
  if (!name || type?.kind !== 'path') return { kind: 'computed' };
  return { kind: 'written', path: [...type.path.segments.map((segment) => segment.name), name] };
}

/**
 * The last two names of what a callee names outside of the workspace: `CStr::from_ptr`, `ptr::read`, `process::abort`.
 * Null for workspace items and for what is no path. A user's own `CStr` is a workspace item, so an unresolved one is the library's.
 */
export function libraryName(callee: Callee): string | null {
  if (callee.kind !== 'external' && callee.kind !== 'written') return null;
  return callee.path.slice(-2).join('::');
}

/** The macro's name where it is the standard library's, null for all others. */
export function stdMacro(path: Path, scope: Scope, workspace: Workspace): string | null {
  const callee = macroOf(path, scope, workspace);
  if (callee.kind === 'items' || callee.kind === 'computed') return null;
  const name = callee.path.at(-1) ?? '';
  const outside = callee.kind === 'external' ? callee.path[0] !== 'std' : callee.path.length > 1 && !STD_CRATES.has(callee.path[0] ?? '');
  return outside || !STD_MACROS.has(name) ? null : name;
}

/** The workspace fns that a method's name may stand for: receivers have no types here. */
export function methodsNamed(name: string, workspace: Workspace): readonly RustItem[] {
  let byName = METHODS.get(workspace.items);
  if (!byName) {
    byName = new Map();
    for (const item of workspace.items) {
      if (item.kind !== 'fn' || (item.owner?.kind !== 'impl' && item.owner?.kind !== 'trait')) continue;
      const list = byName.get(item.name);
      if (list) list.push(item);
      else byName.set(item.name, [item]);
    }
    METHODS.set(workspace.items, byName);
  }
  return byName.get(name) ?? [];
}

const METHODS = new WeakMap<Workspace['items'], Map<string, RustItem[]>>();

const STD_CRATES: ReadonlySet<string> = new Set(['std', 'core', 'alloc']);

const STD_MACROS: ReadonlySet<string> = new Set([
  ...['panic', 'todo', 'unimplemented', 'unreachable', 'assert', 'assert_eq', 'assert_ne'],
  ...['debug_assert', 'debug_assert_eq', 'debug_assert_ne', 'addr_of', 'addr_of_mut', 'matches', 'dbg', 'vec', 'format'],
  ...['print', 'println', 'eprint', 'eprintln', 'write', 'writeln', 'format_args', 'concat', 'stringify', 'cfg', 'env', 'option_env'],
  ...['line', 'column', 'file', 'module_path', 'include', 'include_str', 'include_bytes', 'offset_of', 'thread_local', 'compile_error'],
  ...['pin', 'ready', 'try', 'asm', 'global_asm', 'naked_asm', 'is_x86_feature_detected'],
]);
