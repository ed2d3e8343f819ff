/** Types of ecosystem-verdicts.mjs. */

export interface FindingKey {
  readonly crate: string;
  readonly version: string;
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

export interface Verdict extends FindingKey {
  readonly verdict: 'right' | 'debatable' | 'wrong';
  readonly why: string;
}

export interface Compared {
  readonly judged: readonly { readonly finding: FindingKey; readonly row: Verdict | null }[];
  readonly gone: readonly Verdict[];
}

export interface Count {
  readonly name: string;
  readonly findings: number;
  readonly right: number;
  readonly debatable: number;
  readonly wrong: number;
  readonly unjudged: number;
  readonly gone: number;
}

export declare function parseVerdicts(text: string): readonly Verdict[];
export declare function readVerdicts(file: string): readonly Verdict[];
export declare function compareVerdicts(
  findings: readonly FindingKey[],
  rows: readonly Verdict[],
  checked: readonly Pick<FindingKey, 'crate' | 'version'>[],
): Compared;
export declare function countBy(what: 'rule' | 'crate', compared: Compared): readonly Count[];
export declare function precision(count: Pick<Count, 'right' | 'debatable' | 'wrong'>): string;
export declare function verdictTable(what: 'rule' | 'crate', counts: readonly Count[]): string;
