/** Writes a redundant attach without it: its body alone, with the token that is there already. */
import type { Span } from '../../base/text.ts';
import { sliceSpan } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { TextEdit } from '../../base/edit.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { variable, someExpr } from '../walk.ts';
import type { EditPlan, RedundantAttach } from './gil-facts.ts';
import { holdsMultilineText, indentAt, reindent } from './indent.ts';
import { addTokenParam } from './token-param.ts';

export function attachEdits(body: Body, attach: RedundantAttach, workspace: Workspace): readonly EditPlan[] {
  const { file } = body.item;
  if (attach.controlFlow || !workspace.editable(file, attach.expr.span)) return [];
  const closure = attach.expr.kind === 'call' ? attach.expr.args[0] : null;
  if (closure?.kind !== 'closure') return [];
  const pattern = closure.params[0]?.pattern;
  if (pattern && pattern.kind !== 'binding' && pattern.kind !== 'wildcard') return [];

  const name = attach.closureParam;
  const used = name !== null && someExpr(attach.body, (e) => variable(e) === name);
  const edits: TextEdit[] = [];
  let bind = '';
  // The type that the closure spells out may be what tells `into` and `collect` what to make.
  let safe = closure.result === null || attach.tail;
  if (used || (name !== null && !isPlain(attach))) {
    let token = attach.token;
    if (!token) {
      const added = addTokenParam(body, workspace, closure);
      if (!added) return [];
      edits.push(added.edit);
      token = 'py';
      safe &&= added.safe;
    }
    // Another value under the token's name stands between: only the author knows which is meant.
    if (body.bindings.filter((b) => b.name === token && b.closure !== closure).length > 1) return [];
    if (token !== name) bind = `let ${name} = ${token};`;
  }
  // As the fn's value, temporaries of the body would outlive the fn's own variables (until edition 2024).
  if (attach.tail && usesLocals(body, attach.body)) safe = false;
  edits.push(replacement(body, attach, bind, workspace));
  return [{ title: 'use the interpreter that is held already', safe, edits }];
}

/** Whether the body mentions a variable that the fn has bound outside of the closure. */
function usesLocals(body: Body, root: Expr): boolean {
  return someExpr(root, (e) => {
    const binding = body.bindingOf(e);
    return binding !== null && binding.closure === null && binding.kind !== 'param' && binding.kind !== 'self';
  });
}

/** Macros of unknown syntax may mention the token without our seeing it. */
function isPlain(attach: RedundantAttach): boolean {
  return !someExpr(attach.body, (e) => e.kind === 'unknown' || (e.kind === 'macro' && e.args === null));
}

function replacement(body: Body, attach: RedundantAttach, bind: string, workspace: Workspace): TextEdit {
  const text = workspace.text(body.item.file);
  const inner = attach.body;
  const span = attach.expr.span;
  if (inner.kind !== 'block' || inner.flavor !== 'plain') {
    const code = sliceSpan(text, inner.span);
    const whole = bind ? `{ ${bind} ${code} }` : code;
    return { span, text: isAtom(inner) && !bind ? whole : parenthesized(whole, text, span, true) };
  }
  const from = indentAt(text, inner.span.end - 1);
  const to = indentAt(text, span.start);
  const shiftable = !holdsMultilineText(inner, text);
  const code = sliceSpan(text, inner.span);
  const opened = bind ? `{\n${to}    ${bind}${code.slice(1)}` : code;
  if (!attach.tail || !shiftable) {
    return { span, text: parenthesized(shiftable ? reindent(opened, from, to) : opened, text, span, inner.tail !== null) };
  }
  // The fn's value: the statements can stand in the fn's own block.
  const lines = sliceSpan(text, { start: inner.span.start + 1, end: inner.span.end - 1 });
  if (!lines.includes('\n')) return { span, text: bind ? `${bind}\n${to}${lines.trim()}` : lines.trim() };
  const deeper = /\n([ \t]+)\S/.exec(lines)?.[1] ?? to;
  const dedented = reindent(lines.replace(/^[ \t]*\r?\n/, `\n`), deeper, to).trim();
  return { span, text: bind ? `${bind}\n${to}${dedented}` : dedented };
}

/** Expressions that bind as tightly as the call that they replace. */
function isAtom(expr: Expr): boolean {
  return ['path', 'call', 'method', 'macro', 'literal', 'field', 'index', 'tuple', 'array', 'try'].includes(expr.kind);
}

/** Parentheses where the code around would take a block or an operator otherwise: a block at the start of a statement ends it. */
function parenthesized(code: string, text: string, span: Span, hasValue: boolean): string {
  const before = /(\S)\s*$/.exec(text.slice(Math.max(0, span.start - 200), span.start))?.[1] ?? '';
  const after = /^\s*(\S)/.exec(text.slice(span.end))?.[1] ?? '';
  const closed = after === ';' || after === '}' || after === ')' || after === ',';
  if ('{};'.includes(before)) return after === '}' || (after === ';' && !hasValue) ? code : `(${code})`;
  const value = /(=|=>|\(|,|\breturn|\bbreak)\s*$/.test(text.slice(Math.max(0, span.start - 200), span.start));
  return value && closed ? code : `(${code})`;
}
