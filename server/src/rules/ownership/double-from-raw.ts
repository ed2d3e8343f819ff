/** One pointer is taken back into an owner twice: the second one frees what is freed already. */
import { ownedTwice } from '../../analysis/ownership/paths.ts';
import { movesIn } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { uncast } from '../../analysis/ownership/owners.ts';
import type { RawMove } from '../../analysis/ownership/ownership-facts.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { variable } from '../../analysis/walk.ts';
import { calledAs } from '../called-as.ts';
import type { RuleContext } from '../rule.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'twice'>;

export default defineRule({
  id: 'double-from-raw',
  group: 'ownership',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { twice: '`{call}` takes `{pointer}` over a second time: it is freed twice' },
  docs: {
    what: 'The same pointer goes into `from_raw` twice on one path',
    why: `Each \`from_raw\` makes an owner that frees the memory when it is dropped. Two of one pointer free it twice, which corrupts the heap
or lets an attacker write to it.`,
    bad: `/// # Safety
/// \`p\` comes from \`Box::into_raw\`.
pub unsafe fn take(p: *mut u32) -> u32 {
    let value = unsafe { *Box::from_raw(p) };
    drop(unsafe { Box::from_raw(p) });
    value
}
`,
    good: `/// # Safety
/// \`p\` comes from \`Box::into_raw\`.
pub unsafe fn take(p: *mut u32) -> u32 {
    let owner = unsafe { Box::from_raw(p) };
    *owner
}
`,
    exceptions: [
      'calls in branches that exclude each other, or after a branch that left the function',
      'pointers that are given another value in between',
      'owners that are given up again with `into_raw`, `forget`, `leak` or `ManuallyDrop`, and counts that are raised first',
      'different fields or elements',
    ],
    fixSafety: null,
    references: [{ title: 'std, Box::from_raw', url: 'https://doc.rust-lang.org/std/boxed/struct.Box.html#method.from_raw' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_raw(_parts)?\s*\([\s\S]*\bfrom_raw(_parts)?\s*\(/, ctx.workspace))
      checkBody(ctx, body);
  },
});

/** What makes an owner of a pointer harmless; the text of the fn is enough to stay silent. */
const GIVES_UP = /\b(into_raw|forget|leak|ManuallyDrop|increment_strong_count|into_raw_parts|Weak)\b|\.take\(|mem::(take|replace)/;

function checkBody(ctx: Context, body: Body): void {
  if (!body.ast.body || GIVES_UP.test(ctx.workspace.slice(body.item.file, body.ast.body.span))) return;
  const moves = movesIn(body, ctx.workspace).filter((one) => one.direction === 'from' && one.kind !== null);
  moves.forEach((second, at) => {
    const first = moves.slice(0, at).find((one) => isSame(one, second, body));
    const pointer = second.expr.args[0];
    if (!first || !pointer || !body.ast.body || !ownedTwice(body.ast.body, first.expr, second.expr, variable(uncast(pointer)) ?? ''))
      return;
    ctx.report('twice', {
      at: { file: body.item.file, span: second.expr.kind === 'call' ? second.expr.callee.span : second.expr.span },
      data: { call: calledAs(second.expr), pointer: variable(uncast(pointer)) ?? '' },
      related: [{ at: { file: body.item.file, span: first.expr.span }, message: 'the first owner is made here' }],
      help: 'keep the first owner and use it',
      item: body.item,
      claims: [
        {
          kind: 'calls',
          at: { file: body.item.file, span: second.expr.kind === 'call' ? second.expr.callee.span : second.expr.span },
          callees: STD_FROM_RAW,
        },
      ],
    });
  });
}

function isSame(one: RawMove, other: RawMove, body: Body): boolean {
  const [first, second] = [one.expr.args[0], other.expr.args[0]];
  if (!first || !second) return false;
  const a = body.bindingOf(uncast(first));
  return a !== null && a.kind !== 'loop' && a.kind !== 'closure-param' && a === body.bindingOf(uncast(second)) && a.closure === null;
}
