/** Builds the workspace snapshot: crates, their module trees, and the answers about names. */
import { noteSpan, noteTest, noteText, noteWord } from '../../base/reads.ts';
import type { Location, Span } from '../../base/text.ts';
import { LineIndex, sliceSpan } from '../../base/text.ts';
import type { Package, ResolvedVersion } from '../cargo/package.ts';
import { resolveDependency } from '../cargo/versions.ts';
import type { Item as AstItem } from '../rust/ast-item.ts';
import type { Path } from '../rust/ast-type.ts';
import type { KnownOptions } from '../rust/cfg.ts';
import type { Entry, FileIndex } from '../rust/file-index.ts';
import type { Crate, CrateState, Module, RustItem, Scope, SourceFile, Workspace } from '../workspace.ts';
import type { CrateSeed } from './crates.ts';
import { crateSeeds, createExternCrates, isUnreached, looseSeed } from './crates.ts';
import type { Impls } from './impls.ts';
import { createGenerics } from './generics.ts';
import { createImpls } from './impls.ts';
import type { ItemContext, WorkspaceInput } from './input.ts';
import type { KeptCrate, WorkspaceMemory } from './kept-crates.ts';
import { createReach, createWorkspaceMemory, holds, keyOf, namesUnder, statesOf } from './kept-crates.ts';
import type { MacroDefinition } from './macro-table.ts';
import { createMacroTable, expansionText } from './macro-table.ts';
import { createMentions } from './mentions.ts';
import type { TreeBuilder } from './module-tree.ts';
import { TRANSPARENT_MACROS, buildModuleTree } from './module-tree.ts';
import type { NameResolver, NameSource } from './names.ts';
import { createNameResolver } from './names.ts';

/**
 * Never throws; files that cannot be read are left out (whoever reads them reports it). With the memory of the workspace before, all that
 * is made from the same files stays the same object; what comes out is what a new memory would give.
 */
