/** Measures the types of headers with the C compiler of this machine. */
import { disagreements } from '../../abi/agreement.ts';
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { Measured, MeasureLayouts, MeasureRequest } from '../../abi/measured.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import { userCacheDir } from '../../host/platform.ts';
import type { CFlags } from '../../model/c/flags.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { RecordReader } from '../read-records.ts';
import { createCompilers } from './compiler.ts';
import { keptHeaders } from './kept-headers.ts';
import type { KeptHeaders } from './kept-headers.ts';
import { seeHeader, seeTogether } from './see-header.ts';
import type { SeeingInput, SeenHeader } from './see-header.ts';
import { umbrellas } from './umbrellas.ts';

export interface CMeasurerInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly reader: Pick<RecordReader, 'read'>;
  /** With which flags a header is compiled. */
  flagsOf(file: string): CFlags;
  /** `CC` names a compiler. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where measurements are kept; the user's cache folder where it is not given. */
  readonly cache?: string;
  /** Told which header is measured. */
  progress?(file: string): void;
}

/** Starts compilers: only for folders that are trusted. */
export function createCMeasurer(input: CMeasurerInput): MeasureLayouts {
  const compilers = createCompilers(input.env);
  return async (request) => {
    const { target, cancellation } = request;
    const kept = keptHeaders(input.cache ?? userCacheDir(), input.fs);
    /** Files through which no header could be measured. */
    const broken = new Set<string>();
    const out = { types: [] as TypeLayout[], unknown: [] as UnknownType[], absent: [] as UnknownType[], problems: [] as Problem[] };
    const headers = headersToMeasure(request, input.fs);
    const notKept = async (all: readonly string[]): Promise<readonly string[]> => {
      const out: string[] = [];
      for (const file of all) {
        const flags = input.flagsOf(file);
        const compiler = await compilers.find(target, flags.compiler);
        if (!('failure' in compiler) && kept.read(file, flags, compiler, target) === null) out.push(file);
      }
      return out;
    };
    const together = new Map<string, SeenHeader>();
    for (const { root, files } of umbrellas(request.headers, await notKept(headers), textsOf(input.fs))) {
      if (cancellation.cancelled) break;
      const flags = input.flagsOf(root);
      const alike = new Set([...files].filter((file) => JSON.stringify(input.flagsOf(file)) === JSON.stringify(flags)));
      const compiler = await compilers.find(target, flags.compiler);
      if ('failure' in compiler) continue;
      input.progress?.(root);
      const made = await seeTogether(root, alike, { ...input, ...request, compiler, broken });
      for (const [file, seen] of made) if (isAsComputed(file, seen, request)) together.set(file, seen);
    }
    for (const file of headers) {
      if (cancellation.cancelled) break;
      input.progress?.(file);
      const flags = input.flagsOf(file);
      const compiler = await compilers.find(target, flags.compiler);
      const one =
        'failure' in compiler
          ? failed(file, compiler.failure, request)
          : await measureOne(file, flags, request, { ...input, ...request, compiler, broken }, kept, together.get(file) ?? null);
      out.types.push(...one.entries.types);
      out.unknown.push(...one.entries.unknown);
      out.absent.push(...one.absent);
      out.problems.push(...one.problems);
    }
    const { types, unknown, absent, problems } = out;
    return { entries: { types, unknown }, absent, problems };
  };
}

/**
 * What stands in front of a header may change it: what was measured through another one counts where it is what was computed of the header by
 * itself.
 */
function isAsComputed(file: string, { types }: SeenHeader, { computed }: MeasureRequest): boolean {
  const measured = new Map(types.map((one) => [one.name, one]));
  if (computed.unknown.some(({ at, reason }) => at.file === file && reason !== 'opaque')) return false;
  return computed.types.every((one) => {
    if (one.at.file !== file) return true;
    const real = measured.get(one.name);
    return real !== undefined && disagreements(one.layout, real.layout, 'shared').length === 0;
  });
}

function textsOf(fs: FileSystem): (file: string) => string | null {
  return (file) => {
    const text = fs.read(file);
    return isFailure(text) ? null : text;
  };
}

/** Those that define a type, as far as a glance tells; sources where their types were asked for. */
function headersToMeasure({ headers, computed, files = null }: MeasureRequest, fs: FileSystem): readonly string[] {
  const known = new Set([...computed.types, ...computed.unknown].map(({ at }) => at.file));
  return headers.filter((file) => {
    if (files && !files.has(file)) return false;
    if (known.has(file)) return true;
    const text = /\.(h|hpp)$/.test(file) ? fs.read(file) : '';
    return !isFailure(text) && /\b(struct|union|enum)\b[^;]*\{/.test(text);
  });
}

/** `seen`: as it was measured with others. */
async function measureOne(
  file: string,
  flags: CFlags,
  request: MeasureRequest,
  seeing: SeeingInput,
  kept: KeptHeaders,
  seen: SeenHeader | null,
): Promise<Measured> {
  const { target, computed } = request;
  const { compiler } = seeing;
  let made: SeenHeader | { readonly failure: string } | null = kept.read(file, flags, compiler, target);
  if (made === null) {
    made = seen ?? (await seeHeader(file, seeing));
    if (!('failure' in made)) kept.keep(file, flags, compiler, target, made);
  }
  if ('failure' in made) return failed(file, made.failure, request);
  const ours = new Map([...computed.types, ...computed.unknown].filter(({ at }) => at.file === file).map((one) => [one.name, one]));
  // A name that a macro makes has a place of its own in each reading.
  const placed = <T extends TypeLayout | UnknownType>(one: T): T => ({ ...one, at: ours.get(one.name)?.at ?? one.at });
  const { types, unknown } = made;
  const named = new Set([...types, ...unknown].map(({ name }) => name));
  const elsewhere = new Map(made.defined);
  const reasonOf = (name: string): string => {
    const there = elsewhere.get(name);
    return there === undefined ? `${compiler.program} does not see it with these flags` : `it is defined in ${there}`;
  };
  const absent = [...ours.values()].flatMap((one): readonly UnknownType[] =>
    named.has(one.name) ? [] : [{ language: 'c', name: one.name, at: one.at, target: target.triple, reason: reasonOf(one.name) }],
  );
  return { entries: { types: types.map(placed), unknown: unknown.map(placed) }, absent, problems: [] };
}

function failed(file: string, failure: string, { target }: MeasureRequest): Measured {
  const message = `its types were not measured for ${target.triple}: ${failure}`;
  return { entries: { types: [], unknown: [] }, absent: [], problems: [{ file, message }] };
}
