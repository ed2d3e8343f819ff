/** Pointers that one kind of owner gave out are taken back by another: `Box::from_raw` of an `Arc::into_raw`. */
import { pointerType } from '../../analysis/ownership/create-ownership-facts.ts';
import type { MoveKind, RawMove } from '../../analysis/ownership/ownership-facts.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { groupBy } from '../../base/groups.ts';
import type { RustItem } from '../../model/workspace.ts';
import { calledAs } from '../called-as.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'mismatch'>;

export default defineRule({
  id: 'from-raw-kind-mismatch',
  group: 'ownership',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  acrossItems: true,
  messages: { mismatch: '`{call}` takes back a pointer that only `{made}::into_raw` gives out' },
  docs: {
    what: 'A pointer is taken back by another kind of owner than the one that gave it out',
    why: `\`Box\`, \`Rc\` and \`Arc\` lay out their memory differently: in front of what an \`Arc\` points to stand its counters. \`Box::from_raw\` of
such a pointer frees an address that was never allocated, and the other way round counters are read where there are none.`,
    bad: `use std::sync::Arc;

pub struct Session {
    pub hits: u32,
}

#[no_mangle]
pub extern "C" fn session_new() -> *const Session {
    Arc::into_raw(Arc::new(Session { hits: 0 }))
}

/// # Safety
/// \`session\` comes from \`session_new\`.
#[no_mangle]
pub unsafe extern "C" fn session_free(session: *mut Session) {
    if !session.is_null() {
        drop(unsafe { Box::from_raw(session) });
    }
}
`,
    good: `use std::sync::Arc;

pub struct Session {
    pub hits: u32,
}

#[no_mangle]
pub extern "C" fn session_new() -> *const Session {
    Arc::into_raw(Arc::new(Session { hits: 0 }))
}

/// # Safety
/// \`session\` comes from \`session_new\`.
#[no_mangle]
pub unsafe extern "C" fn session_free(session: *mut Session) {
    if !session.is_null() {
        drop(unsafe { Arc::from_raw(session) });
    }
}
`,
    exceptions: [
      'types that several kinds of owner give out',
      'pointers whose type is not known, on either side',
      'workspaces that make such pointers of unknown types with the same kind',
      'types that nothing in the workspace gives out',
    ],
    fixSafety:
      'Safe where the owner is dropped at once: the right kind frees it. Elsewhere its type is used further on, so that it is only offered.',
    references: [{ title: 'std, Arc::from_raw', url: 'https://doc.rust-lang.org/std/sync/struct.Arc.html#method.from_raw' }],
  },
  check(ctx) {
    const { unit } = ctx;
    if (unit.kind !== 'rust' || !unit.items.some((item) => item.kind === 'fn')) return;
    const moves = ctx.facts.ownership.moves();
    const taken = takenOf(moves);
    for (const move of unit.items.flatMap((item) => taken.get(item) ?? [])) {
      const made = makersOf(moves, move);
      if (made) report(ctx, move, made);
    }
  },
});

const known = new WeakMap<readonly RawMove[], ReadonlyMap<RustItem, readonly RawMove[]>>();

/** The owners of a known kind and type that are taken back, by the fn that does. */
function takenOf(moves: readonly RawMove[]): ReadonlyMap<RustItem, readonly RawMove[]> {
  const before = known.get(moves);
  if (before) return before;
  const made = groupBy(
    moves.filter(({ direction, kind, pointee }) => direction === 'from' && counted(kind) && pointee !== null),
    (move) => move.body.item,
  );
  known.set(moves, made);
  return made;
}

function counted(kind: MoveKind): kind is 'Box' | 'Arc' | 'Rc' {
  return kind === 'Box' || kind === 'Arc' || kind === 'Rc';
}

/** The one kind that gives out pointers to the type, where that is another than the one that takes it back. */
function makersOf(moves: readonly RawMove[], taken: RawMove): { readonly kind: 'Box' | 'Arc' | 'Rc'; readonly move: RawMove } | null {
  const into = moves.filter((one) => one.direction === 'into');
  const of = into.filter((one) => one.pointee === taken.pointee);
  const kinds = new Set(of.map((one) => one.kind));
  const move = of[0];
  if (kinds.size !== 1 || !move || !counted(move.kind) || move.kind === taken.kind) return null;
  const unknown = into.some((one) => one.pointee === null && (one.kind === null || one.kind === taken.kind));
  return unknown ? null : { kind: move.kind, move };
}

function report(ctx: Context, taken: RawMove, made: { readonly kind: 'Box' | 'Arc' | 'Rc'; readonly move: RawMove }): void {
  const { body, expr } = taken;
  if (expr.kind !== 'call') return;
  ctx.report('mismatch', {
    at: { file: body.item.file, span: expr.callee.span },
    data: { call: calledAs(expr), made: made.kind },
    related: [{ at: { file: made.move.body.item.file, span: made.move.expr.span }, message: 'the pointer is given out here' }],
    help: `use \`${made.kind}::from_raw\``,
    item: body.item,
    claims: [{ kind: 'calls', at: { file: body.item.file, span: expr.callee.span }, callees: STD_FROM_RAW }],
    fixes: swap(ctx, taken, made.kind),
  });
}

function swap(ctx: Context, taken: RawMove, kind: 'Box' | 'Arc' | 'Rc'): readonly Fix[] {
  const { body, expr } = taken;
  if (expr.kind !== 'call' || expr.callee.kind !== 'path' || !body.ast.body) return [];
  const segments = expr.callee.path.segments;
  const type = segments.at(-2);
  const first = segments[0];
  if (!type || !first || type.args.length > 0) return [];
  // `Box::from_raw` takes no `*const`.
  const pointer = expr.args[0] ? pointerType(expr.args[0], body) : null;
  if (kind === 'Box' && !(pointer?.kind === 'pointer' && pointer.mutable)) return [];
  const around = parentsOf(body.ast.body).get(expr);
  const outer = around?.kind === 'expr' ? around.expr : null;
  const dropped =
    (around?.kind === 'statement' && around.statement.kind === 'expr') ||
    (outer?.kind === 'call' && outer.callee.kind === 'path' && outer.callee.path.segments.at(-1)?.name === 'drop') ||
    (outer?.kind === 'block' && outer.tail === expr && parentIsDrop(body.ast.body, outer));
  const root = body.item.module.crate.noStd ? 'alloc' : 'std';
  const name = ctx.workspace.resolve([kind], body.scope, 'type');
  const path =
    name.kind === 'external' && name.path[0] === 'std' ? kind : `${root}::${{ Box: 'boxed', Arc: 'sync', Rc: 'rc' }[kind]}::${kind}`;
  const span = { start: first.span.start, end: type.span.end };
  return [{ title: `use \`${kind}::from_raw\``, safe: dropped, edits: [{ file: body.item.file.path, span, text: path }] }];
}

function parentIsDrop(body: NonNullable<RawMove['body']['ast']['body']>, block: RawMove['expr'] | { readonly kind: 'block' }): boolean {
  for (const [child, around] of parentsOf(body)) {
    if (child !== block || around.kind !== 'expr' || around.expr.kind !== 'call') continue;
    const { callee } = around.expr;
    return callee.kind === 'path' && callee.path.segments.at(-1)?.name === 'drop';
  }
  return false;
}