export function buildWorkspace(input: WorkspaceInput, memory: WorkspaceMemory = createWorkspaceMemory()): Workspace {
  if (memory.cargo !== input.cargo) forgetCrates(memory);
  memory.cargo = input.cargo;
  const files = new Map<string, SourceFile>();
  function file(path: string): SourceFile | null {
    const known = files.get(path);
    if (known) return known;
    const index = input.index(path);
    if (!index) return null;
    const before = memory.sources.get(path);
    const made: SourceFile = before?.index === index ? before : { path, index, origin: null };
    files.set(path, made);
    return made;
  }
  for (const path of input.files) file(path);

  const text = (source: SourceFile): string => expansionText(source) ?? input.text(source.path);
  const home = (pkgDirectory: string | null, path: string): string => pkgDirectory ?? path;
  const macros = createMacroTable(macroDefinitions(files.values(), input, memory), {
    homeOf: (crate) => home(crate.package?.directory ?? null, crate.target.root),
    textOf: text,
    write: input.expand,
    serial: () => ++memory.expansions,
  });

  const kept = new Map<string, KeptCrate>();
  const cratesByFile = new Map<string, Crate[]>();

  function addCrate(seed: CrateSeed): void {
    const key = keyOf(seed);
    const before = memory.crates.get(key);
    const same = before && holds(before, input.index, (crate, name) => macros.find(crate, name)?.entry ?? null) ? before : null;
    const made = same ?? buildCrate(seed);
    if (!made) return;
    kept.set(key, made);
    if (same) for (const path of same.reads.keys()) file(path);
    for (const path of made.paths) {
      const known = cratesByFile.get(path);
      if (!known) cratesByFile.set(path, [made.crate]);
      else if (!known.includes(made.crate)) known.push(made.crate);
    }
  }

  function buildCrate(seed: CrateSeed): KeptCrate | null {
    const reads = new Map<string, FileIndex | null>();
    const read = (path: string): SourceFile | null => {
      const found = file(path);
      reads.set(path, found?.index ?? null);
      return found;
    };
    const root = read(seed.target.root);
    if (!root) return null;
    const crate: { -readonly [K in keyof Crate]: Crate[K] } = {
      ...seed,
      noStd: root.index.innerAttributes.some((a) => a.path === 'no_std'),
      root: placeholder,
    };
    const items: RustItem[] = [];
    const byFile = new Map<string, RustItem[]>();
    const paths = new Set([root.path]);
    const called = new Map<string, Entry | null>();
    const firstId = memory.nextId;
    const builder: TreeBuilder = {
      file(path) {
        const found = read(path);
        if (found) paths.add(path);
        return found;
      },
      macros: {
        find: macros.find,
        included: macros.included,
        expand(from, source, call) {
          called.set(call.name, macros.find(from, call.name)?.entry ?? null);
          return macros.expand(from, source, call);
        },
      },
      add(item) {
        items.push(item);
        const path = item.file.origin?.call.file ?? item.file.path;
        const known = byFile.get(path);
        if (known) known.push(item);
        else byFile.set(path, [item]);
      },
      nextId: () => memory.nextId++,
    };
    crate.root = buildModuleTree(crate, root, builder, ['test', 'bench', 'example'].includes(seed.target.kind));
    return { seed, crate, items, firstId, byFile, paths: [...paths], reads, macros: called };
  }

  for (const seed of crateSeeds(input.cargo)) addCrate(seed);
  for (const path of input.files) if (!cratesByFile.has(path)) addCrate(looseSeed(path, input.cargo));
  const all = [...kept.values()];
  const crates = all.map(({ crate }) => crate);
  const items = all.flatMap((one) => one.items);
  const externCrates = createExternCrates(input.cargo, crates);
  const states = statesOf(all, memory.states, externCrates.named);
  Object.assign(memory, { sources: files, crates: kept, states });

  function ast(item: RustItem): AstItem | null {
    if (item.kind === 'fn' && item.entry.bodySpan && !item.file.origin) noteSpan(item.file.path, item.entry.bodySpan);
    const known = memory.asts.get(item);
    if (known) return known.ast;
    const parsed = input.parseItem(item.file.path, text(item.file), item.entry.span, contextOf(item));
    memory.asts.set(item, { ast: parsed });
    return parsed;
  }

  const impls: Impls = createImpls({
    crates: all.map((one) => one.items),
    resolveType: (segments, at) => names.resolve(segments, at.module, null, 'type'),
    ast,
    reach: createReach(externCrates.named),
    byName: memory.implsByName,
  });
  /** Of crates of earlier pictures, whose items somebody still asks about. */
  const strays = new Map<Crate, CrateState>();
  function stateOf(crate: Crate): CrateState {
    const known = states.get(crate) ?? strays.get(crate);
    if (known) return known;
    const made: CrateState = { crate, items: [] };
    strays.set(crate, made);
    return made;
  }
  const source: NameSource = {
    externCrate: externCrates.find,
    associated: impls.associated,
    selfType: impls.selfType,
    isGeneric: createGenerics(
      {
        text: (item) => text(item.file),
        parse: (item, written) => input.parseItem(`${item.file.path}#`, written, { start: 0, end: written.length }, contextOf(item)),
      },
      memory.typeParameters,
    ),
    stateOf,
  };
  const names = createNameResolver(source, NOTHING_KNOWN, namesUnder(memory, NOTHING_KNOWN));
  const narrowed = new WeakMap<KnownOptions, NameResolver>();

  const lines = new WeakMap<SourceFile, LineIndex>();
  const byCrate = new Map(all.map((one) => [one.crate, one]));
  const cratesOf = (path: string): readonly Crate[] => cratesByFile.get(path) ?? [];
  const naming = new Map<string, readonly SourceFile[]>();
  function filesNaming(word: string): readonly SourceFile[] {
    noteWord(word);
    const known = naming.get(word);
    if (known) return known;
    const mayName = input.mayName?.(word);
    const found = [...files.values()].filter(({ path }) => mayName?.(path) ?? true);
    naming.set(word, found);
    return found;
  }
  const mentioned = createMentions({ filesNaming, cargo: input.cargo, text, cratesOf });

  return {
    cargo: input.cargo,
    crates,
    stateOf,
    itemOf(id) {
      const home = all.find(({ firstId, items: own }) => firstId <= id && id < firstId + own.length);
      return home?.items[id - home.firstId];
    },
    files,
    items,
    cratesOf,
    itemsOf(path) {
      const [crate] = cratesOf(path);
      const home = crate && byCrate.get(crate);
      return home?.byFile.get(path) ?? [];
    },
    ast,
    text(source) {
      if (!source.origin) noteText(source.path);
      return text(source);
    },
    slice(source, at) {
      if (!source.origin) noteSpan(source.path, at);
      return sliceSpan(text(source), at);
    },
    matches(source, at, pattern) {
      const matches = pattern.test(sliceSpan(text(source), at));
      if (!source.origin) noteTest(source.path, at, pattern, matches);
      return matches;
    },
    lines(source) {
      if (!source.origin) noteText(source.path);
      let index = lines.get(source);
      if (!index) {
        index = new LineIndex(text(source));
        lines.set(source, index);
      }
      return index;
    },
    resolve(path, scope, namespace) {
      return names.resolve(segmentsOf(path), scope.module, scope.item, namespace);
    },
    resolveUnder(known) {
      const resolver = narrowed.get(known) ?? createNameResolver(source, known, namesUnder(memory, known));
      narrowed.set(known, resolver);
      return (path, scope, namespace) => resolver.resolve(segmentsOf(path), scope.module, scope.item, namespace);
    },
    implsOf: impls.of,
    member: impls.member,
    filesNaming,
    mentions(name, outside) {
      noteWord(name);
      return mentioned(name, outside);
    },
    dependencyVersion(crate, name): ResolvedVersion {
      // Cargo does not compile a file that no target reaches, with any version.
      return crate.package && !isUnreached(crate) ? resolveDependency(input.cargo, crate.package, name) : { kind: 'unknown' };
    },
    place,
    editable: (source, at) => source.origin === null && !insideMacro(source, at),
  };
}

