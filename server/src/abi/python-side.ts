/** Which Rust functions the Python modules of a project call, and all that the modules say of each: libraries are followed through imports. */
import type { Location } from '../base/text.ts';
import type { PyArgTypes, PyCall, PyFunction, PyLibrary, PyResType } from '../model/python/bindings.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { Package } from '../model/cargo/package.ts';
import { cPeerFile } from './peers/c-file.ts';
import type { Certainty, LinkedFn, PeerFn } from './peers/peers.ts';
import { packageOfLibrary } from './python-link.ts';
import { libraryRoots } from './python-roots.ts';
import type { Target } from './targets.ts';

/** What a module says, with the module. */
export interface From<T> {
  readonly module: PyModule;
  readonly value: T;
}

/** A Rust function as Python uses it, over all modules that share the library. */
export interface PythonFn {
  readonly rust: BoundaryFn;
  readonly certainty: Certainty;
  readonly symbol: string;
  /** Where the library is made. */
  readonly library: From<PyLibrary>;
  /** Of the first mention, in the module that makes the library if it has one. */
  readonly first: From<PyFunction>;
  /** null where no module sets it. */
  readonly argtypes: From<PyArgTypes> | null;
  readonly restype: From<PyResType> | null;
  readonly calls: readonly From<PyCall>[];
  /** Why it is not sure what holds of its signature; null where it is. */
  readonly doubt: string | null;
  /** Why its signature may be given where nobody looks; null where it is not. */
  readonly escapes: string | null;
  readonly errcheck: boolean;
}

/** A symbol that another language wants of a library of the workspace and that the library does not export. */
export interface UnknownSymbol {
  readonly symbol: string;
  readonly at: Location;
  readonly package: Package;
  readonly certainty: Certainty;
  /** Its absence is allowed, or caught. */
  readonly optional: boolean;
}

export interface PythonUnknown extends UnknownSymbol {
  readonly library: PyLibrary;
}

export interface PythonSide {
  /** By the module in which the function is first mentioned: each function is in one list. */
  functionsIn(path: string): readonly PythonFn[];
  unknownIn(path: string): readonly PythonUnknown[];
  /** The modules that declare or call a Rust function. */
  usesOf(fn: BoundaryFn): readonly PythonFn[];
  /** All calls through a dispatcher, by its library's key, over all modules. */
  dispatched(key: string): readonly PythonFn[];
  /** The functions that a module declares to cffi, with the Rust functions that they mean. */
  cffiIn(path: string): readonly LinkedFn[];
}

export interface PythonSideInput {
  /** Asked for when a rule first wants to know. */
  modules(): readonly PyModule[];
  readonly surface: Surface;
  readonly packages: readonly Package[];
  readonly targets: readonly Target[];
  /** Whether a configuration links a Python file with a Rust file. */
  configured(python: string, rust: string): boolean;
}

export const NO_PYTHON: PythonSide = {
  functionsIn: () => [],
  unknownIn: () => [],
  usesOf: () => [],
  dispatched: () => [],
  cffiIn: () => [],
};

export function createPythonSide(input: PythonSideInput): PythonSide {
  let made: Made | null = null;
  const get = (): Made => {
    made ??= build(input);
    return made;
  };
  return {
    functionsIn: (path) => get().functions.get(path) ?? [],
    unknownIn: (path) => get().unknown.get(path) ?? [],
    usesOf: (fn) => get().byRust.get(fn) ?? [],
    dispatched: (key) =>
      [...get().functions.values()].flat().filter(({ first, library }) => first.value.by === 'dispatcher' && library.value.key === key),
    cffiIn: (path) => get().cffi.get(path) ?? [],
  };
}

interface Made {
  readonly functions: ReadonlyMap<string, readonly PythonFn[]>;
  readonly unknown: ReadonlyMap<string, readonly PythonUnknown[]>;
  readonly byRust: ReadonlyMap<BoundaryFn, readonly PythonFn[]>;
  readonly cffi: ReadonlyMap<string, readonly LinkedFn[]>;
}

