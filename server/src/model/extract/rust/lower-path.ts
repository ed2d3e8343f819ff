/** Lowers paths with their generic arguments: in types, expressions and patterns. */
import { exact } from '../../../base/exact.ts';
import type { GenericArg, Path, PathSegment, QualifiedSelf, Type } from '../../../model/rust/ast-type.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { fieldOf, nameOf, parts } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerType } from './lower-type.ts';

export interface LoweredPath {
  readonly path: Path;
  /** Of `<T as U>::name`: then the path has only what follows the `>::`. */
  readonly self: QualifiedSelf | null;
}

interface Draft {
  global: boolean;
  self: QualifiedSelf | null;
  readonly segments: PathSegment[];
}

/** Lowers any node that reads as a path; null where it holds something else (`$name`, a macro call). */
export function lowerPath(ctx: Lowering, node: NodeId): LoweredPath | null {
  const draft: Draft = { global: false, self: null, segments: [] };
  if (node < 0 || !collect(ctx, node, draft)) return null;
  const [only] = draft.segments;
  const whole = ctx.tree.span(node);
  // Most paths are one name: its place is theirs.
  const span = only && only.span.start === whole.start && only.span.end === whole.end ? only.span : whole;
  return { path: { global: draft.global, segments: exact(draft.segments), span }, self: draft.self };
}

function collect(ctx: Lowering, node: NodeId, draft: Draft): boolean {
  switch (ctx.tree.kind(node)) {
    case 'identifier':
    case 'type_identifier':
    case 'field_identifier':
    case 'primitive_type':
    case 'self':
    case 'super':
    case 'crate':
      draft.segments.push({ name: nameOf(ctx, node), span: ctx.tree.span(node), args: exact([]) });
      return true;
    case 'scoped_identifier':
    case 'scoped_type_identifier': {
      const before = fieldOf(ctx, node, 'path');
      if (before < 0) draft.global = true;
      else if (!collect(ctx, before, draft)) return false;
      const name = fieldOf(ctx, node, 'name');
      return name >= 0 && collect(ctx, name, draft);
    }
    case 'generic_type':
    case 'generic_type_with_turbofish':
      return collectGeneric(ctx, node, fieldOf(ctx, node, 'type'), draft);
    case 'generic_function':
      return collectGeneric(ctx, node, fieldOf(ctx, node, 'function'), draft);
    case 'generic_pattern':
      return collectGeneric(ctx, node, parts(ctx, node)[0] ?? -1, draft);
    case 'function_type':
      return collectFnTrait(ctx, node, draft);
    case 'bracketed_type':
      return collectBracketed(ctx, node, draft);
    default:
      return false;
  }
}

function collectGeneric(ctx: Lowering, node: NodeId, named: NodeId, draft: Draft): boolean {
  if (named < 0 || !collect(ctx, named, draft)) return false;
  setLastArgs(draft, lowerGenericArgs(ctx, fieldOf(ctx, node, 'type_arguments')));
  return true;
}

/** `Fn(A, B) -> C` is `Fn<(A, B), Output = C>`, as the language defines it (Reference, "Paths": parenthesized generic arguments). */
function collectFnTrait(ctx: Lowering, node: NodeId, draft: Draft): boolean {
  const trait = fieldOf(ctx, node, 'trait');
  if (trait < 0 || !collect(ctx, trait, draft)) return false;
  const parameters = fieldOf(ctx, node, 'parameters');
  const result = fieldOf(ctx, node, 'return_type');
  const inputs: Type = {
    kind: 'tuple',
    elements: parts(ctx, parameters).map((type) => lowerType(ctx, type)),
    span: ctx.tree.span(parameters),
  };
  const args: GenericArg[] = [{ kind: 'type', type: inputs }];
  if (result >= 0) args.push({ kind: 'binding', name: 'Output', type: lowerType(ctx, result) });
  setLastArgs(draft, args);
  return true;
}

function collectBracketed(ctx: Lowering, node: NodeId, draft: Draft): boolean {
  const inner = parts(ctx, node)[0] ?? -1;
  if (inner < 0) return false;
  if (ctx.tree.kind(inner) !== 'qualified_type') {
    draft.self = { type: lowerType(ctx, inner), trait: null };
    return true;
  }
  const trait = lowerPath(ctx, fieldOf(ctx, inner, 'alias'));
  draft.self = { type: lowerType(ctx, fieldOf(ctx, inner, 'type')), trait: trait?.path ?? null };
  return trait !== null;
}

function setLastArgs(draft: Draft, args: readonly GenericArg[]): void {
  const last = draft.segments.pop();
  if (last) draft.segments.push({ ...last, args });
}

/** The arguments between `<` and `>`; an associated type's bound (`Item: Trait`) is none. */
export function lowerGenericArgs(ctx: Lowering, node: NodeId): readonly GenericArg[] {
  const args: GenericArg[] = [];
  if (node < 0) return exact(args);
  const { tree } = ctx;
  for (const part of parts(ctx, node)) {
    switch (tree.kind(part)) {
      case 'lifetime':
        args.push({ kind: 'lifetime', name: tree.textOf(part) });
        break;
      case 'type_binding':
        args.push({ kind: 'binding', name: nameOf(ctx, fieldOf(ctx, part, 'name')), type: lowerType(ctx, fieldOf(ctx, part, 'type')) });
        break;
      case 'trait_bounds':
        // It bounds the name that stands before it.
        args.pop();
        break;
      case 'block':
      case 'integer_literal':
      case 'negative_literal':
      case 'float_literal':
      case 'boolean_literal':
      case 'char_literal':
      case 'string_literal':
      case 'raw_string_literal':
        args.push({ kind: 'const', text: tree.textOf(part) });
        break;
      default:
        args.push({ kind: 'type', type: lowerType(ctx, part) });
    }
  }
  return exact(args);
}
