/** The layouts of the boundary types of a set of files, in Rust, C and Python, for one or more targets: computed, and measured where asked. */
import type { LayoutEntries, LayoutLanguageName, TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { LayoutReport } from '../../abi/layout-report.ts';
import type { Measurers } from '../../abi/measured.ts';
import { mergeMeasured } from '../../abi/measured.ts';
import { pairLayouts } from '../../abi/pairs.ts';
import type { LayoutPair } from '../../abi/pairs.ts';
import { pythonLayouts } from '../../abi/python-layouts.ts';
import { rustLayouts } from '../../abi/rust-layouts.ts';
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname } from '../../base/paths.ts';
import type { Problem } from '../../base/problem.ts';
import type { Config } from '../../config/config.ts';
import { readPyModule } from '../../model/extract/python/read-module.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { FileSet, Snapshot } from '../session.types.ts';
import { computeC, namesOf } from './c-entries.ts';
import type { Asked } from './c-entries.ts';
import type { KeptReadings } from './kept-readings.ts';
import { MANY, wantedHeaders } from './wanted-headers.ts';

export interface LayoutsInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly files: FileSet;
  readonly snapshot: Snapshot;
  /** The configuration that holds for a file. */
  configFor(path: string): Config;
  readonly targets: readonly Target[];
  /** A type by its name; null for all. */
  readonly type: string | null;
  readonly cancellation: Cancellation;
  readonly measurers: Measurers;
  /** From one call to the next; without it everything is read anew. */
  readonly kept?: KeptReadings;
}

export interface Layouts {
  readonly report: LayoutReport;
  readonly problems: readonly Problem[];
  /** Why something could not be measured, and where measured layouts contradict computed ones. */
  readonly measuring: readonly Problem[];
  /** A file that was asked about could not be read. */
  readonly incomplete: boolean;
}

/** By language the files whose types are measured; null for all. */
type Scope = Readonly<Record<LayoutLanguageName, ReadonlySet<string> | null>>;

/** What was computed for one target. */
interface Side {
  readonly languages: Readonly<Record<LayoutLanguageName, LayoutEntries>>;
  readonly symbols: readonly string[];
}

export async function readLayouts(input: LayoutsInput): Promise<Layouts> {
  const { targets, files, snapshot } = input;
  const problems: Problem[] = [...snapshot.problems];
  const asked = (file: string): boolean => files.report === null || files.report.has(file);
  const wanted = (name: string): boolean => input.type === null || sameName(name, input.type);
  const packages = [...new Set(files.manifests.map(dirname))];
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  const pairs: LayoutPair[] = [];
  const measuring: Problem[] = [];
  for (const target of targets) {
    if (input.cancellation.cancelled) break;
    const side = computeSide(input, target, problems, input);
    const all = await measureSide(input, side, target, scopeOf(side), measuring);
    const made = pairLayouts(all.types, { packages, symbols: side.symbols }).filter((pair) =>
      membersOf(pair).some((one) => asked(one.at.file) && wanted(one.name)),
    );
    const peers = new Set(made.flatMap(membersOf));
    types.push(...all.types.filter((one) => (asked(one.at.file) && wanted(one.name)) || peers.has(one)));
    unknown.push(...all.unknown.filter((one) => asked(one.at.file) && wanted(one.name)));
    pairs.push(...made);
  }
  const told = unique(problems);

  /** The files whose types are to be measured; null for all of them. */
  function scopeOf({ languages, symbols }: Side): Scope {
    const whole = files.report === null && input.type === null;
    const all = Object.values(languages).flatMap(({ types: laid, unknown: lost }) => [...laid, ...lost.map(unlaid)]);
    const members = pairLayouts(all, { packages, symbols }).map(membersOf);
    // What a package bundles is often a whole library: of that only what means a type of its own is asked about.
    if (whole) return { rust: null, c: files.headers.length > MANY ? filesOf(members.flat()) : null, python: null };
    const meant = all.filter((one) => asked(one.at.file) && wanted(one.name));
    if (meant.length === 0 && input.type !== null) return scopeOfUnseen(input.type, input);
    const found = new Set([...filesOf(meant), ...filesOf(members.filter((pair) => pair.some((one) => meant.includes(one))).flat())]);
    if (input.type === null) for (const file of files.report ?? []) found.add(file);
    return { rust: found, c: found, python: found };
  }

  return {
    report: { targets: targets.map(({ triple }) => triple), types, unknown, pairs },
    problems: told,
    measuring: unique(measuring),
    incomplete: told.some(({ file }) => asked(file)),
  };
}

/** Where a type may be that only a compiler sees: in any crate, for macros and build scripts make names; elsewhere its name is written. */
function scopeOfUnseen(type: string, { fs, files }: Pick<LayoutsInput, 'fs' | 'files'>): Scope {
  const textOf = (file: string): string | null => {
    const text = fs.read(file);
    return isFailure(text) ? null : text;
  };
  const last = type.slice(type.lastIndexOf('.') + 1).toLowerCase();
  const python = files.python.filter((file) => textOf(file)?.toLowerCase().includes(last));
  return { rust: null, c: wantedHeaders(files.headers, textOf, [type]), python: new Set(python) };
}

