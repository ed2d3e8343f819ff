/** Lowers patterns. */
import type { Expr, Pattern } from '../../../model/rust/ast-expr.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { childOf, descend, fieldOf, firstPart, has, nameOf, parts, spanOr } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerPath } from './lower-path.ts';

export function lowerPattern(ctx: Lowering, node: NodeId): Pattern {
  return descend(ctx, node, patternOf, unknownPattern);
}

function unknownPattern(ctx: Lowering, node: NodeId): Pattern {
  return { kind: 'unknown', span: spanOr(ctx, node, 0) };
}

function patternOf(ctx: Lowering, node: NodeId): Pattern {
  const { tree } = ctx;
  const span = tree.span(node);
  switch (tree.kind(node)) {
    case '_':
      return { kind: 'wildcard', span };
    case 'identifier':
    case 'self':
    case 'shorthand_field_identifier':
      return namePattern(ctx, node);
    case 'scoped_identifier':
    case 'generic_pattern': {
      const path = lowerPath(ctx, node);
      return path ? { kind: 'path', path: path.path, span } : unknownPattern(ctx, node);
    }
    case 'remaining_field_pattern':
      return { kind: 'rest', span };
    case 'mut_pattern':
      return { ...withBinding(lowerPattern(ctx, firstInner(ctx, node)), { mutable: true }), span };
    case 'ref_pattern':
      return { ...withBinding(lowerPattern(ctx, firstInner(ctx, node)), { byRef: true }), span };
    case 'captured_pattern': {
      const [name = -1, sub = -1] = inners(ctx, node);
      return {
        kind: 'binding',
        name: nameOf(ctx, name),
        nameSpan: spanOr(ctx, name, node),
        mutable: false,
        byRef: false,
        sub: lowerPattern(ctx, sub),
        span,
      };
    }
    case 'tuple_struct_pattern': {
      const type = fieldOf(ctx, node, 'type');
      const path = lowerPath(ctx, type);
      if (!path) return unknownPattern(ctx, node);
      const elements = inners(ctx, node).filter((part) => part !== type);
      return { kind: 'tuple-struct', path: path.path, elements: elements.map((part) => lowerPattern(ctx, part)), span };
    }
    case 'struct_pattern':
      return structPattern(ctx, node);
    case 'tuple_pattern': {
      const elements = inners(ctx, node);
      const [only] = elements;
      if (elements.length === 1 && only !== undefined && !has(ctx, node, ',') && tree.kind(only) !== 'remaining_field_pattern') {
        return lowerPattern(ctx, only);
      }
      return { kind: 'tuple', elements: elements.map((part) => lowerPattern(ctx, part)), span };
    }
    case 'unit_expression':
      return { kind: 'tuple', elements: [], span };
    case 'slice_pattern':
      return { kind: 'slice', elements: inners(ctx, node).map((part) => lowerPattern(ctx, part)), span };
    case 'reference_pattern':
      return referencePattern(ctx, node);
    case 'or_pattern':
      return orPattern(ctx, node);
    case 'range_pattern':
      return { kind: 'range', from: bound(ctx, fieldOf(ctx, node, 'left')), to: bound(ctx, fieldOf(ctx, node, 'right')), span };
    case 'const_block':
    case 'integer_literal':
    case 'float_literal':
    case 'negative_literal':
    case 'boolean_literal':
    case 'char_literal':
    case 'string_literal':
    case 'raw_string_literal':
      return { kind: 'literal', value: lowerExpr(ctx, node), span };
    default:
      return unknownPattern(ctx, node);
  }
}

/** The patterns in a pattern: unlike elsewhere the token `_` is one. */
function inners(ctx: Lowering, node: NodeId): NodeId[] {
  const { tree } = ctx;
  const found: NodeId[] = [];
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === '_' || (tree.named(child) && !ASIDE.has(kind))) found.push(child);
  }
  return found;
}

const ASIDE = new Set(['line_comment', 'block_comment', 'attributes', 'mutable_specifier']);

function firstInner(ctx: Lowering, node: NodeId): NodeId {
  return inners(ctx, node)[0] ?? -1;
}

