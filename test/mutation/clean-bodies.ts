/** The bodies of a crate's clean fns: what mistakes are planted into by changing what stands there. */
import { sliceSpan } from '../../server/src/base/text.ts';
import type { Span } from '../../server/src/base/text.ts';
import type { FileEdit } from '../../server/src/base/edit.ts';
import { foreignCall } from '../../server/src/analysis/c-functions/foreign-call.ts';
import type { ForeignCall } from '../../server/src/analysis/c-functions/foreign-call.ts';
import type { Body } from '../../server/src/analysis/types/local-types-body.ts';
import { bodiesOf } from '../../server/src/analysis/types/local-types.ts';
import { collectExprs, findExpr, someExpr, unwrapBlock, variable, walk } from '../../server/src/analysis/walk.ts';
import type { BlockExpr, Expr, Statement } from '../../server/src/model/rust/ast-expr.ts';
import type { FnItem } from '../../server/src/model/rust/ast-item.ts';
import type { BoundaryFn } from '../../server/src/model/surface/surface.ts';
import type { RustItem } from '../../server/src/model/workspace.ts';
import type { Mutation, World } from './world.ts';
import { isClean } from './world.ts';

export type Let = Extract<Statement, { kind: 'let' }>;
export type OfKind<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** A fn with a body about which nothing is said. */
export interface Code {
  readonly item: RustItem;
  readonly ast: FnItem;
  readonly block: BlockExpr;
  readonly body: Body;
  /** Its part at the boundary, where it has one and no macro changes it. */
  readonly fn: BoundaryFn | null;
  say(at: { readonly span: Span } | Span): string;
  /** What replaces a node or a place of it. */
  put(at: { readonly span: Span } | Span, replacement: string): FileEdit;
  foreign(expr: Expr): ForeignCall | null;
}

const kept = new WeakMap<World, ReadonlyMap<RustItem, BoundaryFn>>();

function boundary(world: World): ReadonlyMap<RustItem, BoundaryFn> {
  const known = kept.get(world) ?? new Map(world.surface.functions.filter((fn) => !fn.rewritten).map((fn) => [fn.item, fn]));
  kept.set(world, known);
  return known;
}

/** The clean fns whose text has a word; only those are parsed. */
export function code(world: World, word: RegExp): readonly Code[] {
  const { workspace } = world;
  return workspace.items.flatMap((item) => {
    if (item.kind !== 'fn' || !item.entry.bodySpan || !word.test(sliceSpan(workspace.text(item.file), item.entry.span))) return [];
    const body = isClean(item, world) ? bodiesOf(workspace)(item) : null;
    const block = body?.ast.body;
    if (!body || !block) return [];
    const spanOf = (at: { readonly span: Span } | Span): Span => ('span' in at ? at.span : at);
    return [
      {
        item,
        ast: body.ast,
        block,
        body,
        fn: boundary(world).get(item) ?? null,
        say: (at) => sliceSpan(workspace.text(item.file), spanOf(at)),
        put: (at, replacement) => ({ file: item.file.path, span: spanOf(at), text: replacement }),
        foreign: (expr) => foreignCall(expr, body.scope, workspace),
      },
    ];
  });
}

/** Those that C calls and that do not hand a panic on. */
export function atBoundary(world: World, word: RegExp, ...roles: readonly BoundaryFn['role'][]): readonly Code[] {
  return code(world, word).filter(({ fn }) => fn !== null && !fn.unwinds && roles.includes(fn.role));
}

/** Edits of one fn as mutations, each on its own. */
export function each(found: readonly Code[], make: (code: Code) => readonly (readonly FileEdit[])[], wide = false): readonly Mutation[] {
  return found.flatMap((one) => make(one).map((edits) => ({ edits, where: one.ast.name, ...(wide ? { wide } : {}) })));
}

/** All expressions of a kind, closures included. */
export function all<K extends Expr['kind']>({ block }: Pick<Code, 'block'>, kind: K): readonly OfKind<K>[] {
  return collectExprs(block, (one) => one.kind === kind, { items: false }).filter((one): one is OfKind<K> => one.kind === kind);
}

/** Every statement with the block that it stands in. */
export function statements({ block }: Pick<Code, 'block'>): readonly {
  readonly block: BlockExpr;
  readonly index: number;
  readonly statement: Statement;
}[] {
  return collectExprs(block, (one) => one.kind === 'block', { items: false }).flatMap((one) =>
    one.kind === 'block' ? one.statements.map((statement, index) => ({ block: one, index, statement })) : [],
  );
}

export function lets(one: Pick<Code, 'block'>): readonly Let[] {
  return statements(one).flatMap(({ statement }) => (statement.kind === 'let' ? [statement] : []));
}

/** `std::mem::forget` as `mem::forget`: the last two names that a call is written with. */
export function called(expr: Expr): string {
  if (expr.kind !== 'call' || expr.callee.kind !== 'path') return '';
  return expr.callee.path.segments
    .slice(-2)
    .map(({ name }) => name)
    .join('::');
}

/** The name that a `let` binds. */
export function bound({ pattern }: Let): string | null {
  return pattern.kind === 'binding' && !pattern.byRef && !pattern.sub ? pattern.name : null;
}

/** Whether a name is bound once in a fn, parameters included. */
export function boundOnce({ body, ast }: Code, name: string): boolean {
  const params = ast.params.filter((one) => one.name === name).length;
  return body.bindings.filter((one) => one.name === name && one.kind !== 'param').length + params === 1;
}

/** The uses of a variable behind a place. */
export function uses({ block }: Code, name: string, after = 0): readonly Expr[] {
  return collectExprs(block, (one) => variable(one) === name && one.span.start >= after, { items: false });
}

/** The nearest node around another that fits. */
export function around({ block }: Code, inner: Expr, fits: (expr: Expr) => boolean): Expr | null {
  let found: Expr | null = null;
  walk(
    block,
    {
      enterExpr: (one) => {
        if (one !== inner && one.span.start <= inner.span.start && one.span.end >= inner.span.end && fits(one)) found = one;
      },
    },
    { items: false },
  );
  return found;
}

/** Whether a place is written to, or its address taken. */
export function isWriteTarget(one: Code, place: Expr): boolean {
  return (
    around(
      one,
      place,
      (node) =>
        (node.kind === 'assign' && node.left === place) || ((node.kind === 'reference' || node.kind === 'macro') && contains(node, place)),
    ) !== null
  );
}

function contains(outer: Expr, inner: Expr): boolean {
  return outer.span.start <= inner.span.start && outer.span.end >= inner.span.end;
}

/** The text of a node with parts of it replaced. */
export function rewritten(
  { say }: Code,
  whole: { readonly span: Span },
  parts: readonly { readonly span: Span; readonly text: string }[],
): string {
  let made = '';
  let from = whole.span.start;
  for (const part of [...parts].sort((a, b) => a.span.start - b.span.start)) {
    made += say({ start: from, end: part.span.start }) + part.text;
    from = part.span.end;
  }
  return made + say({ start: from, end: whole.span.end });
}

export { collectExprs, findExpr, someExpr, unwrapBlock, variable };
