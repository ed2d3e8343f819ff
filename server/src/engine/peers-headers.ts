/** Reads C headers for targets: each through the header that includes it, where there is one, since one reading then serves all of them. */
import { addTo } from '../base/groups.ts';
import { cPeerFile } from '../abi/peers/c-file.ts';
import { glance } from '../abi/peers/header-glance.ts';
import type { Glance } from '../abi/peers/header-glance.ts';
import type { Lacking, PeerConst, PeerFile, PeerFn } from '../abi/peers/peers.ts';
import type { Target } from '../abi/targets.ts';
import { isCxxHeader } from '../base/c-files.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import { dirname, joinPath } from '../base/paths.ts';
import type { Config } from '../config/config.ts';
import type { CUnit } from '../model/c/ast.ts';
import { scanLinkage } from '../syntax/c/linkage.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { createCFlags } from './layouts/c-flags.ts';
import type { CFlagsFinder } from './layouts/c-flags.ts';
import { createCUnits, settingsOf } from './layouts/c-units.ts';
import type { CSettings, CUnits } from './layouts/c-units.ts';
import { readVariants } from './header-variants.ts';
import { constantsOf } from './peers-constants.ts';

export interface HeaderReader {
  look(path: string): Glance;
  /** A unit that holds the header: its own, or that of one which includes it. null where it cannot be read. */
  unit(path: string, target: Target): CUnit | null;
  /** What the header says, on these targets. */
  file(path: string, targets: readonly Target[]): PeerFile | null;
  /** The same for one target, with macros defined that nothing defines and a build may: one for each set of them. */
  variants(path: string, target: Target): readonly HeaderVariant[];
  /** The header and the files that it includes, as far as they were found. */
  around(path: string): readonly string[];
  /** `manifests`: those of the packages, whose build scripts say how C is compiled. */
  open(headers: readonly string[], manifests: readonly string[]): void;
  /** The headers of which something may have changed. */
  changed(paths: readonly string[]): readonly string[];
}

export interface HeaderVariant extends Lacking {
  readonly file: PeerFile;
}

export interface HeaderInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  configFor(path: string): Config;
}

/** After so many headers the others below the same root are not tried: a library has its doubts everywhere. */
const ENOUGH = 2;

/** Headers that include each other in turn, over so many steps, are a library's insides. */
const MOST_INCLUDERS = 200;

