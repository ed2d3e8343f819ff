/** What the names of a module mean: its items, its imports, globs, the extern prelude and std's, in Rust's order. */
import { addTo } from '../../base/groups.ts';
import type { Cfg } from '../rust/attribute.ts';
import type { KnownOptions } from '../rust/cfg.ts';
import { evaluate } from '../rust/cfg.ts';
import type { Entry, UseName } from '../rust/file-index.ts';
import type { Crate, CrateState, Module, Namespace, Resolution, RustItem } from '../workspace.ts';
import type { Lookups, Trail } from './lookups.ts';
import { createLookups, forgetPartial, newTrail } from './lookups.ts';
import { FFI_NAMES, OFTEN_REDEFINED, PYO3_PRELUDE, STD_CRATES, canonicalExternal, isPrimitive, preludePath } from './std-names.ts';

/** Where a dependency's name leads: a crate of the workspace, one outside of it by its registered name, or nowhere. */
export type ExternCrate = { readonly kind: 'crate'; readonly crate: Crate } | { readonly kind: 'external'; readonly name: string } | null;

export interface NameSource {
  externCrate(from: Crate, name: string): ExternCrate;
  /** An associated item of a type, or a variant of an enum, as a crate sees it; null where there is none. */
  associated(type: RustItem, name: string, namespace: Namespace, from: Crate): Resolution | null;
  /** The type that `Self` means for an item, or unknown. */
  selfType(item: RustItem): Resolution;
  /** Whether a name is a generic parameter of the item or its owner. */
  isGeneric(item: RustItem, name: string): boolean;
  /** By what the meaning of a crate's names is kept. */
  stateOf(crate: Crate): CrateState;
}

interface Import {
  readonly use: UseName;
  readonly entry: Entry;
}

interface Names {
  children(name: string): readonly Module[] | undefined;
  readonly items: ReadonlyMap<string, readonly RustItem[]>;
  readonly imports: ReadonlyMap<string, readonly Import[]>;
  readonly globs: readonly Import[];
}

interface GlobTarget {
  readonly glob: Import;
  readonly target: Resolution | null;
}

const UNKNOWN = (reason: string): Resolution => ({ kind: 'unknown', reason });

const TYPE_KINDS = new Set<Entry['kind']>(['struct', 'union', 'enum', 'type', 'trait']);
const VALUE_KINDS = new Set<Entry['kind']>(['fn', 'const', 'static', 'struct']);

function inNamespace(item: RustItem, namespace: Namespace): boolean {
  if (namespace === 'type') return TYPE_KINDS.has(item.kind);
  if (namespace === 'value') return VALUE_KINDS.has(item.kind);
  return item.kind === 'macro-rules';
}

/** From outside of its module. Macros have scopes of their own, and what an unknown macro makes may be public. */
function isSeen({ entry, kind, inUnknownMacro }: RustItem): boolean {
  return entry.visibility !== 'private' || kind === 'macro-rules' || inUnknownMacro;
}

export interface NameResolver {
  resolve(segments: readonly string[], module: Module, item: RustItem | null, namespace: Namespace): Resolution;
}

/** What was found out about names under one set of conditions, over pictures of a workspace. */
export interface KnownNames {
  readonly tables: WeakMap<Module, Names>;
  readonly crates: WeakMap<CrateState, { readonly targets: WeakMap<Module, GlobTarget[]>; readonly lookups: Lookups }>;
}

export function newKnownNames(): KnownNames {
  return { tables: new WeakMap(), crates: new WeakMap() };
}

