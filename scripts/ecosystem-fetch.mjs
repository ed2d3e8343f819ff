/** Brings published crates through cargo into a cache folder and says where their sources lie. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where scratch packages go; the sources themselves lie in cargo's own registry cache. */
export const cacheFolder = path.join(process.env.FFI_LINT_CACHE ?? path.join(os.homedir(), '.cache', 'ffi-lint'), 'ecosystem');

function cargo(args, cwd) {
  return spawnSync('cargo', args, { cwd, encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 28 });
}

/**
 * The source folder of a pinned crate, or why it cannot be had. Each crate has a scratch package of its own,
 * since crates that link the same library cannot stand in one lock file.
 */
export function fetchCrate({ name, version }) {
  const scratch = path.join(cacheFolder, `${name}-${version}`);
  const note = path.join(scratch, 'source.txt');
  if (existsSync(note)) {
    const known = readFileSync(note, 'utf8').trim();
    if (existsSync(path.join(known, 'Cargo.toml'))) return { directory: known };
  }
  mkdirSync(path.join(scratch, 'src'), { recursive: true });
  writeFileSync(path.join(scratch, 'src', 'lib.rs'), '');
  const requirement = `=${version.replace(/\+.*/, '')}`;
  const manifest = ['[package]', 'name = "scratch"', 'version = "0.0.0"', 'edition = "2021"', '', '[dependencies]'];
  manifest.push(`${name} = { version = "${requirement}", default-features = false }`, '', '[workspace]', '');
  writeFileSync(path.join(scratch, 'Cargo.toml'), manifest.join('\n'));
  const result = cargo(['metadata', '--format-version', '1'], scratch);
  if (result.status !== 0) return { unavailable: firstError(result) };
  const found = JSON.parse(result.stdout).packages.find((p) => p.name === name && p.version === version);
  if (!found) return { unavailable: `cargo knows no ${name} ${version}` };
  const directory = path.dirname(found.manifest_path);
  writeFileSync(note, `${directory}\n`);
  return { directory };
}

/**
 * A copy of a pinned crate's source below `folder` that cargo can build without the network, or why there is none. What a crate of the
 * registry has no lock file for is locked to what is newest.
 */
export function prepareCrate(crate, folder) {
  const directory = path.join(folder, `${crate.name}-${crate.version}`);
  const done = path.join(directory, 'ffi-lint-fetched');
  if (existsSync(done)) return { directory };
  const source = fetchCrate(crate);
  if (source.unavailable) return source;
  rmSync(directory, { recursive: true, force: true });
  cpSync(source.directory, directory, { recursive: true });
  // The compiler of this machine is meant, not the one of its authors.
  for (const name of ['rust-toolchain', 'rust-toolchain.toml']) rmSync(path.join(directory, name), { force: true });
  const manifest = path.join(directory, 'Cargo.toml');
  const text = readFileSync(manifest, 'utf8');
  if (!/^\[workspace\]/m.test(text)) writeFileSync(manifest, `${text}\n[workspace]\n`);
  const fetched = cargo(['fetch', '--manifest-path', manifest], directory);
  if (fetched.status !== 0) return { unavailable: firstError(fetched) };
  writeFileSync(done, '');
  return { directory };
}

function firstError({ error, stderr }) {
  if (error) return error.message;
  return /^error: (.*)$/m.exec(stderr ?? '')?.[1] ?? 'cargo failed';
}