function build(input: PythonSideInput): Made {
  const { modules, surface, packages, configured } = input;
  const functions = new Map<string, PythonFn[]>();
  const unknown = new Map<string, PythonUnknown[]>();
  const byRust = new Map<BoundaryFn, PythonFn[]>();
  const exports = exportsOf(surface);
  for (const { library, uses } of libraryRoots(modules())) {
    const bySymbol = new Map<string, From<PyFunction>[]>();
    for (const use of uses) bySymbol.set(use.value.symbol, [...(bySymbol.get(use.value.symbol) ?? []), use]);
    const owner = packageOfLibrary({ library, symbols: [...bySymbol.keys()], exports, packages, configured });
    if (!owner) continue;
    for (const [symbol, all] of bySymbol) {
      const everywhere = exports.get(symbol) ?? [];
      const own = everywhere.filter((fn) => fn.item.module.crate.package === owner.package);
      // What a dependency exports is in the library too.
      const rust = own.length > 0 ? own : everywhere.filter((fn) => dependsOn(owner.package, fn.item.module.crate.package));
      const [one] = rust;
      if (!one && everywhere.length > 0) continue;
      const first = all.find(({ module }) => module === library.module) ?? all[0];
      if (!first) continue;
      const path = first.module.file;
      if (!one) {
        unknown.set(path, [
          ...(unknown.get(path) ?? []),
          {
            symbol,
            at: first.value.at,
            library: library.value,
            package: owner.package,
            certainty: owner.certainty,
            optional: all.some(({ value }) => value.optional),
          },
        ]);
        continue;
      }
      // Several under one symbol are alternatives that `cfg` chooses between.
      if (rust.length > 1) continue;
      // What a dispatcher is told holds for that call alone.
      const groups = first.value.by === 'dispatcher' ? all.map((use) => [use] as const) : [all];
      for (const group of groups) {
        const lead = group.find((use) => use === first) ?? group[0] ?? first;
        const fn = merge(symbol, one, owner.certainty, library, lead, group);
        functions.set(lead.module.file, [...(functions.get(lead.module.file) ?? []), fn]);
        byRust.set(one, [...(byRust.get(one) ?? []), fn]);
      }
    }
  }
  const cffi = new Map(modules().map((module) => [module.file, linkedCffi(module, exports, input)]));
  return { functions, unknown, byRust, cffi };
}

/** Whether a package is linked into another. */
export function dependsOn(one: Package, other: Package | null): boolean {
  return other !== null && one.dependencies.some((dependency) => dependency.package === other.name && dependency.kind === 'normal');
}

/** What a module declares to cffi, for the package that its library is of. */
function linkedCffi(
  module: PyModule,
  exports: ReadonlyMap<string, readonly BoundaryFn[]>,
  { packages, configured, targets }: PythonSideInput,
): readonly LinkedFn[] {
  const { declared, libraries } = module.bindings;
  if (!declared) return [];
  const all = cPeerFile(
    module.file,
    targets.map((target) => ({ target, unit: declared })),
    null,
    [],
  ).functions;
  const made = libraries.filter(({ loader }) => loader === 'cffi');
  const names = made.flatMap((one) => one.names);
  const [
    first = {
      key: 'ffi',
      loader: 'cffi',
      stdcall: false,
      names,
      from: null,
      escapes: null,
      at: { file: module.file, span: { start: 0, end: 0 } },
      behind: null,
    } as const,
  ] = made;
  const library = { module, value: { ...first, names } };
  const owner = packageOfLibrary({ library, symbols: all.map(({ symbol }) => symbol), exports, packages, configured });
  if (!owner) return [];
  return all.flatMap((one): LinkedFn[] => {
    const rust = (exports.get(one.symbol) ?? []).filter((fn) => fn.item.module.crate.package === owner.package);
    const peer: PeerFn = { ...one, language: 'cffi', handle: first.key };
    return rust.length === 1 && rust[0] ? [{ rust: rust[0], direction: 'export', peer, certainty: owner.certainty }] : [];
  });
}

/** Exported functions by symbol, those of libraries only: nothing is loaded from a program. */
export function exportsOf(surface: Surface): ReadonlyMap<string, readonly BoundaryFn[]> {
  const out = new Map<string, BoundaryFn[]>();
  for (const fn of surface.functions) {
    if (fn.role !== 'export' || fn.symbol === null || fn.item.module.crate.target.kind !== 'lib') continue;
    out.set(fn.symbol, [...(out.get(fn.symbol) ?? []), fn]);
  }
  return out;
}

function merge(
  symbol: string,
  rust: BoundaryFn,
  certainty: Certainty,
  library: From<PyLibrary>,
  first: From<PyFunction>,
  all: readonly From<PyFunction>[],
): PythonFn {
  const pick = <T>(of: (one: PyFunction) => T | null): readonly From<T>[] =>
    all.flatMap(({ module, value }) => {
      const found = of(value);
      return found === null ? [] : [{ module, value: found }];
    });
  const argtypes = pick((one) => one.argtypes);
  const restypes = pick((one) => one.restype);
  const doubts = pick((one) => one.doubt);
  const twice = argtypes.length > 1 || restypes.length > 1 ? 'several modules give it a signature' : null;
  return {
    rust,
    certainty,
    symbol,
    library,
    first,
    argtypes: argtypes[0] ?? null,
    restype: restypes[0] ?? null,
    calls: all.flatMap(({ module, value }) => value.calls.map((call) => ({ module, value: call }))),
    doubt: doubts[0]?.value ?? twice,
    escapes: library.value.escapes,
    errcheck: all.some(({ value }) => value.errcheck),
  };
}
