/** The layouts of the C types of a set of headers, computed for one target. Of a large library only what is asked about is read. */
import { cLayouts } from '../../abi/c-layouts.ts';
import type { LayoutEntries, TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import { glance } from '../../abi/peers/header-glance.ts';
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import type { Config } from '../../config/config.ts';
import type { CUnit } from '../../model/c/ast.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { FileSet } from '../session.types.ts';
import { createCFlags } from './c-flags.ts';
import { createCUnits, settingsOf } from './c-units.ts';
import type { KeptReadings } from './kept-readings.ts';
import { MANY, wantedHeaders } from './wanted-headers.ts';

export interface CEntriesInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly files: FileSet;
  configFor(path: string): Config;
  readonly cancellation: Cancellation;
  readonly kept?: KeptReadings;
}

export interface CEntries extends LayoutEntries {
  /** Names that functions and variables have. */
  readonly symbols: readonly string[];
}

/** What is asked about: these headers, and the types of these names wherever they are. */
export interface Asked {
  readonly files: ReadonlySet<string>;
  readonly names: readonly string[];
}

/** `headers`: those whose types are wanted; with `asked` null all of them. What cannot be read goes to `problems`. */
export function computeC(
  input: CEntriesInput,
  target: Target,
  headers: readonly string[],
  asked: Asked | null,
  problems: Problem[],
): CEntries {
  const { fs, parsers, files, configFor, cancellation, kept } = input;
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  const symbols: string[] = [];
  const units = createCUnits(fs, files.headers, parsers);
  const flags = createCFlags({ fs, manifests: files.manifests, configFor });
  // A source's own types are nobody else's: they are shown where one asks for it.
  const candidates = headers.filter((file) => /\.(h|hpp)$/.test(file) || asksFor(file, files));
  const add = (file: string): void => {
    const settings = settingsOf(flags.of(file));
    const read = () => units.read(file, target, settings);
    const unit = kept ? kept.unit(file, target, settings, read) : read();
    if (!unit) {
      const failed = fs.read(file);
      if (isFailure(failed)) problems.push({ file, message: failed.failure });
      return;
    }
    const made = cLayouts(unit, target, (other) => other === file);
    types.push(...made.types);
    unknown.push(...made.unknown, ...cutShort(unit, target));
    symbols.push(...unit.symbols.filter(({ at, internal }) => at.file === file && !internal).map(({ name }) => name));
  };

  const addAll = (some: readonly string[]): void => {
    for (const file of some) {
      if (cancellation.cancelled) break;
      add(file);
    }
  };

  if (candidates.length <= MANY) {
    addAll(candidates);
    return { types, unknown, symbols };
  }
  const textOf = (file: string): string | null => {
    const text = fs.read(file);
    return isFailure(text) ? null : text;
  };
  const isNamed = (file: string): boolean => asked?.files.has(file) === true;
  const named = candidates.filter(isNamed);
  // Of a whole folder that is named, those that define nothing add nothing.
  const few = named.length <= MANY ? null : wantedHeaders(named, textOf, null);
  addAll(named.filter((file) => few?.has(file) !== false));
  const rest = candidates.filter((file) => !isNamed(file));
  const names = asked && [...asked.names, ...namesOf({ types, unknown })];
  const wanted = wantedHeaders(rest, textOf, names);
  addAll(rest.filter((file) => wanted.has(file)));
  // What shares its beginning with a type gives it away as a prefix, also where the rest of a header is not read.
  for (const file of candidates)
    if (!(isNamed(file) ? (few?.has(file) ?? true) : wanted.has(file))) symbols.push(...glance(textOf(file) ?? '').declared);
  return { types, unknown, symbols };
}

export function namesOf({ types, unknown }: LayoutEntries): readonly string[] {
  return [...types, ...unknown].map(({ name }) => name);
}

/** By name: among others, or with nothing else at hand. */
function asksFor(file: string, { report, headers, rust }: FileSet): boolean {
  return report === null ? headers.length === 1 && rust.length === 0 : report.has(file);
}

/** A header of which not all was read is told among what is unknown, under its own name. */
function cutShort({ file, cut }: CUnit, target: Target): readonly UnknownType[] {
  if (cut === null) return [];
  const name = file.slice(file.lastIndexOf('/') + 1);
  return [{ language: 'c', name, at: { file, span: { start: 0, end: 0 } }, target: target.triple, reason: cut }];
}
