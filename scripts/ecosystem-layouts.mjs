/** `npm run ecosystem:layouts -- [NAME… | KIND…] [--results FILE] [--target TRIPLE] [--markdown]`: computed against measured Rust layouts of published crates. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, prepareCrate } from './ecosystem-fetch.mjs';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** All dependencies of a crate may have to be checked. In milliseconds. */
const LIMIT = 90 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { results: { type: 'string' }, target: { type: 'string' }, markdown: { type: 'boolean' } },
});
const scratch = path.join(cacheFolder, 'layouts');
const read = (name) => JSON.parse(readFileSync(path.join(root, 'test', 'ecosystem', name), 'utf8'));
const same = (one) => (other) => one.name === other.name && one.version === other.version;
const asked = ({ name, kind }) => positionals.length === 0 || positionals.includes(name) || positionals.includes(kind);
const settings = { own: read('layouts.json'), verify: read('verify.json') };
const triple = values.target ?? /^host: (.*)$/m.exec(spawnSync('rustc', ['-vV'], { encoding: 'utf8' }).stdout)?.[1];

/** How cargo is to be asked for a crate: its switches and environment. */
function settingsOf(crate) {
  const { features = [], flags = [], env = {} } = settings.own.find(same(crate)) ?? settings.verify.find(same(crate)) ?? {};
  // Crates share their dependencies, in cargo's folder for what it only needs itself.
  const folders = { XDG_CACHE_HOME: path.join(scratch, 'cache'), CARGO_BUILD_BUILD_DIR: path.join(scratch, 'dependencies') };
  return {
    switches: [...features.flatMap((feature) => ['--features', feature]), ...flags],
    env: { ...process.env, PYO3_USE_ABI3_FORWARD_COMPATIBILITY: '1', ...env, ...folders, NO_COLOR: '1' },
  };
}

/** What cargo alone makes of the crate and all that it depends on: null, or why it does not compile here. */
function compile(directory, { switches, env }) {
  const args = ['check', '--quiet', '--offline', '--lib', '--target', triple, '--target-dir', path.join(scratch, 'target'), ...switches];
  const { error, status, stderr } = spawnSync('cargo', args, { cwd: directory, encoding: 'utf8', timeout: LIMIT, maxBuffer: 1 << 29, env });
  if (error) return error.message;
  return status === 0 ? null : (/^ *error(?:\[\w+\])?: (.*)$/m.exec(stderr)?.[1] ?? `cargo ended with ${status}`);
}

/** The layouts of a crate's Rust types, and what was said while they were made. */
function layouts(directory, probe, { switches, env }) {
  const target = values.target ? ['--target', values.target] : [];
  const others = ['h', 'hpp', 'c', 'py', 'pyi'].map((ext) => `**/*.${ext}`).flatMap((glob) => ['--exclude', glob]);
  const args = [path.join(root, 'bin', 'ffi-lint.cjs'), 'layout', '.', '--isolated', '--no-ignore', '--probe', probe, '-f', 'json'];
  const result = spawnSync(process.execPath, [...args, ...target, ...others, ...switches], {
    cwd: directory,
    encoding: 'utf8',
    timeout: LIMIT,
    maxBuffer: 1 << 29,
    env,
  });
  if (result.error || result.signal || result.status !== 0)
    return { failure: result.error?.message ?? result.signal ?? `exit ${result.status}: ${(result.stderr ?? '').slice(-400)}` };
  const { types, unknown } = JSON.parse(result.stdout);
  const ofRust = ({ language }) => language === 'rust';
  return { types: types.filter(ofRust), unknown: unknown.filter(ofRust), said: result.stderr };
}

const keyOf = ({ file, line, name }) => `${file}:${line} ${name}`;

/**
 * What was computed of a measured type: at its place, or, for what stands in a file that is included, of its name and with its members, where
 * all of those are alike.
 */
