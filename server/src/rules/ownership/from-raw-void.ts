/** `Box::from_raw` of a `*mut c_void` frees one byte and drops nothing. */
import { movesIn, pointerType } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { typeName } from '../../analysis/c-functions/foreign-call.ts';
import type { RawMove } from '../../analysis/ownership/ownership-facts.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { calledAs } from '../called-as.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'void'>;

export default defineRule({
  id: 'from-raw-void',
  group: 'ownership',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['clippy::from_raw_with_void_ptr'],
  fix: 'unsafe',
  messages: { void: '`{call}` gets a `c_void` pointer: it frees it as one byte and drops nothing' },
  docs: {
    what: '`Box::from_raw`, `Rc::from_raw` or `Arc::from_raw` gets a `c_void` pointer that is not cast',
    why: `The type of the pointer is the type of the box. A \`Box<c_void>\` frees memory with the layout of a byte, where the value had another
one, which is undefined, and the value's own \`Drop\` does not run. \`Rc\` and \`Arc\` look for their counters in the wrong place.`,
    bad: `use std::ffi::c_void;

/// # Safety
/// \`data\` comes from \`Box::into_raw\`.
pub unsafe extern "C" fn destroy(data: *mut c_void) {
    drop(unsafe { Box::from_raw(data) });
}
`,
    good: `use std::ffi::c_void;

/// # Safety
/// \`data\` comes from \`Box::into_raw\`.
pub unsafe extern "C" fn destroy(data: *mut c_void) {
    drop(unsafe { Box::from_raw(data as *mut Vec<u32>) });
}
`,
    exceptions: [
      'pointers that are cast, whatever to',
      'pointers to other types, one of your own called `c_void` included',
      'pointers whose type is not written',
      "a `from_raw` that is not the standard library's",
    ],
    fixSafety: 'Not safe: the type is taken from the only `into_raw` of the workspace whose type is known.',
    references: [
      { title: 'clippy, from_raw_with_void_ptr', url: 'https://rust-lang.github.io/rust-clippy/master/#from_raw_with_void_ptr' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_raw\s*\(/, ctx.workspace)) {
      for (const move of movesIn(body, ctx.workspace)) if (isVoid(ctx, body, move)) report(ctx, body, move);
    }
  },
});

function isVoid(ctx: Context, body: Body, move: RawMove): boolean {
  const argument = move.expr.args[0];
  if (move.direction !== 'from' || !argument || (move.kind !== 'Box' && move.kind !== 'Arc' && move.kind !== 'Rc')) return false;
  const type = pointerType(argument, body);
  if (type?.kind !== 'pointer' || type.pointee.kind !== 'path' || typeName(type.pointee, body.scope, ctx.workspace) !== 'c_void')
    return false;
  return ctx.workspace.resolve(type.pointee.path, body.scope, 'type').kind === 'external';
}

function report(ctx: Context, body: Body, move: RawMove): void {
  const { expr } = move;
  ctx.report('void', {
    at: { file: body.item.file, span: expr.kind === 'call' ? expr.callee.span : expr.nameSpan },
    data: { call: calledAs(expr) },
    help: 'cast the pointer to the type that `into_raw` was called with',
    item: body.item,
    claims: [
      { kind: 'handles', at: { file: body.item.file, span: expr.kind === 'call' ? expr.callee.span : expr.nameSpan }, type: /\bc_void\b/ },
    ],
    fixes: castFix(ctx, body, move),
  });
}

/** `p.cast::<T>()`, where everything that the workspace gives out as this kind of pointer is a T of this crate. */
function castFix(ctx: Context, body: Body, move: RawMove): readonly Fix[] {
  const argument = move.expr.args[0];
  const made = ctx.facts.ownership.moves().filter((one) => one.direction === 'into' && one.kind === move.kind);
  const key = made[0]?.pointee ?? null;
  if (argument?.kind !== 'path' || key === null || made.some((one) => one.pointee !== key)) return [];
  const id = /^item (\d+)$/.exec(key)?.[1];
  const item = id === undefined ? null : ctx.workspace.items.find((one) => one.id === Number(id) && one.module === body.item.module);
  const type = id === undefined ? key : item?.name;
  const generic = item
    ? /<|\bconst\b/.test(ctx.workspace.slice(item.file, item.entry.signatureSpan).slice(0, item.name.length + 20))
    : false;
  if (type === undefined || generic) return [];
  const at = argument.span.end;
  return [
    {
      title: `cast to \`${type}\``,
      safe: false,
      edits: [{ file: body.item.file.path, span: { start: at, end: at }, text: `.cast::<${type}>()` }],
    },
  ];
}
