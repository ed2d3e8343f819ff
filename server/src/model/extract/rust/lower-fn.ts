/** Lowers fn items: qualifiers, ABI, parameters and body. */
import { exact } from '../../../base/exact.ts';
import type { FnItem, Param, SelfParam } from '../../../model/rust/ast-item.ts';
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { stringValue } from '../../../syntax/rust/string-value.ts';
import { lowerAttributes } from './lower-attributes.ts';
import { lowerBlock } from './lower-block.ts';
import { brokenHere, childOf, fieldOf, firstPart, has, isComment, spanOr } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import type { Base } from './lower-item.ts';
import { lowerMarkedPattern } from './lower-pattern.ts';
import { lowerType } from './lower-type.ts';

/** null where the signature is broken. */
export function lowerFn(ctx: Lowering, node: NodeId, base: Base): FnItem | null {
  const list = fieldOf(ctx, node, 'parameters');
  if (list < 0 || brokenHere(ctx, list)) return null;
  const { tree } = ctx;
  const modifiers = childOf(ctx, node, 'function_modifiers');
  const modifier = (word: string) => modifiers >= 0 && has(ctx, modifiers, word);
  const { self, params, variadic } = lowerParams(ctx, list);
  const result = fieldOf(ctx, node, 'return_type');
  const { abi, abiSpan } = lowerAbi(ctx, modifiers);
  return {
    ...base,
    kind: 'fn',
    self,
    params,
    variadic,
    result: result < 0 ? null : lowerType(ctx, result),
    abi,
    abiSpan,
    unsafe: modifier('unsafe'),
    safe: modifier('safe'),
    const: modifier('const'),
    async: modifier('async'),
    keywordSpan: spanOr(ctx, childOf(ctx, node, 'fn'), node),
    paramsSpan: tree.span(list),
    body: lowerBlock(ctx, fieldOf(ctx, node, 'body')),
  };
}

/** The ABI in the modifiers of a fn, fn pointer or extern block. A bare `extern` means "C" (Reference, "External blocks"). */
export function lowerAbi(ctx: Lowering, owner: NodeId): { readonly abi: string | null; readonly abiSpan: Span | null } {
  const node = owner < 0 ? -1 : childOf(ctx, owner, 'extern_modifier');
  if (node < 0) return { abi: null, abiSpan: null };
  const name = firstPart(ctx, node);
  return { abi: name < 0 ? 'C' : (stringValue(ctx.tree.textOf(name)) ?? 'C'), abiSpan: ctx.tree.span(node) };
}

function lowerParams(ctx: Lowering, list: NodeId): Pick<FnItem, 'self' | 'params' | 'variadic'> {
  const { tree } = ctx;
  const params: Param[] = [];
  let self: SelfParam | null = null;
  let variadic = false;
  for (let child = tree.firstChild(list); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === 'self_parameter') self = selfParam(ctx, child);
    else if (kind === 'variadic_parameter') variadic = true;
    else if (kind === 'parameter') {
      const pattern = fieldOf(ctx, child, 'pattern');
      if (pattern >= 0 && tree.kind(pattern) === 'self') {
        self = { kind: 'value', type: lowerType(ctx, fieldOf(ctx, child, 'type')), span: tree.span(child) };
      } else params.push(param(ctx, child));
    } else if (kind !== 'attributes' && (kind === '_' || (tree.named(child) && !isComment(kind)))) {
      // A type alone: a parameter without a name, as the 2015 edition allows in traits.
      const span = tree.span(child);
      params.push({ pattern: { kind: 'wildcard', span }, name: null, type: lowerType(ctx, child), attributes: [], span });
    }
  }
  return { self, params: exact(params), variadic };
}

function param(ctx: Lowering, node: NodeId): Param {
  const pattern = lowerMarkedPattern(ctx, node, fieldOf(ctx, node, 'pattern'));
  return {
    pattern,
    name: pattern.kind === 'binding' && pattern.sub === null ? pattern.name : upperCaseName(pattern),
    type: lowerType(ctx, fieldOf(ctx, node, 'type')),
    attributes: lowerAttributes(ctx, fieldOf(ctx, node, 'attributes')).attributes,
    span: ctx.tree.span(node),
  };
}

/** C declarations have parameters such as `X`: a lone name as a parameter binds, a constant there would not compile. */
function upperCaseName(pattern: Param['pattern']): string | null {
  return pattern.kind === 'path' && pattern.path.segments.length === 1 ? (pattern.path.segments[0]?.name ?? null) : null;
}

function selfParam(ctx: Lowering, node: NodeId): SelfParam {
  const reference = has(ctx, node, '&');
  const mutable = has(ctx, node, 'mutable_specifier');
  return { kind: !reference ? 'value' : mutable ? 'ref-mut' : 'ref', type: null, span: ctx.tree.span(node) };
}
