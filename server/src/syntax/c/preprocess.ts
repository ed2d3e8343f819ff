/** A light C preprocessor over texts: it settles what it can for one target, and marks what it cannot as in doubt. */
import { createArms } from './arms.ts';
import type { Arms } from './arms.ts';
import { definednessValue, evaluateCondition } from './condition.ts';
import { directives } from './directives.ts';
import type { Directive } from './directives.ts';
import { createMacroTable, readDefinition } from './macros.ts';
import type { Macro, MacroTable, Place } from './macros.ts';
import { createOutput } from './output.ts';
import type { Output, Preprocessed } from './output.ts';
import { applyPragma, createPackState } from './pragmas.ts';
import type { PackState } from './pragmas.ts';
import { copyText } from './replace-text.ts';
import { readSource } from './source.ts';
import type { CSource } from './source.ts';
import { specialFor } from './specials.ts';
import { STANDARD_HEADERS, SYSTEM_HEADERS } from './system-headers.ts';
import { truth } from './values.ts';

/** A header that was found. */
export interface Found {
  /** Absolute path: one file is one path. */
  readonly file: string;
  readonly text: string;
}

export interface PreprocessInput {
  readonly file: string;
  readonly text: string;
  /** What the compiler and the command line define. */
  readonly predefined: readonly Macro[];
  /** Names that some compiler or target predefines: what is not in `predefined` is not defined here. */
  readonly knownNames: ReadonlySet<string>;
  /** Files that the command line includes in front of it. */
  readonly first?: readonly Found[];
  /** Finds a header by what stands between its signs; null where it is not there. */
  include(name: string, quoted: boolean, from: string): Found | null;
  /** What was made of files before, by path: it is used again where the text is the same. */
  readonly readings?: Map<string, FileReading>;
}

/** A file cut into its directives. */
export interface FileReading {
  readonly text: string;
  readonly source: CSource;
  readonly parts: readonly Directive[];
  /** The macro that keeps a second inclusion out; null without one. */
  readonly guard: string | null;
  /** The same, where other headers are included in front of it. */
  readonly ownGuard: string | null;
  /** `#pragma once` stands in it. */
  readonly pragmaOnce: boolean;
  /** Names behind `#define`. */
  readonly defines: ReadonlySet<string>;
  /** Of `#define`, by the place of the directive among the parts; null where it defines nothing. */
  readonly macros: Map<number, Macro | null>;
}

/** Headers within headers, as gcc allows them. */
const INCLUDE_DEPTH = 200;
const INCLUDES = 5_000;
/** UTF-16 units that are written at most. */
const OUTPUT = 64 << 20;

interface State {
  readonly input: PreprocessInput;
  readonly macros: MacroTable;
  readonly arms: Arms;
  readonly packs: PackState;
  readonly output: Output;
  readonly missing: Map<string, Place>;
  readonly files: Set<string>;
  readonly once: Set<string>;
  /** Files that are being read, each included by the one in front of it. */
  readonly open: Set<string>;
  /** What keeps a second inclusion out was in doubt when these were read: the names that they and what they include defined, all in doubt. */
  readonly doubtful: Map<string, readonly string[]>;
  /** Names as they are defined in doubt, one after the other. */
  readonly doubted: string[];
  readonly readings: Map<string, FileReading>;
  includes: number;
  counter: number;
  /** Of all macro replacements together. */
  steps: number;
  cut: string | null;
  /** For each condition the names that it asked for in vain, by these names in one text. */
  readonly undecided: Map<string, readonly string[]>;
}

export function preprocess(input: PreprocessInput): Preprocessed {
  const state: State = {
    input,
    macros: createMacroTable(input.predefined, input.knownNames),
    arms: createArms(),
    packs: createPackState(),
    output: createOutput(),
    missing: new Map(),
    files: new Set(),
    once: new Set(),
    open: new Set(),
    doubtful: new Map(),
    doubted: [],
    readings: input.readings ?? new Map<string, FileReading>(),
    includes: 0,
    counter: 0,
    steps: 0,
    cut: null,
    undecided: new Map(),
  };
  for (const { file, text } of input.first ?? []) readFile(file, text, state, 1);
  readFile(input.file, input.text, state, 0);
  const { missing, files, cut } = state;
  const { typesInDoubt } = state.macros;
  return state.output.finish({ missing, files, cut, undecided: undecidedIn(state), typesInDoubt });
}

/** What a file defines itself, under whatever condition, is its own matter: `#ifndef GEO_API`. */
function undecidedIn({ undecided, files, readings }: State): Preprocessed['undecided'] {
  const own = new Set<string>();
  for (const file of files) for (const name of readings.get(file)?.defines ?? []) own.add(name);
  const left = [...undecided.values()].map((names) => names.filter((name) => !own.has(name)));
  return left.filter((names) => names.length > 0);
}

