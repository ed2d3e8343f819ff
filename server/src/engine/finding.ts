/** What the engine hands to reports, the editor and the fixer. */
import type { Fix, Group, Related } from '../rules/rule.ts';
import type { Location } from '../base/text.ts';
import type { Problem } from '../base/problem.ts';
import type { Severity } from '../base/severity.ts';

/** `unverified`: the code was not compiled, or the compiler's facts decide nothing. */
export type Verification = 'confirmed' | 'unverified';

export interface Finding {
  readonly rule: string;
  readonly group: Group;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Location;
  readonly related: readonly Related[];
  /** Where it shows again in a partner file, in the editor only; without it, its related places do. */
  readonly mirror?: Location;
  readonly help: string | null;
  readonly note: string | null;
  /** Of the rule's page. */
  readonly url: string;
  /** From rule, relative path and the flagged text: survives moved lines. */
  readonly fingerprint: string;
  readonly fixes: readonly Fix[];
  /** The target triple that it was found for, null where it holds for all. */
  readonly target: string | null;
  /** What a compiler said about it; left out where none was asked. */
  readonly verification?: Verification;
  /** The code at the place was compiled here: a compiler that accepts an edit there has looked at it. Left out where it was not. */
  readonly compiled?: true;
  /** Why it is hidden (a comment, an allow attribute, the baseline); null for one that is shown. */
  readonly suppressed: string | null;
}

export interface FileCounts {
  readonly rust: number;
  readonly c: number;
  readonly python: number;
  readonly javascript: number;
  readonly csharp: number;
}

/** Something that could not be decided. */
export interface Unresolved {
  readonly at: Location;
  readonly reason: string;
  /** The symbol or type of a pair of declarations that could not be compared. */
  readonly pair?: string;
}

/** A place at which the source's own words and the compiler do not give the same answer; the compiler's counts. */
export interface Difference {
  readonly at: Location;
  readonly syntax: string;
  readonly compiler: string;
}

/** Everything one run found. */
export interface CheckResult {
  /** Sorted by file, place and rule; suppressed ones included. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly files: FileCounts;
  /** What could not be decided, for --verbose. */
  readonly unresolved: readonly Unresolved[];
  /** What a compiler contradicts: it is in no report. */
  readonly dropped: readonly { readonly finding: Finding; readonly why: string }[];
  /** For --verbose; left out where no compiler was asked. */
  readonly differences?: readonly Difference[];
  readonly target: string | null;
  /** A file could not be read, or the like: the run is not complete and exits 2. */
  readonly incomplete: boolean;
  readonly milliseconds: number;
  /** Texts of the files that findings and related places point into, for code frames and line numbers. */
  text(file: string): string;
}