/** `known` decides conditions: what certainly is not compiled has no name. */
export function createNameResolver(source: NameSource, known: KnownOptions, { tables, crates }: KnownNames): NameResolver {
  /** Modules whose globs are just being looked at. */
  const openGlobs = new Map<Module, { readonly trail: Trail; readonly depth: number }>();

  function keptOf({ crate }: Module): { readonly targets: WeakMap<Module, GlobTarget[]>; readonly lookups: Lookups } {
    const state = source.stateOf(crate);
    const kept = crates.get(state) ?? { targets: new WeakMap(), lookups: createLookups() };
    crates.set(state, kept);
    return kept;
  }

  function namesOf(module: Module): Names {
    let names = tables.get(module);
    if (!names) {
      names = collectNames(module, (cfg) => evaluate(cfg, known) !== false);
      tables.set(module, names);
    }
    return names;
  }

  function root(module: Module): Module {
    return module.crate.root;
  }

  /** A name that stands in a module itself: items, submodules, imports, globs. null where the module does not have it. */
  function local(module: Module, name: string, namespace: Namespace, from: Module, trail: Trail): Resolution | null {
    const at = { module, namespace, inside: isInside(from, module), name };
    return keptOf(module).lookups.once(at, trail, () => localUnguarded(module, name, namespace, at.inside, trail));
  }

  function localUnguarded(module: Module, name: string, namespace: Namespace, inside: boolean, trail: Trail): Resolution | null {
    const names = namesOf(module);
    const items = (names.items.get(name) ?? []).filter((i) => inNamespace(i, namespace) && (inside || isSeen(i)));
    if (items.length === 1 && items[0]) return { kind: 'item', item: items[0], variant: null };
    if (items.length > 1) return { kind: 'ambiguous', items };
    if (namespace === 'type') {
      const children = names.children(name)?.filter(({ visibility }) => inside || visibility !== 'private');
      if (children?.length === 1 && children[0]) return { kind: 'module', module: children[0] };
      if (children && children.length > 1) return UNKNOWN(`module ${name} depends on cfg`);
    }
    const results: Resolution[] = [];
    const imports = (names.imports.get(name) ?? []).filter(
      ({ entry }) => inside || namespace === 'macro' || entry.visibility !== 'private',
    );
    for (const entry of imports) {
      const found = usePath(entry.use.path, module, entry, namespace, trail);
      if (found && found.kind !== 'unknown') results.push(found);
      else if (found && imports.length === 1) results.push(found);
    }
    if (results.length > 0) return merge(results);
    return throughGlobs(names, module, name, namespace, inside, trail);
  }

  function throughGlobs(
    names: Names,
    module: Module,
    name: string,
    namespace: Namespace,
    inside: boolean,
    trail: Trail,
  ): Resolution | null {
    const found: Resolution[] = [];
    const outside: (readonly string[])[] = [];
    let unknownGlob = false;
    for (const { glob, target } of globTargets(names, module, trail)) {
      if (!inside && glob.entry.visibility === 'private') continue;
      if (!target) continue;
      if (target.kind === 'module') {
        const there = local(target.module, name, namespace, module, trail);
        if (there) found.push(there);
      } else if (target.kind === 'item') {
        const there = source.associated(target.item, name, namespace, module.crate);
        if (there) found.push(there);
      } else if (target.kind === 'external' || target.kind === 'unknown') {
        if (target.kind === 'external' && isStdPrelude(target.path)) continue;
        unknownGlob = true;
        if (target.kind === 'external') outside.push(target.path);
      }
    }
    const known = found.filter((r) => r.kind !== 'unknown');
    if (known.length > 0) return merge(known);
    if (found.length > 0) return found[0] ?? null;
    return unknownGlob ? globFallback(name, namespace, outside, module) : null;
  }

  /**
   * Where the globs of a module lead, found once. A glob whose path needs the globs that are just being looked at sees those before it
   * (`use libc::*` asks them for `libc`); names that are looked up meanwhile, and globs while other lookups are cut short, are not
   * remembered for good.
   */
  function globTargets(names: Names, module: Module, trail: Trail): readonly GlobTarget[] {
    const { targets } = keptOf(module);
    const known = targets.get(module);
    if (known) {
      const open = openGlobs.get(module);
      if (open) trail.cut = Math.min(trail.cut, open.trail === trail ? open.depth : -1);
      return known;
    }
    const made: GlobTarget[] = [];
    const before = trail.cut;
    // Between the lookups that are open around it and those that it opens.
    const depth = trail.open.size - 0.5;
    trail.cut = Number.POSITIVE_INFINITY;
    targets.set(module, made);
    openGlobs.set(module, { trail, depth });
    for (const glob of names.globs) made.push({ glob, target: usePath(glob.use.path, module, glob, 'type', trail) });
    openGlobs.delete(module);
    forgetPartial(trail, depth);
    if (trail.cut < depth) targets.delete(module);
    trail.cut = Math.min(before, trail.cut < depth ? trail.cut : Number.POSITIVE_INFINITY);
    return made;
  }

  /** What a name means where only globs of other crates could bring it in; a well-known crate's glob answers for its well-known names. */
  function globFallback(name: string, namespace: Namespace, globs: readonly (readonly string[])[], module: Module): Resolution | null {
    // A dependency's own name: `pyo3` next to `use pyo3::prelude::*`.
    if (namespace === 'type' && source.externCrate(module.crate, name)) return null;
    const ffi = globs.find(
      (g) => (g[0] === 'libc' || (g[0] === 'std' && (g[1] === 'ffi' || g[1] === 'os'))) && (/^c_[a-z]+$/.test(name) || FFI_NAMES.has(name)),
    );
    if (ffi) return { kind: 'external', path: canonicalExternal([...ffi, name]) };
    const pyo3 = globs.find((g) => g[0] === 'pyo3' && g[1] === 'prelude');
    if (pyo3 && PYO3_PRELUDE.has(name)) return { kind: 'external', path: ['pyo3', 'prelude', name] };
    if (namespace === 'type' && isPrimitive(name)) return null;
    if (STD_CRATES.has(name)) return null;
    if (preludePath(name) && !OFTEN_REDEFINED.has(name)) return null;
    // Std's modules define nothing of the prelude's names; other crates' globs may define anything.
    if (globs.length > 0 && globs.every((g) => g[0] === 'std') && preludePath(name)) return null;
    return UNKNOWN(`${name} may come from a glob import of another crate`);
  }

  function merge(results: readonly Resolution[]): Resolution {
    const first = results[0] ?? UNKNOWN('nothing found');
    const items = new Set<RustItem>();
    for (const r of results) {
      if (r.kind === 'item') items.add(r.item);
      else if (r.kind === 'ambiguous') for (const i of r.items) items.add(i);
      else if (!isSame(r, first)) return UNKNOWN('imported under several conditions');
    }
    if (items.size <= 1) return first;
    return { kind: 'ambiguous', items: [...items] };
  }

  /** The path of a `use`; null where it leads back to itself. */
  function usePath(path: readonly string[], module: Module, by: Import, namespace: Namespace, trail: Trail): Resolution | null {
    if (by.entry.kind === 'extern-crate') return externPath(module.crate, path, namespace, trail);
    // Rust 2015: paths of `use` start at the crate root.
    if (module.crate.target.edition === '2015' && !['crate', 'self', 'super', ''].includes(path[0] ?? '')) {
      const fromRoot = walkFrom(root(module), path, module, namespace, trail);
      if (fromRoot && fromRoot.kind !== 'unknown') return fromRoot;
      return externPath(module.crate, path, namespace, trail);
    }
    if (path.length === 1 && path[0] === by.use.name)
      return viaPrelude(path, module, namespace, trail) ?? UNKNOWN(`${path[0]} imports itself`);
    return resolveIn(path, module, null, namespace, trail);
  }

  function resolveIn(
    segments: readonly string[],
    module: Module,
    item: RustItem | null,
    namespace: Namespace,
    trail: Trail,
  ): Resolution | null {
    const first = segments[0];
    if (first === undefined) return UNKNOWN('empty path');
    if (first === 'crate') return walkFrom(root(module), segments.slice(1), module, namespace, trail);
    if (first === 'self') return walkFrom(module, segments.slice(1), module, namespace, trail);
    if (first === 'super') return fromSuper(segments, module, namespace, trail);
    if (first === '') {
      if (module.crate.target.edition !== '2015') return externPath(module.crate, segments.slice(1), namespace, trail);
      const fromRoot = walkFrom(root(module), segments.slice(1), module, namespace, trail);
      return fromRoot && fromRoot.kind !== 'unknown' ? fromRoot : externPath(module.crate, segments.slice(1), namespace, trail);
    }
    if (first === 'Self') {
      const self = item ? source.selfType(item) : UNKNOWN('Self outside of an impl');
      return segments.length === 1 ? self : step(self, segments.slice(1), module, namespace, trail);
    }
    if (item && source.isGeneric(item, first)) {
      return segments.length === 1 ? { kind: 'generic', name: first } : UNKNOWN(`${first} is a type parameter`);
    }
    const here = local(module, first, segments.length === 1 ? namespace : 'type', module, trail);
    // `use std::str;` imports a module: a type of that name is still the primitive (rustc_resolve, "smart_resolve_path_fragment").
    if (here && segments.length === 1 && namespace === 'type' && isPrimitive(first) && isModule(here, first))
      return { kind: 'primitive', name: first };
    if (here) return segments.length === 1 ? here : step(here, segments.slice(1), module, namespace, trail);
    return viaPrelude(segments, module, namespace, trail);
  }

  function isModule(found: Resolution, name: string): boolean {
    return (
      found.kind === 'module' || (found.kind === 'external' && found.path.length === 2 && found.path[0] === 'std' && found.path[1] === name)
    );
  }

  function viaPrelude(segments: readonly string[], module: Module, namespace: Namespace, trail: Trail): Resolution | null {
    const first = segments[0] ?? '';
    if (segments.length > 1 || namespace === 'type') {
      const extern = source.externCrate(module.crate, first);
      if (extern) return externPath(module.crate, segments, namespace, trail);
    }
    const prelude = preludePath(first);
    if (prelude && namespace !== 'macro') return { kind: 'external', path: [...prelude, ...segments.slice(1)] };
    if (isPrimitive(first))
      return segments.length === 1 ? { kind: 'primitive', name: first } : { kind: 'external', path: ['std', 'primitive', ...segments] };
    if (namespace === 'macro') return null;
    return UNKNOWN(`${segments.join('::')} is not found`);
  }

  function fromSuper(segments: readonly string[], module: Module, namespace: Namespace, trail: Trail): Resolution | null {
    let at: Module = module;
    let i = 0;
    for (; segments[i] === 'super'; i++) {
      if (!at.parent) return UNKNOWN('super above the crate root');
      at = at.parent;
    }
    return walkFrom(at, segments.slice(i), module, namespace, trail);
  }

  /** `by` is the crate whose code names it: what impls bring is seen by that one. */
  function walkFrom(
    start: Module,
    rest: readonly string[],
    from: Module,
    namespace: Namespace,
    trail: Trail,
    by = from.crate,
  ): Resolution | null {
    if (rest.length === 0) return { kind: 'module', module: start };
    const name = rest[0] ?? '';
    const found = local(start, name, rest.length === 1 ? namespace : 'type', from, trail);
    if (!found) {
      if (start === from.crate.root && rest.length >= 1 && from.crate.target.edition === '2015') {
        const extern = source.externCrate(from.crate, name);
        if (extern) return externPath(from.crate, rest, namespace, trail);
      }
      return UNKNOWN(`${rest.join('::')} is not found in ${start.path.join('::') || 'the crate'}`);
    }
    return rest.length === 1 ? found : step(found, rest.slice(1), from, namespace, trail, by);
  }

  /** The rest of a path behind something that is already resolved. */
  function step(
    at: Resolution,
    rest: readonly string[],
    from: Module,
    namespace: Namespace,
    trail: Trail,
    by = from.crate,
  ): Resolution | null {
    switch (at.kind) {
      case 'module':
        return walkFrom(at.module, rest, from, namespace, trail, by);
      case 'external':
        return { kind: 'external', path: [...at.path, ...rest] };
      case 'primitive':
        return { kind: 'external', path: ['std', 'primitive', at.name, ...rest] };
      case 'item': {
        if (rest.length !== 1) return UNKNOWN('a path through an associated item');
        return source.associated(at.item, rest[0] ?? '', namespace, by) ?? UNKNOWN(`${at.item.name} has no ${rest[0]}`);
      }
      default:
        return at;
    }
  }

  function externPath(crate: Crate, path: readonly string[], namespace: Namespace, trail: Trail): Resolution | null {
    const first = path[0] ?? '';
    const extern = source.externCrate(crate, first);
    if (!extern) return UNKNOWN(`crate ${first} is not a dependency`);
    if (extern.kind === 'external') return { kind: 'external', path: canonicalExternal([extern.name, ...path.slice(1)]) };
    const target = extern.crate.root;
    if (path.length === 1) return { kind: 'module', module: target };
    return walkFrom(target, path.slice(1), target, namespace, trail, crate);
  }

  return {
    resolve(segments, module, item, namespace) {
      return resolveIn(segments, module, item, namespace, newTrail()) ?? UNKNOWN(`${segments.join('::')} is not found`);
    },
  };
}

