/** Finds, in the bodies of fns, errors that are dropped, flattened or no longer converted. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { targetOf } from '../gil/callees.ts';
import { createClosures } from '../gil/closures.ts';
import type { EditPlan } from '../gil/gil-facts.ts';
import type { Place } from '../gil/regions.ts';
import { walkRegions } from '../gil/regions.ts';
import { tokenOf } from '../gil/token.ts';
import { olderThan } from '../gil/versions.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { meaning } from '../types/local-types-names.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { RESULT, isExternal, isFloat, isInt, stripRefs } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { someExpr, variable } from '../walk.ts';
import type { ErrorFacts, FlattenedError, LostConversion, SwallowedError } from './error-facts.ts';

/** Errors that PyO3 converts (PyO3, `err_impls`): what `?` raises, for which flattening exceptions that is better, and which is the same. */
const CONVERTED: Readonly<Record<string, { readonly better: string; readonly from: RegExp; readonly same: string | null }>> = {
  'std::io::Error': {
    better: 'the fitting OSError, such as FileNotFoundError',
    from: /^Py(Exception|RuntimeError|IOError|OSError)$/,
    same: null,
  },
  'std::num::ParseIntError': { better: 'ValueError', from: /^Py(Exception|RuntimeError|ValueError)$/, same: 'PyValueError' },
  'std::num::ParseFloatError': { better: 'ValueError', from: /^Py(Exception|RuntimeError|ValueError)$/, same: 'PyValueError' },
  'std::num::TryFromIntError': { better: 'OverflowError', from: /^Py(Exception|RuntimeError|OverflowError)$/, same: 'PyOverflowError' },
  'std::ffi::NulError': { better: 'ValueError', from: /^Py(Exception|RuntimeError|ValueError)$/, same: 'PyValueError' },
  'std::string::FromUtf8Error': { better: 'UnicodeDecodeError', from: /^Py(Exception|RuntimeError|ValueError)$/, same: null },
};
/** Conversions that PyO3 0.29 has dropped (migration guide). */
const LOST = /^std::(str::Utf8Error|string::FromUtf16Error|char::DecodeUtf16Error)$/;
const PYTHON_CALLS = /^(call|call0|call1|call_method|call_method0|call_method1)$/;
const TOKEN_CALLS = /^(run|run_bound|eval|eval_bound|import|import_bound)$/;
/** Calls that clean up: nobody can do anything about their failing. */
const CLEAN_UP = /^"(close|cancel|release|terminate|kill|shutdown|stop|flush|__exit__|remove\w*|unregister\w*|disconnect)"$/;
const PASSING = new Set(['map', 'and_then', 'map_err', 'inspect', 'inspect_err']);

