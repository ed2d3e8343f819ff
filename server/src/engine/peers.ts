/** Reads headers and bindings when somebody asks what they say, and keeps it while the files stay as they are. */
import { cPeerFile } from '../abi/peers/c-file.ts';
import { generatedBy, glance } from '../abi/peers/header-glance.ts';
import type { Glance } from '../abi/peers/header-glance.ts';
import { decide } from '../abi/peers/link.ts';
import type { Decision } from '../abi/peers/link.ts';
import type { LinkedFn, LinkedType, PeerFile, PeerFn, Peers, PeerType, Signature } from '../abi/peers/peers.ts';
import { pythonPeerFile } from '../abi/peers/python-file.ts';
import { pythonPeerTypes } from '../abi/peers/python-types.ts';
import { createRustSide } from '../abi/peers/rust-side.ts';
import { targetOf } from '../abi/targets.ts';
import type { Target } from '../abi/targets.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Config } from '../config/config.ts';
import { globMatcher } from '../config/globs.ts';
import type { CUnit } from '../model/c/ast.ts';
import { readPyModule } from '../model/extract/python/read-module.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { createCUnits } from './layouts/c-units.ts';
import type { CSettings, CUnits } from './layouts/c-units.ts';
import { typesOf } from './peer-types.ts';
import { createCrateReader } from './peers-crates.ts';
import { createSurroundings } from './peers-surroundings.ts';

