/** Measures the types of headers with the C compiler of this machine. */
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { Measured, MeasureLayouts, MeasureRequest } from '../../abi/measured.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { basename, dirname, nearestPath } from '../../base/paths.ts';
import type { Problem } from '../../base/problem.ts';
import type { CFlags } from '../../model/c/flags.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { RecordReader } from '../read-records.ts';
import { createCompilers } from './compiler.ts';
import type { CCompiler } from './compiler.ts';
import type { MeasuredHeader } from './measure-header.ts';
import { measureHeader } from './measure-header.ts';

export interface CMeasurerInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly reader: Pick<RecordReader, 'read'>;
  /** With which flags a header is compiled. */
  flagsOf(file: string): CFlags;
  /** `CC` names a compiler. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told which header is measured. */
  progress?(file: string): void;
}

/** Starts compilers: only for folders that are trusted. */
export function createCMeasurer(input: CMeasurerInput): MeasureLayouts {
  const compilers = createCompilers(input.env);
  return async (request) => {
    const { target, cancellation } = request;
    /** Files through which no header could be measured. */
    const broken = new Set<string>();
    const out = { types: [] as TypeLayout[], unknown: [] as UnknownType[], absent: [] as UnknownType[], problems: [] as Problem[] };
    for (const file of headersToMeasure(request, input.fs)) {
      if (cancellation.cancelled) break;
      input.progress?.(file);
      const flags = input.flagsOf(file);
      const compiler = await compilers.find(target, flags.compiler);
      const one =
        'failure' in compiler ? failed(file, compiler.failure, request) : await measureOne(file, flags, compiler, request, input, broken);
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
function headersToMeasure({ headers, computed }: MeasureRequest, fs: FileSystem): readonly string[] {
  const known = new Set([...computed.types, ...computed.unknown].map(({ at }) => at.file));
  return headers.filter((file) => {
    if (known.has(file)) return true;
    const text = /\.(h|hpp)$/.test(file) ? fs.read(file) : '';
    return !isFailure(text) && /\b(struct|union|enum)\b[^;]*\{/.test(text);
  });
}

async function measureOne(
  file: string,
  flags: CFlags,
  compiler: CCompiler,
  request: MeasureRequest,
  input: CMeasurerInput,
  broken: Set<string>,
): Promise<Measured> {
  const { target, cancellation, computed } = request;
  const { fs, parsers, reader } = input;
  const read = (path: string): string | null => {
    const text = fs.read(path);
    return isFailure(text) ? null : text;
  };
  const wanted = (path: string): boolean => path === file;
  const through = (root: string, given: CFlags): Promise<Tried> =>
    withFoundFolders(root, given, request.headers, (more) =>
      measureHeader({ file: root, flags: more, compiler, target, parsers, reader, wanted, read, cancellation }),
    );
  let made = await through(file, flags);
  const first = made;
  // A header may need others before it: what includes it has them.
  for (const root of 'failure' in made ? includers(file, request.headers, fs) : []) {
    if (cancellation.cancelled || !('failure' in made)) break;
    if (broken.has(root)) continue;
    made = await through(root, input.flagsOf(root));
    if ('failure' in made) broken.add(root);
  }
  if ('failure' in made) return failed(file, 'failure' in first ? first.failure : made.failure, request);
  const ours = new Map([...computed.types, ...computed.unknown].filter(({ at }) => at.file === file).map((one) => [one.name, one]));
  // A name that a macro makes has a place of its own in each reading.
  const placed = <T extends TypeLayout | UnknownType>(one: T): T => ({ ...one, at: ours.get(one.name)?.at ?? one.at });
  const { types, unknown } = made.entries;
  const seen = new Set([...types, ...unknown].map(({ name }) => name));
  const elsewhere = new Map([
    ...made.unit.definitions.map(({ tag, at }) => [tag, at] as const),
    ...made.unit.typedefs.map(({ name, at }) => [name, at] as const),
  ]);
  const reasonOf = (name: string): string => {
    const there = elsewhere.get(name);
    return there ? `it is defined in ${there.file}` : `${compiler.program} does not see it with these flags`;
  };
  const absent = [...ours.values()].flatMap((one): readonly UnknownType[] =>
    seen.has(one.name) ? [] : [{ language: 'c', name: one.name, at: one.at, target: target.triple, reason: reasonOf(one.name) }],
  );
  return { entries: { types: types.map(placed), unknown: unknown.map(placed) }, absent, problems: [] };
}

type Tried = MeasuredHeader | { readonly failure: string };

/** How many folders are guessed for one header. */
const MOST_FOLDERS = 6;

/**
 * A header that the flags do not lead to may be one of the workspace: the only one whose path ends in what is written, or the nearest, as
 * it is found without a compiler. Its folder is then searched behind all others.
 */
async function withFoundFolders(
  root: string,
  flags: CFlags,
  headers: readonly string[],
  then: (flags: CFlags) => Promise<Tried>,
): Promise<Tried> {
  let given = flags;
  let made = await then(given);
  for (let i = 0; i < MOST_FOLDERS && 'failure' in made; i++) {
    const name = /: (?:fatal error: )?'?([^\s':]+)'?(?:: No such file or directory| file not found)$/.exec(made.failure)?.[1];
    const found = name === undefined ? null : nearestPath(endingIn(headers, name), root);
    if (name === undefined || found === null) break;
    const folder = found.slice(0, -name.length - 1);
    if (given.systemDirs.includes(folder)) break;
    given = { ...given, systemDirs: [...given.systemDirs, folder] };
    made = await then(given);
  }
  return made;
}

function endingIn(paths: readonly string[], name: string): readonly string[] {
  return paths.filter((one) => one.endsWith(`/${name}`));
}

/** How many of those that include a header are tried. */
const MOST_INCLUDERS = 3;

/** Files that include a header by its name, the nearest first. */
function includers(file: string, files: readonly string[], fs: FileSystem): readonly string[] {
  const name = basename(file);
  const include = new RegExp(`^[ \\t]*#[ \\t]*include[ \\t]*["<](?:[^">\\n]*/)?${name.replace(/[.+]/g, '\\$&')}[">]`, 'm');
  const found = files.filter((one) => {
    const text = one === file ? '' : fs.read(one);
    return !isFailure(text) && text.includes(name) && include.test(text);
  });
  const distance = (one: string): number => (dirname(one) === dirname(file) ? 0 : 1);
  return found.sort((a, b) => distance(a) - distance(b)).slice(0, MOST_INCLUDERS);
}

function failed(file: string, failure: string, { target }: MeasureRequest): Measured {
  const message = `its types were not measured for ${target.triple}: ${failure}`;
  return { entries: { types: [], unknown: [] }, absent: [], problems: [{ file, message }] };
}
