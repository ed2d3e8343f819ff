/** Measures headers of a test with a compiler of this machine. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TypeLayout } from '../../../server/src/abi/layout-entries.ts';
import { targetOf } from '../../../server/src/abi/targets.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import { never } from '../../../server/src/base/cancel.ts';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { createCompilers } from '../../../server/src/probe/c/compiler.ts';
import { NO_FLAGS } from '../../../server/src/model/c/flags.ts';
import type { CFlags } from '../../../server/src/model/c/flags.ts';
import { measureHeader } from '../../../server/src/probe/c/measure-header.ts';
import type { MeasuredHeader } from '../../../server/src/probe/c/measure-header.ts';
import type { ProbeRecord, RecordReader } from '../../../server/src/probe/read-records.ts';
import { testParsers } from '../../support/parsers.ts';

export const LINUX = 'x86_64-unknown-linux-gnu';
export const CLANG = process.env['CLANG'] ?? 'clang-19';

export const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** The native helper's work, without the native helper. */
export const plainReader: Pick<RecordReader, 'read'> = {
  async read(path) {
    const text = readFileSync(path, 'latin1');
    const records: ProbeRecord[] = [...text.matchAll(/@FFI1\|([\d,]+)!/g)].map(([, list = '']) => ({
      values: list.split(',').map(BigInt),
    }));
    return { records, rejected: 0 };
  },
};

export function target(triple: string = LINUX): Target {
  const found = targetOf(triple);
  if (!found) throw new Error(`no target ${triple}`);
  return found;
}

const disk = nodeFileSystem();

export interface Measuring {
  readonly triple?: string;
  readonly compiler?: string;
  readonly flags?: Partial<CFlags>;
  wanted?(file: string): boolean;
}

/** Throws what could not be done. */
export async function measured(file: string, options: Measuring = {}): Promise<MeasuredHeader> {
  const made = await tryMeasure(file, options);
  if ('failure' in made) throw new Error(`${file}: ${made.failure}`);
  return made;
}

export async function tryMeasure(file: string, options: Measuring = {}): Promise<MeasuredHeader | { readonly failure: string }> {
  const on = target(options.triple);
  const compiler = await createCompilers({}).find(on, options.compiler ?? 'gcc');
  if ('failure' in compiler) return compiler;
  return measureHeader({
    file,
    flags: { ...NO_FLAGS, ...options.flags },
    compiler,
    target: on,
    parsers: await testParsers(),
    reader: plainReader,
    wanted: options.wanted ?? ((one) => one === file),
    read(path) {
      const text = disk.read(path);
      return typeof text === 'string' ? text : null;
    },
    cancellation: never,
  });
}

/** One line a type: `struct point 16/8: tag@0 x@8 f@64:3`. */
export function line({ kind, name, layout }: TypeLayout): string {
  const fields = layout.fields.map((one) => `${one.name}@${one.offset ?? `${one.bitOffset}:${one.bitWidth}`}`);
  return [`${kind} ${name} ${layout.size}/${layout.align}`, ...(fields.length > 0 ? [fields.join(' ')] : [])].join(': ');
}
