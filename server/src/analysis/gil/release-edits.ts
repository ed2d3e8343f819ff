/** Edits that release the interpreter around work: the expression alone, or the whole body of a fn that needs no Python. */
import type { Span } from '../../base/text.ts';
import { sliceSpan } from '../../base/text.ts';
import type { TextEdit } from '../../base/edit.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { someExpr } from '../walk.ts';
import { capturesSendable, leavesClosure, sendable } from './captures.ts';
import type { EditPlan, WorkSeed } from './gil-facts.ts';
import { deepen, holdsMultilineText, indentAt } from './indent.ts';
import type { PythonTypes } from './python-types.ts';
import type { PythonUse } from './python-use.ts';
import { addTokenParam } from './token-param.ts';
import { tokenOf } from './token.ts';

interface Token {
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

export function releaseEdits(
  body: Body,
  seed: WorkSeed,
  release: string,
  workspace: Workspace,
  python: PythonUse,
  types: PythonTypes,
): readonly EditPlan[] {
  const { file } = body.item;
  const whole = body.ast.body;
  if (!whole || !workspace.editable(file, seed.expr.span)) return [];
  const token = tokenAt(body, seed.expr.span, workspace);
  if (!token) return [];
  const plans: EditPlan[] = [];
  const text = workspace.text(file);
  const captures = capturesSendable(seed.expr, body);
  if (seed.touchesPython === null && !seed.lazy && captures !== 'no' && !leavesClosure(seed.expr)) {
    const value = sliceSpan(text, seed.expr.span);
    const safe =
      token.safe &&
      captures === 'yes' &&
      seed.send &&
      seed.class === 'blocking' &&
      seed.chain.length === 0 &&
      body.ast.self === null &&
      sendable(body.typeOf(seed.expr)) !== 'no' &&
      !holdsLock(body, seed.expr);
    plans.push({
      title: `release the interpreter with \`${token.text}.${release}\``,
      safe,
      edits: [...token.edits, { span: seed.expr.span, text: `${token.text}.${release}(|| ${value})` }],
    });
  }
  const region = wholeBody();
  if (region) {
    // A loop or several calls are best released together; one call alone by itself.
    if (seed.class === 'compute' || seed.lazy || seed.also.length > 0) plans.unshift(region);
    else plans.push(region);
  }
  // A safe edit is offered first whatever the shape.
  return plans.sort((a, b) => Number(b.safe) - Number(a.safe));

  function wholeBody(): EditPlan | null {
    if (!whole || !token || whole.statements.length === 0) return null;
    if (python.touched(whole, body) !== null || capturesSendable(whole, body) === 'no') return null;
    if (someExpr(whole, (e) => e.kind === 'await' || e.kind === 'yield')) return null;
    const result = body.ast.result ? tyOfWritten(body.ast.result, body.scope, workspace) : null;
    const kind = types.of(result);
    if (body.ast.result && (kind === 'value' || kind === 'token' || body.ast.result.kind === 'impl')) return null;
    const base = indentAt(text, body.ast.span.end - 1);
    const code = sliceSpan(text, whole.span);
    const inner = holdsMultilineText(whole, text) ? code : deepen(code, '    ');
    const edits = [...token.edits, { span: whole.span, text: `{\n${base}    ${token.text}.${release}(|| ${inner})\n${base}}` }];
    return { title: `release the interpreter for the whole of \`${body.ast.name}\``, safe: false, edits };
  }
}

/** The nearest token: that of an attach around the place, a parameter's, or a new parameter. */
function tokenAt(body: Body, at: Span, workspace: Workspace): Token | null {
  const around = body.bindings.filter(
    (b) =>
      b.kind === 'closure-param' &&
      isExternal(stripRefs(b.ty), 'pyo3::Python') &&
      b.closure !== null &&
      b.closure.span.start <= at.start &&
      at.end <= b.closure.span.end,
  );
  const inner = around.at(-1)?.name ?? null;
  if (inner) return { text: inner, edits: [], safe: true };
  const known = tokenOf(body);
  if (known) return { text: known, edits: [], safe: known === 'py' && body.bindings.filter((b) => b.name === 'py').length === 1 };
  const added = addTokenParam(body, workspace);
  return added && { text: 'py', edits: [added.edit], safe: added.safe };
}

/** Letting others run while a lock or borrow is held can deadlock them. */
function holdsLock(body: Body, expr: Expr): boolean {
  return body.bindings.some((b) => {
    const ty = stripRefs(b.ty);
    return (
      b.source !== null &&
      b.source.span.end <= expr.span.start &&
      ty?.kind === 'external' &&
      /(MutexGuard|RwLock\w+Guard|RefMut|::Ref|PyRef(Mut)?)$/.test(ty.path)
    );
  });
}
