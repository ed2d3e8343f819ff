/** Checks published crates and prints findings, time and memory: `npm run ecosystem -- [NAME… | KIND…] [--findings] [--markdown] [--verdicts] [--unseen] [--fixes]`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, fetchCrate } from './ecosystem-fetch.mjs';
import { fixCrates } from './ecosystem-fixes.mjs';
import { compareVerdicts, countBy, readVerdicts, verdictTable } from './ecosystem-verdicts.mjs';
import { verifyCrates } from './ecosystem-verify.mjs';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** A crate that takes longer than this is a failure. In milliseconds. */
const LIMIT = 120_000;

const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const usual = flags.includes('--fixes') ? 'all' : 'recommended';
const profile = flags.find((flag) => flag.startsWith('--profile='))?.slice('--profile='.length) ?? usual;

await setup({ native: false });
const list = flags.includes('--verify') ? 'verify.json' : flags.includes('--unseen') ? 'unseen.json' : 'crates.json';
const listed = (file) => JSON.parse(readFileSync(path.join(root, 'test', 'ecosystem', file), 'utf8'));
// Fixes are proved on all crates.
const pinned = [...listed(list), ...(flags.includes('--fixes') && list === 'crates.json' ? listed('unseen.json') : [])];
const wanted = pinned.filter((crate) => names.length === 0 || names.includes(crate.name) || names.includes(crate.kind));

mkdirSync(path.join(cacheFolder, 'reports'), { recursive: true });
const config = path.join(cacheFolder, `${profile}.toml`);
writeFileSync(config, `profile = "${profile}"\n`);

/** One process a crate, so that its memory and its failures are its own. */
function check(directory, report) {
  const usage = path.join(root, 'scripts', 'resource-usage.cjs');
  const cli = path.join(root, 'bin', 'ffi-lint.cjs');
  const args = [
    '--require',
    usage,
    cli,
    'check',
    directory,
    '-c',
    config,
    '--no-ignore',
    '-f',
    'json',
    '-o',
    report,
    '-f',
    'text',
    '-o',
    `${report}.txt`,
  ];
  return spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: LIMIT,
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '' },
  });
}

const rules = new Map();
/** Under the recommended profile each error and warning has a verdict; of what the others add, samples were judged. */
const sampled = profile !== 'recommended';
const rows = readVerdicts(path.join(root, 'test', 'ecosystem', sampled ? 'samples.tsv' : 'verdicts.tsv'));
const told = [];
const checked = [];
const totals = { crates: 0, files: 0, error: 0, warning: 0, info: 0, seconds: 0 };
const failures = [];
const skipped = [];
const markdown = flags.includes('--markdown');
const row = (cells) =>
  console.log(
    markdown ? `| ${cells.join(' | ')} |` : cells.map((cell, i) => (i === 0 ? String(cell).padEnd(36) : String(cell).padStart(9))).join(''),
  );
if (flags.includes('--verify')) {
  const tell = (cells) => {
    row(cells);
    if (markdown && (cells[0] === 'crate' || cells[0] === 'rule')) console.log('|---|---:|---:|---:|---:|---:|');
  };
  const lines = verifyCrates(wanted, config, {
    tell,
    each: flags.includes('--findings'),
    all: flags.includes('--all-findings'),
    keep: flags.includes('--keep'),
    verdicts: flags.includes('--verdicts'),
  });
  for (const line of lines) console.log(`not verified: ${line}`);
  process.exit(0);
}
if (flags.includes('--fixes')) {
  const features = listed('verify.json');
  const crates = wanted.map((crate) => features.find(({ name, version }) => name === crate.name && version === crate.version) ?? crate);
  const tell = (cells) => {
    row(cells);
    if (markdown && (cells[0] === 'crate' || cells[0] === 'rule')) console.log(`|---|---|${'---:|'.repeat(cells.length - 2)}`);
  };
  const failures = await fixCrates(crates, config, { tell, compiling: !flags.includes('--no-compile') });
  for (const line of failures) console.log(line);
  process.exit(failures.some((line) => !/^(left out|not compiled): /.test(line)) ? 1 : 0);
}
row(['crate', 'files', 'errors', 'warnings', 'infos', 'seconds', 'MB']);
if (markdown) console.log('|---|---:|---:|---:|---:|---:|---:|');
for (const crate of wanted) {
  const id = `${crate.name} ${crate.version}`;
  const source = fetchCrate(crate);
  if (source.unavailable) {
    skipped.push(`${id}: ${source.unavailable}`);
    continue;
  }
  const report = path.join(cacheFolder, 'reports', `${crate.name}-${crate.version}.json`);
  const result = check(source.directory, report);
  const usage = /^resource-usage (\d+) (\d+)$/m.exec(result.stderr ?? '');
  if (result.error || result.signal || (result.status !== 0 && result.status !== 1) || !usage) {
    failures.push(`${id}: ${result.error?.message ?? result.signal ?? `exit ${result.status}`}\n${(result.stderr ?? '').slice(-800)}`);
    continue;
  }
  const { findings, summary } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { severity, rule, file: absolute, range, message } of findings) {
    const key = `${severity}[${rule}]`;
    rules.set(key, (rules.get(key) ?? 0) + 1);
    const file = path.relative(source.directory, path.resolve(absolute));
    const { line } = range.start;
    if (flags.includes('--findings')) console.log(`${key} ${id} ${file}:${line} ${message}`);
    if (sampled ? rows.some((one) => one.rule === rule) : severity === 'error' || severity === 'warning')
      told.push({ crate: crate.name, version: crate.version, file, line, rule, message });
  }
  checked.push({ crate: crate.name, version: crate.version });
  const seconds = Number(usage[1]) / 1000;
  totals.crates++;
  totals.files += summary.files.rust;
  totals.error += summary.errors;
  totals.warning += summary.warnings;
  totals.info += summary.infos;
  totals.seconds += seconds;
  row([id, summary.files.rust, summary.errors, summary.warnings, summary.infos, seconds.toFixed(1), Math.round(Number(usage[2]) / 1024)]);
}
row([`${totals.crates} crates`, totals.files, totals.error, totals.warning, totals.info, totals.seconds.toFixed(1), '']);
for (const [key, count] of [...rules].sort((a, b) => b[1] - a[1])) console.log(`${String(count).padStart(6)}  ${key}`);
if (flags.includes('--verdicts')) {
  const compared = compareVerdicts(told, rows, checked);
  for (const what of ['rule', 'crate']) console.log(`\n${verdictTable(what, countBy(what, compared))}`);
  console.log('');
  for (const { finding, row: verdict } of compared.judged) {
    const { crate, version, file, line, rule, message } = finding;
    if (verdict ? verdict.verdict !== 'right' : !sampled)
      console.log(`${verdict?.verdict ?? 'not judged'}: ${crate} ${version} ${file}:${line} ${rule}: ${verdict?.why ?? message}`);
  }
}
for (const line of skipped) console.log(`skipped: ${line}`);
for (const line of failures) console.log(`FAILED: ${line}`);
console.log(`reports with code frames: ${path.join(cacheFolder, 'reports')}`);
process.exitCode = failures.length > 0 ? 1 : 0;
