/** Edits that release the interpreter around work: the expression alone, or the whole body of a fn that needs no Python. */
import { sliceSpan } from '../../base/text.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { someExpr } from '../walk.ts';
import { capturesSendable, holdsLock, leavesClosure, sendable } from './captures.ts';
import type { EditPlan, WorkSeed } from './gil-facts.ts';
import { deepen, holdsMultilineText, indentAt } from './indent.ts';
import type { PythonTypes } from './python-types.ts';
import type { PythonUse } from './python-use.ts';
import type { ReleaseRegion } from './release-region.ts';
import { releaseRegion } from './release-region.ts';
import { tokenAt } from './token-at.ts';

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
  const larger = wholeBody() ?? statementsAround();
  if (larger) {
    // A loop or several calls are best released together; one call alone by itself.
    if (seed.class === 'compute' || seed.lazy || seed.also.length > 0) plans.unshift(larger);
    else plans.push(larger);
  }
  // A safe edit is offered first whatever the shape.
  return plans.sort((a, b) => Number(b.safe) - Number(a.safe));

  /** The statements around the work that need no Python either, with what of them is used afterwards as the value. */
  function statementsAround(): EditPlan | null {
    const region = token && seed.perItem === null ? releaseRegion(body, seed.expr, workspace, python) : null;
    // A new parameter's name must not be one that the statements have.
    if (!token || !region || !workspace.editable(file, region.span)) return null;
    const code = regionText(region, `${token.text}.${release}`);
    return {
      title: `release the interpreter for ${region.statements.length === 1 ? 'the whole statement' : `${region.statements.length} statements`}`,
      safe: false,
      edits: [...token.edits, { span: region.span, text: code }],
    };
  }

  function regionText({ statements, span, results, fallible }: ReleaseRegion, call: string): string {
    const base = indentAt(text, span.start);
    const last = statements.at(-1);
    const names = results.map(({ name }) => name);
    const value = names.length === 1 ? (names[0] ?? '') : `(${names.join(', ')})`;
    // `let x = …; x` at the end is the value itself.
    const direct =
      last?.kind === 'let' &&
      last.value &&
      last.type === null &&
      last.pattern.kind === 'binding' &&
      names.length === 1 &&
      last.pattern.name === names[0];
    const end = direct && last.kind === 'let' && last.value ? { start: last.span.start, end: last.value.span.end } : null;
    const kept = sliceSpan(text, { start: span.start, end: end ? end.start : span.end }).trimEnd();
    const tail =
      direct && last.kind === 'let' && last.value ? sliceSpan(text, last.value.span) : names.length === 0 && !fallible ? '' : value;
    const inner = [kept, tail === '' ? '' : fallible ? `Ok(${tail})` : tail].filter((line) => line !== '').join(`\n${base}`);
    const pattern = results.map(({ name, mutable }) => (mutable ? `mut ${name}` : name));
    const left = pattern.length === 0 ? '' : `let ${pattern.length === 1 ? pattern[0] : `(${pattern.join(', ')})`} = `;
    const given = workspace.resolve(['PyResult'], body.scope, 'type').kind === 'external' ? 'PyResult' : 'pyo3::PyResult';
    const open = fallible ? `|| -> ${given}<_> {` : '|| {';
    const block = whole && holdsMultilineText(whole, text) ? `${base}${inner}` : deepen(`\n${base}${inner}`, '    ').slice(1);
    return `${left}${call}(${open}\n${block}\n${base}})${fallible ? '?' : ''};`;
  }

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
