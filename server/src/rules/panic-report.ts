/** What the rules about panics share: which fns they look at, how bad it is there, and how it is told. */
import type { PanicKind, PanicSite } from '../analysis/unwinding/panic-facts.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Claim } from './claim.ts';
import { catchUnwindFix } from './edits.ts';
import { isHidden } from './hidden.ts';
import type { Report, RuleContext } from './rule.ts';

const PANIC_MACROS: ReadonlySet<PanicKind> = new Set(['macro', 'debug-assert', 'null-assert']);

/** What a compiler can say of a site. What a closure that came in does is known to nobody. */
function claimsOf(fn: BoundaryFn, { kind, span, expr }: PanicSite): readonly Claim[] {
  const { file } = fn.item;
  if (kind === 'closure-call') return [{ kind: 'calls-value', at: { file, span: expr.span } }];
  if (kind === 'index' || kind === 'division') return [{ kind: kind === 'index' ? 'bounds' : 'division', at: { file, span: expr.span } }];
  return [{ kind: PANIC_MACROS.has(kind) ? 'panic-macro' : 'panics', at: { file, span } }];
}

/** Of names that the implementation keeps for itself only compilers and runtimes know: a check of what they pass is meant. */
const MEANT: ReadonlySet<PanicKind> = new Set(['macro', 'null-assert']);

export interface FoundSite {
  readonly fn: BoundaryFn;
  readonly site: PanicSite;
}

/** The panic sites of some kinds in the file's boundary fns. */
export function panicSites(ctx: RuleContext, kinds: readonly PanicKind[]): readonly FoundSite[] {
  if (ctx.unit.kind !== 'rust') return [];
  return ctx.unit.surface.functions.flatMap((fn) =>
    fn.role === 'import'
      ? []
      : ctx.facts.unwinding
          .sites(fn)
          .filter((site) => kinds.includes(site.kind))
          .map((site) => ({ fn, site })),
  );
}

/**
 * The report of a site: its severity is that of the effect, or info for kinds that are meant or hardly happen.
 * A stated invariant is info whatever the effect: where it is broken the program is lost already. A stated precondition is info only
 * where the panic aborts: undefined behaviour is not what its author meant for callers that break it. So is all that a hidden export
 * does with what the one program hands in that knows of it.
 */
export function siteReport(ctx: RuleContext, found: FoundSite, mild: boolean): Report {
  const { fn, site } = found;
  const { severity, effect, note } = ctx.facts.unwinding.effect(fn);
  const fix = catchUnwindFix(fn, ctx.workspace);
  const meant =
    site.deliberate !== null || (fn.role === 'export' && (isHidden(fn.item) || (MEANT.has(site.kind) && /^__\w/.test(fn.symbol ?? ''))));
  return {
    at: { file: fn.item.file, span: site.span },
    data: { what: site.what, fn: fn.ast.name, effect },
    item: fn.item,
    claims: claimsOf(fn, site),
    severity: mild || site.deliberate === 'invariant' || (meant && note === null) ? 'info' : severity,
    ...(note === null || mild ? {} : { note }),
    fixes: fix ? [fix] : [],
  };
}
