/** Real Rust to measure on: published crates and what they depend on, copied out of cargo's cache into one folder. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder as ecosystem, fetchCrate } from './ecosystem-fetch.mjs';
import { root } from './stamp.mjs';

export const benchFolder = path.join(path.dirname(ecosystem), 'bench');

/** Source bytes after which no further crate is added. */
const ENOUGH = 100_000_000;

/** Raised when what is copied changes, so that older corpora are made anew. */
const VERSION = 2;

/**
 * The corpus, made on the first call: its folder and how many files, lines and bytes it has, those of manifests aside.
 * Without the crate registry: why it cannot be had.
 */
export function corpus(say) {
  const directory = path.join(benchFolder, 'corpus');
  const note = path.join(benchFolder, 'corpus.json');
  const pins = readFileSync(path.join(root, 'test', 'ecosystem', 'crates.json'), 'utf8');
  if (existsSync(note)) {
    const known = JSON.parse(readFileSync(note, 'utf8'));
    if (known.pins === pins && known.version === VERSION) return { directory, ...known };
  }
  say(`set-up: corpus of published crates in ${directory}`);
  rmSync(directory, { recursive: true, force: true });
  const total = { files: 0, lines: 0, bytes: 0, crates: 0 };
  const seen = new Set();
  let reason = 'no crate is pinned';
  const fetched = [];
  const add = (folder) => {
    if (total.bytes >= ENOUGH || seen.has(folder)) return;
    seen.add(folder);
    total.crates++;
    copySources(folder, path.join(directory, path.basename(folder)), total);
  };
  for (const crate of JSON.parse(pins)) {
    const source = fetchCrate(crate);
    if (source.unavailable) reason = source.unavailable;
    else fetched.push(crate);
    if (source.directory) add(source.directory);
  }
  for (const crate of fetched) if (total.bytes < ENOUGH) for (const folder of withDependencies(crate)) add(folder);
  if (total.files === 0) return { unavailable: reason };
  writeFileSync(note, JSON.stringify({ version: VERSION, pins, ...total }));
  return { directory, ...total };
}

/** The folders of a fetched crate and its dependencies: those for this machine, since the bindings of others are generated and huge. */
function withDependencies({ name, version }) {
  const host = /^host: (.*)$/m.exec(spawnSync('rustc', ['-vV'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  const args = ['metadata', '--format-version', '1', ...(host ? ['--filter-platform', host] : [])];
  const result = spawnSync('cargo', args, { cwd: path.join(ecosystem, `${name}-${version}`), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) return [];
  const { packages } = JSON.parse(result.stdout);
  return packages.filter(({ source }) => source !== null).map((one) => path.dirname(one.manifest_path));
}

function copySources(from, to, total) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const copy = path.join(to, entry.name);
    if (entry.isDirectory()) copySources(source, copy, total);
    if (!entry.isFile() || !(entry.name.endsWith('.rs') || entry.name === 'Cargo.toml')) continue;
    mkdirSync(to, { recursive: true });
    copyFileSync(source, copy);
    if (!entry.name.endsWith('.rs')) continue;
    const text = readFileSync(source);
    total.files++;
    total.bytes += text.length;
    for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) total.lines++;
  }
}

/** Bytes of the smaller of the two folders whose cost is compared. */
const SAMPLE = 4_000_000;

/** Two folders: some crates of the corpus, and ten copies of them. */
export function copies({ directory }, folder) {
  const one = path.join(folder, 'one');
  const many = path.join(folder, 'many');
  const total = { files: 0, lines: 0, bytes: 0 };
  for (const crate of readdirSync(directory).sort()) {
    if (total.bytes < SAMPLE) copySources(path.join(directory, crate), path.join(one, crate), total);
  }
  for (let i = 0; i < 10; i++) cpSync(one, path.join(many, `copy-${i}`), { recursive: true });
  return { one, many };
}
