/** `--probe`: what measures the layouts of each language on this machine, and what is said where nothing could be measured. */
import { NO_MEASURERS } from '../../abi/measured.ts';
import type { Measurers } from '../../abi/measured.ts';
import type { FileSystem } from '../../base/io.ts';
import { relativeInside } from '../../base/paths.ts';
import type { Problem } from '../../base/problem.ts';
import type { Config } from '../../config/config.ts';
import { createCFlags } from '../../engine/layouts/c-flags.ts';
import { userCacheDir } from '../../host/platform.ts';
import { createCMeasurer } from '../../probe/c/measure-c.ts';
import { createPythonMeasurer } from '../../probe/python/measure-python.ts';
import { createRecordReader } from '../../probe/read-records.ts';
import { createRustMeasurer } from '../../probe/rust/measure-rust.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';

export type ProbeMode = 'off' | 'auto' | 'require';

export interface MeasuringInput {
  readonly mode: ProbeMode;
  /** The folder of package.json. */
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly manifests: readonly string[];
  configFor(path: string): Config;
  /** `--features` and the like. */
  readonly cargoArguments: readonly string[];
  /** Where measurements are kept; the user's cache folder where it is left out or null. */
  readonly cache?: string | null;
  progress(what: string): void;
}

export interface Measuring {
  readonly measurers: Measurers;
  /** Ends the helper's process. */
  close(): void;
}

/** Asking for it on the command line is trust in the folder: compilers, build scripts and the interpreter are started. */
export function startMeasuring(input: MeasuringInput): Measuring {
  if (input.mode === 'off') return { measurers: NO_MEASURERS, close: () => {} };
  const { root, cwd, env, fs, parsers, manifests, configFor, cargoArguments, cache = null } = input;
  const reader = createRecordReader({ root, fs });
  const flags = createCFlags({ fs, manifests, configFor });
  const file = (path: string): void => input.progress(`measuring ${relativeInside(cwd, path) ?? path}`);
  const crate = (name: string): void => input.progress(`measuring crate ${name}`);
  return {
    measurers: {
      rust: createRustMeasurer({ root, fs, parsers, reader, cargoArguments, cache, progress: crate }),
      c: createCMeasurer({ fs, parsers, reader, env, cache: cache ?? userCacheDir(), flagsOf: (path) => flags.of(path), progress: file }),
      python: createPythonMeasurer({ fs, parsers, reader, env, progress: file }),
    },
    close: () => reader.close(),
  };
}

/** One of those that say the same of several files, with how many there are. */
export function grouped(problems: readonly Problem[]): readonly Problem[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) groups.set(problem.message, [...(groups.get(problem.message) ?? []), problem]);
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const more = rest.length === 0 ? '' : ` (and ${rest.length} more ${rest.length === 1 ? 'file' : 'files'})`;
    return [{ ...first, message: `${first.message}${more}` }];
  });
}
