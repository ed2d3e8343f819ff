/** What was measured of headers between runs, in the user's cache folder: it holds while all files that took part are what they were. */
import { createHash } from 'node:crypto';
import type { Target } from '../../abi/targets.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { keep, readKept } from '../../host/cache.ts';
import type { CFlags } from '../../model/c/flags.ts';
import type { CCompiler } from './compiler.ts';
import type { SeenHeader } from './see-header.ts';

/** Changes when what is asked or kept does. */
const FORMAT = 1;

export interface KeptHeaders {
  read(file: string, flags: CFlags, compiler: CCompiler, target: Target): SeenHeader | null;
  keep(file: string, flags: CFlags, compiler: CCompiler, target: Target, seen: SeenHeader): void;
}

interface Kept {
  readonly sums: readonly (readonly [file: string, sum: string])[];
  readonly seen: SeenHeader;
}

/** `folder` is absolute. Files are read once for all headers. */
export function keptHeaders(folder: string, fs: FileSystem): KeptHeaders {
  const sums = new Map<string, string>();
  const sumOf = (file: string): string => {
    const known = sums.get(file);
    if (known !== undefined) return known;
    const text = fs.read(file);
    const made = isFailure(text) ? '' : createHash('sha256').update(text).digest('base64');
    sums.set(file, made);
    return made;
  };
  const pathOf = (file: string, flags: CFlags, compiler: CCompiler, { triple }: Target): string => {
    const sum = createHash('sha256').update(JSON.stringify([FORMAT, file, flags, compiler, triple]));
    return joinPath(folder, `headers/${sum.digest('hex')}.json`);
  };
  return {
    read(file, flags, compiler, target) {
      const text = readKept(pathOf(file, flags, compiler, target));
      if (text === null) return null;
      try {
        // Only this file writes it, under a name that changes with its form.
        const kept = JSON.parse(text, revive) as Kept;
        return kept.sums.every(([one, sum]) => sumOf(one) === sum) ? kept.seen : null;
      } catch {
        // A file that was cut short by a full disk: it is measured again and written anew.
        return null;
      }
    },
    keep(file, flags, compiler, target, seen) {
      const kept: Kept = { sums: seen.files.map((one) => [one, sumOf(one)] as const), seen };
      // What cannot be kept is measured again the next time.
      keep(pathOf(file, flags, compiler, target), JSON.stringify(kept, plain));
    },
  };
}

/** Big integers (values of enum constants) and maps (written types) as JSON has them. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) };
  return value instanceof Map ? { $map: [...value] } : value;
}

function revive(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$bigint' in value) return BigInt(String(value.$bigint));
  return '$map' in value && Array.isArray(value.$map) ? new Map(value.$map as [string, unknown][]) : value;
}