/** A lone name: a constant or variant where it starts upper-case, else a binding. */
function namePattern(ctx: Lowering, node: NodeId): Pattern {
  const span = ctx.tree.span(node);
  const name = nameOf(ctx, node);
  if (name === '_') return { kind: 'wildcard', span };
  if (/^\p{Lu}/u.test(name)) return { kind: 'path', path: { global: false, segments: [{ name, span, args: [] }], span }, span };
  return { kind: 'binding', name, nameSpan: span, mutable: false, byRef: false, sub: null, span };
}

function withBinding(pattern: Pattern, change: { readonly mutable?: boolean; readonly byRef?: boolean }): Pattern {
  if (pattern.kind === 'binding') return { ...pattern, ...change };
  // `ref NAME` and `mut NAME` bind, whatever the name's case.
  const [segment] = pattern.kind === 'path' ? pattern.path.segments : [];
  if (!segment) return pattern;
  return {
    kind: 'binding',
    name: segment.name,
    nameSpan: segment.span,
    mutable: false,
    byRef: false,
    sub: null,
    span: pattern.span,
    ...change,
  };
}

/** The pattern of `let`, a parameter or a field, which carries its `mut` and `ref` outside of it. */
export function lowerMarkedPattern(ctx: Lowering, owner: NodeId, pattern: NodeId): Pattern {
  const lowered = lowerPattern(ctx, pattern);
  const mutable = has(ctx, owner, 'mutable_specifier');
  const byRef = has(ctx, owner, 'ref');
  if (!mutable && !byRef) return lowered;
  return withBinding(lowered, { ...(mutable ? { mutable } : {}), ...(byRef ? { byRef } : {}) });
}

function structPattern(ctx: Lowering, node: NodeId): Pattern {
  const { tree } = ctx;
  const path = lowerPath(ctx, fieldOf(ctx, node, 'type'));
  if (!path) return unknownPattern(ctx, node);
  const fields: { name: string; pattern: Pattern }[] = [];
  for (const part of parts(ctx, node)) {
    if (tree.kind(part) !== 'field_pattern') continue;
    if (ctx.tree.hasError(part) && ctx.tree.broken(part)) return unknownPattern(ctx, node);
    const name = fieldOf(ctx, part, 'name');
    const pattern = fieldOf(ctx, part, 'pattern');
    const lowered = lowerMarkedPattern(ctx, part, pattern < 0 ? name : pattern);
    fields.push({ name: nameOf(ctx, name), pattern: lowered });
  }
  return { kind: 'struct', path: path.path, fields, rest: has(ctx, node, 'remaining_field_pattern'), span: tree.span(node) };
}

function referencePattern(ctx: Lowering, node: NodeId): Pattern {
  const inner = childOf(ctx, node, 'mut_pattern');
  const mutable = has(ctx, node, 'mutable_specifier');
  // `&mut x` may also be read as a reference to `mut x`; Rust takes the former.
  const target = inner >= 0 && !mutable ? firstInner(ctx, inner) : firstInner(ctx, node);
  return { kind: 'reference', mutable: mutable || inner >= 0, pattern: lowerPattern(ctx, target), span: ctx.tree.span(node) };
}

function orPattern(ctx: Lowering, node: NodeId): Pattern {
  const alternatives: Pattern[] = [];
  for (const part of inners(ctx, node)) {
    const pattern = lowerPattern(ctx, part);
    if (pattern.kind === 'or') alternatives.push(...pattern.alternatives);
    else alternatives.push(pattern);
  }
  const [only] = alternatives;
  if (alternatives.length === 1 && only) return only;
  return { kind: 'or', alternatives, span: ctx.tree.span(node) };
}

function bound(ctx: Lowering, node: NodeId): Expr | null {
  return node < 0 ? null : lowerExpr(ctx, node);
}

/** The pattern of a match arm and its guard. */
export function lowerMatchPattern(ctx: Lowering, node: NodeId): { readonly pattern: Pattern; readonly guard: NodeId } {
  if (node < 0) return { pattern: unknownPattern(ctx, node), guard: -1 };
  const { tree } = ctx;
  let pattern = -1;
  for (let child = tree.firstChild(node); child >= 0 && pattern < 0; child = tree.nextSibling(child)) {
    if (tree.kind(child) === '_' || tree.named(child)) pattern = child;
  }
  return { pattern: lowerPattern(ctx, pattern < 0 ? firstPart(ctx, node) : pattern), guard: fieldOf(ctx, node, 'condition') };
}