/** Stands in `Crate.root` for the moment in which the tree is built. */
const placeholder: Module = Object.freeze({
  get crate(): Crate {
    throw new Error('the module tree is being built');
  },
  path: [],
  parent: null,
  visibility: 'pub',
  file: {
    path: '',
    index: { entries: [], top: [], innerAttributes: [], triggers: 0, balanced: true, generated: false, length: 0 },
    origin: null,
  },
  items: [],
  children: new Map(),
  cfg: { kind: 'true' as const },
});

function segmentsOf(path: Path | readonly string[]): readonly string[] {
  if (!('segments' in path)) return path;
  const names = path.segments.map((s) => s.name);
  return path.global ? ['', ...names] : names;
}

function macroDefinitions(files: Iterable<SourceFile>, { cargo }: WorkspaceInput, { definitions }: WorkspaceMemory): MacroDefinition[] {
  const out: MacroDefinition[] = [];
  const packages = [...cargo.packages].sort((a, b) => b.directory.length - a.directory.length);
  for (const source of files) {
    const known = definitions.get(source) ?? definitionsIn(source, packages);
    definitions.set(source, known);
    out.push(...known);
  }
  return out;
}

function definitionsIn(source: SourceFile, packages: readonly Package[]): readonly MacroDefinition[] {
  return source.index.entries.flatMap((entry) => {
    if (entry.kind !== 'macro-rules') return [];
    const pkg = packages.find((p) => source.path.startsWith(`${p.directory}/`));
    return {
      name: entry.name,
      file: source,
      entry,
      home: pkg?.directory ?? source.path,
      exported: entry.attributes.some((a) => a.path === 'macro_export'),
      packageName: pkg?.name ?? null,
      crateName: pkg?.targets.find((t) => t.kind === 'lib')?.name ?? null,
    };
  });
}

/** Crates and definitions name packages, which are others now. */
function forgetCrates(memory: WorkspaceMemory): void {
  memory.crates = new Map();
  memory.states = new Map();
  memory.definitions = new WeakMap();
}

const NOTHING_KNOWN: KnownOptions = () => undefined;

function contextOf(item: RustItem): ItemContext {
  const owner = item.owner?.kind;
  return owner === 'impl' || owner === 'trait' || owner === 'extern-block' ? owner : 'module';
}

function place(source: SourceFile, at: Span): Location {
  if (!source.origin) return { file: source.path, span: at };
  return source.origin.locate(at) ?? source.origin.call;
}

/** A macro call's arguments and a macro's definition: an edit there may change more or less than what it looks like. */
function insideMacro(source: SourceFile, at: Span): boolean {
  return source.index.entries.some(
    (e) =>
      (e.kind === 'macro-rules' || (e.kind === 'macro-call' && !TRANSPARENT_MACROS.has(e.name))) &&
      e.bodySpan !== null &&
      e.bodySpan.start <= at.start &&
      at.end <= e.bodySpan.end,
  );
}

/** The scope in which an item's own signature and body are read. */
export function scopeOf(item: RustItem): Scope {
  return { module: item.module, item };
}
