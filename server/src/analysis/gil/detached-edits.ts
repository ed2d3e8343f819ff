/** Takes Python out of a detached closure: what is needed is asked for before it, or the interpreter is taken again around the use. */
import type { TextEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import { contains, sliceSpan } from '../../base/text.ts';
import type { BlockExpr, ClosureExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import { ancestors, blocksOf, parentExpr, parentsOf } from '../ownership/parents.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { RESULT, isExternal, stripRefs } from '../types/local-types-ty.ts';
import { collectExprs, lastName, someExpr, variable } from '../walk.ts';
import { leavesClosure, sendable } from './captures.ts';
import type { DetachedUse } from './detached.ts';
import { isOutside } from './detached.ts';
import type { EditPlan } from './gil-facts.ts';
import { indentAt } from './indent.ts';
import type { PythonTypes } from './python-types.ts';
import { givesPyResult } from './release-region.ts';
import { pythonPath } from './token.ts';

export interface DetachedEdits {
  readonly body: Body;
  readonly workspace: Workspace;
  readonly types: PythonTypes;
  /** `attach` or `with_gil`. */
  readonly attach: string;
  /** The crate's PyO3 has `Bound`. */
  readonly bound: boolean;
}

/** The smallest expression around a use whose value is no longer Python's. */
interface Part {
  readonly use: Expr;
  readonly expr: Expr;
  /** All that it mentions is there before the closure. */
  readonly before: boolean;
}

/** None where the value cannot be told from the Python value that it is made of. No edit is safe: what is asked when may matter. */
export function detachedEdits(use: DetachedUse, on: DetachedEdits): readonly EditPlan[] {
  const { body, workspace } = on;
  if (!workspace.editable(body.item.file, use.closure.span)) return [];
  if (use.kind === 'ffi') return around(callsLike(use, body), on);
  const plan = use.kind === 'token' ? instead(use, on) : outOf(use, on);
  return plan ? [plan] : [];
}

function attachOf({ body, workspace, attach }: DetachedEdits): string {
  return `${pythonPath(body, workspace)}::${attach}`;
}

/** All calls of one function of the C API in the closure. */
function callsLike({ closure, name }: DetachedUse, body: Body): readonly Expr[] {
  return body.ast.body ? collectExprs(closure.body, (e) => e.kind === 'call' && lastName(e.callee) === name) : [];
}

/** `unsafe { … }` as a whole where it can be the body of a closure, else the calls alone. */
function around(calls: readonly Expr[], on: DetachedEdits): readonly EditPlan[] {
  const root = on.body.ast.body;
  if (!root) return [];
  const parents = parentsOf(root);
  const places = new Set(
    calls.map((call) => {
      const block = ancestors(parents, call, blocksOf(root)).find((e) => e.kind === 'block');
      return block?.kind === 'block' && block.flavor === 'unsafe' && !leavesClosure(block) ? block : call;
    }),
  );
  const text = on.workspace.text(on.body.item.file);
  const edits = [...places].map(({ span }) => ({ span, text: `${attachOf(on)}(|_| ${sliceSpan(text, span)})` }));
  return [{ title: `take the interpreter with \`${on.attach}\` for it`, safe: false, edits }];
}

/** `let py = unsafe { Python::assume_attached() };` and what follows: the body of an attach that gives the token. */
function instead({ expr, closure }: DetachedUse, on: DetachedEdits): EditPlan | null {
  const { body, workspace, types } = on;
  const root = body.ast.body;
  if (!root) return null;
  const text = workspace.text(body.item.file);
  const block = ancestors(parentsOf(root), expr, blocksOf(root)).find(
    (e): e is BlockExpr => e.kind === 'block' && e.statements.some((s) => s.kind === 'let' && contains(s.span, expr.span)),
  );
  const at = block?.statements.findIndex((s) => contains(s.span, expr.span)) ?? -1;
  const made = block?.statements[at];
  if (!block || made?.kind !== 'let' || made.pattern.kind !== 'binding' || made.value === null || made.type !== null) return null;
  // The token alone, not something that is asked for with it.
  const value = made.value.kind === 'block' && made.value.statements.length === 0 ? made.value.tail : made.value;
  if (value?.kind !== 'call' || value !== expr || value.args.length > 0) return null;
  if (types.of(block.tail && body.typeOf(block.tail)) === 'value') return null;
  const rest = block.statements.slice(at + 1);
  // Where the block is the closure's own, both ways out lead to the same place.
  if (closure.body !== block && (rest.some((s) => leaves(s)) || (block.tail && leavesClosure(block.tail)))) return null;
  const indent = indentAt(text, made.span.start);
  const close = block.span.end - 1;
  const last = /\s*$/.exec(text.slice(0, close))?.[0].length ?? 0;
  const code = text.slice(made.span.end, close - last).replace(/\n(?=[^\n\r])/g, '\n    ');
  const edits = [
    { span: { start: made.span.start, end: close - last }, text: `${attachOf(on)}(|${made.pattern.name}| {${code}\n${indent}})` },
  ];
  return { title: `take the interpreter with \`${on.attach}\``, safe: false, edits };
}

function leaves(statement: BlockExpr['statements'][number]): boolean {
  const value = statement.kind === 'let' ? statement.value : statement.kind === 'expr' ? statement.expr : null;
  return statement.kind === 'item' || (statement.kind === 'let' && statement.else !== null) || (value !== null && leavesClosure(value));
}

/** A value of outside: its answers as variables before the closure, or where they depend on the closure, an attach around them. */
function outOf(use: DetachedUse, on: DetachedEdits): EditPlan | null {
  const { body, workspace } = on;
  const { closure } = use;
  const text = workspace.text(body.item.file);
  const binding = body.bindingOf(use.expr);
  const placed = statementStart(body, closure);
  if (!binding || placed === null || isHidden(use, body, text)) return null;
  const parts: Part[] = [];
  for (const one of collectExprs(closure.body, (e) => e.kind === 'path' && body.bindingOf(e) === binding)) {
    const part = partOf(one, use, on);
    if (!part) return null;
    if (!parts.some(({ expr }) => contains(expr.span, part.expr.span))) parts.push(part);
  }
  const lines: string[] = [];
  const edits: TextEdit[] = [];
  const made = new Map<string, string>();
  for (const part of parts) {
    if (!part.before) {
      const wrapped = wrappedIn(part, binding, on);
      if (!wrapped) return null;
      if (wrapped.line !== null && !lines.includes(wrapped.line)) lines.push(wrapped.line);
      edits.push(wrapped.edit);
      continue;
    }
    const borrowed = isPlace(part.expr) && !isCopy(body.typeOf(part.expr));
    const code = `${borrowed ? '&' : ''}${sliceSpan(text, part.expr.span)}`;
    const name = made.get(code) ?? freeName(nameFor(part.expr, use.name), body);
    if (name === null) return null;
    if (!made.has(code)) lines.push(`let ${name} = ${code};`);
    made.set(code, name);
    edits.push({ span: borrowed ? withBorrow(part.expr, body) : part.expr.span, text: name });
  }
  const indent = indentAt(text, placed);
  const before = { span: { start: placed, end: placed }, text: lines.map((line) => `${line}\n${indent}`).join('') };
  const hoists = made.size > 0;
  const title = hoists ? `ask \`${use.name}\` before the interpreter is released` : `take the interpreter with \`${on.attach}\` for it`;
  return { title, safe: false, edits: [...(lines.length > 0 ? [before] : []), ...edits] };
}

/** Where the statement begins in which a closure stands, or its block's value; null where it is not in a block. */
function statementStart(body: Body, closure: Expr): number | null {
  const root = body.ast.body;
  const blocks = root && ancestors(parentsOf(root), closure, blocksOf(root));
  const block = blocks?.find((e) => e.kind === 'block' || e.kind === 'closure');
  if (block?.kind !== 'block') return null;
  const statement = block.statements.find((s) => contains(s.span, closure.span));
  return (statement ?? block.tail)?.span.start ?? null;
}

/** A macro may name the value where it cannot be seen. */
function isHidden({ closure, name }: DetachedUse, body: Body, text: string): boolean {
  const word = new RegExp(`\\b${name}\\b`);
  return someExpr(closure.body, (e) => {
    if (e.kind !== 'macro') return false;
    return e.args === null
      ? word.test(sliceSpan(text, e.tokens))
      : new RegExp(`\\{${name}\\b`).test(sliceSpan(text, e.tokens)) || e.args.some((arg) => body.bindingOf(arg)?.name === name);
  });
}

function partOf(use: Expr, { closure }: DetachedUse, { body, workspace, types }: DetachedEdits): Part | null {
  const root = body.ast.body;
  if (!root) return null;
  const parents = parentsOf(root);
  for (let at = parentExpr(parents, use); at && at !== closure && contains(closure.body.span, at.span); at = parentExpr(parents, at)) {
    if (!/^(method|field|try|reference|unary|index|call|cast|binary|tuple)$/.test(at.kind)) return null;
    const ty = body.typeOf(at);
    // A method's function is not known by its place alone: `f(x)` may keep what it is given.
    if (!ty || at.kind === 'reference' || types.of(ty) !== 'no' || sendable(ty) === 'no') continue;
    const around = parentExpr(parents, at);
    const tries = someExpr(at, (e) => e.kind === 'try', { closures: false });
    const before = isFree(at, closure, body);
    const raises = before ? givesPyResult(body, workspace) : isExternal(ty, RESULT);
    if (tries && !raises) continue;
    // What fails is said before the closure as well.
    const whole = before && raises && around?.kind === 'try' && contains(closure.body.span, around.span) ? around : at;
    return { use, expr: whole, before };
  }
  return null;
}

/** Whether all that an expression mentions is there before the closure. */
function isFree(root: Expr, closure: ClosureExpr, body: Body): boolean {
  return !someExpr(root, (e) => {
    const binding = body.bindingOf(e);
    return /^(closure|await|return|break|continue)$/.test(e.kind) || (binding !== null && !isOutside(binding, closure));
  });
}

/** `Python::attach(|py| list_owned.bind(py).len())`, and the reference that may go into the closure. */
function wrappedIn({ expr }: Part, binding: Binding, on: DetachedEdits): { readonly line: string | null; readonly edit: TextEdit } | null {
  const { body, workspace } = on;
  const text = workspace.text(body.item.file);
  const ty = stripRefs(binding.ty);
  const path = ty?.kind === 'external' ? ty.path : '';
  const token = path === 'pyo3::Python';
  const bound = path === 'pyo3::Bound';
  // A reference that belongs to a token, as there were before `Bound`.
  const native = !on.bound && /^pyo3::Py(?!Ref$|RefMut$)\w+$/.test(path);
  if (!token && !bound && !native) return null;
  const param = token ? binding.name : 'py';
  const owned = token ? null : freeName(`${binding.name}_owned`, body);
  if (!token && owned === null) return null;
  const line = bound
    ? `let ${owned} = ${binding.name}.clone().unbind();`
    : native
      ? `let ${owned}: Py<${path.slice('pyo3::'.length)}> = ${binding.name}.into();`
      : null;
  const uses = token ? [] : collectExprs(expr, (e) => body.bindingOf(e) === binding);
  const { start } = expr.span;
  const code = uses.reduceRight(
    (made, { span }) =>
      `${made.slice(0, span.start - start)}${owned}.${bound ? 'bind' : 'as_ref'}(${param})${made.slice(span.end - start)}`,
    sliceSpan(text, expr.span),
  );
  return { line, edit: { span: expr.span, text: `${attachOf(on)}(|${param}| ${code})` } };
}

function isPlace(expr: Expr): boolean {
  return expr.kind === 'field' ? isPlace(expr.base) : expr.kind === 'path' || expr.kind === 'index';
}

function isCopy(ty: MaybeTy): boolean {
  return ty?.kind === 'primitive' || ty?.kind === 'reference';
}

/** `&slf.values`: the variable is the reference already. */
function withBorrow(expr: Expr, body: Body): Span {
  const around = body.ast.body && parentExpr(parentsOf(body.ast.body), expr);
  return around?.kind === 'reference' && !around.mutable && !around.raw ? around.span : expr.span;
}

function nameFor(expr: Expr, of: string): string {
  const core = expr.kind === 'try' || expr.kind === 'unary' ? expr.operand : expr;
  if (core.kind === 'field' && /^[a-z_]/.test(core.name)) return core.name;
  if (core.kind !== 'method') return `${of}_value`;
  return core.name === 'extract' || core.name === 'get' ? `${of}_value` : `${of}_${core.name}`;
}

function freeName(name: string, body: Body): string | null {
  const taken = (one: string): boolean =>
    body.binds(one) || (body.ast.body !== null && someExpr(body.ast.body, (e) => variable(e) === one));
  return [name, `${name}_before`].find((one) => !taken(one)) ?? null;
}
