/** Measures the types of headers with the C compiler of this machine. */
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
import { seeHeader } from './see-header.ts';
import type { SeeingInput, SeenHeader } from './see-header.ts';

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
    for (const file of headersToMeasure(request, input.fs)) {
      if (cancellation.cancelled) break;
      input.progress?.(file);
      const flags = input.flagsOf(file);
      const compiler = await compilers.find(target, flags.compiler);
      const one =
        'failure' in compiler
          ? failed(file, compiler.failure, request)
          : await measureOne(file, flags, request, { ...input, ...request, compiler, broken }, kept);
      out.types.push(...one.entries.types);
      out.unknown.push(...one.entries.unknown);
      out.absent.push(...one.absent);
      out.problems.push(...one.problems);
    }
    const { types, unknown, absent, problems } = out;
    return { entries: { types, unknown }, absent, problems };
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

async function measureOne(file: string, flags: CFlags, request: MeasureRequest, seeing: SeeingInput, kept: KeptHeaders): Promise<Measured> {
  const { target, computed } = request;
  const { compiler } = seeing;
  let made: SeenHeader | { readonly failure: string } | null = kept.read(file, flags, compiler, target);
  if (made === null) {
    made = await seeHeader(file, seeing);
    if (!('failure' in made)) kept.keep(file, flags, compiler, target, made);
  }
  if ('failure' in made) return failed(file, made.failure, request);
  const ours = new Map([...computed.types, ...computed.unknown].filter(({ at }) => at.file === file).map((one) => [one.name, one]));
  // A name that a macro makes has a place of its own in each reading.
  const placed = <T extends TypeLayout | UnknownType>(one: T): T => ({ ...one, at: ours.get(one.name)?.at ?? one.at });
  const { types, unknown } = made;
  const seen = new Set([...types, ...unknown].map(({ name }) => name));
  const elsewhere = new Map(made.defined);
  const reasonOf = (name: string): string => {
    const there = elsewhere.get(name);
    return there === undefined ? `${compiler.program} does not see it with these flags` : `it is defined in ${there}`;
  };
  const absent = [...ours.values()].flatMap((one): readonly UnknownType[] =>
    seen.has(one.name) ? [] : [{ language: 'c', name: one.name, at: one.at, target: target.triple, reason: reasonOf(one.name) }],
  );
  return { entries: { types: types.map(placed), unknown: unknown.map(placed) }, absent, problems: [] };
}

function failed(file: string, failure: string, { target }: MeasureRequest): Measured {
  const message = `its types were not measured for ${target.triple}: ${failure}`;
  return { entries: { types: [], unknown: [] }, absent: [], problems: [{ file, message }] };
}
