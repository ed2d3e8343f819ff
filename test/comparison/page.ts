/** What rustc and clippy were seen to say beside each rule, as the page of the docs. */
import type { Rule } from '../../server/src/rules/rule.ts';

export interface RuleCounts {
  readonly rule: Rule;
  /** Lines that are marked with the rule. */
  readonly bad: number;
  /** Cases with and without a mark. */
  readonly wrong: number;
  readonly good: number;
  /** Cases that were not compiled. */
  readonly left: number;
  /** Of lints that spoke in a case with a mark. */
  readonly lints: ReadonlyMap<string, Seen>;
}

export interface Seen {
  /** Marked lines on which it spoke. */
  bad: number;
  /** Cases with a mark, and without, in which it spoke on any line. */
  wrong: number;
  good: number;
}

export interface Counts {
  readonly rules: readonly RuleCounts[];
  /** On how many lines that are not marked each lint spoke. */
  readonly background: ReadonlyMap<string, number>;
  /** Lines that were looked at. */
  readonly lines: number;
}

/** A lint that no rule names is about the same thing where it speaks in half of the wrong cases, two at least, … */
const SHARE = 1 / 2;
/** … in no more than this part of that share of the right ones, … */
const RIGHT = 1 / 4;
/** … and on half of the marked lines, so many times more often than elsewhere, or else in next to none of the right cases. */
const TIMES = 8;

/** Lints about how code is written, which speak wherever there is a cast, a path or a result. */
const STYLE =
  /^(unused_(results|qualifications)|trivial_(numeric_)?casts|unreachable_pub|dead_code|missing_\w+_implementations|clippy::(absolute_paths|as_\w+|ptr_as_ptr|borrow_as_ptr|ref_as_ptr|\w*semicolon\w*|min_ident_chars|must_use_candidate|let_underscore_\w+|multiple_unsafe_ops_per_block|undocumented_unsafe_blocks|uninlined_format_args|unnecessary_cast|exhaustive_\w+|missing_\w+|single_\w+|pub_\w+|implicit_return|question_mark_used|arbitrary_source_item_ordering|field_scoped_visibility_modifiers|partial_pub_fields|shadow_\w+|str_to_string|default_numeric_fallback))$/;

/** The lints that are about what a rule finds: those that it names, and those that stand out. */
export function relevant({ rule, bad, wrong, good, lints }: RuleCounts, { background, lines }: Counts): readonly string[] {
  return [...lints]
    .filter(([lint, seen]) => {
      if (rule.equivalents.includes(lint)) return true;
      const elsewhere = (background.get(lint) ?? 0) / Math.max(1, lines);
      const [inWrong, inRight] = [seen.wrong / Math.max(1, wrong), seen.good / Math.max(1, good)];
      if (STYLE.test(lint) || seen.wrong < 2 || inWrong < SHARE || inRight > inWrong * RIGHT) return false;
      const share = seen.bad / Math.max(1, bad);
      return seen.bad > 0 ? share >= SHARE && share >= TIMES * elsewhere : inRight <= 0.1;
    })
    .sort((a, b) => b[1].bad - a[1].bad || b[1].wrong - a[1].wrong || (a[0] < b[0] ? -1 : 1))
    .map(([lint]) => lint);
}

export function pageOf(counts: Counts, versions: string): string {
  const rows = counts.rules.map((one) => {
    const said = relevant(one, counts).map((lint) => {
      const { bad, wrong, good } = one.lints.get(lint) ?? { bad: 0, wrong: 0, good: 0 };
      return `\`${lint}\` ${bad} (${wrong}/${good})`;
    });
    return `| \`${one.rule.id}\` | ${one.bad} | ${one.wrong}/${one.good} | ${said.join(', ') || 'nobody'} |`;
  });
  const nobody = counts.rules.filter((one) => relevant(one, counts).length === 0).length;
  const silent = counts.rules.flatMap((one) =>
    one.rule.equivalents.filter((lint) => !one.lints.has(lint)).map((lint) => `| \`${one.rule.id}\` | \`${lint}\` |`),
  );
  const left = counts.rules.reduce((sum, one) => sum + one.left, 0);
  return `# What rustc and clippy say

The cases of the rules' tests, given to ${versions}, with every lint of rustc and every group of clippy turned on:
\`node scripts/compare-lints.mjs\` counts the lints that speak on a line where the rule speaks. Of the ${counts.rules.length} rules, ${nobody} have nobody beside them.

A lint is listed where the rule names it as its equivalent, or where it speaks in half of the wrong cases, two at least, in a quarter of that
share of the right ones at most, and stands out on these lines; lints about style are left out. Behind each lint stands on how many of
the rule's lines it speaks, and in how many cases with and without a finding it speaks on any line: \`improper_ctypes\` points at the use of a
type, the rule at its definition. ${left} cases of several crates are not compared.

| rule | lines | cases wrong/right | lints |
|---|---:|---:|---|
${rows.join('\n')}

## Named as equivalent, but silent here

An \`allow\` of these hides the rule's finding too, and \`dedupeWithRustc\` hides it where they speak. On the lines of the tests they did not:
they are newer than these versions, or speak at another place of the same mistake.

| rule | lint |
|---|---|
${silent.join('\n')}
`;
}