function finder(types) {
  const places = new Map(types.map((one) => [keyOf(one), one]));
  const members = ({ fields }) => fields.map(({ name }) => name).join();
  return (measured) => {
    const here = places.get(keyOf(measured));
    if (here) return here;
    const [first, ...others] = types.filter((one) => one.name === measured.name && members(one) === members(measured));
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

/** How often each reason is given, without the names and numbers of single types. */
function counted(reasons) {
  const out = {};
  for (const reason of reasons) {
    const words = reason
      .replace(/`[^`]*`/g, '`…`')
      .replace(/^(the layout of|whether) \S+/, '$1 …')
      .replace(/^\S+ (may come from|is not found)/, '… $1')
      .replace(/^(an attribute macro may rewrite|crate) \S+/, '$1 …');
    out[words] = (out[words] ?? 0) + 1;
  }
  return out;
}

function compare(crate) {
  const id = `${crate.name} ${crate.version}`;
  const made = prepareCrate(crate, scratch);
  if (made.unavailable) return { id, failure: made.unavailable };
  const how = settingsOf(crate);
  const plain = layouts(made.directory, 'off', how);
  if (plain.failure) return { id, failure: plain.failure };
  const start = Date.now();
  // Where nothing is at the boundary nothing needs to be compiled, unless a macro or a build script makes it.
  const uncompiled = plain.types.length + plain.unknown.length > 0 ? compile(made.directory, how) : null;
  const compiled = Date.now();
  const from = Date.now();
  const real = layouts(made.directory, 'auto', how);
  if (real.failure) return { id, failure: real.failure };
  const find = finder(plain.types);
  const measured = real.types.filter(({ provenance }) => provenance === 'rustc');
  const pairs = measured.flatMap((one) => (find(one) ? [[find(one), one]] : []));
  const found = new Set(pairs.map(([one]) => one));
  const said = new Map([
    ...real.unknown.map((one) => [keyOf(one), one.reason]),
    ...real.types.map((one) => [keyOf(one), one.unmeasured ?? 'not asked about']),
  ]);
  const left = plain.types.filter((one) => !found.has(one));
  const unknown = new Map(plain.unknown.map((one) => [keyOf(one), one.reason]));
  const alone = measured.filter((one) => !find(one));
  return {
    id,
    computed: plain.types.length,
    measured: measured.length,
    both: pairs.length,
    cargo: (compiled - start) / 1000,
    seconds: (Date.now() - from) / 1000,
    uncompiled,
    said: real.said.split('\n').filter((line) => line.trim() !== ''),
    differ: pairs.flatMap(([one, other]) => {
      const what = differences(one, other);
      return what.length === 0 ? [] : [`${keyOf(other)}: computed/measured ${what.join(', ')}`];
    }),
    unmeasured: counted(left.map((one) => said.get(keyOf(one)) ?? 'another of its name is compiled')),
    uncomputed: counted(alone.map((one) => unknown.get(keyOf(one)) ?? 'seen by the compiler alone')),
  };
}

/** A line for each crate, in a file that goes on where it was left; null without a file. */
function resultOf(crate, file) {
  const kept = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse) : [];
  const known = kept.findLast(({ id }) => id === `${crate.name} ${crate.version}`);
  const result = known ?? compare(crate);
  if (file && !known) appendFileSync(file, `${JSON.stringify(result)}\n`);
  return result;
}

function row(cells) {
  if (values.markdown) console.log(`| ${cells.join(' | ')} |`);
  else console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(36) : String(cell).padStart(10))).join(''));
}

const HEADS = ['computed', 'measured', 'both', 'differ', 'cargo s', 'layout s'];
const totals = { computed: 0, measured: 0, both: 0, differ: 0 };
const reasons = { unmeasured: {}, uncomputed: {} };
const notes = [];
let crates = 0;
mkdirSync(scratch, { recursive: true });
await setup({ native: true });
row(['crate', ...HEADS]);
if (values.markdown) console.log('|---|---:|---:|---:|---:|---:|---:|');
for (const crate of read('crates.json').filter(asked)) {
  const { unreachable } = settings.own.find(same(crate)) ?? {};
  const result = unreachable ? { id: `${crate.name} ${crate.version}`, failure: unreachable } : resultOf(crate, values.results);
  const { id, failure, uncompiled, said = [], differ = [], computed, measured, both, cargo, seconds } = result;
  if (failure) {
    notes.push(`${id}: ${failure}`);
    continue;
  }
  if (uncompiled) notes.push(`${id}: does not compile: ${uncompiled}`);
  notes.push(...[...said, ...differ].map((line) => `${id}: ${line}`));
  row([id, computed, measured, both, differ.length, cargo.toFixed(1), seconds.toFixed(1)]);
  crates++;
  const cells = { computed, measured, both, differ: differ.length };
  for (const name of Object.keys(totals)) totals[name] += cells[name];
  for (const kind of Object.keys(reasons))
    for (const [reason, count] of Object.entries(result[kind])) reasons[kind][reason] = (reasons[kind][reason] ?? 0) + count;
}
row([`${crates} crates`, ...Object.values(totals), '', '']);
for (const [kind, counts] of Object.entries(reasons))
  for (const [reason, count] of Object.entries(counts).sort(([, a], [, b]) => b - a)) console.log(`${kind} ${count}: ${reason}`);
for (const note of notes) console.log(note);
process.exitCode = totals.differ > 0 ? 1 : 0;
