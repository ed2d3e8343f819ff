/** Python operations that are done once for each item where once for all would do, or in the dearer of two ways. */
import type { Expr, LoopExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Span } from '../../base/text.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { collectExprs, findExpr, someExpr } from '../walk.ts';
import { ATTACHES } from './attaching.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { PythonTypes } from './python-types.ts';
import { walkRegions } from './regions.ts';
import { functionSeed, methodSeed } from './seeds.ts';

/** One such place. */
export interface PerItem {
  readonly kind: 'extract' | 'call' | 'attach' | 'probe' | 'name' | 'signals';
  readonly what: string;
  readonly span: Span;
  readonly expr: Expr;
}

/** Methods whose first argument is a name that could be interned. */
const NAMED = /^(getattr|setattr|hasattr|delattr|call_method|call_method0|call_method1)$/;
const CALLS = /^(call|call0|call1)$/;

export function perItem(body: Body, workspace: Workspace, types: PythonTypes, closures: Closures): readonly PerItem[] {
  const found: PerItem[] = [];
  if (!body.ast.body) return found;
  walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
    const loops = place.parents.filter((p): p is LoopExpr => p.kind === 'loop' && isEachRound(p, expr));
    if (expr.kind === 'loop') {
      const signals = place.mode === 'attached' || place.mode === 'detached' ? endlessWait(expr) : null;
      if (signals) found.push(signals);
      if (expr.flavor === 'for') found.push(...extraction(expr));
      return;
    }
    if (expr.kind === 'if' && expr.condition.kind === 'let') found.push(...probe(expr.condition.value));
    if (expr.kind === 'method' && NAMED.test(expr.name) && loops.length > 0 && place.mode === 'attached') found.push(...named(expr));
    if (expr.kind === 'method' && CALLS.test(expr.name) && place.mode === 'attached') found.push(...nestedCall(expr, loops));
    if (expr.kind === 'call' && place.mode === 'detached') found.push(...attachInLoop(expr, place.parents, loops.at(-1)));
  });
  return found;

  /** What a `for` goes through is made once, before its first round. */
  function isEachRound({ iterable }: LoopExpr, { span }: Expr): boolean {
    return !iterable || span.start < iterable.span.start || iterable.span.end < span.end;
  }

  /** `for x in list.iter() { out.push(x.extract::<T>()?) }` with no other Python in it. */
  function extraction(loop: LoopExpr): readonly PerItem[] {
    const item = loop.pattern?.kind === 'binding' ? loop.pattern.name : null;
    const variable = body.bindings.find((b) => b.kind === 'loop' && b.name === item && b.source === loop.iterable);
    if (!item || !variable || !loop.iterable || !isObject(variable.ty) || !isList(loop.iterable)) return [];
    const touching = collectExprs(loop.body, (e) => {
      const binding = body.bindingOf(e);
      return (binding !== null && isPython(binding)) || (e.kind === 'macro' && e.args === null) || /^(break|return|continue)$/.test(e.kind);
    });
    const [only] = touching;
    if (touching.length !== 1 || !only || body.bindingOf(only) !== variable) return [];
    const call = findExpr(loop.body, (e) => e.kind === 'method' && e.receiver === only && e.name === 'extract');
    const raised = call && someExpr(loop.body, (e) => e.kind === 'try' && e.operand === call);
    if (call?.kind !== 'method' || !raised || someExpr(loop.body, (e) => e.kind === 'loop')) return [];
    return [{ kind: 'extract', what: item, span: call.nameSpan, expr: call }];
  }

  function isPython(binding: Binding): boolean {
    return ['token', 'value', 'owned'].includes(types.of(binding.ty));
  }

  function isObject(ty: MaybeTy): boolean {
    const at = stripRefs(ty);
    return at?.kind === 'external' && /^pyo3::(Bound|Borrowed|PyAny)$/.test(at.path);
  }

  /** A list or tuple, whose length is known and which can be asked again. */
  function isList(iterable: Expr): boolean {
    const receiver =
      iterable.kind === 'method' && iterable.name === 'iter'
        ? iterable.receiver
        : iterable.kind === 'reference'
          ? iterable.operand
          : iterable;
    const at = stripRefs(body.typeOf(receiver));
    const inner = at?.kind === 'external' && at.path === 'pyo3::Bound' ? at.args[0] : at;
    return inner?.kind === 'external' && /^pyo3::Py(List|Tuple)$/.test(inner.path);
  }

  /** `if let Ok(d) = x.extract::<Bound<PyDict>>()`: an exception is made and thrown away where it is none. */
  function probe(value: Expr): readonly PerItem[] {
    if (value.kind !== 'method' || value.name !== 'extract' || !isObject(body.typeOf(value.receiver))) return [];
    const [wanted] = value.generics;
    const type = wanted?.kind === 'type' ? wanted.type : null;
    const ty = type && stripRefs(tyOfWritten(type, body.scope, workspace));
    if (!type || ty?.kind !== 'external') return [];
    const inner = ty.path === 'pyo3::Bound' ? ty.args[0] : ty;
    if (
      inner?.kind !== 'external' ||
      !/^pyo3::Py[A-Z]\w+$/.test(inner.path) ||
      !/^pyo3::(Bound|Py(Dict|List|Tuple|Set|String|Bytes|Float|Int|Bool))$/.test(ty.path)
    )
      return [];
    return [{ kind: 'probe', what: inner.path.slice('pyo3::'.length), span: value.nameSpan, expr: value }];
  }

  function named(call: MethodExpr): readonly PerItem[] {
    const [name] = call.args.filter((arg) => types.of(body.typeOf(arg)) !== 'token');
    const on = stripRefs(body.typeOf(call.receiver));
    if (
      name?.kind !== 'literal' ||
      name.literal !== 'string' ||
      on?.kind !== 'external' ||
      !/^pyo3::(Bound|Borrowed|Py|PyAny)$/.test(on.path)
    )
      return [];
    return [{ kind: 'name', what: workspace.slice(body.item.file, name.span), span: name.span, expr: name }];
  }

  /** A call of Python for each item of a loop in a loop. */
  function nestedCall(call: MethodExpr, loops: readonly LoopExpr[]): readonly PerItem[] {
    const [outer] = loops;
    const on = stripRefs(body.typeOf(call.receiver));
    if (loops.length < 2 || !outer || on?.kind !== 'external' || !/^pyo3::(Bound|Borrowed|Py|PyAny)$/.test(on.path)) return [];
    // What is looked up anew in each round is another object each time.
    const binding = body.bindingOf(call.receiver);
    if (!binding || (binding.source && outer.span.start <= binding.source.span.start && binding.source.span.end <= outer.span.end))
      return [];
    return [{ kind: 'call', what: binding.name, span: call.nameSpan, expr: call }];
  }

  /** An attach in each round of a detached loop that does little else. */
  function attachInLoop(call: Expr, parents: readonly Expr[], loop: LoopExpr | undefined): readonly PerItem[] {
    if (call.kind !== 'call' || !loop) return [];
    const target = targetOf(call, body, workspace);
    const [closure] = call.args;
    if (target.kind !== 'function' || !ATTACHES.test(target.path) || closure?.kind !== 'closure') return [];
    const inner = closure.body.kind === 'block' ? closure.body.statements.length + (closure.body.tail ? 1 : 0) : 1;
    // Under a condition it is not done for each item; with work beside it, it costs little.
    const conditional = parents.slice(parents.indexOf(loop)).some((p) => p.kind === 'if' || p.kind === 'match');
    const around = loop.body.statements.length + (loop.body.tail ? 1 : 0);
    if (inner >= 5 || conditional || around > 2 || blocks(loop)) return [];
    return [{ kind: 'attach', what: target.path.slice(target.path.lastIndexOf(':') + 1), span: call.callee.span, expr: call }];
  }

  function blocks(root: Expr): boolean {
    return someExpr(root, (e) => waitOf(e) !== null);
  }

  function waitOf(e: Expr): string | null {
    if (e.kind !== 'call' && e.kind !== 'method') return null;
    const target = targetOf(e, body, workspace);
    if (target.kind === 'workspace') return 'a call';
    const seed =
      target.kind === 'function' ? functionSeed(target.path) : target.kind === 'method' ? methodSeed(target.receiver, target.name) : null;
    return seed?.class === 'blocking' ? seed.what : null;
  }

  /** `loop { … sleep … }` that Ctrl-C does not end. */
  function endlessWait(loop: LoopExpr): PerItem | null {
    const endless = loop.flavor === 'loop' || (loop.flavor === 'while' && loop.condition?.kind === 'literal');
    if (!endless) return null;
    const text = workspace.slice(body.item.file, body.ast.span);
    if (/check_signals|PyErr_CheckSignals|timeout|deadline|elapsed|Instant|max_\w+|retries|attempts/i.test(text)) return null;
    const wait = findExpr(loop.body, (e) => /(sleep|recv|park|accept|wait)\b/.test(waitOf(e) ?? ''));
    // A loop that calls Python notices the signal there; a channel that is closed ends the loop with an error.
    const calls = someExpr(loop.body, (e) => {
      if (e.kind !== 'method') return false;
      const kind = types.of(body.typeOf(e.receiver));
      return kind === 'value' || kind === 'owned' || (kind === 'token' && !/^(detach|allow_threads)$/.test(e.name));
    });
    return wait && !calls
      ? {
          kind: 'signals',
          what: waitOf(wait) ?? '',
          span: { start: loop.span.start, end: loop.span.start + loop.flavor.length },
          expr: loop,
        }
      : null;
  }
}