/** Stands for a type whose layout only a compiler may tell. */
function unlaid({ reason: _, ...one }: UnknownType): TypeLayout {
  const layout = { kind: 'layout', size: 0, align: 1, fields: [], padding: 0 } as const;
  return { ...one, kind: 'struct', provenance: 'computed', layout, written: new Map() };
}

function filesOf(types: readonly TypeLayout[]): ReadonlySet<string> {
  return new Set(types.map(({ at }) => at.file));
}

export function membersOf({ rust, c, python }: LayoutPair): readonly TypeLayout[] {
  return [rust, c, python].filter((one) => one !== null);
}

export interface MeasuredPicture {
  /** Of types that were computed as well as measured, the measured ones. */
  readonly entries: LayoutEntries;
  readonly problems: readonly Problem[];
}

/** What findings go by: the Rust types of a picture, and the types of other languages that mean one of them, measured for one target. */
export async function measurePicture(
  input: Pick<LayoutsInput, 'fs' | 'parsers' | 'files' | 'snapshot' | 'configFor' | 'measurers' | 'cancellation'>,
  target: Target,
): Promise<MeasuredPicture> {
  const { snapshot } = input;
  const peers = new Set(snapshot.peers.types.map(({ peer }) => peer.file));
  const known = (file: string): boolean => peers.has(file);
  const { headers, python } = input.files;
  const side = computeSide({ ...input, files: { ...input.files, python: python.filter(known) } }, target, [], null, headers.filter(known));
  const problems: Problem[] = [];
  const entries = await measureSide(input, side, target, { rust: null, c: peers, python: null }, problems);
  return { entries, problems };
}

/** What was computed, with what was measured in its place. */
async function measureSide(
  input: Pick<LayoutsInput, 'snapshot' | 'files' | 'measurers' | 'cancellation'>,
  { languages }: Side,
  target: Target,
  scope: Scope,
  problems: Problem[],
): Promise<LayoutEntries> {
  const { snapshot, files, cancellation, measurers } = input;
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  for (const language of ['rust', 'c', 'python'] as const) {
    const computed = languages[language];
    const measure = measurers[language];
    let entries = computed;
    if (measure && !cancellation.cancelled) {
      const { workspace, surface } = snapshot;
      const { headers, python } = files;
      const measured = await measure({ workspace, surface, target, computed, headers, python, files: scope[language], cancellation });
      const merged = mergeMeasured(computed, measured);
      entries = merged.entries;
      problems.push(...measured.problems, ...merged.problems);
    }
    types.push(...entries.types);
    unknown.push(...entries.unknown);
  }
  return { types, unknown };
}

/** What is asked about beyond the files at hand. */
type Question = Pick<LayoutsInput, 'type'>;

/** `headers`: those whose types are wanted. `question`: null where all of them are. */
function computeSide(
  input: Pick<LayoutsInput, 'fs' | 'parsers' | 'files' | 'snapshot' | 'configFor' | 'kept' | 'cancellation'>,
  target: Target,
  problems: Problem[],
  question: Question | null,
  headers: readonly string[] = input.files.headers,
): Side {
  const { fs, parsers, files, snapshot, kept } = input;
  const rust = rustLayouts(snapshot.workspace, snapshot.surface, target);
  const python = { types: [] as TypeLayout[], unknown: [] as UnknownType[] };
  const unread: Problem[] = [];
  for (const file of files.python) {
    const text = fs.read(file);
    if (isFailure(text)) {
      unread.push({ file, message: text.failure });
      continue;
    }
    const read = () => readPyModule(file, text, parsers);
    const made = pythonLayouts(kept ? kept.module(file, text, read) : read(), target);
    python.types.push(...made.types);
    python.unknown.push(...made.unknown);
  }
  const { symbols, ...c } = computeC(input, target, headers, question && askedOf(files, question, [rust, python]), problems);
  problems.push(...unread);
  return { languages: { rust, c, python }, symbols };
}

/** By name where a type is asked for, by what the files hold where files are; null where all is asked about. */
function askedOf({ report }: FileSet, { type }: Question, sides: readonly LayoutEntries[]): Asked | null {
  if (type !== null) return { files: new Set(), names: [type, type.toLowerCase()] };
  if (report === null) return null;
  const within = <T extends Pick<TypeLayout, 'at'>>(list: readonly T[]): readonly T[] => list.filter(({ at }) => report.has(at.file));
  const names = sides.flatMap(({ types, unknown }) => namesOf({ types: within(types), unknown: within(unknown) }));
  return { files: report, names };
}

function sameName(name: string, asked: string): boolean {
  return name === asked || name.slice(name.lastIndexOf('.') + 1) === asked || name.toLowerCase() === asked.toLowerCase();
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, message }) => !seen.has(`${file}\n${message}`) && seen.add(`${file}\n${message}`));
}
