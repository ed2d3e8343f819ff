/** Which Rust functions JavaScript and C# declare, and what they want of a library that it does not have. */
import type { BindCallback, BindModule } from '../../model/bindings/bindings.ts';
import type { Package } from '../../model/cargo/package.ts';
import type { BoundaryFn, Surface } from '../../model/surface/surface.ts';
import type { LinkedFn, PeerFile, PeerFn } from '../peers/peers.ts';
import { packageOfLibrary } from '../python-link.ts';
import { dependsOn, exportsOf } from '../python-side.ts';
import type { UnknownSymbol } from '../python-side.ts';
import type { Found } from './shapes.ts';

export interface BindingSide {
  /** The declarations of a file with the Rust functions that they mean; each stands in one file. */
  functionsIn(path: string): readonly LinkedFn[];
  unknownIn(path: string): readonly UnknownSymbol[];
  /** All declarations of a Rust function. */
  usesOf(fn: BoundaryFn): readonly LinkedFn[];
  /** Calls of a file with callbacks that nothing refers to, with what they call. */
  callbacksIn(path: string): readonly { readonly linked: LinkedFn; readonly callback: BindCallback }[];
  /** The files in the same language that were read, those with nothing but types among them. */
  beside(path: string): readonly string[];
  /** What a type of a file was written as. */
  typeOf(file: string, name: string): Found | null;
}

export interface BindingSideInput {
  files(): readonly { readonly peer: PeerFile; readonly module: BindModule }[];
  /** All that were read. */
  paths(): readonly string[];
  /** C# files that may call the declarations of others, the declaring ones among them. */
  callers(): ReadonlyMap<string, BindModule>;
  readonly surface: Surface;
  readonly packages: readonly Package[];
  /** Whether a configuration links a file with a Rust file. */
  configured(path: string, rust: string): boolean;
}

interface Made {
  readonly functions: ReadonlyMap<string, readonly LinkedFn[]>;
  readonly unknown: ReadonlyMap<string, readonly UnknownSymbol[]>;
  readonly byRust: ReadonlyMap<BoundaryFn, readonly LinkedFn[]>;
  readonly modules: ReadonlyMap<string, BindModule>;
}

export function createBindingSide(input: BindingSideInput): BindingSide {
  let made: Made | null = null;
  const get = (): Made => {
    made ??= build(input);
    return made;
  };
  /** Calls of what other files declare. The nearest class of a name is meant, if it is one that was read. */
  function elsewhere(path: string): ReturnType<BindingSide['callbacksIn']> {
    const callbacks = input.callers().get(path)?.callbacks ?? [];
    if (callbacks.length === 0) return [];
    const { functions, modules } = get();
    const classes = new Set([...input.callers().values()].flatMap((one) => one.classes ?? []));
    return callbacks.flatMap((callback) => {
      const declared = (owner: string): readonly LinkedFn[] =>
        [...functions].flatMap(([file, all]) => {
          const own = file === path ? [] : (modules.get(file)?.functions ?? []);
          const symbols = new Set(own.flatMap((fn) => (fn.owner === owner && fn.method === callback.method ? fn.symbol : [])));
          return all.filter(({ peer }) => symbols.has(peer.symbol));
        });
      const means = (name: string): boolean => (callback.bare ? declared(name).length > 0 : classes.has(name));
      const owner = callback.owners.find(means);
      const [linked, ...others] = owner === undefined ? [] : declared(owner);
      return linked && others.length === 0 && linked.rust.ast.params.length === callback.count ? [{ linked, callback }] : [];
    });
  }

  return {
    functionsIn: (path) => get().functions.get(path) ?? [],
    unknownIn: (path) => get().unknown.get(path) ?? [],
    usesOf: (fn) => get().byRust.get(fn) ?? [],
    callbacksIn(path) {
      const { functions, modules } = get();
      const module = modules.get(path);
      const own = (functions.get(path) ?? []).flatMap((linked) => {
        const methods = new Set(module?.functions.flatMap(({ symbol, method }) => (symbol === linked.peer.symbol ? (method ?? []) : [])));
        const count = linked.rust.ast.params.length;
        const all = module?.callbacks.filter((one) => methods.has(one.method) && one.count === count) ?? [];
        return all.map((callback) => ({ linked, callback }));
      });
      return [...own, ...elsewhere(path)];
    },
    beside: (path) => input.paths().filter((one) => one.endsWith('.cs') === path.endsWith('.cs')),
    typeOf(file, name) {
      const module = get().modules.get(file);
      const type = module?.types.find((one) => one.name === name);
      return module && type ? { module, type } : null;
    },
  };
}

function build({ files, surface, packages, configured }: BindingSideInput): Made {
  const functions = new Map<string, LinkedFn[]>();
  const unknown = new Map<string, UnknownSymbol[]>();
  const byRust = new Map<BoundaryFn, LinkedFn[]>();
  const modules = new Map<string, BindModule>();
  const exports = exportsOf(surface);
  for (const { peer: file, module } of files()) {
    modules.set(file.path, module);
    const handles = new Map<string, PeerFn[]>();
    for (const fn of file.functions) handles.set(fn.handle ?? '', [...(handles.get(fn.handle ?? '') ?? []), fn]);
    for (const [handle, all] of handles) {
      const names = module.libraries.find(({ key }) => key === handle)?.names ?? [];
      const library = { module: { file: file.path }, value: { names } };
      const owner = packageOfLibrary({ library, symbols: all.map(({ symbol }) => symbol), exports, packages, configured });
      if (!owner) continue;
      for (const peer of all) {
        const everywhere = exports.get(peer.symbol) ?? [];
        const own = everywhere.filter((fn) => fn.item.module.crate.package === owner.package);
        // What a dependency exports is in the library too.
        const rust = own.length > 0 ? own : everywhere.filter((fn) => dependsOn(owner.package, fn.item.module.crate.package));
        const [one, ...others] = rust;
        if (one && others.length === 0) {
          const linked: LinkedFn = { rust: one, direction: 'export', peer, certainty: owner.certainty };
          functions.set(file.path, [...(functions.get(file.path) ?? []), linked]);
          byRust.set(one, [...(byRust.get(one) ?? []), linked]);
        } else if (everywhere.length === 0) {
          const optional = module.functions.some((fn) => fn.symbol === peer.symbol && fn.library === handle && fn.optional);
          const { symbol, at } = peer;
          unknown.set(file.path, [...(unknown.get(file.path) ?? []), { symbol, at, optional, ...owner }]);
        }
      }
    }
  }
  return { functions, unknown, byRust, modules };
}
