/** Checks published crates with and without the compiler, and counts what it confirms, drops and adds: `ecosystem.mjs --verify`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, prepareCrate } from './ecosystem-fetch.mjs';
import { compareVerdicts, countBy, readVerdicts, verdictTable } from './ecosystem-verdicts.mjs';
import { root } from './stamp.mjs';

/** All dependencies of a crate may have to be compiled. In milliseconds. */
const LIMIT = 30 * 60_000;

const scratch = path.join(cacheFolder, 'verify');

/** Findings and what stands on stderr. Places are relative to the crate. */
function check(crate, directory, config, flags) {
  const args = [path.join(root, 'bin', 'ffi-lint.cjs'), 'check', '.', '-c', config, '--no-ignore', '-v', '-f', 'json', ...flags];
  const result = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    timeout: LIMIT,
    maxBuffer: 1 << 28,
    env: { ...process.env, ...crate.env, NO_COLOR: '1', GITHUB_ACTIONS: '', XDG_CACHE_HOME: path.join(scratch, 'cache') },
  });
  if (result.error || result.signal || (result.status !== 0 && result.status !== 1)) {
    return { failure: result.error?.message ?? result.signal ?? `exit ${result.status}: ${(result.stderr ?? '').slice(-400)}` };
  }
  return { findings: JSON.parse(result.stdout).findings, stderr: result.stderr };
}

const keyOf = ({ rule, file, range }) => `${rule}\0${file}\0${range.start.line}:${range.start.column}`;
const placeOf = ({ file, range }) => `${file}:${range.start.line}`;

/** What became of each finding: `confirmed`, `unverified`, `dropped` or `added`, with its words. */
function compare(plain, verified) {
  const before = new Set(plain.findings.map(keyOf));
  const after = new Set(verified.findings.map(keyOf));
  const dropped = [...verified.stderr.matchAll(/^(\S+?):(\d+):\d+: dropped ([\w-]+): (.*)$/gm)];
  const why = new Map(dropped.map(([, file, line, rule, words]) => [`${rule} ${file}:${line}`, words]));
  const out = verified.findings.map((one) => ({
    rule: one.rule,
    at: placeOf(one),
    file: one.file,
    line: one.range.start.line,
    label: before.has(keyOf(one)) ? one.verification : 'added',
    confirmed: one.verification === 'confirmed',
    words: one.message,
  }));
  for (const one of plain.findings) {
    if (after.has(keyOf(one))) continue;
    const at = placeOf(one);
    out.push({
      rule: one.rule,
      at,
      file: one.file,
      line: one.range.start.line,
      label: 'dropped',
      confirmed: false,
      words: `${one.message}: ${why.get(`${one.rule} ${at}`) ?? 'facts'}`,
    });
  }
  return out;
}

const LABELS = ['confirmed', 'unverified', 'dropped', 'added'];

/** Verdicts on what is told without verifying, on samples of what other profiles add, and on the rest that is confirmed, dropped or added. */
const VERDICT_FILES = ['verdicts.tsv', 'samples.tsv', 'verify-verdicts.tsv'];

/** Rows about findings that are dropped speak of the findings: to drop what is right is wrong. */
const dropping = (row) => ({ ...row, verdict: row.verdict === 'right' ? 'wrong' : 'right' });

/** What is said of those with one label, rule by rule, with a line for each that is not right. */
function held(label, outcome) {
  const judged = VERDICT_FILES.flatMap((file) => readVerdicts(path.join(root, 'test', 'ecosystem', file)));
  const rows = label === 'dropped' ? judged.map(dropping) : judged;
  const own = outcome.filter((one) => one.label === label || (label === 'confirmed' && one.confirmed));
  const compared = { ...compareVerdicts(own, rows, []), gone: [] };
  const rest = compared.judged.filter(({ row }) => row?.verdict !== 'right');
  return [
    `\n${label}:`,
    verdictTable('rule', countBy('rule', compared)),
    ...rest.map(({ finding: { crate, version, file, line, rule, words }, row }) => {
      return `${row?.verdict ?? 'not judged'}: ${crate} ${version} ${file}:${line} ${rule}: ${row?.why ?? words}`;
    }),
  ];
}

/**
 * `tell` gets a row of cells. With `each`, also a line for each finding that is dropped or added, with `all` for each of all; with `verdicts`
 * what was judged of them.
 */
export function verifyCrates(crates, config, { tell, each, all, keep, verdicts }) {
  mkdirSync(scratch, { recursive: true });
  const rules = new Map();
  const outcomes = [];
  const failures = [];
  tell(['crate', 'findings', ...LABELS]);
  for (const crate of crates) {
    const id = `${crate.name} ${crate.version}`;
    const made = prepareCrate(crate, scratch);
    if (made.unavailable) {
      failures.push(`${id}: ${made.unavailable}`);
      continue;
    }
    const features = (crate.features ?? []).flatMap((feature) => ['--features', feature]);
    const plain = check(crate, made.directory, config, []);
    const verified = check(crate, made.directory, config, ['--verify', 'auto', ...features, ...(crate.flags ?? [])]);
    if (!keep) rmSync(path.join(scratch, 'cache', 'ffi-lint', 'build'), { recursive: true, force: true });
    const failure = plain.failure ?? verified.failure;
    if (failure) {
      failures.push(`${id}: ${failure}`);
      continue;
    }
    for (const [, why] of verified.stderr.matchAll(/not verified: (.*)$/gm)) failures.push(`${id}: ${why}`);
    const outcome = compare(plain, verified);
    outcomes.push(...outcome.map((one) => ({ ...one, crate: crate.name, version: crate.version })));
    const counts = LABELS.map((label) => outcome.filter((one) => one.label === label).length);
    tell([id, plain.findings.length, ...counts]);
    for (const one of outcome) {
      const row = rules.get(one.rule) ?? { confirmed: 0, unverified: 0, dropped: 0, added: 0 };
      row[one.label]++;
      rules.set(one.rule, row);
      if (all || (each && (one.label === 'dropped' || one.label === 'added')))
        console.log(`${one.label}[${one.rule}] ${id} ${one.at} ${one.words}`);
    }
  }
  tell(['rule', 'findings', ...LABELS]);
  for (const [rule, row] of [...rules].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const counts = LABELS.map((label) => row[label]);
    tell([rule, row.confirmed + row.unverified + row.dropped, ...counts]);
  }
  if (verdicts) for (const label of ['confirmed', 'dropped', 'added']) for (const line of held(label, outcomes)) console.log(line);
  return failures;
}
