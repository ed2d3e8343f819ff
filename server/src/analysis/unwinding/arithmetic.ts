/** Indices and divisors that come straight from a fn's parameters and that nothing looks at before they are used. */
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Body, Binding } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { STRING, VEC, isExternal, isInt, stripRefs } from '../types/local-types-ty.ts';
import { lastName, someExpr, unwrapBlock, variable } from '../walk.ts';

type IndexExpr = Extract<Expr, { kind: 'index' }>;

/** The text of a stretch of the fn's file. */
export type Written = (at: Span) => string;

/** The parameter that an index into an array, slice, vector or string depends on alone, unchecked; null for all else, and in doubt. */
export function uncheckedIndex(expr: IndexExpr, body: Body, text: Written): string | null {
  const roots = rootsOf(expr.index, body);
  const [first] = roots ?? [];
  if (!roots || !first || !isSequence(expr.base, body)) return null;
  // As far as one byte goes many tables go too.
  if (roots.some((root) => stripRefs(root.ty)?.kind === 'primitive' && /^[iu]8$/.test(nameOfTy(root)))) return null;
  const base = text(unwrapBlock(expr.base).span);
  if (roots.some((root) => isLookedAt(root.name, expr.span.start, body, text)) || asksLength(base, expr.span.start, body, text))
    return null;
  return hasLengthOf(expr.base, roots, body) ? null : first.name;
}

/** The integer parameter that a divisor is, unchecked; null for all else. */
export function uncheckedDivisor(divisor: Expr, body: Body, text: Written): string | null {
  let at = unwrapBlock(divisor);
  // A sum can be zero too, but seldom is: only the parameter itself counts.
  for (let i = 0; i < 8; i++) {
    const binding = body.bindingOf(at);
    if (at.kind === 'cast' && isIntegerTy(body.typeOf(at))) at = unwrapBlock(at.operand);
    else if (binding?.kind === 'let' && binding.source && !isReassigned(binding.name, body)) at = unwrapBlock(binding.source);
    else break;
  }
  const binding = body.bindingOf(at);
  if (binding?.kind !== 'param' || !isInteger(binding) || isReassigned(binding.name, body)) return null;
  return isLookedAt(binding.name, divisor.span.start, body, text) ? null : binding.name;
}

const C_INTEGER = /::(c_u?(char|short|int|long|longlong)|c_schar|s?size_t|u?int(8|16|32|64)_t|u?intptr_t|ptrdiff_t)$/;

function isInteger({ ty }: Binding): boolean {
  return isIntegerTy(ty);
}

function isIntegerTy(ty: MaybeTy): boolean {
  return ty?.kind === 'external' ? C_INTEGER.test(ty.path) : ty?.kind === 'primitive' && isInt(ty);
}

function nameOfTy({ ty }: Binding): string {
  return ty?.kind === 'primitive' ? ty.name : '';
}

/** The integer parameters that an expression is reckoned from; null where anything else, or anything that keeps it small, is in it. */
function rootsOf(expr: Expr, body: Body, depth = 8): readonly Binding[] | null {
  const at = unwrapBlock(expr);
  const all = (parts: readonly (Expr | null)[]): readonly Binding[] | null => {
    const roots: Binding[] = [];
    for (const part of parts) {
      const more = part === null ? [] : depth === 0 ? null : rootsOf(part, body, depth - 1);
      if (!more) return null;
      roots.push(...more);
    }
    return roots;
  };
  switch (at.kind) {
    case 'literal':
      return [];
    case 'cast':
      return all([at.operand]);
    case 'range':
      return all([at.from, at.to]);
    case 'binary':
      return /^[+*-]$/.test(at.operator) ? all([at.left, at.right]) : null;
    case 'path': {
      const binding = body.bindingOf(at);
      if (!binding) return /^[A-Z][A-Z0-9_]*$/.test(lastName(at) ?? '') ? [] : null;
      if (binding.closure || isReassigned(binding.name, body)) return null;
      if (binding.kind === 'let') return binding.source ? all([binding.source]) : null;
      return binding.kind === 'param' && isInteger(binding) ? [binding] : null;
    }
    default:
      return null;
  }
}

function isSequence(base: Expr, body: Body): boolean {
  const ty = stripRefs(body.typeOf(base));
  if (ty?.kind === 'array' || ty?.kind === 'slice') return true;
  return isExternal(ty, VEC) || isExternal(ty, STRING) || (ty?.kind === 'primitive' && ty.name === 'str');
}

function isReassigned(name: string, body: Body): boolean {
  const { body: block } = body.ast;
  return !block || someExpr(block, (one) => one.kind === 'assign' && variable(one.left) === name);
}

const COMPARES = /^([<>]=?|==|!=)$/;

/** Whether a name stands in a condition, comparison, loop, match or macro before an offset: somebody thought of its value. */
function isLookedAt(name: string, before: number, body: Body, text: Written): boolean {
  const { body: block } = body.ast;
  if (!block) return true;
  const word = new RegExp(`\\b${name}\\b`);
  const mentions = (expr: Expr | null): boolean => expr !== null && word.test(text(expr.span));
  return someExpr(block, (one) => {
    if (one.span.start >= before) return false;
    switch (one.kind) {
      case 'if':
        return mentions(one.condition);
      case 'match':
        return mentions(one.scrutinee);
      case 'loop':
        return mentions(one.condition) || mentions(one.iterable);
      case 'binary':
        return COMPARES.test(one.operator) && mentions(one);
      case 'macro':
      case 'unknown':
      case 'closure':
        return mentions(one);
      case 'method':
        return (
          /^(checked|saturating|overflowing|try)_|^(min|max|clamp|get|get_mut|is_zero|contains|filter)$/.test(one.name) && mentions(one)
        );
      case 'call':
        return /check|valid|assert|ensure|bound|new|try/.test(lastName(one.callee) ?? '') && one.args.some(mentions);
      case 'try':
        return mentions(one.operand);
      default:
        return false;
    }
  });
}

/** Whether the length of a base, or one of its elements by `get`, is asked for before an offset. */
function asksLength(base: string, before: number, body: Body, text: Written): boolean {
  const { body: block } = body.ast;
  const same = (expr: Expr): boolean => text(unwrapBlock(expr).span) === base;
  return (
    !block ||
    someExpr(
      block,
      (one) =>
        one.span.start < before &&
        one.kind === 'method' &&
        /^(len|get|get_mut|is_empty|first|last|resize|resize_with|is_char_boundary)$/.test(one.name) &&
        same(one.receiver),
    )
  );
}

/** `from_raw_parts(p, n)`, `vec![0; n]`: as long as a parameter says that is in the index too. */
function hasLengthOf(base: Expr, roots: readonly Binding[], body: Body, depth = 6): boolean {
  const at = unwrapBlock(base);
  const source = body.bindingOf(at)?.source ?? null;
  const mentioned = someExpr(at, (one) => {
    const binding = body.bindingOf(one);
    return binding !== null && roots.includes(binding);
  });
  return mentioned || (source !== null && depth > 0 && hasLengthOf(source, roots, body, depth - 1));
}
