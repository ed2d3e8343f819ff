/** An extern fn calls a fn of the workspace that can panic. */
import type { CompiledPanic } from '../../analysis/compiled/compiled-facts.ts';
import type { OpenCall, PanicSite } from '../../analysis/unwinding/panic-facts.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'reachable'>;

/** How many calls deep panics are looked for. */
const DEPTH = 2;

const HELP = 'let it return an error, or wrap the body in `std::panic::catch_unwind`';

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
      'panics more than two calls away; with `--verify` they are followed to any depth, through methods and traits',
      'stated invariants, `debug_assert!`, locks, and functions of other crates',
      'callees with a foreign ABI: their own findings tell',
      'methods of receivers whose type is not known, unless `--verify` asks the compiler',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role === 'import') continue;
      const compiled = fn.unwinds || fn.rewritten ? null : (ctx.facts.compiled?.panics(fn.item) ?? null);
      if (compiled) {
        reportCompiled(ctx, fn, compiled);
        continue;
      }
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
          help: HELP,
          item: fn.item,
          severity,
        });
      }
    }
  },
});

/** With the compiler's facts, panics are followed to any depth, through methods, traits and macros; the chain of calls stands beside it. */
function reportCompiled(ctx: Context, fn: BoundaryFn, panics: readonly CompiledPanic[]): void {
  const told = new Set<string>();
  for (const panic of panics) {
    const { kind, what, at, through } = panic;
    const [first] = through;
    if (kind !== 'call' || !first?.at || !UNWRAPS.test(what) || told.has(first.name) || isExcused(ctx, panic)) continue;
    told.add(first.name);
    const { severity, effect } = ctx.facts.unwinding.effect(fn);
    const name = (path: string): string => path.slice(path.lastIndexOf(':') + 1);
    const end = at ? [{ at, message: `the panic, in \`${name(through.at(-1)?.name ?? '')}\`` }] : [];
    ctx.report('reachable', {
      at: first.at,
      data: { callee: name(first.name), what: name(what), effect, fn: fn.ast.name },
      related: [...through.slice(1).flatMap((step) => (step.at ? [{ at: step.at, message: `calls \`${name(step.name)}\`` }] : [])), ...end],
      help: HELP,
      item: fn.item,
      severity,
      claims: [{ kind: 'panics', at: { file: fn.item.file, span: first.at.span } }],
    });
  }
}

/** Whether the source shows that it cannot happen, or is meant: the compiler finds the way to a panic, syntax judges the panic itself. */
function isExcused(ctx: Context, { what, at, inside }: CompiledPanic): boolean {
  const around = inside ? ctx.workspace.itemsOf(inside.file).filter((one) => one.kind === 'fn' && !one.file.origin) : [];
  const item = around.find(({ entry }) => inside && entry.span.start <= inside.span.start && inside.span.start < entry.span.end);
  if (!item) return false;
  const open = ctx.facts.unwinding.inside(item).sites.filter(({ kind, deliberate }) => deliberate === null && COUNTED.has(kind));
  return what === 'panic' ? !open.some(({ kind }) => kind === 'macro') : !open.some(({ span }) => span.start === at?.span.start);
}

const COUNTED: ReadonlySet<PanicSite['kind']> = new Set(['macro', 'unwrap', 'utf8-unwrap']);

/** Panics that somebody wrote; an index or a capacity is checked by the code around it more often than not. */
const UNWRAPS = /^panic$|::(?:unwrap|expect)(?:_err)?$/;

interface Reached {
  readonly site: PanicSite;
  readonly item: RustItem;
}

function reach(ctx: Context, { callee }: OpenCall, depth: number): Reached | null {
  if (callee.entry.abi !== null || callee.test) return null;
  const { sites, calls } = ctx.facts.unwinding.inside(callee);
  const site = sites.find(({ kind, deliberate }) => deliberate === null && COUNTED.has(kind));
  if (site) return { site, item: callee };
  if (depth <= 1) return null;
  for (const call of calls) {
    const found = call.callee === callee ? null : reach(ctx, call, depth - 1);
    if (found) return found;
  }
  return null;
}
