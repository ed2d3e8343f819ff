/** Reads headers and bindings when somebody asks what they say, and keeps it while the files stay as they are. */
import { cNameOf } from '../abi/peers/crate-facts.ts';
import { generatedBy } from '../abi/peers/header-glance.ts';
import type { Glance } from '../abi/peers/header-glance.ts';
import { isJoined, wordsOf } from '../abi/peers/joined-names.ts';
import { decide, isAside } from '../abi/peers/link.ts';
import type { Decision } from '../abi/peers/link.ts';
import type { LinkedFn, LinkedType, PeerFile, PeerFn, Peers, PeerType, Signature } from '../abi/peers/peers.ts';
import { pythonPeerFile } from '../abi/peers/python-file.ts';
import { pythonPeerTypes } from '../abi/peers/python-types.ts';
import { createRustSide } from '../abi/peers/rust-side.ts';
import { isSystemName } from '../abi/peers/system-names.ts';
import { targetOf } from '../abi/targets.ts';
import type { Target } from '../abi/targets.ts';
import { isCFile } from '../base/c-files.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Config } from '../config/config.ts';
import { globMatcher } from '../config/globs.ts';
import { readPyModule } from '../model/extract/python/read-module.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { typesOf } from './peer-types.ts';
import { createCrateReader } from './peers-crates.ts';
import { createHeaderReader } from './peers-headers.ts';
import { createSurroundings } from './peers-surroundings.ts';

export interface PeerSources {
  open(headers: readonly string[], python: readonly string[], manifests: readonly string[]): void;
  changed(paths: readonly string[]): void;
  /** For one picture of the Rust side. */
  peers(workspace: Workspace, surface: Surface): EnginePeers;
}

/** What the engine needs of the peers beside what rules see. */
export interface EnginePeers extends Peers {
  /** Headers with something that a Rust function meets, sorted. */
  headers(): readonly string[];
  /** Python files that use ctypes or cffi, sorted. */
  pythonFiles(): readonly string[];
  module(path: string): PyModule | null;
}

/** Where nothing says what code is built for. */
const USUAL = 'x86_64-unknown-linux-gnu';
/** What is right here may be wrong on these: one of each data model and calling convention in wide use. */
const ELSEWHERE = [
  'x86_64-unknown-linux-gnu',
  'aarch64-unknown-linux-gnu',
  'aarch64-apple-darwin',
  'x86_64-pc-windows-msvc',
  'i686-unknown-linux-gnu',
  'i686-pc-windows-msvc',
  'armv7-unknown-linux-gnueabihf',
  'wasm32-unknown-unknown',
];

/** C sources that are read, in UTF-16 units: longer ones are amalgamations of a library that has headers. */
const LONGEST_SOURCE = 256 << 10;

export interface PeerInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  configFor(path: string): Config;
  /** That findings are for. */
  readonly triples: readonly string[];
}

