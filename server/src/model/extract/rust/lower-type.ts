/** Lowers written types. */
import type { FnPointerType, Path, Type } from '../../../model/rust/ast-type.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { childOf, descend, fieldOf, flatText, has, nameOf, parts, spanOr } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerAbi } from './lower-fn.ts';
import { lowerPath } from './lower-path.ts';

export function lowerType(ctx: Lowering, node: NodeId): Type {
  return descend(ctx, node, typeOf, unknownType);
}

function unknownType(ctx: Lowering, node: NodeId): Type {
  return { kind: 'unknown', text: node < 0 ? '' : flatText(ctx, node), span: spanOr(ctx, node, 0) };
}

function typeOf(ctx: Lowering, node: NodeId): Type {
  const { tree } = ctx;
  const span = tree.span(node);
  switch (tree.kind(node)) {
    case 'type_identifier':
    case 'identifier':
      if (tree.textOf(node) === '_') return { kind: 'infer', span };
      return pathType(ctx, node);
    case 'reference_type': {
      const lifetime = childOf(ctx, node, 'lifetime');
      return {
        kind: 'reference',
        mutable: has(ctx, node, 'mutable_specifier'),
        lifetime: lifetime < 0 ? null : tree.textOf(lifetime),
        referent: lowerType(ctx, fieldOf(ctx, node, 'type')),
        span,
      };
    }
    case 'pointer_type':
      return { kind: 'pointer', mutable: has(ctx, node, 'mutable_specifier'), pointee: lowerType(ctx, fieldOf(ctx, node, 'type')), span };
    case 'tuple_type': {
      const elements = parts(ctx, node);
      const only = elements[0];
      if (elements.length === 1 && only !== undefined && !has(ctx, node, ',')) return lowerType(ctx, only);
      return { kind: 'tuple', elements: elements.map((element) => lowerType(ctx, element)), span };
    }
    case 'unit_type':
      return { kind: 'tuple', elements: [], span };
    case 'array_type': {
      const element = lowerType(ctx, fieldOf(ctx, node, 'element'));
      const length = fieldOf(ctx, node, 'length');
      return length < 0 ? { kind: 'slice', element, span } : { kind: 'array', element, length: lowerExpr(ctx, length), span };
    }
    case 'function_type':
      return fieldOf(ctx, node, 'trait') < 0 ? fnPointer(ctx, node) : pathType(ctx, node);
    case 'higher_ranked_trait_bound': {
      const inner = lowerType(ctx, fieldOf(ctx, node, 'type'));
      if (inner.kind !== 'fn') return inner;
      const parameters = childOf(ctx, node, 'type_parameters');
      const forLifetimes = parts(ctx, parameters).map((part) => tree.textOf(fieldOf(ctx, part, 'name')));
      return { ...inner, forLifetimes, span };
    }
    case 'never_type':
      return { kind: 'never', span };
    case 'abstract_type':
      return { kind: 'impl', bounds: boundPaths(ctx, node), text: flatText(ctx, node), span };
    case 'dynamic_type':
      return { kind: 'dyn', bounds: boundPaths(ctx, node), text: flatText(ctx, node), span };
    case 'bounded_type':
      // `impl A + B` or `dyn A + B`; without a keyword a trait object of the 2015 edition.
      return { kind: startsWithImpl(ctx, node) ? 'impl' : 'dyn', bounds: boundPaths(ctx, node), text: flatText(ctx, node), span };
    case 'unsafe_bound_type':
      return lowerType(ctx, fieldOf(ctx, node, 'type'));
    case 'macro_invocation': {
      const path = lowerPath(ctx, fieldOf(ctx, node, 'macro'));
      return path ? { kind: 'macro', path: path.path, span } : unknownType(ctx, node);
    }
    case '_':
      return { kind: 'infer', span };
    default:
      return pathType(ctx, node);
  }
}

function pathType(ctx: Lowering, node: NodeId): Type {
  const lowered = lowerPath(ctx, node);
  return lowered ? { kind: 'path', path: lowered.path, self: lowered.self, span: lowered.path.span } : unknownType(ctx, node);
}

function fnPointer(ctx: Lowering, node: NodeId): FnPointerType {
  const { tree } = ctx;
  const modifiers = childOf(ctx, node, 'function_modifiers');
  const params: { name: string | null; type: Type }[] = [];
  let variadic = false;
  const list = fieldOf(ctx, node, 'parameters');
  for (let child = tree.firstChild(list); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === 'variadic_parameter') variadic = true;
    else if (kind === 'parameter') {
      const pattern = fieldOf(ctx, child, 'pattern');
      const named = pattern >= 0 && tree.kind(pattern) === 'identifier' && tree.textOf(pattern) !== '_';
      params.push({ name: named ? nameOf(ctx, pattern) : null, type: lowerType(ctx, fieldOf(ctx, child, 'type')) });
    } else if (kind === '_' || (tree.named(child) && kind !== 'line_comment' && kind !== 'block_comment')) {
      params.push({ name: null, type: lowerType(ctx, child) });
    }
  }
  const result = fieldOf(ctx, node, 'return_type');
  return {
    kind: 'fn',
    unsafe: modifiers >= 0 && has(ctx, modifiers, 'unsafe'),
    ...lowerAbi(ctx, modifiers),
    params,
    variadic,
    result: result < 0 ? null : lowerType(ctx, result),
    forLifetimes: [],
    span: tree.span(node),
  };
}

function startsWithImpl(ctx: Lowering, node: NodeId): boolean {
  const first = ctx.tree.firstChild(node);
  return (
    first >= 0 && (ctx.tree.kind(first) === 'abstract_type' || (ctx.tree.kind(first) === 'bounded_type' && startsWithImpl(ctx, first)))
  );
}

/** The traits of `A + 'a + ?B + use<'b>`: paths only. */
function boundPaths(ctx: Lowering, node: NodeId): Path[] {
  const paths: Path[] = [];
  collectBounds(ctx, node, paths);
  return paths;
}

function collectBounds(ctx: Lowering, node: NodeId, paths: Path[]): void {
  switch (ctx.tree.kind(node)) {
    case 'bounded_type':
    case 'tuple_type':
      for (const part of parts(ctx, node)) collectBounds(ctx, part, paths);
      return;
    case 'abstract_type':
    case 'dynamic_type': {
      const trait = fieldOf(ctx, node, 'trait');
      if (trait >= 0) collectBounds(ctx, trait, paths);
      return;
    }
    case 'higher_ranked_trait_bound':
    case 'unsafe_bound_type': {
      const type = fieldOf(ctx, node, 'type');
      if (type >= 0) collectBounds(ctx, type, paths);
      return;
    }
    case 'removed_trait_bound':
    case 'use_bounds':
    case 'lifetime':
      return;
    default: {
      const lowered = lowerPath(ctx, node);
      if (lowered) paths.push(lowered.path);
    }
  }
}
