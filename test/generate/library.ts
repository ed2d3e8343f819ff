/** The library of the bindings fixture, built by cargo once, and what is generated for it, for programs that call it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { run } from '../cli/support.ts';
import { cacheFolder } from '../support/compile/process.ts';
import { tempFolder } from '../support/temp-folder.ts';

export const fixture = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../fixtures/bindings');

/** Where cargo puts it. */
export const libraryFolder = path.join(cacheFolder, 'bindings', 'debug');

export const works = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0;

export type Built = { readonly library: string } | { readonly missing: string };

/** Its path, or why there is none. Cargo builds it where it changed; two minutes may be needed. */
export function buildLibrary(): Built {
  const target = path.dirname(libraryFolder);
  mkdirSync(target, { recursive: true });
  const args = ['build', '--quiet', '--offline', '--manifest-path', path.join(fixture, 'Cargo.toml')];
  const built = spawnSync('cargo', args, { env: { ...process.env, CARGO_TARGET_DIR: target }, encoding: 'utf8' });
  if (built.error) return { missing: 'the library is not built: cargo is not installed' };
  const files = ['libbindings.so', 'libbindings.dylib', 'bindings.dll'].map((name) => path.join(libraryFolder, name));
  const library = built.status === 0 ? files.find(existsSync) : undefined;
  return library === undefined ? { missing: `the library is not built: ${built.stderr}` } : { library };
}

/** A folder with bindings of the fixture, of which just these things are left out. */
export async function generated(format: string, file: string, omitted: readonly string[] = []): Promise<string> {
  const folder = tempFolder({});
  const { code, err } = await run(fixture, ['generate', format, 'src', '-o', path.join(folder, file)]);
  expect([code, err.split('\n').length - 1]).toEqual([omitted.length > 0 ? 1 : 0, omitted.length]);
  for (const text of omitted) expect(err).toContain(text);
  return folder;
}

/** Runs a program that asserts; its complaints are the test's. */
export function passes(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): void {
  const ran = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, '', '']);
}