export function createPeerSources({ fs, parsers, configFor, triples }: PeerInput): PeerSources {
  const wanted = triples.length > 0 ? triples : [USUAL];
  const targets = [...new Set(wanted)].flatMap((triple) => targetOf(triple) ?? []);
  const elsewhere = ELSEWHERE.filter((triple) => !wanted.includes(triple)).flatMap((triple) => targetOf(triple) ?? []);
  const reader = createHeaderReader({ fs, parsers, configFor });
  const files = new Map<string, PeerFile | null>();
  const modules = new Map<string, PyModule | null>();
  const crates = createCrateReader(fs);
  /** While the Rust side stays the same: decisions with the declarations that they rest on. */
  let decided = new WeakMap<BoundaryFn, { readonly said: readonly PeerFn[]; readonly decision: Decision }>();
  const rustSides = new WeakMap<Workspace, ReturnType<typeof createRustSide>>();
  let headers: readonly string[] = [];
  let python: readonly string[] = [];

  function declaredOn(peer: PeerFn, target: Target): readonly Signature[] {
    if (peer.language !== 'c') return [];
    return reader.file(peer.file, [target])?.functions.find(({ symbol }) => symbol === peer.symbol)?.signatures ?? [];
  }

  function variantsOf(peer: PeerFn, target: Target): ReturnType<Peers['variantsOf']> {
    if (peer.language !== 'c') return [];
    return reader.variants(peer.file, target).flatMap(({ file, lacking }) => {
      const found = file.functions.filter(({ symbol }) => symbol === peer.symbol);
      return found.flatMap(({ signatures }) => signatures.map((one) => ({ ...one, lacking })));
    });
  }

  function typeVariantsOf(peer: PeerType, target: Target): ReturnType<Peers['typeVariantsOf']> {
    if (peer.language !== 'c') return [];
    return reader.variants(peer.file, target).flatMap(({ file, lacking }) => {
      const found = file.types.filter(({ name, kind }) => name === peer.name && kind === peer.kind);
      return found.flatMap(({ defs }) => [...defs.values()].map((one) => ({ ...one, lacking })));
    });
  }

  /** Declared only where macros are defined that nothing defines. */
  function conditional(symbol: string, path: string): readonly PeerFn[] {
    const all = targets.flatMap((target) => reader.variants(path, target).flatMap(({ file }) => file.functions));
    const found = all.filter((fn) => fn.symbol === symbol);
    const [first] = found;
    const doubt = `\`${symbol}\` is declared only where a macro is defined that nothing defines`;
    return first ? [{ ...first, signatures: found.flatMap((fn) => fn.signatures.map((one) => ({ ...one, doubt }))) }] : [];
  }

  function definedOn(peer: PeerType, target: Target): ReturnType<Peers['definedOn']> {
    if (peer.language !== 'c') {
      const made = module(peer.file);
      return made
        ? (pythonPeerTypes(made, [target])
            .find(({ name }) => name === peer.name)
            ?.defs.get(target.triple) ?? null)
        : null;
    }
    const file = reader.file(peer.file, [target]);
    return file?.types.find(({ name, kind }) => name === peer.name && kind === peer.kind)?.defs.get(target.triple) ?? null;
  }

  function module(path: string): PyModule | null {
    const known = modules.get(path);
    if (known !== undefined) return known;
    const text = fs.read(path);
    const { dispatchers } = configFor(path).project;
    const reaches = !isFailure(text) && (/\b(?:ctypes|cffi)\b/.test(text) || dispatchers.some(({ callee }) => text.includes(callee)));
    const made = reaches ? readPyModule(path, text, parsers, dispatchers) : null;
    modules.set(path, made);
    return made;
  }

  function pythonFile(path: string): PeerFile | null {
    const made = module(path);
    const text = made ? fs.read(path) : '';
    return made ? pythonPeerFile(made, targets, generatedBy(isFailure(text) ? '' : text.slice(0, 2000))) : null;
  }

  function inFile(path: string): PeerFile | null {
    const known = files.get(path);
    if (known !== undefined) return known;
    const made = /\.pyi?$/.test(path) ? pythonFile(path) : reader.file(path, targets);
    files.set(path, made);
    return made;
  }

  /** Kept over pictures: most edits change neither the headers nor the symbols. */
  let lastNames: { readonly symbols: string; readonly made: ReadonlyMap<string, readonly string[]> } | null = null;
  function namesOf(bySymbol: ReadonlyMap<string, unknown>): ReadonlyMap<string, readonly string[]> {
    const symbols = [...bySymbol.keys()].join(' ');
    if (lastNames?.symbols !== symbols) lastNames = { symbols, made: indexNames(headers, reader.look, bySymbol) };
    return lastNames.made;
  }

  function peers(workspace: Workspace, surface: Surface): EnginePeers {
    const bySymbol = new Map<string, BoundaryFn[]>();
    for (const fn of surface.functions) {
      if (fn.symbol === null || fn.role === 'callback') continue;
      bySymbol.set(fn.symbol, [...(bySymbol.get(fn.symbol) ?? []), fn]);
    }
    let naming: ReadonlyMap<string, readonly string[]> | null = null;
    let hasLinks: boolean | null = null;
    /** Where the configuration says which headers are meant, all are looked at. */
    const publicOnes = (paths: readonly string[]): readonly string[] => {
      hasLinks ??= workspace.crates.some(({ root }) => configFor(root.file.path).project.links.length > 0);
      return hasLinks ? paths : withoutInsides(paths);
    };
    const candidates = (symbol: string): readonly string[] => {
      naming ??= namesOf(bySymbol);
      const direct = naming.get(symbol);
      if (direct) return direct;
      pasted ??= indexMade(mayMake(publicOnes(headers.filter(isPasting))), (path) => inFile(path), bySymbol);
      return pasted.get(symbol) ?? [];
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
        for (const path of new Set(some.flatMap(reader.around))) for (const word of wordsIn(path)) out.add(word);
        return out;
      };
      const all = wordsAround(paths);
      const missing = [...bySymbol.keys()].filter((symbol) => !naming?.has(symbol) && isJoined(symbol, all));
      return missing.length === 0
        ? []
        : paths.filter((path) => {
            const words = wordsAround([path]);
            return missing.some((symbol) => isJoined(symbol, words));
          });
    };
    /** Headers whose macros make names, beside others that are met. */
    const isPasting = (path: string): boolean =>
      path.endsWith('.h') &&
      reader.around(path).some((one) => reader.look(one).pastes) &&
      [...(naming?.values() ?? [])].some((list) => list.includes(path));
    let pasted: ReadonlyMap<string, readonly string[]> | null = null;
    const declared = new Map<string, readonly PeerFn[]>();
    const declarations = (symbol: string): readonly PeerFn[] => {
      const known = declared.get(symbol);
      if (known) return known;
      const said = (paths: readonly string[]) =>
        paths.flatMap((path) => inFile(path)?.functions.filter((one) => one.symbol === symbol) ?? []);
      const named = candidates(symbol);
      // C sources are read for what no header declares: with all that they include they are long, and say the same.
      const written = named.filter((path) => !path.endsWith('.c'));
      const shown = said(publicOnes(written));
      const stated = shown.length > 0 ? shown : said(written);
      const isMeant = (path: string): boolean => !isSystemName(symbol) || (bySymbol.get(symbol) ?? []).some((fn) => mayLink(fn, path));
      const sources = (): readonly PeerFn[] =>
        said(named.filter((path) => path.endsWith('.c') && reader.look(path).length <= LONGEST_SOURCE && isMeant(path)));
      const found = stated.length > 0 ? stated : sources();
      const made = found.length > 0 ? found : written.flatMap((path) => conditional(symbol, path));
      declared.set(symbol, made);
      return made;
    };
    /** Python files with the crates whose exported symbols they mention. */
    const usersOf = (symbols: ReadonlyMap<string, readonly BoundaryFn[]>) =>
      python.flatMap((path) => {
        const text = module(path) ? fs.read(path) : '';
        const words = new Set(isFailure(text) ? [] : (text.match(/\b[A-Za-z_]\w{3,}\b/g) ?? []));
        const met = [...words].flatMap((word) => symbols.get(word) ?? []).filter(({ role }) => role === 'export');
        return met.length === 0 ? [] : [{ path, crates: new Set(met.map(({ item }) => item.module.crate.root.file.path)) }];
      });
    const configuredFor = ({ crates: all }: Workspace) =>
      all.flatMap(({ root }) => {
        const { path: rust } = root.file;
        return configFor(rust).project.links.flatMap((link) => {
          if (!globMatcher(link.folder, link.rust)(rust)) return [];
          const [isHeader, isPython] = [globMatcher(link.folder, link.headers), globMatcher(link.folder, link.python)];
          const meant = [...headers.filter(isHeader), ...python.filter(isPython)];
          return meant.map((path) => ({ path, crates: new Set([rust]) }));
        });
      });
    const surroundings = createSurroundings(workspace, crates, configFor);
    /** Whether the configuration or the crate names the very file: a name of the C library is not linked by itself. */
    const mayLink = (fn: BoundaryFn, path: string): boolean => {
      const { configured, facts } = surroundings.of(fn);
      return configured.some((link) => link.isHeader(path)) || facts?.paths.includes(path) === true;
    };
    const decisions = new Map<BoundaryFn, Decision>();
    const decision = (fn: BoundaryFn): Decision => {
      const known = decisions.get(fn);
      if (known) return known;
      const said = fn.symbol === null ? [] : declarations(fn.symbol);
      const before = decided.get(fn);
      const same = before?.said.length === said.length && said.every((one, i) => one === before.said[i]);
      const made = before && same ? before.decision : decide(fn, { ...surroundings.of(fn), declarations: said });
      decided.set(fn, { said, decision: made });
      decisions.set(fn, made);
      return made;
    };
    const cName = ({ name, module: { crate } }: RustItem): string | null => {
      const renames = crate.package ? crates.facts(crate.package).cbindgen : null;
      return renames ? cNameOf(renames, name) : null;
    };
    let types: readonly LinkedType[] | null = null;
    const all = (): readonly LinkedFn[] => [...bySymbol.values()].flat().flatMap((fn) => decision(fn).linked);
    const rustSide = rustSides.get(workspace) ?? createRustSide(workspace);
    rustSides.set(workspace, rustSide);
    return {
      ...rustSide,
      targets,
      elsewhere,
      linkedTo: (fn) => decision(fn).linked,
      linkedFrom: (peer) => (bySymbol.get(peer.symbol) ?? []).flatMap((fn) => decision(fn).linked.filter((one) => one.peer === peer)),
      inFile,
      declaredOn,
      variantsOf,
      typeVariantsOf,
      definedOn,
      around: reader.around,
      cName,
      mentionedIn: (symbol) => headers.filter((path) => reader.look(path).called.has(symbol)),
      get types() {
        types ??= typesOf({
          ...rustSide,
          cName,
          workspace,
          targets,
          linked: all(),
          inFile,
          unit: reader.unit,
          python: usersOf(bySymbol),
          configured: configuredFor(workspace),
        });
        return types;
      },
      get unlinked() {
        return [...bySymbol.values()].flat().flatMap((fn) => decision(fn).unlinked ?? []);
      },
      headers: () => [...new Set(all().flatMap(({ peer }) => (peer.language === 'c' ? [peer.file] : [])))].sort(),
      pythonFiles: () => python.filter((path) => module(path) !== null),
      module,
    };
  }

  return {
    open(nextHeaders, nextPython, manifests) {
      for (const path of headers) files.delete(path);
      reader.open(nextHeaders, manifests);
      if (nextHeaders.join('\n') !== headers.join('\n')) lastNames = null;
      headers = nextHeaders;
      python = nextPython;
      decided = new WeakMap();
    },
    changed(paths) {
      if (paths.some(isCFile)) lastNames = null;
      // What a crate says of its headers may be another thing.
      if (!paths.every(isCFile)) decided = new WeakMap();
      crates.changed(paths);
      for (const path of paths) {
        modules.delete(path);
        files.delete(path);
      }
      for (const path of reader.changed(paths)) files.delete(path);
    },
    peers,
  };
}

/** Those in folders for what others include, where there are some: a library's own insides say the same, at great length. */
function withoutInsides(paths: readonly string[]): readonly string[] {
  // Those of tests and of vendored libraries are no better than others.
  const shown = paths.filter((path) => /\/include\//.test(path) && !isAside(path));
  return shown.length > 0 ? shown : paths;
}

/** For each symbol the headers that may declare it. */
function indexNames(
  headers: readonly string[],
  look: (path: string) => Glance,
  symbols: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  if (symbols.size === 0) return out;
  for (const path of headers) {
    for (const name of look(path).declared) if (symbols.has(name)) out.set(name, [...(out.get(name) ?? []), path]);
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
    for (const { symbol } of inFile(path)?.functions ?? []) if (symbols.has(symbol)) out.set(symbol, [...(out.get(symbol) ?? []), path]);
  }
  return out;
}
