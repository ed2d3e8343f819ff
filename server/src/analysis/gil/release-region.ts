/** The largest run of statements around some work that can run with the interpreter released, and what of it is used afterwards. */
import type { Span } from '../../base/text.ts';
import { contains, sliceSpan } from '../../base/text.ts';
import type { BlockExpr, Expr, Statement } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { RESULT, isExternal } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { bindings, collectExprs, someExpr } from '../walk.ts';
import { capturesSendable, holdsLock, leavesClosure, sendable } from './captures.ts';
import type { PythonUse } from './python-use.ts';

/** What a variable that a region makes has to be called outside of it. */
export interface RegionResult {
  readonly name: string;
  readonly mutable: boolean;
}

export interface ReleaseRegion {
  readonly statements: readonly Statement[];
  /** From the first statement to the last. */
  readonly span: Span;
  /** Variables that are used behind it: the closure's value, in the order in which they are made. */
  readonly results: readonly RegionResult[];
  /** It has a `?`: the closure gives a `PyResult`, and the call is tried. */
  readonly fallible: boolean;
}

/**
 * Null where nothing larger than one expression can be released: a neighbour touches Python, leaves the fn, holds a lock, or makes
 * something that is used afterwards and is not known to be `Send` and owned.
 */
export function releaseRegion(body: Body, work: Expr, workspace: Workspace, python: PythonUse): ReleaseRegion | null {
  const block = innermostBlock(body, work);
  const at = block?.statements.findIndex((statement) => contains(statement.span, work.span)) ?? -1;
  if (!block || at < 0 || holdsLock(body, work)) return null;
  const raises = block === body.ast.body && givesPyResult(body, workspace);
  const mayJoin = (statement: Statement | undefined): boolean => statement !== undefined && isReleasable(statement, body, python, raises);
  if (!mayJoin(block.statements[at])) return null;
  let first = at;
  let last = at;
  while (first > 0 && mayJoin(block.statements[first - 1])) first--;
  while (last + 1 < block.statements.length && mayJoin(block.statements[last + 1])) last++;
  // Smaller where what comes out of it could not: first without the statements behind the work, then without those before it.
  for (let end = last; end >= at; end--) {
    for (let start = first; start <= at; start++) {
      const found = regionOf(block, start, end, body, workspace);
      if (found) return worthIt(found, work) ? found : null;
    }
  }
  return null;
}

/** One statement that is the work itself is what wrapping the expression does already. */
function worthIt({ statements, fallible }: ReleaseRegion, work: Expr): boolean {
  if (statements.length > 1) return true;
  const [only] = statements;
  const value = only?.kind === 'let' ? only.value : only?.kind === 'expr' ? only.expr : null;
  return fallible && value !== null && value.kind !== 'try' && value !== work;
}

function innermostBlock(body: Body, work: Expr): BlockExpr | null {
  const root = body.ast.body;
  if (!root) return null;
  const around = collectExprs(root, (e) => contains(e.span, work.span) && e !== work);
  // What runs in a closure has a block of its own, and may run many times.
  if (around.some((e) => e.kind === 'closure')) return null;
  const blocks = around.filter((e): e is BlockExpr => e.kind === 'block');
  const inner = blocks.at(-1) ?? null;
  return inner?.flavor === 'plain' ? inner : null;
}

/** Whether a fn may raise: `?` on a `PyErr` leaves it. */
export function givesPyResult(body: Body, workspace: Workspace): boolean {
  const result = body.ast.result ? tyOfWritten(body.ast.result, body.scope, workspace) : null;
  return isExternal(result, RESULT) && isExternal(result.args[1] ?? null, 'pyo3::PyErr');
}

function isReleasable(statement: Statement, body: Body, python: PythonUse, raises: boolean): boolean {
  if (statement.kind === 'item' || statement.attributes.length > 0) return false;
  const value = statement.kind === 'let' ? statement.value : statement.expr;
  if (!value || (statement.kind === 'let' && statement.else)) return false;
  if (python.touched(value, body) !== null || capturesSendable(value, body) === 'no') return false;
  if (!raises && someExpr(value, (e) => e.kind === 'try')) return false;
  // What a macro hides may leave as well.
  if (someExpr(value, (e) => e.kind === 'macro' && e.args === null)) return false;
  return !leavesClosure(value, { tries: true });
}

function regionOf(block: BlockExpr, start: number, end: number, body: Body, workspace: Workspace): ReleaseRegion | null {
  const statements = block.statements.slice(start, end + 1);
  const [head] = statements;
  const foot = statements.at(-1);
  if (!head || !foot) return null;
  const span = { start: head.span.start, end: foot.span.end };
  const after = { start: span.end, end: block.span.end };
  const made = statements.flatMap((statement) =>
    statement.kind === 'let' ? bindings(statement.pattern).map((pattern) => ({ pattern, source: statement.value })) : [],
  );
  const results: RegionResult[] = [];
  for (const [i, { pattern, source }] of made.entries()) {
    const binding = body.bindings.find((b) => b.name === pattern.name && b.source === source);
    if (!binding || !isUsed(binding, after, block, body, workspace)) continue;
    const hidden = made.slice(i + 1).some((later) => later.pattern.name === pattern.name);
    // A borrow may be of something that stays behind in the closure.
    if (hidden || pattern.byRef || !isOwned(binding)) return null;
    results.push({ name: pattern.name, mutable: pattern.mutable });
  }
  const fallible = statements.some((s) => someStatement(s, (e) => e.kind === 'try'));
  return results.length > 4 ? null : { statements, span, results, fallible };
}

function isOwned(binding: Binding): boolean {
  return sendable(binding.ty) === 'yes' && !borrows(binding.ty);
}

function borrows(ty: MaybeTy): boolean {
  if (ty?.kind === 'reference' || (ty?.kind === 'external' && ty.path === 'std::borrow::Cow')) return true;
  if (ty?.kind === 'external') return ty.args.some(borrows);
  return ty?.kind === 'tuple' ? ty.elements.some(borrows) : ty?.kind === 'array' && borrows(ty.element);
}

function someStatement(statement: Statement, test: (e: Expr) => boolean): boolean {
  const value = statement.kind === 'let' ? statement.value : statement.kind === 'expr' ? statement.expr : null;
  // A `?` in a closure leaves that closure.
  return value !== null && someExpr(value, test, { closures: false });
}

/** Whether a variable is named in the rest of its block, in the texts of macros too. */
function isUsed(binding: Binding, after: Span, block: BlockExpr, body: Body, workspace: Workspace): boolean {
  const word = new RegExp(`\\b${binding.name}\\b`);
  const text = workspace.text(body.item.file);
  return someExpr(block, (e) => {
    if (!contains(after, e.span)) return false;
    if (e.kind === 'macro') return word.test(sliceSpan(text, e.tokens));
    return body.bindingOf(e) === binding;
  });
}
