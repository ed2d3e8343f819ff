/** `--probe`: has the Rust types at hand measured, and those of C and Python that mean one of them, so that rules go by what compilers say. */
import { targetOf } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import { measurePicture } from '../../engine/layouts/read-layouts.ts';
import type { FileSet } from '../../engine/session.types.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../io.ts';
import { grouped, startMeasuring } from '../layout/measuring.ts';
import { installedParsers } from '../parsers.ts';
import type { Checker } from './checker.ts';
import { createProgress } from './progress.ts';
import type { CheckSettings } from './settings.ts';

export interface Probing {
  readonly checker: Checker;
  readonly fs: FileSystem;
  readonly files: FileSet;
  readonly cancellation: Cancellation;
  configFor(path: string): Config;
}

/** Why layouts could not be measured, and where measured ones contradict computed ones. */
export async function probe(input: Probing, settings: CheckSettings, { io, installation }: Context): Promise<readonly Problem[]> {
  if (settings.probe === 'off') return [];
  // What stands in an editor and not on disk is not what cargo would compile.
  if (settings.stdin) return [{ file: '', message: 'layouts are not measured for standard input' }];
  const { checker, fs, files, cancellation, configFor } = input;
  const { manifests } = files;
  const { root } = installation;
  const progress = createProgress(io, settings.quiet);
  const parsers = await installedParsers(root);
  const { measurers, close } = startMeasuring({
    ...{ mode: settings.probe, root, cwd: io.cwd, env: io.env, fs, manifests, configFor, cargoArguments: settings.cargoArguments },
    cache: settings.cacheFolder,
    parsers,
    progress: (what) => progress.say(what),
  });
  const problems: Problem[] = [];
  await checker.measure(async (picture, triple) => {
    const target = triple === null ? undefined : targetOf(triple);
    if (!target) return null;
    const input = { fs, parsers, files, snapshot: picture, configFor, measurers, cancellation };
    const made = await measurePicture(input, target);
    problems.push(...made.problems);
    return made.entries;
  });
  close();
  progress.end();
  return grouped(problems);
}
