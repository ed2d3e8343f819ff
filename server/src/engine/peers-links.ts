/** Links Rust functions with the declarations that mean them, and keeps what was decided while nothing changes on which it rests. */
import { addTo } from '../base/groups.ts';
import type { Glance } from '../abi/peers/header-glance.ts';
import { isJoined, wordsOf } from '../abi/peers/joined-names.ts';
import { NOTHING, decide, isAside } from '../abi/peers/link.ts';
import type { Decision } from '../abi/peers/link.ts';
import type { PeerFile, PeerFn } from '../abi/peers/peers.ts';
import { isSystemName } from '../abi/peers/system-names.ts';
import { isCFile } from '../base/c-files.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Config } from '../config/config.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { CrateReader } from './peers-crates.ts';
import { createFnFolders, createSurroundings } from './peers-surroundings.ts';

/** C sources that are read, in UTF-16 units: longer ones are amalgamations of a library that has headers. */
const LONGEST_SOURCE = 256 << 10;

export interface LinkerInput {
  readonly fs: FileSystem;
  readonly crates: CrateReader;
  configFor(path: string): Config;
  look(path: string): Glance;
  around(path: string): readonly string[];
  inFile(path: string): PeerFile | null;
  /** The functions of a name that a header declares only where macros are defined that nothing defines. */
  conditional(symbol: string, path: string): readonly PeerFn[];
}

export interface Linker {
  /** For one picture: what is decided of a function whose symbols are listed in `bySymbol`. */
  decisions(workspace: Workspace, bySymbol: ReadonlyMap<string, readonly BoundaryFn[]>): (fn: BoundaryFn) => Decision;
  open(headers: readonly string[]): void;
  /** These files say something else, or `crates` of the headers. */
  changed(files: readonly string[], crates: boolean): void;
}

/** All that decisions rest on beside the functions and their declarations: another object where any of it may be another. */
interface Grounds {
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly hasLinks: boolean;
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of headers whose macros make names; null until somebody asks. */
  pasted: ReadonlyMap<string, readonly string[]> | null;
}

interface Decided {
  /** null where its declarations may be others. */
  readonly grounds: Grounds | null;
  readonly said: readonly PeerFn[];
  readonly facts: unknown;
  readonly others: readonly string[];
  readonly decision: Decision;
  /** Which sources of a common name are read depends on all functions of that name. */
  readonly isCommon: boolean;
}

/** Declarations of a symbol, with the files that they were looked for in. */
interface Declared {
  readonly hasLinks: boolean;
  readonly named: readonly string[];
  readonly files: readonly (PeerFile | null)[];
  readonly made: readonly PeerFn[];
}

interface Names {
  readonly symbols: string;
  readonly made: ReadonlyMap<string, readonly string[]>;
  /** What each header declares at a glance. */
  readonly from: ReadonlyMap<string, ReadonlySet<string>>;
}