export function createHeaderReader({ fs, parsers, configFor }: HeaderInput): HeaderReader {
  const glances = new Map<string, Glance>();
  /** Units by root and triple. */
  const roots = new Map<string, Map<string, CUnit | null>>();
  /** The root that was chosen, by path and triple. */
  const chosen = new Map<string, string>();
  const made = new Map<string, PeerFile | null>();
  /** Readings with macros that nothing defines, by the one without. */
  const variants = new WeakMap<CUnit, readonly CUnit[]>();
  /** By root and triple: how many headers that it includes were no clearer when they were read for themselves. */
  const inVain = new Map<string, number>();
  /** Of `around`. */
  const surroundings = new Map<string, readonly string[]>();
  let headers: readonly string[] = [];
  let manifests: readonly string[] = [];
  let flags: CFlagsFinder | null = null;
  const settings = new Map<string, Settings>();
  let reader: CUnits | null = null;
  let includes: IncludeGraph | null = null;

  function look(path: string): Glance {
    const known = glances.get(path);
    if (known) return known;
    const text = fs.read(path);
    const fresh = glance(isFailure(text) ? '' : text);
    glances.set(path, fresh);
    return fresh;
  }

  function settingsFor(path: string): Settings {
    const known = settings.get(path);
    if (known) return known;
    flags ??= createCFlags({ fs, manifests, configFor });
    const { defines, ...rest } = settingsOf(flags.of(path));
    const made: CSettings = { ...rest, defines: [STANDARD, ...defines] };
    const text = JSON.stringify(made);
    settings.set(path, { settings: made, text });
    return { settings: made, text };
  }

  /** What builds and the configuration say may have changed: where they do say something else, all is read again. */
  function outdateSettings(): void {
    const before = new Map([...roots.keys()].map((root) => [root, settingsFor(root).text]));
    settings.clear();
    flags = null;
    if ([...before].every(([root, text]) => settingsFor(root).text === text)) return;
    forgetAll();
  }

  function forgetAll(): void {
    roots.clear();
    chosen.clear();
    inVain.clear();
    made.clear();
  }

  function rootUnit(root: string, target: Target): CUnit | null {
    const byTarget = roots.get(root) ?? new Map<string, CUnit | null>();
    roots.set(root, byTarget);
    const known = byTarget.get(target.triple);
    if (known !== undefined) return known;
    reader ??= createCUnits(fs, headers, parsers);
    const unit = reader.read(root, target, settingsFor(root).settings);
    byTarget.set(target.triple, unit);
    return unit;
  }

  function unit(path: string, target: Target): CUnit | null {
    const key = `${target.triple} ${path}`;
    let root = chosen.get(key);
    if (root === undefined) {
      root = choose(path, target);
      chosen.set(key, root);
    }
    return rootUnit(root, target);
  }

  function variantsOf(base: CUnit, target: Target): readonly CUnit[] {
    const known = variants.get(base);
    if (known) return known;
    const { settings } = settingsFor(base.file);
    const read = (supposed: readonly string[]): CUnit | null => {
      const one = reader?.read(base.file, target, { ...settings, supposed }) ?? null;
      // What cannot be read to its end, or includes what is not there, says less than the one without.
      return one && (one.cut === null || base.cut !== null) && one.missing.length <= base.missing.length ? one : null;
    };
    const made = readVariants(base, read);
    variants.set(base, made);
    return made;
  }

  /** The header itself where the one that includes it does so under a condition that is not known, or does not reach it. */
  function choose(path: string, target: Target): string {
    const top = topOf(path);
    if (top === path) return path;
    const over = rootUnit(top, target);
    // What it includes under a condition is in doubt as a whole.
    if (over && clear(over, path) > 0) return top;
    const key = `${target.triple} ${top}`;
    if (over && (inVain.get(key) ?? 0) >= ENOUGH) return top;
    const own = rootUnit(path, target);
    if (own && over && clear(own, path) > 0) return path;
    inVain.set(key, (inVain.get(key) ?? 0) + 1);
    return over ? top : path;
  }

  function graph(): IncludeGraph {
    if (!includes) surroundings.clear();
    includes ??= includeGraph(headers, look);
    return includes;
  }

  function around(path: string): readonly string[] {
    const { included } = graph();
    const known = surroundings.get(path);
    if (known) return known;
    const seen = new Set([path]);
    for (const one of seen) for (const below of included.get(one) ?? []) seen.add(below);
    const made = [...seen].sort();
    surroundings.set(path, made);
    return made;
  }

  /**
   * Of the headers in the same folder (anywhere below the same `include/`) that include it, over any number of steps, the one that includes
   * most: `SDL.h` for all of `SDL_*.h`.
   */
  function besideTop(path: string): string | null {
    const { includers } = graph();
    const shown = path.lastIndexOf('/include/');
    const folder = shown < 0 ? `${dirname(path)}/` : path.slice(0, shown + '/include/'.length);
    const isBeside = (over: string): boolean => over.startsWith(folder) && (shown >= 0 || !over.slice(folder.length).includes('/'));
    const seen = new Set([path]);
    for (const one of seen) for (const over of includers.get(one) ?? []) if (isBeside(over)) seen.add(over);
    const own = settingsFor(path).text;
    const size = (file: string): number => around(file).length;
    const [best] = [...seen]
      .filter((one) => one !== path && settingsFor(one).text === own)
      .sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
    return best !== undefined && size(best) > size(path) ? best : null;
  }

  function topOf(path: string): string {
    if (!path.endsWith('.h')) return path;
    const { includers } = graph();
    const beside = besideTop(path);
    if (beside !== null) return beside;
    // What a library shows to others is whole without what its own insides say around it.
    if (isPublic(path)) return path;
    const seen = new Set([path]);
    for (const one of seen) for (const over of includers.get(one) ?? []) seen.add(over);
    const shown = [...seen].filter(isPublic);
    if (shown.length === 0 && seen.size > MOST_INCLUDERS) return path;
    const own = settingsFor(path).text;
    const tops = shown.length > 0 ? shown : [...seen].filter((one) => one !== path && !includers.has(one));
    // Of several the one that lies next to it; a build's own settings hold for what it includes.
    const [best] = tops
      .filter((one) => settingsFor(one).text === own)
      .sort((a, b) => shared(b, path) - shared(a, path) || (a < b ? -1 : 1));
    return best === undefined ? path : shown.length > 0 ? (besideTop(best) ?? best) : best;
  }

  function constants(path: string, reading: { readonly unit: CUnit; readonly target: Target } | null): readonly PeerConst[] {
    const text = fs.read(path);
    return isFailure(text) || !reading || look(path).defined.size === 0 ? [] : constantsOf(path, text, reading.unit, reading.target);
  }

  /** In C++, what stands outside of `extern "C"` has another symbol than its name. */
  function withLinkage(path: string, functions: readonly PeerFn[]): readonly PeerFn[] {
    const { cplusplus, generatedBy } = look(path);
    const text = cplusplus || isCxxHeader(path) ? fs.read(path) : '';
    if (isFailure(text) || text === '') return functions;
    const { prototypes } = scanLinkage(path, text);
    const plain = new Set(prototypes.filter(({ linkage }) => linkage === 'c').map(({ name }) => name));
    const mangled = new Map(
      prototypes.filter(({ name, linkage, internal }) => linkage === 'c++' && !internal && !plain.has(name)).map((one) => [one.name, one]),
    );
    const base = {
      language: 'c',
      file: path,
      defined: false,
      internal: false,
      mangled: true,
      signatures: [],
      generatedBy,
      handle: null,
    } as const;
    return [
      ...functions.filter(({ symbol }) => !mangled.has(symbol)),
      ...[...mangled.values()].map(({ name, start, end }): PeerFn => ({ ...base, symbol: name, at: { file: path, span: { start, end } } })),
    ];
  }

  /** A C++ header that declares nothing with C's linkage: reading it as C would tell nothing. null for any other. */
  function plusOnly(path: string): PeerFile | null {
    if (!isCxxHeader(path)) return null;
    const text = fs.read(path);
    if (isFailure(text) || scanLinkage(path, text).prototypes.some(({ linkage }) => linkage === 'c')) return null;
    const base = { language: 'c', path, types: [], constants: [], libraries: [], dropped: 0 } as const;
    return { ...base, functions: withLinkage(path, []), generatedBy: look(path).generatedBy, conventions: false };
  }

  return {
    look,
    unit,
    file(path, targets) {
      const key = `${path} ${targets.map(({ triple }) => triple).join(' ')}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const plus = plusOnly(path);
      if (plus) {
        made.set(key, plus);
        return plus;
      }
      const readings = targets.flatMap((target) => {
        const one = unit(path, target);
        return one ? [{ target, unit: one }] : [];
      });
      let file: PeerFile | null = null;
      if (readings.length > 0) {
        const conventions = [...new Set(readings.flatMap((one) => [...one.unit.files]))].some((one) => look(one).conventions);
        const read = cPeerFile(path, readings, look(path).generatedBy, constants(path, readings[0] ?? null));
        file = { ...read, functions: withLinkage(path, read.functions), conventions };
      }
      made.set(key, file);
      return file;
    },
    variants(path, target) {
      const base = unit(path, target);
      if (!base || base.undecided.length === 0) return [];
      return variantsOf(base, target).map((one) => ({
        file: cPeerFile(path, [{ target, unit: one }], look(path).generatedBy, []),
        lacking: lackingIn(one, base),
      }));
    },
    around,
    open(next, packages) {
      manifests = packages;
      if (next.join('\n') === headers.join('\n')) {
        outdateSettings();
        return;
      }
      // Which file an include finds may be another one now.
      headers = next;
      settings.clear();
      flags = null;
      forgetAll();
      reader = null;
      includes = null;
    },
    changed(paths) {
      const stale = new Set<string>();
      inVain.clear();
      reader?.changed();
      if (paths.some((path) => /(?:^|\/)(?:build\.rs|compile_commands\.json)$/.test(path))) {
        for (const one of made.values()) if (one) stale.add(one.path);
        outdateSettings();
      }
      for (const path of paths) {
        const before = glances.get(path);
        glances.delete(path);
        // Most edits change no include.
        if (before && includes && look(path).includes.join('\n') !== before.includes.join('\n')) includes = null;
        if (roots.delete(path)) stale.add(path);
        for (const [root, byTarget] of roots) {
          const units = [...byTarget.values()];
          // What a reading with other macros includes, as far as it was asked for, counts too.
          const varied = units.some((one) => one && variants.has(one)) && around(root).includes(path);
          if (!varied && !units.some((one) => one?.files.has(path))) continue;
          roots.delete(root);
          for (const one of units) for (const file of one?.files ?? []) stale.add(file);
        }
      }
      for (const path of stale) {
        for (const key of made.keys()) if (key.startsWith(`${path} `)) made.delete(key);
        for (const key of chosen.keys()) if (key.endsWith(` ${path}`)) chosen.delete(key);
      }
      return [...stale];
    },
  };
}

/** Names of types of another reading. */
function lackingIn(unit: CUnit, base: CUnit): ReadonlySet<string> {
  const namesIn = ({ typedefs, definitions }: CUnit): readonly string[] => [
    ...typedefs.map(({ name }) => name),
    ...definitions.flatMap(({ tag }) => tag ?? []),
  ];
  const there = new Set(namesIn(unit));
  return new Set(namesIn(base).filter((name) => !there.has(name)));
}

function clear(unit: CUnit, path: string): number {
  return unit.symbols.filter(({ at, doubt }) => at.file === path && doubt === null).length;
}

/** The same for all versions that compilers take for C today; what a newer one adds is spelled otherwise in older headers. */
const STANDARD = '__STDC_VERSION__=201710L';

/** With what a header is read, and the same as a text. */
interface Settings {
  readonly settings: CSettings;
  readonly text: string;
}

/** As far as names tell. */
interface IncludeGraph {
  readonly includers: ReadonlyMap<string, readonly string[]>;
  readonly included: ReadonlyMap<string, readonly string[]>;
}

function includeGraph(headers: readonly string[], look: (path: string) => Glance): IncludeGraph {
  const byName = new Map<string, string[]>();
  for (const path of headers) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    addTo(byName, name, path);
  }
  const includers = new Map<string, string[]>();
  const included = new Map<string, string[]>();
  for (const path of headers) {
    for (const written of look(path).includes) {
      const beside = joinPath(dirname(path), written);
      const found = (byName.get(written.slice(written.lastIndexOf('/') + 1)) ?? []).filter(
        (one) => one === beside || one.endsWith(`/${written}`),
      );
      const meant = found.includes(beside) ? beside : found.length === 1 ? found[0] : undefined;
      if (meant === undefined || meant === path) continue;
      addTo(included, path, meant);
      // A C file that includes a header is no way to read it.
      if (path.endsWith('.h')) addTo(includers, meant, path);
    }
  }
  return { includers, included };
}

/** In a folder of what a library shows to others. */
function isPublic(path: string): boolean {
  return path.includes('/include/');
}

function shared(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
