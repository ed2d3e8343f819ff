/** Registry crates for test cases: each set of dependencies is built once with cargo, then handed to rustc. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Table } from './manifest.ts';
import { cacheFolder, hashOf, remembered, run } from './process.ts';

/** rustc's arguments for the crates, or why they cannot be had here. */
export type Crates = { readonly args: readonly string[] } | { readonly unavailable: string };

/**
 * Tells PyO3's build script of a Python, so that it asks none: crates from 0.15 to the newest build with it, whatever
 * Python the machine has. Oldest and newest still know 3.10; 0.15 wants to hear of threads.
 */
const PYTHON =
  'implementation=CPython\nversion=3.10\nshared=true\nabi3=false\nlib_name=python3.10\npointer_width=64\nbuild_flags=WITH_THREAD\nsuppress_build_script_link_lines=true\n';

export function pythonEnv(): Readonly<Record<string, string>> {
  mkdirSync(cacheFolder, { recursive: true });
  const file = path.join(cacheFolder, 'pyo3-config.txt');
  writeFileSync(file, PYTHON);
  return { PYO3_CONFIG_FILE: file, CARGO_TERM_COLOR: 'never' };
}

/** Cargo could not reach the registry, as opposed to: there is no such crate. */
export function isUnreachable(stderr: string): boolean {
  return /failed to (download|fetch|get successful|query)|could not resolve host|attempting to make an HTTP request, but --offline|network failure|spurious network/i.test(
    stderr,
  );
}

function inlineToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineToml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, it]) => `${JSON.stringify(key)} = ${inlineToml(it)}`)
    .join(', ')} }`;
}

const started = new Map<string, Promise<Crates>>();
/** One build at a time: cargo uses all cores, and sets share most of their crates. */
let turn: Promise<unknown> = Promise.resolve();

/** The same promise for the same set, so that one run builds it. */
export function cratesFor(dependencies: Table, compiler: string): Promise<Crates> {
  const key = hashOf(compiler, PYTHON, dependencies);
  const running =
    started.get(key) ??
    remembered(
      'crates',
      key,
      () => inTurn(() => build(dependencies, key)),
      (made) => 'args' in made,
    );
  started.set(key, running);
  return running;
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => null);
  return done;
}

async function build(dependencies: Table, key: string): Promise<Crates> {
  const folder = path.join(cacheFolder, 'crates', key);
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  const wanted = Object.entries(dependencies).map(([name, it]) => `${JSON.stringify(name)} = ${inlineToml(enabled(it))}\n`);
  writeFileSync(
    path.join(folder, 'Cargo.toml'),
    `[package]\nname = "needs"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n\n[dependencies]\n${wanted.join('')}`,
  );
  writeFileSync(path.join(folder, 'src/lib.rs'), '');
  const env = pythonEnv();
  const target = path.join(cacheFolder, 'crates', 'target');
  const checked = await run('cargo', ['check', '--message-format=json', '--target-dir', target], folder, env);
  if (checked.status === null) return { unavailable: `cargo cannot be started: ${checked.stderr}` };
  if (checked.status !== 0 && isUnreachable(checked.stderr)) return { unavailable: 'the crate registry cannot be reached' };
  if (checked.status !== 0) throw new Error(`cargo cannot build ${wanted.join('')}${checked.stderr}`);
  const described = await run('cargo', ['metadata', '--format-version=1', '--offline'], folder, env);
  const artifacts = new Map(
    jsonLines(checked.stdout).flatMap((it) => (it.reason === 'compiler-artifact' && it.package_id ? [[it.package_id, it] as const] : [])),
  );
  const { resolve } = JSON.parse(described.stdout) as {
    resolve: { root: string; nodes: { id: string; deps: { name: string; pkg: string }[] }[] };
  };
  const direct = resolve.nodes.find((node) => node.id === resolve.root)?.deps ?? [];
  const externs = direct.flatMap(({ name, pkg }) => {
    const file = artifacts.get(pkg)?.filenames?.find((it) => /\.(rmeta|so|dylib|dll)$/.test(it));
    return file ? ['--extern', `${name}=${file}`] : [];
  });
  return { args: ['-L', `dependency=${path.join(target, 'debug/deps')}`, ...externs] };
}

/** An optional dependency counts as one that is there. */
function enabled(dependency: unknown): unknown {
  if (typeof dependency !== 'object' || dependency === null) return dependency;
  return Object.fromEntries(Object.entries(dependency).filter(([key]) => key !== 'optional'));
}

export interface CargoMessage {
  readonly reason?: string;
  readonly package_id?: string;
  readonly filenames?: readonly string[];
  readonly message?: Diagnostic;
}

/** A diagnostic as rustc's JSON has it. */
export interface Diagnostic {
  readonly level?: string;
  readonly message?: string;
  readonly code?: { readonly code: string } | null;
  readonly rendered?: string;
}

export function jsonLines(text: string): readonly CargoMessage[] {
  return text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as CargoMessage] : []));
}