/** Of what is no item of the workspace. */
function isSame(a: Resolution, b: Resolution): boolean {
  if (a.kind === 'module') return b.kind === 'module' && a.module === b.module;
  if (a.kind === 'external') return b.kind === 'external' && a.path.join('::') === b.path.join('::');
  if (a.kind === 'primitive') return b.kind === 'primitive' && a.name === b.name;
  return a.kind === b.kind;
}

function isStdPrelude(path: readonly string[]): boolean {
  return path[0] === 'std' && path[1] === 'prelude';
}

function isInside(inner: Module, outer: Module): boolean {
  for (let at: Module | null = inner; at; at = at.parent) if (at === outer) return true;
  return false;
}

function collectNames(module: Module, isThere: (cfg: Cfg) => boolean): Names {
  const items = new Map<string, RustItem[]>();
  const imports = new Map<string, Import[]>();
  const globs: Import[] = [];
  for (const item of module.items) {
    if (!isThere(item.cfg)) continue;
    if (item.kind === 'use' || item.kind === 'extern-crate') {
      for (const use of item.entry.uses) {
        if (use.name === '*') globs.push({ use, entry: item.entry });
        else if (use.name !== '_') addTo(imports, use.name, { use, entry: item.entry });
      }
    } else if (item.name !== '' && item.name !== '_' && item.kind !== 'macro-call' && item.kind !== 'impl') {
      addTo(items, item.name, item);
    }
  }
  return { children: (name) => module.children.get(name)?.filter((child) => isThere(child.cfg)), items, imports, globs };
}
