/** Builds the workspace snapshot: crates, their module trees, and the answers about names. */
import type { Location, Span } from '../../base/text.ts';
import { LineIndex } from '../../base/text.ts';
import type { ResolvedVersion } from '../cargo/package.ts';
import { resolveDependency } from '../cargo/versions.ts';
import type { Item as AstItem } from '../rust/ast-item.ts';
import type { Path } from '../rust/ast-type.ts';
import type { KnownOptions } from '../rust/cfg.ts';
import type { Crate, Module, RustItem, Scope, SourceFile, Workspace } from '../workspace.ts';
import type { CrateSeed } from './crates.ts';
import { crateSeeds, createExternCrates, isUnreached, looseSeed } from './crates.ts';
import type { Impls } from './impls.ts';
import { createGenerics } from './generics.ts';
import { createImpls } from './impls.ts';
import type { ItemContext, WorkspaceInput } from './input.ts';
import type { MacroDefinition } from './macro-table.ts';
import { createMacroTable, expansionText } from './macro-table.ts';
import { createMentions } from './mentions.ts';
import type { TreeBuilder } from './module-tree.ts';
import { TRANSPARENT_MACROS, buildModuleTree } from './module-tree.ts';
import type { NameResolver, NameSource } from './names.ts';
import { createNameResolver } from './names.ts';

/** Never throws; files that cannot be read are left out (whoever reads them reports it). */
export function buildWorkspace(input: WorkspaceInput): Workspace {
  const files = new Map<string, SourceFile>();
  function file(path: string): SourceFile | null {
    const known = files.get(path);
    if (known) return known;
    const index = input.index(path);
    if (!index) return null;
    const made: SourceFile = { path, index, origin: null };
    files.set(path, made);
    return made;
  }
  for (const path of input.files) file(path);

  const text = (source: SourceFile): string => expansionText(source) ?? input.text(source.path);
  const home = (pkgDirectory: string | null, path: string): string => pkgDirectory ?? path;
  const macros = createMacroTable(
    macroDefinitions(files.values(), input),
    (crate) => home(crate.package?.directory ?? null, crate.target.root),
    text,
    input.expand,
  );

  const items: RustItem[] = [];
  const crates: Crate[] = [];
  const cratesByFile = new Map<string, Crate[]>();
  const itemsByFile = new Map<string, RustItem[]>();

  function addCrate(seed: CrateSeed): void {
    const root = file(seed.target.root);
    if (!root) return;
    const crate: { -readonly [K in keyof Crate]: Crate[K] } = {
      ...seed,
      noStd: root.index.innerAttributes.some((a) => a.path === 'no_std'),
      root: placeholder,
    };
    const builder: TreeBuilder = {
      file(path) {
        const found = file(path);
        if (found) note(path, crate);
        return found;
      },
      macros,
      add(item) {
        items.push(item);
        const path = item.file.origin?.call.file ?? item.file.path;
        if (cratesByFile.get(path)?.[0] !== crate) return;
        const known = itemsByFile.get(path);
        if (known) known.push(item);
        else itemsByFile.set(path, [item]);
      },
      nextId: () => items.length,
    };
    note(root.path, crate);
    crate.root = buildModuleTree(crate, root, builder, ['test', 'bench', 'example'].includes(seed.target.kind));
    crates.push(crate);
  }

  function note(path: string, crate: Crate): void {
    const known = cratesByFile.get(path);
    if (!known) cratesByFile.set(path, [crate]);
    else if (!known.includes(crate)) known.push(crate);
  }

  for (const seed of crateSeeds(input.cargo)) addCrate(seed);
  for (const path of input.files) if (!cratesByFile.has(path)) addCrate(looseSeed(path, input.cargo));

  const asts = new Map<RustItem, AstItem | null>();
  function ast(item: RustItem): AstItem | null {
    let parsed = asts.get(item);
    if (parsed === undefined) {
      parsed = input.parseItem(item.file.path, text(item.file), item.entry.span, contextOf(item));
      asts.set(item, parsed);
    }
    return parsed;
  }

  const externCrate = createExternCrates(input.cargo, crates);
  const impls: Impls = createImpls(items, (segments, at) => names.resolve(segments, at.module, null, 'type'), ast);
  const source: NameSource = {
    externCrate,
    associated: impls.associated,
    selfType: impls.selfType,
    isGeneric: createGenerics({
      text: (item) => text(item.file),
      parse: (item, written) => input.parseItem(`${item.file.path}#`, written, { start: 0, end: written.length }, contextOf(item)),
    }),
  };
  const names = createNameResolver(source);
  const narrowed = new WeakMap<KnownOptions, NameResolver>();

  const lines = new WeakMap<SourceFile, LineIndex>();
  const cratesOf = (path: string): readonly Crate[] => cratesByFile.get(path) ?? [];
  const naming = new Map<string, readonly SourceFile[]>();
  function filesNaming(word: string): readonly SourceFile[] {
    const known = naming.get(word);
    if (known) return known;
    const mayName = input.mayName?.(word);
    const found = [...files.values()].filter(({ path }) => mayName?.(path) ?? true);
    naming.set(word, found);
    return found;
  }
  const mentions = createMentions({ filesNaming, cargo: input.cargo, text, cratesOf });

  return {
    cargo: input.cargo,
    crates,
    files,
    items,
    cratesOf,
    itemsOf: (path) => itemsByFile.get(path) ?? [],
    ast,
    text,
    lines(source) {
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
      const resolver = narrowed.get(known) ?? createNameResolver(source, known);
      narrowed.set(known, resolver);
      return (path, scope, namespace) => resolver.resolve(segmentsOf(path), scope.module, scope.item, namespace);
    },
    implsOf: impls.of,
    member: impls.member,
    filesNaming,
    mentions,
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

function macroDefinitions(files: Iterable<SourceFile>, input: WorkspaceInput): MacroDefinition[] {
  const out: MacroDefinition[] = [];
  const packages = [...input.cargo.packages].sort((a, b) => b.directory.length - a.directory.length);
  for (const source of files) {
    for (const entry of source.index.entries) {
      if (entry.kind !== 'macro-rules') continue;
      const pkg = packages.find((p) => source.path.startsWith(`${p.directory}/`));
      out.push({
        name: entry.name,
        file: source,
        entry,
        home: pkg?.directory ?? source.path,
        exported: entry.attributes.some((a) => a.path === 'macro_export'),
        packageName: pkg?.name ?? null,
        crateName: pkg?.targets.find((t) => t.kind === 'lib')?.name ?? null,
      });
    }
  }
  return out;
}

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
