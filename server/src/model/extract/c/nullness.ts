/** What annotations of a declaration say of null, put on its types. */
import type { Span } from '../../../base/text.ts';
import type { Annotation } from '../../../syntax/c/annotations.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { CType } from '../../c/ast.ts';
import { annotationsIn, behindSpace, childByField, childrenOf, frontOf } from './context.ts';
import type { LowerContext } from './context.ts';

/** A pointer, or the name of what may be one, of which something is said; what is said both ways is not said. */
export function withNull(type: CType, said: readonly (boolean | null)[]): CType {
  if (type.kind !== 'pointer' && type.kind !== 'named') return type;
  const all = new Set([...said, type.nullable].filter((one) => one !== null && one !== undefined));
  const { nullable: _, ...plain } = type;
  const [only] = all;
  return all.size === 1 && only !== undefined ? { ...plain, nullable: only } : plain;
}

/** What clang's qualifiers in a span say. */
export function qualifiersIn(context: LowerContext, span: Span): readonly (boolean | null)[] {
  return annotationsIn(context, span).flatMap((one) => (one.kind === 'null' && one.qualifier ? [one.self] : []));
}

/** With what SAL and GNU's `nonnull` say of a parameter; its own parameters, where it is a function, are not meant. */
export function ofParam(context: LowerContext, node: NodeId, type: CType): CType {
  const span = { start: frontOf(context, node), end: behindSpace(context, context.tree.end(node)) };
  const found = annotationsIn(context, span, lists(context, node));
  const self = found.flatMap((one) => (one.kind === 'nonnull' ? [false] : isSal(one) && !one.result ? [one.self] : []));
  const made = withNull(type, self);
  const pointee = found.flatMap((one) => (isSal(one) ? [one.pointee] : []));
  return made.kind === 'pointer' ? { ...made, to: withNull(made.to, pointee) } : made;
}

/** The declaration, and that of its declarators which declares the function. */
interface Declared {
  readonly node: NodeId;
  readonly declarator: NodeId;
  /** It has no other. */
  readonly alone: boolean;
}

/** With what stands in front of and behind a function: `_Ret_maybenull_`, `returns_nonnull`, `nonnull(1, 3)`. */
export function ofFunction(context: LowerContext, { node, declarator, alone }: Declared, type: CType): CType {
  if (type.kind !== 'function' || !alone) return type;
  const { tree } = context;
  const body = childByField(tree, node, 'body');
  const end = body < 0 ? tree.end(node) : tree.start(body);
  const found = annotationsIn(context, { start: frontOf(context, node), end }, lists(context, declarator));
  if (found.length === 0) return type;
  const result = withNull(
    type.fn.result,
    found.flatMap((one) => (isSal(one) && one.result ? [one.self] : [])),
  );
  const never = (index: number): boolean =>
    found.some((one) => one.kind === 'nonnull' && (one.params.length === 0 || one.params.includes(index + 1)));
  const params = type.fn.params.map((one, index) => (never(index) ? { ...one, type: withNull(one.type, [false]) } : one));
  return { ...type, fn: { ...type.fn, result, params } };
}

function isSal(one: Annotation): one is Extract<Annotation, { kind: 'null' }> {
  return one.kind === 'null' && !one.qualifier;
}

/** The lists of parameters below a node; not those within them. */
function lists({ tree }: LowerContext, node: NodeId): readonly Span[] {
  const out: Span[] = [];
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const child of childrenOf(tree, at)) {
      if (tree.kind(child) === 'parameter_list') out.push(tree.span(child));
      else if (/declarator$/.test(tree.kind(child))) open.push(child);
    }
  }
  return out;
}
