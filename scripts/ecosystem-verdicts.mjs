/** Holds findings in published crates against the verdicts of test/ecosystem/verdicts.tsv, and counts them rule by rule. */
import { readFileSync } from 'node:fs';

export const VERDICTS = ['right', 'debatable', 'wrong'];

/** The rows of a verdict file. A row that does not fit the format is an error with its line number. */
export function parseVerdicts(text) {
  const rows = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#') || line.startsWith('crate\t')) continue;
    const [crate, version, file, at, rule, verdict, why, ...rest] = line.split('\t');
    if (!why || rest.length > 0 || !VERDICTS.includes(verdict) || !/^\d+$/.test(at)) {
      throw new Error(`verdicts.tsv:${index + 1}: not a crate, version, file, line, rule, verdict and reason, separated by tabs`);
    }
    rows.push({ crate, version, file, line: Number(at), rule, verdict, why });
  }
  return rows;
}

export const readVerdicts = (file) => parseVerdicts(readFileSync(file, 'utf8'));

const keyOf = ({ crate, version, file, line, rule }) => [crate, version, file, line, rule].join('\t');

/**
 * Each finding (crate, version, file, line, rule, severity) with its row, if it has one; and the rows of the crates that were `checked`
 * whose finding is gone: what they say was wrong is mended, and what they say was right is missed now, or told at a lower level.
 */
export function compareVerdicts(findings, rows, checked) {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const judged = findings.map((finding) => ({ finding, row: byKey.get(keyOf(finding)) ?? null }));
  const seen = new Set(findings.map(keyOf));
  const crates = new Set(checked.map(({ crate, version }) => `${crate}\t${version}`));
  return { judged, gone: rows.filter((row) => crates.has(`${row.crate}\t${row.version}`) && !seen.has(keyOf(row))) };
}

/** Counts by `rule` or `crate`: findings, each verdict, those without one, and the rows whose finding is gone. Most findings first. */
export function countBy(what, { judged, gone }) {
  const counts = new Map();
  const of = (name) => {
    if (!counts.has(name)) counts.set(name, { name, findings: 0, right: 0, debatable: 0, wrong: 0, unjudged: 0, gone: 0 });
    return counts.get(name);
  };
  const name = (one) => (what === 'crate' ? `${one.crate} ${one.version}` : one.rule);
  for (const { finding, row } of judged) {
    const count = of(name(finding));
    count.findings++;
    count[row?.verdict ?? 'unjudged']++;
  }
  for (const row of gone) of(name(row)).gone++;
  return [...counts.values()].sort((a, b) => b.findings - a.findings || a.name.localeCompare(b.name));
}

/** `97.3 %` of what was judged, `–` where nothing was. */
export function precision({ right, debatable, wrong }) {
  const all = right + debatable + wrong;
  return all === 0 ? '–' : `${((100 * right) / all).toFixed(1)} %`;
}

/** A Markdown table of counts with their sum. */
export function verdictTable(what, counts) {
  const columns = ['findings', ...VERDICTS, 'unjudged', 'gone'];
  const sum = { name: 'all' };
  for (const column of columns) sum[column] = counts.reduce((total, count) => total + count[column], 0);
  const cell = (count) => (count === sum || what === 'crate' ? count.name : `\`${count.name}\``);
  return [
    `| ${what} | findings | right | debatable | wrong | not judged | right of those judged | gone |`,
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...[...counts, sum].map((one) => {
      const { findings, right, debatable, wrong, unjudged, gone } = one;
      return `| ${[cell(one), findings, right, debatable, wrong, unjudged, precision(one), gone].join(' | ')} |`;
    }),
  ].join('\n');
}
