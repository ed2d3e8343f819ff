/** Parameters that hold a vector of Python objects only for one loop: the sequence that Python passed could be gone through itself. */
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { contains } from '../../base/text.ts';
import { someExpr } from '../walk.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { isExternal } from '../types/local-types-ty.ts';
import { walkRegions } from './regions.ts';

export interface ObjectVector {
  readonly name: string;
  /** The parameter's type. */
  readonly type: Span;
  /** What its items are called: `Py` or `Bound`. */
  readonly element: string;
  /** The loop's iterable, where the items are `Bound<PyAny>` that it takes by value: a list gives the same. */
  readonly iterable: Span | null;
}

/** Questions that a list answers as well. */
const SIZES = new Set(['len', 'is_empty']);

export function objectVectors(body: Body): readonly ObjectVector[] {
  const root = body.ast.body;
  if (!root || body.ast.async || someExpr(root, (e) => e.kind === 'unknown' || (e.kind === 'macro' && e.args === null))) return [];
  return body.ast.params.flatMap((param): ObjectVector[] => {
    const binding = body.bindings.find((b) => b.kind === 'param' && b.name === param.name);
    const element = binding ? elementOf(binding.ty) : null;
    const iterable = binding && element && param.pattern.kind === 'binding' ? onlyLoop(binding, root, body) : null;
    if (!binding || element?.kind !== 'external' || !iterable) return [];
    const plain = element.path === 'pyo3::Bound' && iterable.kind !== 'reference';
    const byValue = plain && !(iterable.kind === 'method' && iterable.name === 'iter');
    return [
      { name: binding.name, type: param.type.span, element: element.path.replace('pyo3::', ''), iterable: byValue ? iterable.span : null },
    ];
  });
}

function elementOf(ty: MaybeTy): MaybeTy {
  const [element] = ty?.kind === 'external' && ty.path === 'std::vec::Vec' ? ty.args : [];
  if (element?.kind !== 'external' || !/^pyo3::(Py|Bound)$/.test(element.path)) return null;
  // Of a certain class, each object is checked before the fn starts: a list would take any.
  return isExternal(element.args[0] ?? null, 'pyo3::PyAny') ? element : null;
}

/** The iterable of the one loop that goes through a vector; null where anything else is done with it, or that loop runs many times. */
function onlyLoop(binding: Binding, root: Expr, body: Body): Expr | null {
  let found: Expr | null = null;
  let only = true;
  walkRegions(
    body,
    root,
    () => 'inline',
    (expr, place) => {
      if (body.bindingOf(expr) !== binding) return;
      const parent = place.parents.at(-1);
      if (parent?.kind === 'method' && parent.receiver === expr && SIZES.has(parent.name)) return;
      const loops = place.parents.filter((p) => p.kind === 'loop');
      const loop = loops.at(-1);
      const iterable = loop?.kind === 'loop' && loop.flavor === 'for' ? loop.iterable : null;
      if (!iterable || !isWhole(iterable, expr) || loops.length > 1 || place.closures.length > 0 || found) only = false;
      found = iterable;
    },
  );
  return only ? found : null;
}

/** `items`, `&items`, `items.iter()`, `items.into_iter()`. */
function isWhole(iterable: Expr, value: Expr): boolean {
  if (!contains(iterable.span, value.span)) return false;
  let at = iterable;
  if (at.kind === 'method' && /^(iter|into_iter)$/.test(at.name) && at.args.length === 0) at = at.receiver;
  if (at.kind === 'reference' && !at.mutable) at = at.operand;
  return at === value;
}
