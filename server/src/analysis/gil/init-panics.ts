/** Panics while a module is imported: the import fails with PanicException, which nothing that guards imports catches. */
import type { Body } from '../types/local-types-body.ts';
import { RESULT, isExternal, stripRefs } from '../types/local-types-ty.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { InitPanic } from './gil-facts.ts';
import type { PanicContext } from './panics.ts';
import { dataPanics } from './panics.ts';
import { walkRegions } from './regions.ts';

/** What fills a module, and Python operations whose types are not followed. */
const FALLIBLE = /^(add|add_class|add_function|add_wrapped|add_submodule|setattr|getattr|import|import_bound|call\w*|run|eval|set_item)$/;

/** A helper that is given the module to put things into. */
export function fillsModule(body: Body): boolean {
  return body.bindings.some((b) => {
    const ty = stripRefs(b.ty);
    if (b.kind !== 'param' || ty?.kind !== 'external') return false;
    return ty.path === 'pyo3::PyModule' || (ty.path === 'pyo3::Bound' && isExternal(ty.args[0] ?? null, 'pyo3::PyModule'));
  });
}

export function initPanics(context: PanicContext, closures: Closures): readonly InitPanic[] {
  const { body, workspace } = context;
  const found: InitPanic[] = dataPanics(context, closures).map((panic) => ({ ...panic, adds: false }));
  if (!body.ast.body) return found;
  walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
    if (place.mode === 'elsewhere' || place.caught || expr.kind !== 'method' || !/^(unwrap|expect)$/.test(expr.name)) return;
    if (found.some((other) => other.span.start === expr.nameSpan.start)) return;
    const { receiver } = expr;
    const ty = body.typeOf(receiver);
    const target = receiver.kind === 'method' || receiver.kind === 'call' ? targetOf(receiver, body, workspace) : null;
    const onPython =
      target?.kind === 'method' &&
      FALLIBLE.test(target.name) &&
      target.receiver.some((t) => t.kind === 'external' && /^pyo3::(Bound|Python|PyAny|PyModule)$/.test(t.path));
    const macro = receiver.kind === 'macro' && /^wrap_py(function|module)(_bound)?$/.test(receiver.path.segments.at(-1)?.name ?? '');
    if (!(isExternal(ty, RESULT) && isExternal(ty.args[1] ?? null, 'pyo3::PyErr')) && !onPython && !macro) return;
    const reason = 'it could raise an exception';
    const adds = macro || (target?.kind === 'method' && /^add(_class|_function|_wrapped|_submodule)?$/.test(target.name));
    found.push({ what: `\`${expr.name}\``, span: expr.nameSpan, expr, reason, adds });
  });
  return found;
}
