/** Measures what docs/performance.md states: `npm run bench`. Each row is a ratio of two figures that were measured in the same run. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { astGrep, scanArguments } from './bench-ast-grep.mjs';
import { clippyCrate } from './bench-clippy.mjs';
import { benchFolder, copies, corpus } from './bench-corpus.mjs';
import { keystrokeProgram, keystrokes } from './bench-editor.mjs';
import { headerEdits } from './bench-headers.mjs';
import { measuredCrate, verifiedCrate } from './bench-measured.mjs';
import { cpuSeconds, inTurns, median, runFfiLint } from './bench-measure.mjs';
import { setup } from './setup.mjs';

const say = (line) => console.log(line);
const seconds = (value) => `${value.toFixed(2)} s`;
const megabytes = (value) => `${Math.round(value / 1e6)} MB`;
const milliseconds = (value) => `${value.toFixed(1)} ms`;

/** One line: name, ratio, target, and the two raw figures. */
function row(name, one, other, target, unit) {
  const ratio = one / other;
  const shown = ratio >= 10 ? ratio.toFixed(0) : ratio >= 0.1 ? ratio.toFixed(2) : ratio.toFixed(3);
  say(`${name.padEnd(62)} ${`${shown} ×`.padStart(8)}   target ${target.padEnd(10)} ${unit(one)} / ${unit(other)}`);
}

function missing(name, target, reason) {
  say(`${name.padEnd(62)} ${'–'.padStart(8)}   target ${target.padEnd(10)} ${reason}`);
}

await setup();
mkdirSync(benchFolder, { recursive: true });
const scratch = mkdtempSync(path.join(benchFolder, 'run-'));
const config = path.join(scratch, 'all.toml');
writeFileSync(config, 'profile = "all"\n');
/** Nothing is kept between runs, unless a row is about that. */
const check = (directory, { cwd = scratch, cache = ['--no-cache'] } = {}) =>
  runFfiLint(['check', directory, '-c', config, '--no-ignore', '-q', '-f', 'json', '-o', path.join(scratch, 'report.json'), ...cache], cwd);
