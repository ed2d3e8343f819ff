/** `npm run ecosystem:layouts -- [NAME… | KIND…] [--target TRIPLE] [--keep] [--markdown]`: computed against measured Rust layouts of published crates. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, prepareCrate } from './ecosystem-fetch.mjs';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** All dependencies of a crate may have to be checked. In milliseconds. */
const LIMIT = 40 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { target: { type: 'string' }, keep: { type: 'boolean' }, markdown: { type: 'boolean' } },
});
const scratch = path.join(cacheFolder, 'layouts');
const ecosystem = path.join(root, 'test', 'ecosystem');
const pinned = JSON.parse(readFileSync(path.join(ecosystem, 'crates.json'), 'utf8'));
const wanted = pinned.filter(({ name, kind }) => positionals.length === 0 || positionals.includes(name) || positionals.includes(kind));
const settings = existsSync(path.join(ecosystem, 'verify.json'))
  ? JSON.parse(readFileSync(path.join(ecosystem, 'verify.json'), 'utf8'))
  : [];

/** The layouts of a crate's Rust types, and what was said while they were made. */
function layouts(directory, probe, { features = [], flags = [], env = {} }) {
  const target = values.target ? ['--target', values.target] : [];
  const others = ['h', 'hpp', 'c', 'py', 'pyi'].map((ext) => `**/*.${ext}`).flatMap((glob) => ['--exclude', glob]);
  const asked = features.flatMap((feature) => ['--features', feature]);
  const args = [path.join(root, 'bin', 'ffi-lint.cjs'), 'layout', '.', '--isolated', '--no-ignore', '--probe', probe, '-f', 'json'];
  const result = spawnSync(process.execPath, [...args, ...target, ...others, ...asked, ...flags], {
    cwd: directory,
    encoding: 'utf8',
    timeout: LIMIT,
    maxBuffer: 1 << 29,
    env: { ...process.env, ...env, NO_COLOR: '1', XDG_CACHE_HOME: path.join(scratch, 'cache') },
  });
  if (result.error || result.signal || result.status !== 0)
    return { failure: result.error?.message ?? result.signal ?? `exit ${result.status}: ${(result.stderr ?? '').slice(-400)}` };
  return { report: JSON.parse(result.stdout), said: result.stderr };
}

const keyOf = ({ file, line, name }) => `${file}:${line} ${name}`;

/**
 * What was computed of a measured type: at its place, or, for what stands in a file that is included, of its name, where all of that name
 * are alike.
 */
function finder(types) {
  const places = new Map(types.map((one) => [keyOf(one), one]));
  return (measured) => {
    const here = places.get(keyOf(measured));
    if (here) return here;
    const [first, ...others] = types.filter(({ name }) => name === measured.name);
    return first && others.every((one) => differences(first, one).length === 0) ? first : undefined;
  };
}

/** Figures that differ, of members only those that both sides have. */
function differences(computed, measured) {
  const out = [];
  for (const what of ['size', 'align']) if (computed[what] !== measured[what]) out.push(`${what} ${computed[what]}/${measured[what]}`);
  for (const field of computed.fields) {
    const other = measured.fields.find(({ name }) => name === field.name);
    for (const what of other ? ['offset', 'size'] : [])
      if (field[what] !== other[what]) out.push(`${what} of ${field.name} ${field[what]}/${other[what]}`);
  }
  return out;
}

function row(cells) {
  if (values.markdown) console.log(`| ${cells.join(' | ')} |`);
  else console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(36) : String(cell).padStart(10))).join(''));
}

const HEADS = ['computed', 'measured', 'both', 'differ', 'seconds'];
const totals = { crates: 0, computed: 0, measured: 0, both: 0, differ: 0, seconds: 0 };
const notes = [];
mkdirSync(scratch, { recursive: true });
await setup({ native: true });
row(['crate', ...HEADS]);
if (values.markdown) console.log('|---|---:|---:|---:|---:|---:|');
for (const crate of wanted) {
  const id = `${crate.name} ${crate.version}`;
  const how = settings.find(({ name, version }) => name === crate.name && version === crate.version) ?? {};
  const made = prepareCrate(crate, scratch);
  if (made.unavailable) {
    notes.push(`${id}: ${made.unavailable}`);
    continue;
  }
  const plain = layouts(made.directory, 'off', how);
  const start = Date.now();
  const real = plain.failure ? plain : layouts(made.directory, 'auto', how);
  const seconds = (Date.now() - start) / 1000;
  if (!values.keep)
    for (const name of ['build', 'layouts']) rmSync(path.join(scratch, 'cache', 'ffi-lint', name), { recursive: true, force: true });
  if (real.failure) {
    notes.push(`${id}: ${real.failure}`);
    continue;
  }
  for (const line of real.said.split('\n')) if (line.trim() !== '') notes.push(`${id}: ${line.trim()}`);
  const computed = finder(plain.report.types);
  const measured = real.report.types.filter(({ provenance }) => provenance === 'rustc');
  const both = measured.filter((one) => computed(one) !== undefined);
  let differ = 0;
  for (const one of both) {
    const found = differences(computed(one), one);
    if (found.length === 0) continue;
    differ++;
    notes.push(`${id}: ${keyOf(one)}: computed/measured ${found.join(', ')}`);
  }
  const cells = { computed: plain.report.types.length, measured: measured.length, both: both.length, differ, seconds };
  row([id, ...HEADS.map((name) => (name === 'seconds' ? seconds.toFixed(1) : cells[name]))]);
  totals.crates++;
  for (const name of HEADS) totals[name] += cells[name];
}
row([`${totals.crates} crates`, ...HEADS.map((name) => (name === 'seconds' ? totals.seconds.toFixed(1) : totals[name]))]);
for (const note of notes) console.log(note);
process.exitCode = totals.differ > 0 ? 1 : 0;
