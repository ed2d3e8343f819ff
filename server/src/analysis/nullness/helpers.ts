/** What the workspace's own fns and macros do with a pointer that they are given: check it, leave, or neither. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Path } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Callee } from '../callee.ts';
import { calleeOf, macroOf, methodsNamed } from '../callee.ts';
import { someExpr, variable } from '../walk.ts';
import { LOG_MACROS, SAME_POINTER_METHODS } from './pointer-calls.ts';

/** How many calls deep a check is looked for. */
const DEPTH = 3;

/** Names that tell of a check where the fn itself cannot be seen. */
const CHECK_NAME = /check|valid|ensure|assert|verify|require|non_?null|is_null/i;

const CHECK_TEXT = /\bis_null\b|\bas_ref\b|\bas_mut\b|\bNonNull\b|\bptr::null|\bnull(_mut)?\s*\(\s*\)/;
const LEAVE_TEXT = /\breturn\b|\bpanic!|\babort\s*\(|\bbail!|\bunreachable!|\bassert(_ne|_eq)?!|\bunwrap\s*\(|\bexpect\s*\(|\?/;

/** What is known of a call's effect on the nullness of its arguments. */
export type Effect = 'checks' | 'undecided' | 'none';

/** What calling it with a pointer as argument number `index` (from 0, `self` not counted) says of the pointer. */
export function callEffect(callee: Callee, index: number, workspace: Workspace): Effect {
  if (callee.kind === 'items') return callee.items.some((item) => checksParam(item, index, workspace, DEPTH)) ? 'checks' : 'none';
  const name = callee.kind === 'computed' ? '' : (callee.path.at(-1) ?? '');
  return CHECK_NAME.test(name) ? 'undecided' : 'none';
}

/** The same for a method call, whose receiver's type is not known. */
export function methodEffect(name: string, index: number, workspace: Workspace): Effect {
  const methods = methodsNamed(name, workspace);
  if (methods.some((item) => checksParam(item, index, workspace, DEPTH))) return 'undecided';
  return methods.length === 0 && CHECK_NAME.test(name) ? 'undecided' : 'none';
}

/** Whether a fn of the workspace looks whether its parameter is null, itself or by a helper. */
export function checksParam(item: RustItem, index: number, workspace: Workspace, depth: number): boolean {
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn' || !ast.body || depth === 0) return false;
  const name = ast.params[index]?.name;
  if (!name) return false;
  return someExpr(ast.body, (expr) => checks(expr, name, { module: item.module, item }, item.file, workspace, depth));
}

/** Whether one expression is a look at a variable's nullness. */
function checks(expr: Expr, name: string, scope: Scope, file: SourceFile, workspace: Workspace, depth: number): boolean {
  switch (expr.kind) {
    case 'method':
      if (isOf(expr.receiver, name)) return expr.name === 'is_null' || expr.name === 'as_ref' || expr.name === 'as_mut';
      return expr.args.some(
        (arg, i) => isOf(arg, name) && methodsNamed(expr.name, workspace).some((m) => checksParam(m, i, workspace, depth - 1)),
      );
    case 'call': {
      const callee = calleeOf(expr.callee, scope, workspace);
      const library = callee.kind === 'items' || callee.kind === 'computed' ? '' : callee.path.slice(-2).join('::');
      return expr.args.some((arg, i) => {
        if (!isOf(arg, name)) return false;
        if (library === 'NonNull::new' || library === 'ptr::eq') return true;
        return callee.kind === 'items' && callee.items.some((called) => checksParam(called, i, workspace, depth - 1));
      });
    }
    case 'binary':
      return (expr.operator === '==' || expr.operator === '!=') && (isOf(expr.left, name) || isOf(expr.right, name));
    case 'macro':
      return mentions(workspace.slice(file, expr.tokens), name) && macroEffect(expr.path, scope, workspace).checks !== 'none';
    default:
      return false;
  }
}

/** The variable itself, through casts and the like. */
function isOf(expr: Expr, name: string): boolean {
  if (expr.kind === 'cast') return isOf(expr.operand, name);
  if (expr.kind === 'method') return SAME_POINTER_METHODS.has(expr.name) && isOf(expr.receiver, name);
  return variable(expr) === name;
}

export interface MacroEffect {
  /** What it says of the pointers that stand in its arguments. */
  readonly checks: Effect;
  /** It may leave the fn. */
  readonly leaves: boolean;
}

/** What a macro that is not the standard library's does. One that is not known may do anything. */
export function macroEffect(path: Path, scope: Scope, workspace: Workspace, depth: number = DEPTH): MacroEffect {
  const macro = macroOf(path, scope, workspace);
  if (macro.kind !== 'items') {
    const name = path.segments.at(-1)?.name ?? '';
    return LOG_MACROS.has(name) ? { checks: 'none', leaves: false } : { checks: 'undecided', leaves: true };
  }
  let found: MacroEffect = { checks: 'none', leaves: false };
  for (const item of macro.items) found = stronger(found, definitionEffect(item, workspace, depth));
  return found;
}

function definitionEffect(item: RustItem, workspace: Workspace, depth: number): MacroEffect {
  const text = workspace.slice(item.file, item.entry.span);
  const leaves = LEAVE_TEXT.test(text);
  if (CHECK_TEXT.test(text)) return { checks: 'checks', leaves };
  let found: MacroEffect = { checks: leaves ? 'checks' : 'none', leaves };
  const scope: Scope = { module: item.module, item: null };
  for (const [, name, bang] of text.matchAll(/\b([A-Za-z_]\w*)\s*([!(])/g)) {
    if (!name || name === item.name) continue;
    if (bang === '!' && depth > 0) found = stronger(found, calledMacro(name, scope, workspace, depth - 1));
    else if (CHECK_NAME.test(name)) found = stronger(found, { checks: 'undecided', leaves: false });
  }
  return found;
}

/** Macros that a definition calls count only where the workspace defines them. */
function calledMacro(name: string, scope: Scope, workspace: Workspace, depth: number): MacroEffect {
  const found = workspace.resolve([name], scope, 'macro');
  if (found.kind !== 'item') return { checks: 'none', leaves: false };
  return definitionEffect(found.item, workspace, depth);
}

function stronger(a: MacroEffect, b: MacroEffect): MacroEffect {
  const checks = a.checks === 'checks' || b.checks === 'checks' ? 'checks' : a.checks === 'undecided' ? a.checks : b.checks;
  return { checks, leaves: a.leaves || b.leaves };
}

/** Whether a name stands as a word in a text. */
export function mentions(text: string, name: string): boolean {
  let at = text.indexOf(name);
  while (at >= 0) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
    at = text.indexOf(name, at + 1);
  }
  return false;
}

/** Whether a fn of the workspace never returns. */
export function neverReturns(item: RustItem, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  return ast?.kind === 'fn' && isNever(ast);
}

export function isNever(fn: FnItem): boolean {
  return fn.result?.kind === 'never';
}
