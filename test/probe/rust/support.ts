/** Workspaces on disk as the engine sees them, measured with the rustc of this machine. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TypeLayout } from '../../../server/src/abi/layout-entries.ts';
import type { Measured, Merged } from '../../../server/src/abi/measured.ts';
import { mergeMeasured } from '../../../server/src/abi/measured.ts';
import { rustLayouts } from '../../../server/src/abi/rust-layouts.ts';
import { targetOf } from '../../../server/src/abi/targets.ts';
import type { Cancellation } from '../../../server/src/base/cancel.ts';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { hostTriple } from '../../../server/src/host/platform.ts';
import { nativeFiles } from '../../../server/src/probe/native-files.ts';
import { createRecordReader } from '../../../server/src/probe/read-records.ts';
import { createRustMeasurer } from '../../../server/src/probe/rust/measure-rust.ts';
import { testParsers } from '../../support/parsers.ts';
import { root } from '../../tidy/sources.ts';
import { openWorkspace } from '../open-workspace.ts';

/** null, or why nothing can be measured here. */
export function whyNot(): string | null {
  const { library, wrapper } = nativeFiles(nodeFileSystem(), root);
  if (library === null || wrapper === null) return 'the native programs are not built: install cargo and run `npm start`';
  if (!existsSync(join(root, 'dist/probe-worker.cjs'))) return 'dist/probe-worker.cjs is not built: run `npm run bundle`';
  return spawnSync('cargo', ['--version']).status === 0 ? null : 'cargo is not installed';
}

export interface MeasureOptions {
  /** A folder for what is kept between runs. */
  readonly cache: string;
  readonly cargoArguments?: readonly string[];
  readonly target?: string;
  /** Another installation than this clone. */
  readonly root?: string;
  /** Milliseconds for one call of cargo or rustc. */
  readonly timeout?: number;
  readonly cancellation?: Cancellation;
}

export interface Outcome extends Merged {
  readonly measured: Measured;
  /** What was compiled for it. */
  readonly compiled: readonly string[];
}

export async function measure(folder: string, options: MeasureOptions): Promise<Outcome> {
  const fs = nodeFileSystem();
  const target = targetOf(options.target ?? hostTriple() ?? '');
  if (!target) throw new Error('this machine is no target');
  const parsers = await testParsers();
  const { workspace, surface } = await openWorkspace(folder);
  const computed = rustLayouts(workspace, surface, target);
  const reader = createRecordReader({ root: options.root ?? root });
  const compiled: string[] = [];
  const { cache, cargoArguments = [], timeout, cancellation = { cancelled: false } } = options;
  const progress = (crate: string): number => compiled.push(crate);
  const run = createRustMeasurer({
    root: options.root ?? root,
    fs,
    parsers,
    reader,
    cargoArguments,
    cache,
    progress,
    ...(timeout && { timeout }),
  });
  try {
    const measured = await run({ workspace, surface, target, computed, headers: [], python: [], cancellation });
    return { ...mergeMeasured(computed, measured), measured, compiled };
  } finally {
    reader.close();
  }
}

/** `struct Pair 8/4: a 0+1, b 4+4`, by name. */
export function shown(types: readonly TypeLayout[]): readonly string[] {
  return types
    .map(({ kind, name, layout }) => {
      const fields = layout.fields.map((field) => `${field.name} ${field.offset}+${field.size}`).join(', ');
      return `${kind} ${name} ${layout.size}/${layout.align}${fields === '' ? '' : `: ${fields}`}`;
    })
    .sort();
}

/** A hash over names, kinds, times and bytes of all that is in a folder. */
export function treeHash(folder: string): string {
  const sum = createHash('sha256');
  const visit = (path: string): void => {
    const stats = lstatSync(path);
    sum.update(`${path}\0${stats.mode}\0${stats.mtimeMs}\0`);
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (stats.isFile()) sum.update(readFileSync(path));
  };
  visit(folder);
  return sum.digest('hex');
}
