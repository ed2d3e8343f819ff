/** Measured layouts: what compilers and interpreters say of the types that were computed, and what to make of both. */
import { disagreements } from './agreement.ts';
import type { Cancellation } from '../base/cancel.ts';
import type { Problem } from '../base/problem.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { LayoutEntries, LayoutLanguageName, TypeLayout, UnknownType } from './layout-entries.ts';
import type { Target } from './targets.ts';

/** What the types of one language are asked about. */
export interface MeasureRequest {
  readonly workspace: Workspace;
  readonly surface: Surface;
  readonly target: Target;
  /** What was computed for the language: which types are meant, and what their members are. */
  readonly computed: LayoutEntries;
  /** All headers and Python files at hand, absolute paths. */
  readonly headers: readonly string[];
  readonly python: readonly string[];
  /** Only types that stand in these files (absolute paths) are wanted; all where there is none. */
  readonly files?: ReadonlySet<string> | null;
  readonly cancellation: Cancellation;
}

export interface Measured {
  /**
   * Found again among the computed ones by language, place and name; others are new. `unknown`: types of which the compiler said
   * that they have no layout, or nothing at all.
   */
  readonly entries: LayoutEntries;
  /**
   * Types that the compiler never saw, with the reason: code that is not compiled for this target with these features. What was computed of
   * them stands, unless the compiler saw another type of that name in the file.
   */
  readonly absent: readonly UnknownType[];
  /** What kept measurements from being made; the computed layouts then stand alone. */
  readonly problems: readonly Problem[];
}

/** Measures the types of one language. Never rejects. */
export type MeasureLayouts = (request: MeasureRequest) => Promise<Measured>;

/** One a language; null where nothing is to be measured. */
export type Measurers = Readonly<Record<LayoutLanguageName, MeasureLayouts | null>>;

export const NO_MEASURERS: Measurers = { rust: null, c: null, python: null };

export interface Merged {
  readonly entries: LayoutEntries;
  /** Where computed and measured layouts disagree: a fault of ours. */
  readonly problems: readonly Problem[];
}

/** Measured layouts in place of the computed ones of the same types; what was not measured stays as it was computed. */
export function mergeMeasured(computed: LayoutEntries, measured: Measured): Merged {
  const said = new Map(measured.entries.types.map((one) => [keyOf(one), one]));
  const absent = new Map(measured.absent.map((one) => [keyOf(one), one]));
  const refused = new Map(measured.entries.unknown.map((one) => [keyOf(one), one]));
  const seen = new Set(measured.entries.types.map(({ at, name }) => `${at.file}\n${name}`));
  const used = new Set<string>();
  const problems: Problem[] = [];
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  for (const one of computed.types) {
    const key = keyOf(one);
    const real = said.get(key);
    const gone = absent.get(key);
    const reason = (gone ?? refused.get(key))?.reason;
    used.add(key);
    if (real) {
      const fault = disagreement(one, real);
      if (fault) problems.push(fault);
      types.push(real);
    } else if (gone && seen.has(`${one.at.file}\n${one.name}`)) unknown.push(gone);
    else types.push(reason === undefined ? one : { ...one, unmeasured: reason });
  }
  for (const one of computed.unknown) {
    const key = keyOf(one);
    const real = said.get(key);
    used.add(key);
    if (real) types.push(real);
    else unknown.push(absent.get(key) ?? refused.get(key) ?? one);
  }
  types.push(...measured.entries.types.filter((one) => !used.has(keyOf(one))));
  unknown.push(...measured.entries.unknown.filter((one) => !used.has(keyOf(one))));
  return { entries: { types, unknown }, problems };
}

function keyOf({ language, name, at }: TypeLayout | UnknownType): string {
  return `${language}\n${at.file}\n${at.span.start}\n${name}`;
}

function disagreement(computed: TypeLayout, measured: TypeLayout): Problem | null {
  // A compiler is not asked about every member.
  const [first] = disagreements(computed.layout, measured.layout, 'shared');
  if (!first) return null;
  const what = `${first.what} ${first.computed ?? 'none'} and ${first.measured ?? 'none'}`;
  const message = `the computed layout of \`${computed.name}\` disagrees with ${measured.provenance} for ${computed.target}: ${what}; this is a fault of ffi-lint, please report it`;
  return { file: computed.at.file, span: computed.at.span, message };
}