export interface PeerSources {
  open(headers: readonly string[], python: readonly string[]): void;
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

interface Read {
  readonly unit: CUnit | null;
}

export function createPeerSources({ fs, parsers, configFor, triples }: PeerInput): PeerSources {
  const wanted = triples.length > 0 ? triples : [USUAL];
  const targets = [...new Set(wanted)].flatMap((triple) => targetOf(triple) ?? []);
  const elsewhere = ELSEWHERE.filter((triple) => !wanted.includes(triple)).flatMap((triple) => targetOf(triple) ?? []);
  const glances = new Map<string, Glance>();
  const units = new Map<string, Map<string, Read>>();
  const files = new Map<string, PeerFile | null>();
  /** Headers on other targets, by triple and path. */
  const away = new Map<string, PeerFile>();
  const modules = new Map<string, PyModule | null>();
  const crates = createCrateReader(fs);
  let headers: readonly string[] = [];
  let python: readonly string[] = [];
  let reader: CUnits | null = null;

  function look(path: string): Glance {
    const known = glances.get(path);
    if (known) return known;
    const text = fs.read(path);
    const made = glance(isFailure(text) ? '' : text);
    glances.set(path, made);
    return made;
  }

  function unit(path: string, target: Target): CUnit | null {
    const byTarget = units.get(path) ?? new Map<string, Read>();
    units.set(path, byTarget);
    const known = byTarget.get(target.triple);
    if (known) return known.unit;
    reader ??= createCUnits(fs, headers, parsers);
    const made = reader.read(path, target, settingsFor(path, configFor(path)));
    byTarget.set(target.triple, { unit: made });
    return made;
  }

  function header(path: string): PeerFile | null {
    const readings = targets.flatMap((target) => {
      const made = unit(path, target);
      return made ? [{ target, unit: made }] : [];
    });
    if (readings.length === 0) return null;
    const conventions = [...new Set(readings.flatMap((one) => [...one.unit.files]))].some((file) => look(file).conventions);
    return { ...cPeerFile(path, readings, look(path).generatedBy, []), conventions };
  }

  function declaredOn(peer: PeerFn, target: Target): readonly Signature[] {
    if (peer.language !== 'c') return [];
    const key = `${target.triple} ${peer.file}`;
    let file = away.get(key);
    if (!file) {
      const made = unit(peer.file, target);
      if (!made) return [];
      file = cPeerFile(peer.file, [{ target, unit: made }], peer.generatedBy, []);
      away.set(key, file);
    }
    return file.functions.find(({ symbol }) => symbol === peer.symbol)?.signatures ?? [];
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
    const made = unit(peer.file, target);
    const file = made ? cPeerFile(peer.file, [{ target, unit: made }], null, []) : null;
    return file?.types.find(({ name, kind }) => name === peer.name && kind === peer.kind)?.defs.get(target.triple) ?? null;
  }

  function module(path: string): PyModule | null {
    const known = modules.get(path);
    if (known !== undefined) return known;
    const text = fs.read(path);
    const made = isFailure(text) || !/\b(?:ctypes|cffi)\b/.test(text) ? null : readPyModule(path, text, parsers);
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
    const made = /\.pyi?$/.test(path) ? pythonFile(path) : header(path);
    files.set(path, made);
    return made;
  }

  function peers(workspace: Workspace, surface: Surface): EnginePeers {
    const bySymbol = new Map<string, BoundaryFn[]>();
    for (const fn of surface.functions) {
      if (fn.symbol === null || fn.role === 'callback') continue;
      bySymbol.set(fn.symbol, [...(bySymbol.get(fn.symbol) ?? []), fn]);
    }
    let naming: ReadonlyMap<string, readonly string[]> | null = null;
    const candidates = (symbol: string): readonly string[] => {
      naming ??= indexNames(headers, look, bySymbol);
      return naming.get(symbol) ?? [];
    };
    const declared = new Map<string, readonly PeerFn[]>();
    const declarations = (symbol: string): readonly PeerFn[] => {
      const known = declared.get(symbol);
      if (known) return known;
      const made = candidates(symbol).flatMap((path) => inFile(path)?.functions.filter((one) => one.symbol === symbol) ?? []);
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
    const surroundings = createSurroundings(workspace, crates, configFor);
    const decisions = new Map<BoundaryFn, Decision>();
    const decision = (fn: BoundaryFn): Decision => {
      const known = decisions.get(fn);
      if (known) return known;
      const made = decide(fn, { ...surroundings.of(fn), declarations: fn.symbol === null ? [] : declarations(fn.symbol) });
      decisions.set(fn, made);
      return made;
    };
    let types: readonly LinkedType[] | null = null;
    const all = (): readonly LinkedFn[] => [...bySymbol.values()].flat().flatMap((fn) => decision(fn).linked);
    const rustSide = createRustSide(workspace);
    return {
      ...rustSide,
      targets,
      elsewhere,
      linkedTo: (fn) => decision(fn).linked,
      linkedFrom: (peer) => (bySymbol.get(peer.symbol) ?? []).flatMap((fn) => decision(fn).linked.filter((one) => one.peer === peer)),
      inFile,
      declaredOn,
      definedOn,
      get types() {
        types ??= typesOf({ ...rustSide, workspace, targets, linked: all(), inFile, unit, python: usersOf(bySymbol) });
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
    open(nextHeaders, nextPython) {
      if (nextHeaders.join('\n') !== headers.join('\n')) {
        // Which file an include finds may be another one now.
        units.clear();
        away.clear();
        for (const path of headers) files.delete(path);
        reader = null;
      }
      headers = nextHeaders;
      python = nextPython;
    },
    changed(paths) {
      crates.changed(paths);
      away.clear();
      for (const path of paths) {
        glances.delete(path);
        modules.delete(path);
        files.delete(path);
        units.delete(path);
        for (const [root, byTarget] of units) {
          if (![...byTarget.values()].some(({ unit: one }) => one?.files.has(path))) continue;
          units.delete(root);
          files.delete(root);
        }
      }
    },
    peers,
  };
}

/** A header's own link adds to what the configuration defines for all. */
function settingsFor(path: string, { project }: Config): CSettings {
  const links = project.links.filter((link) => globMatcher(link.folder, link.headers)(path));
  return { defines: [...project.defines, ...links.flatMap(({ defines }) => defines)], includeDirs: project.includeDirs };
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
    for (const name of look(path).called) if (symbols.has(name)) out.set(name, [...(out.get(name) ?? []), path]);
  }
  return out;
}
