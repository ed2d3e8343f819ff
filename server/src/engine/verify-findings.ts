/** Holds findings against what a compiler knows: confirmed, unverified, or dropped because it is not so. */
import type { CompiledFacts } from '../analysis/compiled/compiled-facts.ts';
import { stdPanic } from '../analysis/compiled/panicking.ts';
import { splitPath } from '../analysis/compiled/paths.ts';
import type { MirBody, MirCall } from '../model/compiled/mir.ts';
import type { RustItem } from '../model/workspace.ts';
import type { Claim } from '../rules/claim.ts';
import type { Finding } from './finding.ts';
import type { RawFinding } from './run-rules.ts';

export interface Verified {
  readonly findings: readonly RawFinding[];
  /** What the compiler contradicts, and in which words. */
  readonly dropped: readonly { readonly finding: Finding; readonly why: string }[];
}

type Verdict = 'confirmed' | 'unverified' | { readonly contradicted: string };

export function verifyFindings(raw: readonly RawFinding[], compiled: CompiledFacts): Verified {
  const macros = countMacros(raw);
  const findings: RawFinding[] = [];
  const dropped: { finding: Finding; why: string }[] = [];
  for (const one of raw) {
    const verdicts = one.claims.map((claim) => verdictOf(claim, one.item, compiled, macros));
    const against = verdicts.find((verdict) => typeof verdict === 'object');
    if (against) {
      dropped.push({ finding: one.finding, why: against.contradicted });
    } else {
      const isRight = !one.doubted && verdicts.length > 0 && verdicts.every((verdict) => verdict === 'confirmed');
      const verification = isRight || compiled.lints(one.finding.at, one.equivalents).length > 0 ? 'confirmed' : 'unverified';
      const isCompiled = verification === 'confirmed' || (one.item !== null && compiled.bodies(one.item).length > 0);
      findings.push({ ...one, finding: { ...one.finding, verification, ...(isCompiled ? { compiled: true } : {}) } });
    }
  }
  return { findings, dropped };
}

/** How many panicking macros are reported in each item. */
function countMacros(raw: readonly RawFinding[]): ReadonlyMap<RustItem, number> {
  const out = new Map<RustItem, number>();
  for (const { item, claims } of raw) {
    if (item && claims.some((claim) => claim.kind === 'panic-macro')) out.set(item, (out.get(item) ?? 0) + 1);
  }
  return out;
}

function verdictOf(claim: Claim, item: RustItem | null, compiled: CompiledFacts, macros: ReadonlyMap<RustItem, number>): Verdict {
  switch (claim.kind) {
    case 'calls': {
      const calls = compiled.calls(claim.at).map(({ what }) => what);
      if (calls.length === 0 || calls.some(({ callee }) => callee === '')) return 'unverified';
      return calls.some(({ callee }) => claim.callees.test(splitPath(callee).plain))
        ? 'confirmed'
        : { contradicted: `what is called here is ${named(calls)}` };
    }
    case 'calls-value': {
      const calls = compiled.calls(claim.at).map(({ what }) => what);
      return calls.some(({ callee }) => callee === '' || /^<.* as std::ops::(?:Async)?Fn(?:Once|Mut)?<.*>>::call/.test(callee))
        ? 'confirmed'
        : 'unverified';
    }
    case 'handles': {
      const calls = compiled.calls(claim.at).map(({ what }) => what);
      const types = calls.flatMap(({ args, result }) => [args[0] ?? '', result]).filter((type) => type !== '');
      if (types.some((type) => claim.type.test(type))) return 'confirmed';
      return claim.hinted || types.length === 0 ? 'unverified' : { contradicted: `the types here are ${quoted(types)}` };
    }
    case 'casts': {
      const casts = compiled.casts(claim.at).map(({ what }) => what);
      const fits = casts.some(
        ({ from, to, kind }) => (claim.from?.test(from) ?? true) && (claim.to?.test(to) ?? true) && (claim.how?.test(kind) ?? true),
      );
      return fits ? 'confirmed' : 'unverified';
    }
    case 'captures':
      return compiled.closuresAround(claim.at).some(({ captures }) => captures.some((type) => claim.type.test(type)))
        ? 'confirmed'
        : 'unverified';
    case 'follows-pointer': {
      const { callees, at } = claim;
      const follows = callees
        ? compiled.calls(at).some(({ what }) => callees.test(splitPath(what.callee).plain))
        : compiled.derefs(at).length > 0;
      return follows ? 'confirmed' : 'unverified';
    }
    case 'panics': {
      const calls = compiled.calls(claim.at);
      const verdicts = calls.map((call) => compiled.mayPanic(call));
      if (verdicts.includes('yes')) return 'confirmed';
      return verdicts.length === 0 || verdicts.includes('unknown')
        ? 'unverified'
        : { contradicted: `what is called here is ${named(calls.map(({ what }) => what))}, which does not panic` };
    }
    case 'refused-type':
      if (compiled.refusedTypes(claim.at).length > 0) return 'confirmed';
      return claim.item !== null && compiled.linted(claim.item) ? { contradicted: 'rustc takes the type for FFI-safe' } : 'unverified';
    case 'bounds':
    case 'division': {
      if (compiled.asserts(claim.at).some(({ what }) => what.kind === claim.kind && what.unwind !== 'never')) return 'confirmed';
      return compiled.calls(claim.at).some((call) => compiled.mayPanic(call) === 'yes') ? 'confirmed' : 'unverified';
    }
    case 'panic-macro': {
      if (compiled.calls(claim.at).some(({ what }) => isMacroPanic(what))) return 'confirmed';
      const inside = item === null ? [] : compiled.bodies(item).flatMap((body) => body.calls.filter(isMacroPanic));
      return item !== null && inside.length >= (macros.get(item) ?? 1) ? 'confirmed' : 'unverified';
    }
    case 'uses-pointer': {
      const { callees, at } = claim;
      const [deref] = callees === null ? compiled.derefs(at) : [];
      const call = callees && compiled.calls(at).find(({ what }) => callees.test(splitPath(what.callee).plain));
      const pointer = deref?.what.pointer ?? call?.what.args[0];
      const bodies = deref?.bodies ?? call?.bodies;
      if (!pointer || !bodies) return 'unverified';
      return bodies.some((body) => looksAt(body, pointer, call?.what ?? null)) ? 'unverified' : 'confirmed';
    }
  }
}

function named(calls: readonly MirCall[]): string {
  return quoted(calls.map(({ callee }) => splitPath(callee).plain));
}

/** Each once, and no more than anyone reads. */
function quoted(texts: readonly string[]): string {
  const all = [...new Set(texts)].map((text) => `\`${text}\``);
  return all.length > 3 ? `${all.slice(0, 3).join(', ')} …` : all.join(', ');
}

function isMacroPanic({ callee }: MirCall): boolean {
  return callee !== '' && stdPanic(callee, splitPath(callee).plain) === 'macro';
}

/** Whether a body calls anything else with a pointer of a type: `is_null` and `as_ref`, but also a helper that may check it. */
function looksAt(body: MirBody, pointer: string, use: MirCall | null): boolean {
  const plain = pointer.replace(/^\*mut /, '*const ');
  return body.calls.some((call) => call !== use && call.args.some((type) => type.replace(/^\*mut /, '*const ') === plain));
}