export function createLinker({ fs, crates, configFor, look, around, inFile, conditional }: LinkerInput): Linker {
  let headers: readonly string[] = [];
  let decided = new WeakMap<BoundaryFn, Decided>();
  const declared = new Map<string, Declared>();
  const foldersOf = createFnFolders();
  let grounds: Grounds | null = null;
  let names: Names | null = null;
  /** C files that changed since the grounds were last asked for. */
  const touched = new Set<string>();

  function namesOf(bySymbol: ReadonlyMap<string, unknown>, symbols: string): ReadonlyMap<string, readonly string[]> {
    if (
      names?.symbols === symbols &&
      [...touched].every((path) => !names?.from.has(path) || isSame(look(path).declared, names.from.get(path)))
    )
      return names.made;
    const from = new Map(headers.map((path) => [path, look(path).declared]));
    names = { symbols, made: indexNames(from, bySymbol), from };
    return names.made;
  }

  function groundsFor(workspace: Workspace, bySymbol: ReadonlyMap<string, readonly BoundaryFn[]>): Grounds {
    const symbols = [...bySymbol.keys()].join(' ');
    const hasLinks = workspace.crates.some(({ root }) => configFor(root.file.path).project.links.length > 0);
    const folders = foldersOf(workspace);
    const before = grounds;
    const made = namesOf(bySymbol, symbols);
    if (before?.names === made && before.hasLinks === hasLinks && before.folders === folders) {
      if (touched.size > 0) outdate(before, bySymbol);
    } else {
      grounds = { names: made, hasLinks, folders, pasted: null };
    }
    touched.clear();
    return grounds ?? { names: made, hasLinks, folders, pasted: null };
  }

  /** What is declared in files that changed is decided anew, and what may be made by macros. */
  function outdate(now: Grounds, bySymbol: ReadonlyMap<string, readonly BoundaryFn[]>): void {
    now.pasted = null;
    for (const [symbol, fns] of bySymbol) {
      if (now.names.get(symbol)?.some((path) => touched.has(path)) === false) continue;
      for (const fn of fns) {
        const known = decided.get(fn);
        if (known) decided.set(fn, { ...known, grounds: null });
      }
    }
  }

  function decisions(workspace: Workspace, bySymbol: ReadonlyMap<string, readonly BoundaryFn[]>): (fn: BoundaryFn) => Decision {
    const now = groundsFor(workspace, bySymbol);
    /** Where the configuration says which headers are meant, all are looked at. */
    const publicOnes = (paths: readonly string[]): readonly string[] => (now.hasLinks ? paths : withoutInsides(paths));
    const candidates = (symbol: string): readonly string[] => {
      const direct = now.names.get(symbol);
      if (direct) return direct;
      now.pasted ??= indexMade(mayMake(publicOnes(headers.filter(isPasting))), inFile, bySymbol);
      return now.pasted.get(symbol) ?? [];
    };
    /** Those whose words make up a name that no header writes out. */
    const mayMake = (paths: readonly string[]): readonly string[] => {
      const known = new Map<string, ReadonlySet<string>>();
      const wordsIn = (path: string): ReadonlySet<string> => {
        const text = known.has(path) ? '' : fs.read(path);
        const words = known.get(path) ?? wordsOf(isFailure(text) ? '' : text);
        known.set(path, words);
        return words;
      };
      const wordsAround = (some: readonly string[]): ReadonlySet<string> => {
        const out = new Set<string>();
        for (const path of new Set(some.flatMap(around))) for (const word of wordsIn(path)) out.add(word);
        return out;
      };
      const all = wordsAround(paths);
      const missing = [...bySymbol.keys()].filter((symbol) => !now.names.has(symbol) && isJoined(symbol, all));
      return missing.length === 0
        ? []
        : paths.filter((path) => {
            const words = wordsAround([path]);
            return missing.some((symbol) => isJoined(symbol, words));
          });
    };
    /** Headers whose macros make names, beside others that are met. */
    const isPasting = (path: string): boolean =>
      path.endsWith('.h') && around(path).some((one) => look(one).pastes) && [...now.names.values()].some((list) => list.includes(path));
    const declarations = (symbol: string): readonly PeerFn[] => {
      const named = candidates(symbol);
      const files = named.map(inFileButSources);
      const before = declared.get(symbol);
      if (before?.hasLinks === now.hasLinks && equal(before.named, named) && equal(before.files, files)) return before.made;
      const said = (paths: readonly string[]) =>
        paths.flatMap((path) => inFile(path)?.functions.filter((one) => one.symbol === symbol) ?? []);
      // C sources are read for what no header declares: with all that they include they are long, and say the same.
      const written = named.filter((path) => !path.endsWith('.c'));
      const shown = said(publicOnes(written));
      const stated = shown.length > 0 ? shown : said(written);
      if (stated.length > 0) declared.set(symbol, { hasLinks: now.hasLinks, named, files, made: stated });
      else declared.delete(symbol);
      const isMeant = (path: string): boolean => !isSystemName(symbol) || (bySymbol.get(symbol) ?? []).some((fn) => mayLink(fn, path));
      const sources = (): readonly PeerFn[] =>
        said(named.filter((path) => path.endsWith('.c') && look(path).length <= LONGEST_SOURCE && isMeant(path)));
      const found = stated.length > 0 ? stated : sources();
      return found.length > 0 ? found : written.flatMap((path) => conditional(symbol, path));
    };
    const bySymbolOnce = new Map<string, readonly PeerFn[]>();
    const declarationsOnce = (symbol: string): readonly PeerFn[] => {
      const made = bySymbolOnce.get(symbol) ?? declarations(symbol);
      bySymbolOnce.set(symbol, made);
      return made;
    };
    const surroundings = createSurroundings(workspace, crates, configFor, now.folders);
    /** Whether the configuration or the crate names the very file: a name of the C library is not linked by itself. */
    const mayLink = (fn: BoundaryFn, path: string): boolean => {
      const { configured, facts } = surroundings.of(fn);
      return configured.some((link) => link.isHeader(path)) || facts?.paths.includes(path) === true;
    };
    return (fn) => {
      // Where there are no headers, nothing declares anything, and only a configuration could say that it should.
      const { file } = fn.item;
      if (headers.length === 0 && configFor(file.origin?.call.file ?? file.path).project.links.length === 0) return NOTHING;
      const before = decided.get(fn);
      if (before?.grounds === now && !before.isCommon) return before.decision;
      const said = fn.symbol === null ? [] : declarationsOnce(fn.symbol);
      const { facts, others, ...rest } = surroundings.of(fn);
      const same = before && before.facts === facts && equal(before.said, said) && equal(before.others, others);
      const decision = same ? before.decision : decide(fn, { ...rest, facts, others, declarations: said });
      const isCommon = before?.isCommon ?? (fn.symbol !== null && isSystemName(fn.symbol));
      decided.set(fn, { grounds: now, said, facts, others, decision, isCommon });
      return decision;
    };
  }

  /** C sources are not read to see whether they are the same. */
  function inFileButSources(path: string): PeerFile | null {
    return path.endsWith('.c') ? null : inFile(path);
  }

  return {
    decisions,
    open(next) {
      headers = next;
      decided = new WeakMap();
      declared.clear();
      grounds = null;
      names = null;
      touched.clear();
    },
    changed(files, crates) {
      if (crates) grounds = null;
      for (const path of files) if (isCFile(path)) touched.add(path);
    },
  };
}

/** Of lists of the same things in the same order. */
export function equal<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((one, i) => one === b[i]));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (b !== undefined && a.size === b.size && [...a].every((one) => b.has(one)));
}

/** Those in folders for what others include, where there are some: a library's own insides say the same, at great length. */
function withoutInsides(paths: readonly string[]): readonly string[] {
  // Those of tests and of vendored libraries are no better than others.
  const shown = paths.filter((path) => /\/include\//.test(path) && !isAside(path));
  return shown.length > 0 ? shown : paths;
}

/** For each symbol the headers that may declare it. */
function indexNames(
  from: ReadonlyMap<string, ReadonlySet<string>>,
  symbols: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const [path, declared] of symbols.size > 0 ? from : []) {
    for (const name of declared) if (symbols.has(name)) addTo(out, name, path);
  }
  return out;
}

/** The same for names that no header writes out: what its macros make of them is seen by reading it. */
function indexMade(
  headers: readonly string[],
  inFile: (path: string) => PeerFile | null,
  symbols: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const path of headers) {
    for (const { symbol } of inFile(path)?.functions ?? []) if (symbols.has(symbol)) addTo(out, symbol, path);
  }
  return out;
}
