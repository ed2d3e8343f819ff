/** An extern fn calls a fn of the workspace that can panic. */
import type { CompiledPanic, CompiledPlace } from '../../analysis/compiled/compiled-facts.ts';
import type { CallStep } from '../../analysis/unwinding/handed-in.ts';
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
    why: `The panic passes through the caller and must not leave it, just as one of its own. What is unwrapped or asserted is followed back through
the calls to what the foreign caller hands in: numbers, texts, bytes and structs that C fills. Off by default: that a value comes from there
does not say that a caller will ever pass one that is refused. Turn it on for libraries whose functions must never end the process.`,
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
      'panics that hang on nothing of the caller: the state of objects that only Rust fills, constants, sizes of allocations',
      'values that stood in a condition before, in the function or where it is called',
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
        const reached = reach(ctx, fn, call, [{ item: fn.item, span: call.span }]);
        if (reached) told.add(call.callee);
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
    if (kind !== 'call' || !first?.at || !UNWRAPS.test(what) || told.has(first.name) || !isOpen(ctx, fn, panic)) continue;
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

/** The compiler finds the way to a panic; syntax judges the panic: whether it is meant, and whether it hangs on what is handed in. */
function isOpen(ctx: Context, fn: BoundaryFn, { what, at, inside, through }: CompiledPanic): boolean {
  const item = inside && fnAt(ctx, inside);
  if (!item) return false;
  const steps = through.flatMap((step): CallStep[] => {
    const within = step.at && fnAt(ctx, step.at);
    return within && step.at ? [{ item: within, span: step.at.span }] : [];
  });
  return (
    steps.length === through.length &&
    countedSites(ctx, item).some(
      (site) =>
        (what === 'panic' ? site.kind === 'macro' : site.span.start === at?.span.start) && hangsOnCaller(ctx, fn, steps, { item, site }),
    )
  );
}

/** The innermost fn in which a place is written. */
function fnAt(ctx: Context, { file, span }: CompiledPlace): RustItem | null {
  const around = ctx.workspace
    .itemsOf(file)
    .filter(({ kind, entry, file: own }) => kind === 'fn' && !own.origin && entry.span.start <= span.start && span.start < entry.span.end);
  return around.at(-1) ?? null;
}

/** C strings that an export reads and cannot take are the caller's, whenever they were handed in. */
function hangsOnCaller(ctx: Context, fn: BoundaryFn, steps: readonly CallStep[], end: Reached): boolean {
  return (end.site.kind === 'utf8-unwrap' && fn.role === 'export') || ctx.facts.unwinding.hangsOnHandedIn(steps, end);
}

const COUNTED: ReadonlySet<PanicSite['kind']> = new Set(['macro', 'unwrap', 'utf8-unwrap']);

function countedSites(ctx: Context, item: RustItem): readonly PanicSite[] {
  return ctx.facts.unwinding.inside(item).sites.filter(({ kind, deliberate }) => deliberate === null && COUNTED.has(kind));
}

/** Panics that somebody wrote; an index or a capacity is checked by the code around it more often than not. */
const UNWRAPS = /^panic$|::(?:unwrap|expect)(?:_err)?$/;

interface Reached {
  readonly site: PanicSite;
  readonly item: RustItem;
}

/** The first panic that the calls lead to and that hangs on what is handed in; `steps` are the calls up to this one. */
function reach(ctx: Context, fn: BoundaryFn, { callee: item }: OpenCall, steps: readonly CallStep[]): Reached | null {
  if (item.entry.abi !== null || item.test) return null;
  const site = countedSites(ctx, item).find((one) => hangsOnCaller(ctx, fn, steps, { item, site: one }));
  if (site) return { site, item };
  if (steps.length >= DEPTH) return null;
  for (const call of ctx.facts.unwinding.inside(item).calls) {
    const found = call.callee === item ? null : reach(ctx, fn, call, [...steps, { item, span: call.span }]);
    if (found) return found;
  }
  return null;
}
