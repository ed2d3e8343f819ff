/** Measures a header, by itself or through what includes it, with folders that no flag names but the workspace has. */
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { basename, dirname, nearestPath } from '../../base/paths.ts';
import type { CFlags } from '../../model/c/flags.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { RecordReader } from '../read-records.ts';
import type { CCompiler } from './compiler.ts';
import type { MeasuredHeader } from './measure-header.ts';
import { measureHeader } from './measure-header.ts';

export interface SeeingInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly reader: Pick<RecordReader, 'read'>;
  readonly compiler: CCompiler;
  readonly target: Target;
  /** All headers and sources at hand, absolute paths. */
  readonly headers: readonly string[];
  readonly cancellation: Cancellation;
  flagsOf(file: string): CFlags;
  /** Files through which no header could be measured so far. */
  readonly broken: Set<string>;
}

/** Plain data, so that it can be kept. */
export interface SeenHeader {
  readonly types: readonly TypeLayout[];
  readonly unknown: readonly UnknownType[];
  /** The files in which names are defined that this header may mention. */
  readonly defined: readonly (readonly [name: string, file: string])[];
  /** All files that took part. */
  readonly files: readonly string[];
}

type Tried = MeasuredHeader | { readonly failure: string };

/** How many of those that include a header are tried. */
const MOST_INCLUDERS = 3;
/** How many folders are guessed for one header. */
const MOST_FOLDERS = 6;

export async function seeHeader(file: string, input: SeeingInput): Promise<SeenHeader | { readonly failure: string }> {
  const wanted = (path: string): boolean => path === file;
  let made = await through(wanted, file, input);
  const first = made;
  // A header may need others before it: what includes it has them.
  for (const root of 'failure' in made ? includers(file, input) : []) {
    if (input.cancellation.cancelled || !('failure' in made)) break;
    if (input.broken.has(root)) continue;
    made = await through(wanted, root, input);
    if ('failure' in made) input.broken.add(root);
  }
  if ('failure' in made) return 'failure' in first ? first : made;
  return seenOf(file, made);
}

/** Those of the files that are among what a header includes, in one compilation; none where it does not compile. */
export async function seeTogether(root: string, files: ReadonlySet<string>, input: SeeingInput): Promise<ReadonlyMap<string, SeenHeader>> {
  const made = await through((path) => files.has(path), root, input);
  if ('failure' in made) return new Map();
  const there = new Set([root, ...made.unit.files]);
  return new Map([...files].flatMap((file) => (there.has(file) ? [[file, seenOf(file, made)] as const] : [])));
}

function seenOf(file: string, { unit, entries }: MeasuredHeader): SeenHeader {
  const defined = [
    ...unit.definitions.flatMap(({ tag, at }) => (tag === null ? [] : [[tag, at.file] as const])),
    ...unit.typedefs.map(({ name, at }) => [name, at.file] as const),
  ];
  const here = ({ at }: TypeLayout | UnknownType): boolean => at.file === file;
  const { types, unknown } = entries;
  return {
    types: types.filter(here),
    unknown: unknown.filter(here),
    defined: defined.filter(([, place]) => place !== file),
    files: [...unit.files],
  };
}

/**
 * A header that the flags do not lead to may be one of the workspace: the only one whose path ends in what is written, or the nearest, as
 * it is found without a compiler. Its folder is then searched behind all others.
 */
async function through(wanted: (path: string) => boolean, root: string, input: SeeingInput): Promise<Tried> {
  const { fs, headers, flagsOf } = input;
  const read = (path: string): string | null => {
    const text = fs.read(path);
    return isFailure(text) ? null : text;
  };
  const measure = (flags: CFlags): Promise<Tried> => measureHeader({ ...input, file: root, flags, wanted, read });
  let flags = flagsOf(root);
  let made = await measure(flags);
  for (let i = 0; i < MOST_FOLDERS && 'failure' in made; i++) {
    const name = /: (?:fatal error: )?'?([^\s':]+)'?(?:: No such file or directory| file not found)$/.exec(made.failure)?.[1];
    const found = name === undefined ? null : nearestPath(endingIn(headers, name), root);
    if (name === undefined || found === null) break;
    const folder = found.slice(0, -name.length - 1);
    if (flags.systemDirs.includes(folder)) break;
    flags = { ...flags, systemDirs: [...flags.systemDirs, folder] };
    made = await measure(flags);
  }
  return made;
}

function endingIn(paths: readonly string[], name: string): readonly string[] {
  return paths.filter((one) => one.endsWith(`/${name}`));
}

/** Files that include a header by its name, the nearest first. */
function includers(file: string, { headers, fs }: SeeingInput): readonly string[] {
  const name = basename(file);
  const include = new RegExp(`^[ \\t]*#[ \\t]*include[ \\t]*["<](?:[^">\\n]*/)?${name.replace(/[.+]/g, '\\$&')}[">]`, 'm');
  const found = headers.filter((one) => {
    const text = one === file ? '' : fs.read(one);
    return !isFailure(text) && text.includes(name) && include.test(text);
  });
  const distance = (one: string): number => (dirname(one) === dirname(file) ? 0 : 1);
  return found.sort((a, b) => distance(a) - distance(b)).slice(0, MOST_INCLUDERS);
}
