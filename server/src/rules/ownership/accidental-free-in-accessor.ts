/** An export that only looks at an object takes it over with `from_raw`, and so frees it at its end. */
import { movesIn, pointerKey } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { isGivenAway } from '../../analysis/ownership/moves.ts';
import type { RawMove } from '../../analysis/ownership/ownership-facts.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { variable } from '../../analysis/walk.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { calledAs } from '../called-as.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'freed'>;

export default defineRule({
  id: 'accidental-free-in-accessor',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { freed: '`{fn}` frees `{param}` at its end: `{call}` takes it over' },
  docs: {
    what: 'An exported function that only uses an object takes it over with `from_raw`, and frees it at its end',
    why: `\`Box::from_raw\` makes an owner, and an owner is dropped. A getter that does this frees the object under its caller's hands: the next
call works on freed memory, and the destructor frees it again.`,
    bad: `pub struct Session {
    pub hits: u32,
}

/// # Safety
/// \`session\` is valid.
#[no_mangle]
pub unsafe extern "C" fn session_hits(session: *mut Session) -> u32 {
    if session.is_null() {
        return 0;
    }
    let session = unsafe { Box::from_raw(session) };
    session.hits
}

/// # Safety
/// \`session\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn session_free(session: *mut Session) {
    if !session.is_null() {
        drop(unsafe { Box::from_raw(session) });
    }
}
`,
    good: `pub struct Session {
    pub hits: u32,
}

/// # Safety
/// \`session\` is valid.
#[no_mangle]
pub unsafe extern "C" fn session_hits(session: *mut Session) -> u32 {
    if session.is_null() {
        return 0;
    }
    let session = unsafe { &mut *session };
    session.hits
}

/// # Safety
/// \`session\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn session_free(session: *mut Session) {
    if !session.is_null() {
        drop(unsafe { Box::from_raw(session) });
    }
}
`,
    exceptions: [
      'functions whose name says that they free or consume',
      'owners that are given up again, returned, moved into something or dropped by name',
      'callbacks',
      'types that no other export frees: then this may be the one that does',
    ],
    fixSafety:
      'Safe for a `Box` that is only named: `&mut *` reads the same without owning it. For an `Arc` it is a `ManuallyDrop` around it, and offered only.',
    references: [{ title: 'std, Box::from_raw', url: 'https://doc.rust-lang.org/std/boxed/struct.Box.html#method.from_raw' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const exports = new Map(
      ctx.unit.surface.functions.flatMap((fn) => (fn.role === 'export' && !fn.rewritten ? [[fn.item, fn] as const] : [])),
    );
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_raw\s*\(/, ctx.workspace)) {
      const fn = exports.get(body.item);
      if (fn && !ENDS.test(fn.ast.name)) checkBody(ctx, fn, body);
    }
  },
});

/** Names of functions that are meant to end an object's life. */
const ENDS =
  /free|drop|destroy|destruct|release|delete|close|dealloc|into|consume|take|finish|finalize|final|unref|dispose|cleanup|clear|end|remove|unregister|shutdown|deinit|uninit|teardown|detach|join|stop|kill|build|unwrap|exit|abort|cancel|fini|term|commit|complete|done|reset|send|submit|exec|run|move|convert|set|add|push|insert|append/i;

const GIVES_UP = /\b(into_raw|forget|leak|ManuallyDrop|increment_strong_count|into_inner)\b/;

function checkBody(ctx: Context, fn: BoundaryFn, body: Body): void {
  if (!body.ast.body || GIVES_UP.test(ctx.workspace.slice(body.item.file, body.ast.body.span))) return;
  if (/\b(consum|tak(e|es|ing) ownership|free[sd]?|releas(e[sd]?|ing)|invalid after|deallocat)/i.test(fn.ast.docs)) return;
  for (const move of movesIn(body, ctx.workspace)) {
    const argument = move.expr.args[0];
    if (move.direction !== 'from' || !argument || (move.kind !== 'Box' && move.kind !== 'Arc' && move.kind !== 'CString')) continue;
    const pointer = uncast(argument);
    const param = body.bindingOf(pointer)?.kind === 'param' ? variable(pointer) : null;
    const kept = keptIn(move, body);
    if (param === null || !kept || isGivenAway(kept.name, body, move.expr.span.end) || !isFreedElsewhere(ctx, move, body)) continue;
    ctx.report('freed', {
      at: { file: body.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.span },
      data: { fn: fn.ast.name, param, call: calledAs(move.expr) },
      help: move.kind === 'Box' ? `borrow it: \`&mut *${param}\`` : 'keep it from being dropped with `ManuallyDrop`',
      item: fn.item,
      claims: [
        {
          kind: 'calls',
          at: { file: body.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.span },
          callees: STD_FROM_RAW,
        },
      ],
      fixes: borrow(move, kept.typed, body, pointer === argument ? param : null),
    });
  }
}

/** The variable that holds the owner: `let x = Box::from_raw(p)`, in an `unsafe` block or not. */
function keptIn(move: RawMove, body: Body): { readonly name: string; readonly typed: boolean } | null {
  if (!body.ast.body) return null;
  const parents = parentsOf(body.ast.body);
  let around = parents.get(move.expr);
  while (around?.kind === 'expr' && around.expr.kind === 'block' && around.expr.statements.length === 0) around = parents.get(around.expr);
  if (around?.kind !== 'statement' || around.statement.kind !== 'let' || around.statement.pattern.kind !== 'binding') return null;
  return { name: around.statement.pattern.name, typed: around.statement.type !== null };
}

/** Another export, named like a destructor, takes back the same type. */
function isFreedElsewhere(ctx: Context, move: RawMove, body: Body): boolean {
  const argument = move.expr.args[0];
  const key = move.pointee ?? (argument ? pointerKey(argument, body, ctx.workspace) : null);
  if (key === null && move.kind !== 'CString') return false;
  return ctx.facts.ownership
    .moves()
    .some(
      (one) =>
        one.direction === 'from' &&
        one.body.item !== body.item &&
        one.kind === move.kind &&
        (move.kind === 'CString' || one.pointee === key) &&
        /free|drop|destroy|release|delete|close|dealloc|unref|dispose/i.test(one.body.item.name),
    );
}

function borrow(move: RawMove, typed: boolean, body: Body, param: string | null): readonly Fix[] {
  if (typed || param === null || move.kind === 'CString') return [];
  const file = body.item.file.path;
  if (move.kind === 'Arc') {
    return [
      {
        title: 'keep the count with `ManuallyDrop`',
        safe: false,
        edits: [
          { file, span: { start: move.expr.span.start, end: move.expr.span.start }, text: 'std::mem::ManuallyDrop::new(' },
          { file, span: { start: move.expr.span.end, end: move.expr.span.end }, text: ')' },
        ],
      },
    ];
  }
  const type = body.ast.params.find((one) => one.name === param)?.type;
  const mutable = type?.kind === 'pointer' && type.mutable;
  return [{ title: 'borrow the object', safe: mutable, edits: [{ file, span: move.expr.span, text: `&mut *${param}` }] }];
}
