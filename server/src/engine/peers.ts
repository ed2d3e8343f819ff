/** Reads headers and bindings when somebody asks what they say, and keeps it while the files stay as they are. */
import { addTo } from '../base/groups.ts';
import { cNameOf } from '../abi/peers/crate-facts.ts';
import type { Renames } from '../abi/peers/crate-facts.ts';
import { generatedBy } from '../abi/peers/header-glance.ts';
import type { LinkedFn, LinkedType, PeerFile, PeerFn, Peers, PeerType, Signature, Unlinked } from '../abi/peers/peers.ts';
import { pythonPeerFile } from '../abi/peers/python-file.ts';
import { pythonPeerTypes } from '../abi/peers/python-types.ts';
import { createRustSides } from '../abi/peers/rust-side.ts';
import { targetOf } from '../abi/targets.ts';
import type { Target } from '../abi/targets.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Config } from '../config/config.ts';
import { globMatcher } from '../config/globs.ts';
import { readPyModule } from '../model/extract/python/read-module.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { createTypeMemory, typesOf } from './peer-types.ts';
import { createCrateReader } from './peers-crates.ts';
import { createHeaderReader } from './peers-headers.ts';
import { createLinker } from './peers-links.ts';

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
  const linker = createLinker({ fs, crates, configFor, look: reader.look, around: reader.around, inFile, conditional });
  const rustSideOf = createRustSides();
  const typeMemory = createTypeMemory();
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

  function peers(workspace: Workspace, surface: Surface): EnginePeers {
    const bySymbol = new Map<string, BoundaryFn[]>();
    for (const fn of surface.functions) {
      if (fn.symbol === null || fn.role === 'callback') continue;
      addTo(bySymbol, fn.symbol, fn);
    }
    const decision = linker.decisions(workspace, bySymbol);
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
    const renames = ({ module: { crate } }: RustItem): Renames | null => (crate.package ? crates.facts(crate.package).cbindgen : null);
    const cName = (item: RustItem): string | null => {
      const made = renames(item);
      return made ? cNameOf(made, item.name) : null;
    };
    let types: readonly LinkedType[] | null = null;
    let decided: { readonly linked: readonly LinkedFn[]; readonly unlinked: readonly Unlinked[] } | null = null;
    const all = (): NonNullable<typeof decided> => {
      if (decided) return decided;
      const [linked, unlinked]: [LinkedFn[], Unlinked[]] = [[], []];
      for (const fns of bySymbol.values()) {
        for (const fn of fns) {
          const made = decision(fn);
          linked.push(...made.linked);
          if (made.unlinked) unlinked.push(made.unlinked);
        }
      }
      decided = { linked, unlinked };
      return decided;
    };
    const rustSide = rustSideOf(workspace);
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
      renames,
      mentionedIn: (symbol) => headers.filter((path) => reader.look(path).called.has(symbol)),
      get types() {
        types ??= typesOf(
          {
            ...rustSide,
            cName,
            workspace,
            targets,
            linked: all().linked,
            inFile,
            unit: reader.unit,
            python: usersOf(bySymbol),
            configured: configuredFor(workspace),
          },
          typeMemory,
        );
        return types;
      },
      get unlinked() {
        return all().unlinked;
      },
      headers: () => [...new Set(all().linked.flatMap(({ peer }) => (peer.language === 'c' ? [peer.file] : [])))].sort(),
      pythonFiles: () => python.filter((path) => module(path) !== null),
      module,
    };
  }

  return {
    open(nextHeaders, nextPython, manifests) {
      for (const path of headers) files.delete(path);
      reader.open(nextHeaders, manifests);
      headers = nextHeaders;
      python = nextPython;
      linker.open(headers);
    },
    changed(paths) {
      // What a crate says of its headers may be another thing.
      const said = crates.changed(paths);
      for (const path of paths) {
        modules.delete(path);
        files.delete(path);
      }
      const stale = reader.changed(paths);
      for (const path of stale) files.delete(path);
      linker.changed([...paths, ...stale], said);
    },
    peers,
  };
}