function readFile(file: string, text: string, state: State, depth: number): void {
  const reading = readingOf(file, text, state.readings);
  const { source, parts, guard } = reading;
  if (state.once.has(file) || (guard !== null && state.macros.defined(guard) === true)) return;
  if (addsNothing(file, reading, state)) return;
  const before = state.doubted.length;
  state.open.add(file);
  if (!file.startsWith('<')) state.files.add(file);
  const outside = state.arms.depth;
  for (const [i, part] of parts.entries()) {
    if (state.cut !== null) break;
    if (part.name === '') copyText({ source, file, start: part.start, end: part.end }, state);
    else run(part, i, { reading, source, file, depth }, state);
    if (state.output.length > OUTPUT) state.cut = 'the header with what it includes is too long to be read';
  }
  // An `#if` ends with its file, whatever it says.
  state.arms.closeTo(outside);
  state.open.delete(file);
  const inDoubt = guard === null ? reading.pragmaOnce && state.arms.live !== true : typeof state.macros.defined(guard) === 'string';
  if (inDoubt) state.doubtful.set(file, state.doubted.slice(before));
}

/**
 * A file that leads to itself: where its guard may be defined, it is. And one that may have been read before, all of it in doubt: what it says
 * the second time is in doubt as well, and each of its macros still is.
 */
function addsNothing(file: string, { guard }: FileReading, { arms, open, doubtful, macros }: State): boolean {
  if (guard !== null && open.has(file) && macros.get(guard) !== undefined) return true;
  const names = doubtful.get(file);
  if (!names || (guard === null && arms.live === true)) return false;
  return names.every((name) => (macros.get(name)?.unsettled ?? null) !== null);
}

function readingOf(file: string, text: string, readings: Map<string, FileReading>): FileReading {
  const known = readings.get(file);
  if (known?.text === text) return known;
  const source = readSource(text);
  const parts = directives(source.text);
  const pragmaOnce = parts.some(({ name, rest }) => name === 'pragma' && /^\s*once\b/.test(rest));
  const guard = guardOf(source.text, parts);
  const ownGuard = guard ?? guardBehind(source.text, parts);
  const made: FileReading = { text, source, parts, guard, ownGuard, pragmaOnce, defines: definedIn(parts), macros: new Map() };
  readings.set(file, made);
  return made;
}

function definedIn(parts: readonly Directive[]): ReadonlySet<string> {
  return new Set(parts.flatMap(({ name, rest }) => (name === 'define' ? (/^\s*([\w$]+)/.exec(rest)?.[1] ?? []) : [])));
}

/** The macro of an include guard: `#ifndef X`, `#define X` at the start of a file. */
function guardOf(text: string, parts: readonly Directive[]): string | null {
  const [first, second, third] = parts.filter((one) => one.name !== '' || text.slice(one.start, one.end).trim() !== '');
  const opening = first?.name === 'pragma' && /^\s*once\b/.test(first.rest) ? second : first;
  const definition = opening === first ? second : third;
  const name = opening ? testedName(opening) : null;
  return name !== null && definition?.name === 'define' && new RegExp(`^\\s*${escaped(name)}(?![\\w$])`).test(definition.rest)
    ? name
    : null;
}

/** Of a file that includes others first and says all that it has to say between `#ifndef X`, `#define X` and its end. */
function guardBehind(text: string, all: readonly Directive[]): string | null {
  const parts = all.filter((one) => one.name !== '' || text.slice(one.start, one.end).trim() !== '');
  const from = parts.findIndex(({ name, rest }) => name !== 'include' && !(name === 'pragma' && /^\s*once\b/.test(rest)));
  let depth = 0;
  const end = parts.findIndex(({ name }, i) => {
    if (i >= from && /^if/.test(name)) depth++;
    return i >= from && name === 'endif' && --depth === 0;
  });
  return from > 0 && end === parts.length - 1 ? guardOf(text, parts.slice(from)) : null;
}

/** X of `#ifndef X` and `#if !defined(X)`. */
function testedName({ name, rest }: Directive): string | null {
  if (name === 'ifndef') return /^\s*([\w$]+)\s*$/.exec(rest)?.[1] ?? null;
  return name === 'if' ? (/^\s*!\s*defined\s*(?:\(\s*([\w$]+)\s*\)|([\w$]+))\s*$/.exec(rest)?.slice(1).find(Boolean) ?? null) : null;
}

function escaped(name: string): string {
  return name.replace(/\$/g, '\\$');
}

interface Around {
  readonly reading: FileReading;
  readonly source: CSource;
  readonly file: string;
  readonly depth: number;
}