try {
  await measure();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measure() {
  const source = corpus(say);
  if (source.unavailable)
    missing('cold check, peak memory, keystrokes, cost against work', '', `skipped, no corpus: ${source.unavailable}`);
  else await measureCorpus(source);
  await headers();
  startUp();
  clippy();
  await measured();
  verified();
}

async function measureCorpus(source) {
  const lines = `${(source.lines / 1e6).toFixed(2)} million lines`;
  say(`corpus: ${source.crates} crates, ${source.files} Rust files, ${lines}, ${megabytes(source.bytes)}`);
  const scanner = astGrep();
  const scan = scanArguments(path.join(scratch, 'ast-grep'), source.directory);
  let peak = 0;
  const kept = path.join(scratch, 'cache');
  const cold = () => {
    rmSync(kept, { recursive: true, force: true });
    const run = check(source.directory, { cache: ['--cache-dir', kept] });
    peak = Math.max(peak, run.bytes);
    return run.seconds;
  };
  const second = () => check(source.directory, { cache: ['--cache-dir', kept] }).seconds;
  if (scanner) {
    const [own, other] = inTurns(1, cold, () => cpuSeconds(scanner, scan, { cwd: scratch, allowed: [0, 1] }).seconds);
    row(`cold check, ${lines}, all rules, CPU / ast-grep scan, 5 rules`, own, other, '≤ 0.6 ×', seconds);
    secondRun(source.directory, second, own, other);
  } else {
    const own = cold();
    missing(`cold check, ${lines}, CPU / ast-grep scan`, '≤ 0.6 ×', 'skipped, no ast-grep for this platform');
    secondRun(source.directory, second, own, null);
  }
  row(`peak memory of the cold check / bytes of source`, peak, source.bytes, '≤ 1.5 ×', megabytes);

  const program = await keystrokeProgram();
  for (const [size, steps, p50, p99] of [
    [5_000, 200, '≤ 0.08 ×', '≤ 0.5 ×'],
    [20_000, 100, '≤ 0.1 ×', '≤ 0.8 ×'],
  ]) {
    const typed = keystrokes(program, source.directory, size, steps);
    const name = `keystroke to diagnostics, ${typed.lines} lines`;
    row(`${name}, p50 / full parse`, typed.p50, typed.parse, p50, milliseconds);
    row(`${name}, p99 / full parse`, typed.p99, typed.parse, p99, milliseconds);
  }

  const { one, many } = copies(source, path.join(scratch, 'copies'));
  const [ten, single] = inTurns(
    3,
    () => check(many).seconds,
    () => check(one).seconds,
  );
  row('cost against work: 10 × the files, CPU / CPU of 1 ×', ten, single, '≤ 11 ×', seconds);
}

/** Nothing changed; and all files written again as they were, as a CI's checkout does it, so that each is read. */
function secondRun(directory, second, cold, scan) {
  const times = (runs) => median(Array.from({ length: runs }, second));
  const again = times(3);
  const now = new Date();
  for (const file of readdirSync(directory, { recursive: true })) utimesSync(path.join(directory, file), now, now);
  const touched = times(1);
  row('second run with cache, CPU / cold check', again, cold, '≤ 0.1 ×', seconds);
  if (scan !== null) row('second run with cache, CPU / ast-grep scan', again, scan, '≤ 0.1 ×', seconds);
  row('second run with cache, all files written anew, CPU / cold check', touched, cold, '≤ 0.1 ×', seconds);
}

/** The one row with a fixed limit: an edit is to show on the other side within 200 ms. */
async function headers() {
  const { files, header, rust } = await headerEdits(1000, 40);
  for (const [what, spent] of Object.entries({ header, rust })) {
    const edit = `edit of a ${what === 'header' ? 'header' : 'Rust file'}`;
    for (const [name, figures] of [
      [`${edit} to findings on both sides, ${files} files`, spent],
      [`${edit} to findings in all of the package, ${files} files`, spent.all],
    ]) {
      row(`${name}, p50 / 200 ms`, figures.p50, 200, '≤ 1 ×', milliseconds);
      row(`${name}, p95 / 200 ms`, figures.p95, 200, '≤ 1 ×', milliseconds);
      row(`${name}, CPU p50 / 200 ms`, figures.cpu, 200, '≤ 1 ×', milliseconds);
      row(`${name}, CPU p95 / 200 ms`, figures.cpu95, 200, '≤ 1 ×', milliseconds);
    }
  }
}

function startUp() {
  const empty = path.join(scratch, 'empty.cjs');
  writeFileSync(empty, '');
  const node = () => cpuSeconds(process.execPath, [empty]).seconds;
  const [version, first] = inTurns(5, () => runFfiLint(['version'], scratch).seconds, node);
  row('start-up: ffi-lint version, CPU / empty node', version, first, '–', seconds);
  const crate = path.join(scratch, 'crate');
  mkdirSync(path.join(crate, 'src'), { recursive: true });
  writeFileSync(path.join(crate, 'Cargo.toml'), '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n');
  writeFileSync(path.join(crate, 'src', 'lib.rs'), '#[no_mangle]\npub extern "C" fn one(p: *const i32) -> i32 {\n    unsafe { *p }\n}\n');
  const [small, second] = inTurns(5, () => check(crate).seconds, node);
  row('start-up: check of a crate with one file, CPU / empty node', small, second, '–', seconds);
}

async function measured() {
  const crate = clippyCrate();
  const names = ['measured layouts, cold, CPU / cargo check', 'measured layouts, nothing changed, CPU / cold'];
  if (crate.unavailable) {
    for (const [at, name] of names.entries()) missing(name, ['≤ 2 ×', '≤ 0.03 ×'][at], `skipped: ${crate.unavailable}`);
    return;
  }
  const { cold, check: cargoCheck } = await measuredCrate(crate.directory);
  const again = [];
  let types = 0;
  const one = () => {
    const run = cold();
    again.push(run.again);
    types = run.types;
    return run.seconds;
  };
  const [own, other] = inTurns(3, one, cargoCheck);
  row(`measured layouts of ${crate.name} (${types} types), cold, CPU / cargo check`, own, other, '≤ 2 ×', seconds);
  row('measured layouts, nothing changed, CPU / cold', median(again), own, '≤ 0.03 ×', seconds);
}

function verified() {
  const crate = clippyCrate();
  const names = ['verify beyond the check, cold, CPU / cargo check', 'verify beyond the check, nothing changed, CPU / cold'];
  if (crate.unavailable) {
    for (const [at, name] of names.entries()) missing(name, ['≤ 3 ×', '≤ 0.05 ×'][at], `skipped: ${crate.unavailable}`);
    return;
  }
  const { measure: one, check: cargoCheck } = verifiedCrate(crate.directory);
  const runs = [];
  const cold = () => {
    const run = one();
    runs.push(run);
    return run.cold - run.plain;
  };
  const [own, other] = inTurns(3, cold, cargoCheck);
  row(`verify of ${crate.name} beyond the check, cold, CPU / cargo check`, own, other, '≤ 3 ×', seconds);
  row(
    'verify beyond the check, nothing changed, CPU / cold',
    median(runs.map(({ again, plain }) => Math.max(0, again - plain))),
    own,
    '≤ 0.05 ×',
    seconds,
  );
}

function clippy() {
  const crate = clippyCrate();
  const name = 'cold check of a crate, CPU / cargo clippy';
  if (crate.unavailable) return missing(name, '≤ 0.35 ×', `skipped: ${crate.unavailable}`);
  const [own, other] = inTurns(3, () => check(crate.directory).seconds, crate.seconds);
  row(`cold check of ${crate.name}, CPU / cargo clippy`, own, other, '≤ 0.35 ×', seconds);
}
