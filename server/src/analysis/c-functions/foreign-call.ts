/** Calls of foreign functions: which declaration a call names, and what is known of the C function. */
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { calleeOf } from '../callee.ts';
import type { CFunction } from './table.ts';
import { cFunction } from './table.ts';

export interface ForeignCall {
  readonly call: CallExpr;
  /** The linker's name. */
  readonly name: string;
  /** The declaration in the workspace; null for one of the libc crate. */
  readonly item: RustItem | null;
  readonly ast: FnItem | null;
  /** What the table says; null for functions that it does not have. */
  readonly known: CFunction | null;
}

/** Crates that do nothing but declare the C library. */
const C_LIBRARIES: ReadonlySet<string> = new Set(['libc', 'rustix_libc', 'ncurses']);

/** The foreign function that a call names: an import of the workspace, or one of the libc crate. Null for everything else, and in doubt. */
export function foreignCall(expr: Expr, scope: Scope, workspace: Workspace): ForeignCall | null {
  if (expr.kind !== 'call') return null;
  const callee = calleeOf(expr.callee, scope, workspace);
  if (callee.kind === 'external') {
    const name = callee.path.at(-1) ?? '';
    if (callee.path.length !== 2 || !C_LIBRARIES.has(callee.path[0] ?? '')) return null;
    return { call: expr, name, item: null, ast: null, known: cFunction(name) };
  }
  const item = callee.kind === 'items' ? callee.items[0] : undefined;
  if (!item || callee.kind !== 'items' || !callee.items.every((one) => one.kind === 'fn' && one.owner?.kind === 'extern-block'))
    return null;
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn' || ast.abi === 'Rust') return null;
  const name = linkName(item) ?? item.name;
  // The same name with another signature is another function.
  const known = cFunction(name);
  return { call: expr, name, item, ast, known: known && known.arity === ast.params.length ? known : null };
}

/** The same, or a function of a crate named `…-sys`, whose declarations are not read: only that it is C is known of those. */
export function anyForeignCall(expr: Expr, scope: Scope, workspace: Workspace): ForeignCall | null {
  const found = foreignCall(expr, scope, workspace);
  if (found || expr.kind !== 'call') return found;
  const callee = calleeOf(expr.callee, scope, workspace);
  if (callee.kind !== 'external' || !/_sys$/.test(callee.path[0] ?? '')) return null;
  return { call: expr, name: callee.path.at(-1) ?? '', item: null, ast: null, known: null };
}

function linkName(item: RustItem): string | null {
  const attribute = item.entry.attributes.find((one) => one.path === 'link_name');
  return attribute?.value ?? null;
}

/** Where a parameter's type of a declaration is written. */
export function declScope(item: RustItem): Scope {
  return { module: item.module, item };
}

/** The last name of what a written type resolves to, aliases not followed: `c_char`, `u8`, `c_void`; null where it is no path. */
export function typeName(type: Type, scope: Scope, workspace: Workspace): string | null {
  if (type.kind !== 'path' || type.self) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'primitive') return found.name;
  if (found.kind === 'external') return found.path.at(-1) ?? null;
  if (found.kind === 'item') return found.item.name;
  return found.kind === 'unknown' ? (type.path.segments.at(-1)?.name ?? null) : null;
}

const INTEGER =
  /^([iu](8|16|32|64|128|size)|c_(u?short|u?int|u?long|u?longlong)|s?size_t|u?int(8|16|32|64)_t|off_t|(gu?|l?gs)?size|socklen_t|DWORD|UINT)$/;

export function isInteger(type: Type, scope: Scope, workspace: Workspace): boolean {
  return INTEGER.test(typeName(type, scope, workspace) ?? '');
}
