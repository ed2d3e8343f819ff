/** Types of layout-probe-rust.mjs. */

export declare function probeRust(question: {
  readonly triple: string;
  readonly items: string;
  readonly values: readonly string[];
  readonly features?: readonly string[];
  readonly rustc?: string;
}): readonly (number | null)[];