export function createErrorFacts(workspace: Workspace): ErrorFacts {
  const bodies = bodiesOf(workspace);
  const closures = createClosures(workspace);
  return {
    swallowed: (item) => look(item, /\.ok\(\)|\blet\s+_\s*=|unwrap_or|if\s+let\s+Ok\b/, swallowed),
    flattened: (item) => look(item, /\bmap_err\b/, flattened),
    lostConversions: (item) => look(item, /from_utf8|from_utf16|decode_utf16|to_str\s*\(\)/, lost),
  };

  function look<T>(item: RustItem, words: RegExp, find: (body: Body) => readonly T[]): readonly T[] {
    if (item.kind !== 'fn' || item.test || !item.entry.bodySpan) return [];
    if (!words.test(workspace.slice(item.file, item.entry.bodySpan))) return [];
    const body = bodies(item);
    return body?.ast.body ? find(body) : [];
  }

  function visit(body: Body, on: (expr: Expr, place: Place) => void): void {
    if (body.ast.body) walkRegions(body, body.ast.body, closures.runOf, on);
  }

  /** Whether `?` at a place would raise: directly in a fn that gives a `PyResult`. */
  function raises(place: Place, body: Body): boolean {
    if (place.closures.length > 0 || !body.ast.result) return false;
    const result = tyOfWritten(body.ast.result, body.scope, workspace);
    return isExternal(result, RESULT) && isExternal(result.args[1] ?? null, 'pyo3::PyErr');
  }

  function swallowed(body: Body): readonly SwallowedError[] {
    const found: SwallowedError[] = [];
    if (isReporter(body)) return found;
    const optional = body.ast.result?.kind === 'path' && body.ast.result.path.segments.at(-1)?.name === 'Option';
    visit(body, (expr, place) => {
      if (place.mode !== 'attached') return;
      if (expr.kind === 'block') for (const statement of expr.statements) found.push(...ofStatement(statement, place, body));
      if (expr.kind === 'if' && expr.condition.kind === 'let' && !expr.else && expr.condition.pattern.kind === 'tuple-struct') {
        const { path, elements } = expr.condition.pattern;
        const call = path.segments.at(-1)?.name === 'Ok' && elements.length === 1 ? pythonCall(expr.condition.value, body) : null;
        if (call && !isImport(call)) found.push({ call: call.name, how: 'if let Ok', optional, span: call.span, edits: [] });
      }
      if (expr.kind !== 'method' || !/^(ok|unwrap_or|unwrap_or_default|unwrap_or_else)$/.test(expr.name)) return;
      const call = pythonCall(expr.receiver, body);
      if (!call || usesError(expr.args[0]) || (isImport(call) && !isStatement(expr, place))) return;
      const edits = isStatement(expr, place) ? raise(expr, { start: expr.receiver.span.end, end: expr.span.end }, '?', place, body) : [];
      found.push({ call: call.name, how: `.${expr.name}(${expr.args.length > 0 ? '…' : ''})`, optional, span: call.span, edits });
    });
    return found;
  }

  function ofStatement(statement: Statement, place: Place, body: Body): readonly SwallowedError[] {
    if (statement.kind !== 'let' || statement.pattern.kind !== 'wildcard' || !statement.value) return [];
    const call = pythonCall(statement.value, body);
    if (!call) return [];
    const value = statement.value;
    const edits = raise(
      value,
      { start: statement.span.start, end: value.span.end },
      `${workspace.slice(body.item.file, value.span)}?`,
      place,
      body,
    );
    return [{ call: call.name, how: 'let _ =', optional: false, span: call.span, edits }];
  }

  function raise(
    at: Expr,
    span: { readonly start: number; readonly end: number },
    text: string,
    place: Place,
    body: Body,
  ): readonly EditPlan[] {
    if (!raises(place, body) || !workspace.editable(body.item.file, at.span)) return [];
    return [{ title: 'raise the exception', safe: false, edits: [{ span, text }] }];
  }

  function isStatement(expr: Expr, place: Place): boolean {
    const block = place.parents.at(-1);
    return block?.kind === 'block' && block.statements.some((s) => s.kind === 'expr' && s.expr === expr);
  }

  interface Called {
    readonly name: string;
    readonly span: Expr['span'];
  }

  function isImport(call: Called): boolean {
    return call.name.startsWith('import');
  }

  /** The call of Python whose result an expression is; null for what only converts or looks something up. */
  function pythonCall(expr: Expr, body: Body): Called | null {
    let at = expr;
    while (at.kind === 'method' && PASSING.has(at.name)) {
      if (at.args.some((arg) => arg.kind === 'closure' && at.kind === 'method' && at.name.includes('err') && usesError(arg))) return null;
      at = at.receiver;
    }
    if (at.kind !== 'method' && at.kind !== 'call') return null;
    const target = targetOf(at, body, workspace);
    if (target.kind === 'function')
      return /^pyo3::PyModule::import(_bound)?$/.test(target.path) && !isLogging(at)
        ? { name: 'import', span: at.kind === 'call' ? at.callee.span : at.span }
        : null;
    if (target.kind !== 'method' || at.kind !== 'method') return null;
    if (at.args.some((arg) => CLEAN_UP.test(nameIn(arg)))) return null;
    if (/^call/.test(at.name) && isOptionalImport(at.receiver, body)) return null;
    const called = { name: at.name, span: at.nameSpan };
    const [receiver] = target.receiver;
    if (receiver?.kind === 'external' && receiver.path === 'pyo3::Python')
      return TOKEN_CALLS.test(at.name) && !isLogging(at) ? called : null;
    const object = target.receiver.some((ty) => ty.kind === 'external' && /^pyo3::(Bound|Borrowed|Py|PyAny)$/.test(ty.path));
    return object && PYTHON_CALLS.test(at.name) ? called : null;
  }

  /** `py.import("logging")`: a message that cannot be written is nobody's to raise. */
  function isLogging(call: CallExpr | MethodExpr): boolean {
    return call.args.some((arg) => /^"(logging|warnings)"$/.test(nameIn(arg)));
  }

  /** `"close"`, `intern!(py, "close")`: the literal, with its quotes. */
  function nameIn(arg: Expr): string {
    if (arg.kind === 'literal') return arg.text;
    if (arg.kind !== 'macro' || arg.path.segments.at(-1)?.name !== 'intern') return '';
    const last = arg.args?.at(-1);
    return last?.kind === 'literal' ? last.text : '';
  }

  /** Something of a module that may be missing: `match py.import("x") { Ok(module) => …, Err(_) => … }`, `if let Ok(module) = py.import("x")`. */
  function isOptionalImport(value: Expr, body: Body, depth = 0): boolean {
    let at = value;
    while (at.kind === 'method' && /^getattr/.test(at.name)) at = at.receiver;
    const binding = body.bindingOf(at);
    if (binding?.kind !== 'pattern' || !binding.source || depth > 3) return false;
    const { source } = binding;
    if (source.kind === 'method' && /^import(_bound)?$/.test(source.name)) return true;
    return isOptionalImport(source, body, depth + 1);
  }

  function flattened(body: Body): readonly FlattenedError[] {
    const found: FlattenedError[] = [];
    visit(body, (expr, place) => {
      const whole = place.parents.at(-1);
      const [closure] = expr.kind === 'method' ? expr.args : [];
      if (expr.kind !== 'method' || expr.name !== 'map_err' || closure?.kind !== 'closure' || whole?.kind !== 'try') return;
      const error = errorOf(expr.receiver, body);
      const known = Object.hasOwn(CONVERTED, error) ? CONVERTED[error] : undefined;
      const raised = known ? textOnly(closure, body) : null;
      if (!known || !raised || !known.from.test(raised) || !raises(place, body)) return;
      const span = { start: expr.receiver.span.end, end: expr.span.end };
      const edits: EditPlan[] = workspace.editable(body.item.file, expr.span)
        ? [{ title: `let \`?\` raise ${known.better}`, safe: known.same === raised, edits: [{ span, text: '' }] }]
        : [];
      const name = error.slice(error.lastIndexOf(':') + 1);
      found.push({ error: error === 'std::io::Error' ? 'io::Error' : name, raised, better: known.better, span: expr.nameSpan, edits });
    });
    return found;
  }

  /** The exception of `|e| PyX::new_err(e.to_string())`, where its text is the error's and nothing more; null elsewhere. */
  function textOnly(closure: ClosureExpr, body: Body): string | null {
    const pattern = closure.params[0]?.pattern;
    let made = closure.body;
    while (made.kind === 'block' && made.statements.length === 0 && made.tail) made = made.tail;
    const [text] = made.kind === 'call' ? made.args : [];
    if (pattern?.kind !== 'binding' || made.kind !== 'call' || made.args.length !== 1 || !text || !isText(text, pattern.name)) return null;
    return exceptionOf(made, body);
  }

  function isText(text: Expr, name: string): boolean {
    if (text.kind === 'method') return text.name === 'to_string' && variable(text.receiver) === name;
    if (text.kind !== 'macro' || text.path.segments.at(-1)?.name !== 'format' || !text.args) return false;
    const [format, value] = text.args;
    if (format?.kind !== 'literal') return false;
    return text.args.length === 1
      ? format.text === `"{${name}}"`
      : format.text === '"{}"' && text.args.length === 2 && value !== undefined && variable(value) === name;
  }

  /** `PyX::new_err(…)`, `PyErr::new::<PyX, _>(…)` */
  function exceptionOf(made: CallExpr, body: Body): string | null {
    const target = targetOf(made, body, workspace);
    if (target.kind !== 'function') return null;
    const direct = /^pyo3::exceptions::(Py\w+)::new_err$/.exec(target.path)?.[1];
    if (direct) return direct;
    if (target.path !== 'pyo3::PyErr::new' || made.callee.kind !== 'path') return null;
    const generic = made.callee.path.segments.at(-1)?.args[0];
    if (generic?.kind !== 'type' || generic.type.kind !== 'path') return null;
    const found = meaning(generic.type.path, body.scope, workspace, 'type');
    return found?.kind === 'external' ? (/^pyo3::exceptions::(Py\w+)$/.exec(found.path)?.[1] ?? null) : null;
  }

  function errorOf(receiver: Expr, body: Body): string {
    const ty = body.typeOf(receiver);
    if (!isExternal(ty, RESULT)) return '';
    const error: MaybeTy = ty.args[1] ?? null;
    if (error?.kind === 'external') return error.path;
    if (receiver.kind !== 'method' || receiver.name !== 'parse') return '';
    const value = ty.args[0] ?? null;
    return isInt(value) ? 'std::num::ParseIntError' : isFloat(value) ? 'std::num::ParseFloatError' : '';
  }

  function lost(body: Body): readonly LostConversion[] {
    const found: LostConversion[] = [];
    visit(body, (expr, place) => {
      if (expr.kind !== 'try' || !raises(place, body)) return;
      const error = errorOf(expr.operand, body);
      if (!LOST.test(error)) return;
      const name = error.slice(error.lastIndexOf(':') + 1);
      found.push({ error: name, span: { start: expr.operand.span.end, end: expr.span.end }, edits: conversions(expr.operand, name, body) });
    });
    return found;
  }

  function conversions(operand: Expr, error: string, body: Body): readonly EditPlan[] {
    if (!workspace.editable(body.item.file, operand.span)) return [];
    const at = { start: operand.span.end, end: operand.span.end };
    const plans: EditPlan[] = [];
    const bytes = error === 'Utf8Error' ? bytesOf(operand) : null;
    const token = tokenOf(body);
    if (bytes && token && olderThan(workspace, body.item.module.crate, [0, 29, 0]) === false) {
      const written = workspace.slice(body.item.file, bytes.span);
      const text = `.map_err(|e| pyo3::exceptions::PyUnicodeDecodeError::new_err_from_utf8(${token}, ${written}, e))`;
      plans.push({ title: 'raise UnicodeDecodeError', safe: false, edits: [{ span: at, text }] });
    }
    const text = '.map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))';
    plans.push({ title: 'raise ValueError', safe: false, edits: [{ span: at, text }] });
    return plans;
  }
}

/** The bytes that were to be text, where naming them again does nothing. */
function bytesOf(operand: Expr): Expr | null {
  const [bytes] = operand.kind === 'call' ? operand.args : [];
  if (!bytes) return null;
  let at: Expr = bytes;
  while (at.kind === 'reference' || at.kind === 'field') at = at.kind === 'field' ? at.base : at.operand;
  return at.kind === 'path' ? bytes : null;
}

/** A fn that is handed an exception and gives nothing: it reports the one, and nobody is there to raise another to. */
function isReporter(body: Body): boolean {
  return !body.ast.result && body.bindings.some((b) => b.kind === 'param' && isExternal(stripRefs(b.ty), 'pyo3::PyErr'));
}

/** Whether a closure looks at the error that it is given. */
function usesError(arg: Expr | undefined): boolean {
  if (arg?.kind !== 'closure') return false;
  const pattern = arg.params[0]?.pattern;
  return pattern?.kind === 'binding' && someExpr(arg.body, (e) => variable(e) === pattern.name || (e.kind === 'macro' && e.args === null));
}