/** `index`: of the directive among the file's parts. */
function run(part: Directive, index: number, around: Around, state: State): void {
  const { arms, macros } = state;
  const next = around.reading.parts[index + 1];
  const place = (): Place => ({ file: around.file, offset: around.source.toFile(part.start) });
  switch (part.name) {
    case 'if':
    case 'ifdef':
    case 'ifndef':
      arms.open(() => condition(part, next, around, state));
      return;
    case 'elif':
    case 'elifdef':
    case 'elifndef':
      arms.next(() => condition(part, next, around, state), false);
      return;
    case 'else':
      arms.next(() => true, true);
      return;
    case 'endif':
      arms.close();
      return;
  }
  if (arms.live === false) return;
  const doubt = arms.live === true ? null : arms.live;
  switch (part.name) {
    case 'define': {
      const macro = definition(part, index, around);
      if (macro) macros.set(doubt === null ? macro : { ...macro, unsettled: doubt });
      if (macro && doubt !== null) state.doubted.push(macro.name);
      return;
    }
    case 'undef': {
      const name = /^\s*([\w$\u0080-\uffff]+)/.exec(part.rest)?.[1];
      if (name !== undefined) macros.undefine(name, doubt);
      return;
    }
    case 'include':
    case 'include_next':
    case 'import':
      include(part, around, place(), state);
      return;
    case 'pragma':
      applyPragma(part.rest, around.file, doubt, state);
      return;
    case 'error':
      if (doubt === null && state.cut === null) state.cut = `\`#error${part.rest.replace(/\s+/g, ' ').trimEnd()}\` is reached`;
      return;
  }
}

function definition(part: Directive, index: number, { reading, source, file }: Around): Macro | null {
  const known = reading.macros.get(index);
  if (known !== undefined) return known;
  const made = readDefinition(part.rest, { file, offset: source.toFile(part.start) });
  reading.macros.set(index, made);
  return made;
}

function condition(part: Directive, next: Directive | undefined, around: Around, state: State): boolean | string {
  const holds = evaluated(part, next, around, state);
  const names = state.macros.takeUndecided();
  if (names.length > 0) state.undecided.set(names.join(' '), names);
  return holds;
}

function evaluated(part: Directive, next: Directive | undefined, around: Around, state: State): boolean | string {
  const { macros, input } = state;
  const bare = /^\s*([\w$\u0080-\uffff]+)/.exec(part.rest)?.[1] ?? '';
  const tested = testedName(part);
  // A file's own guard is not defined before the file is read, whatever was not found.
  if (tested !== null && tested === around.reading.ownGuard && macros.get(tested) === undefined) return true;
  if (tested !== null && defines(next, tested) && macros.get(tested) === undefined && state.missing.size === 0) return true;
  if (part.name.endsWith('def')) {
    const defined = truth(definednessValue(macros, bare));
    return typeof defined === 'string' || !part.name.endsWith('ndef') ? defined : !defined;
  }
  return evaluateCondition(part.rest, {
    macros,
    special: specialFor(around, part.start, state),
    hasInclude(header) {
      const name = header.slice(1, -1);
      return state.input.include(name, header.startsWith('"'), around.file) !== null || STANDARD_HEADERS.has(name) ? true : null;
    },
    hasFeature: (operator, name) =>
      /attribute$/.test(operator) && COMMON_ATTRIBUTES.has(name) && !input.knownNames.has('_MSC_VER') ? true : null,
  });
}

const COMMON_ATTRIBUTES = new Set([
  'packed',
  'aligned',
  'unused',
  'deprecated',
  'visibility',
  'noreturn',
  'format',
  'always_inline',
  'noinline',
  'weak',
]);

function defines(next: Directive | undefined, name: string): boolean {
  return next?.name === 'define' && new RegExp(`^\\s*${escaped(name)}(?![\\w$])`).test(next.rest);
}

function include(part: Directive, around: Around, at: Place, state: State): void {
  let written = part.rest.trim();
  if (!/^[<"]/.test(written)) {
    const macro = state.macros.get(written);
    written = macro?.params === null && macro.unsettled === null ? macro.body.map(({ text }) => text).join('') : written;
  }
  const found = /^(?:<([^>\n]+)>|"([^"\n]+)")/.exec(written);
  const name = found?.[1] ?? found?.[2];
  if (name === undefined || part.name === 'include_next') {
    miss(written, at, state);
    return;
  }
  const quoted = found?.[2] !== undefined;
  if (around.depth >= INCLUDE_DEPTH || ++state.includes > INCLUDES) {
    state.cut =
      around.depth >= INCLUDE_DEPTH ? `headers include each other without end (\`${name}\`)` : 'the header includes too many others';
    return;
  }
  // What is built in is what a compiler would find last for quotes, and among the first for angle brackets.
  const builtIn = SYSTEM_HEADERS.get(name);
  const header = builtIn !== undefined && !quoted ? null : state.input.include(name, quoted, around.file);
  if (header) readFile(header.file, header.text, state, around.depth + 1);
  else if (builtIn !== undefined) readFile(`<${name}>`, builtIn, state, around.depth + 1);
  else miss(found?.[0] ?? written, at, state);
}

function miss(header: string, at: Place, state: State): void {
  if (!state.missing.has(header)) state.missing.set(header, at);
  state.macros.missed(header.replace(/^[<"]|[>"]$/g, ''));
}
