/** An extern fn calls a fn of the workspace that can panic. */
import type { OpenCall, PanicSite } from '../../analysis/unwinding/panic-facts.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'reachable'>;

/** How many calls deep panics are looked for. */
const DEPTH = 2;

export default defineRule({
  id: 'panic-reachable',
  group: 'panics',
  since: '0.1.0',
  severity: 'off',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { reachable: '`{callee}` can panic (`{what}`), which {effect} in extern fn `{fn}`' },
  docs: {
    what: 'A function with a foreign ABI calls a function of the workspace that can panic',
    why: `The panic passes through the caller and must not leave it, just as one of its own. Off by default: whether the panic can happen often
depends on what is passed, which is not looked at. Turn it on for libraries whose functions must never end the process.`,
    bad: `fn parse(value: i32) -> i32 {
    u8::try_from(value).unwrap().into()
}

#[no_mangle]
pub extern "C" fn byte(value: i32) -> i32 {
    parse(value)
}
`,
    good: `fn parse(value: i32) -> Option<i32> {
    u8::try_from(value).ok().map(i32::from)
}

#[no_mangle]
pub extern "C" fn byte(value: i32) -> i32 {
    parse(value).unwrap_or(-1)
}
`,
    exceptions: [
      'calls inside `catch_unwind`, and inside functions and macros that call it',
      'panics more than two calls away',
      'stated invariants, `debug_assert!`, locks, and functions of other crates',
      'callees with a foreign ABI: their own findings tell',
      'methods of receivers whose type is not known',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role === 'import') continue;
      const told = new Set<RustItem>();
      for (const call of ctx.facts.unwinding.calls(fn)) {
        if (told.has(call.callee)) continue;
        told.add(call.callee);
        const reached = reach(ctx, call, DEPTH);
        if (!reached) continue;
        const { severity, effect } = ctx.facts.unwinding.effect(fn);
        ctx.report('reachable', {
          at: { file: fn.item.file, span: call.span },
          data: { callee: call.callee.name, what: reached.site.what, effect, fn: fn.ast.name },
          related: [{ at: { file: reached.item.file, span: reached.site.span }, message: `the panic, in \`${reached.item.name}\`` }],
          help: 'let it return an error, or wrap the body in `std::panic::catch_unwind`',
          item: fn.item,
          severity,
        });
      }
    }
  },
});

interface Reached {
  readonly site: PanicSite;
  readonly item: RustItem;
}

function reach(ctx: Context, { callee }: OpenCall, depth: number): Reached | null {
  if (callee.entry.abi !== null || callee.test) return null;
  const { sites, calls } = ctx.facts.unwinding.inside(callee);
  const site = sites.find(
    ({ kind, deliberate }) => deliberate === null && (kind === 'macro' || kind === 'unwrap' || kind === 'utf8-unwrap'),
  );
  if (site) return { site, item: callee };
  if (depth <= 1) return null;
  for (const call of calls) {
    const found = call.callee === callee ? null : reach(ctx, call, depth - 1);
    if (found) return found;
  }
  return null;
}
