/** The module tree of a crate: which files belong to it, and under which conditions. */
import { basename, dirname, joinPath } from '../../base/paths.ts';
import type { Attribute, Cfg } from '../rust/attribute.ts';
import { and, cfgOf, isForTests } from '../rust/cfg.ts';
import type { Visibility } from '../rust/ast-item.ts';
import type { Entry } from '../rust/file-index.ts';
import type { Crate, Module, RustItem, SourceFile } from '../workspace.ts';
import type { MacroTable } from './macro-table.ts';

/** A module while its tree is being built; it is read-only to everybody else. */
export interface ModuleNode extends Module {
  readonly items: RustItem[];
  readonly children: Map<string, ModuleNode[]>;
}

export interface TreeBuilder {
  /** The file, or null where there is none. */
  file(path: string): SourceFile | null;
  readonly macros: MacroTable;
  /** Called for every item of the tree once. */
  add(item: RustItem): void;
  nextId(): number;
}

/** Macros whose arguments are ordinary items that are compiled as they stand. */
export const TRANSPARENT_MACROS: ReadonlySet<string> = new Set(['cfg_if', 'cfg_if::cfg_if']);

/** Deepest nesting of macros that make macro calls, as many as rustc allows: some take their arguments one by one. */
const EXPANSION_DEPTH = 128;
/** Calls that one call at the top may lead to, and the UTF-16 units that they may make together. */
const EXPANSIONS = 4_000;
const EXPANDED_TEXT = 8 << 20;

/** The same for a whole crate: nobody waits for one that is made of nothing but macros. */
const CRATE_EXPANSIONS = 40_000;

/** What is left for one call at the top, and for its crate. */
interface Budget {
  expansions: number;
  text: number;
  readonly crate: { expansions: number };
}

/** Builds the tree below a crate's root file; files that are met twice on one path are left out the second time. */
export function buildModuleTree(crate: Crate, file: SourceFile, builder: TreeBuilder, inTestTarget: boolean): ModuleNode {
  const root = newModule(crate, { path: [], parent: null, visibility: 'pub' }, file, cfgOf(file.index.innerAttributes));
  // A crate's root decides by its own folder, like a mod.rs.
  fill(root, file, file.index.top, {
    crate,
    builder,
    directory: dirname(file.path),
    inTestTarget,
    chain: new Set([file.path]),
    owner: null,
    depth: 0,
    budget: null,
    crateBudget: { expansions: CRATE_EXPANSIONS },
    inUnknownMacro: false,
  });
  return root;
}

/** Of all items without any; nothing is added to it. */
const NO_MEMBERS: RustItem[] = [];

const HAS_MEMBERS: ReadonlySet<Entry['kind']> = new Set(['impl', 'trait', 'extern-block', 'fn']);

interface Place {
  readonly crate: Crate;
  readonly builder: TreeBuilder;
  /** Where `mod x;` looks for its file. */
  readonly directory: string;
  readonly inTestTarget: boolean;
  /** Files on the way here, against `#[path]` loops. */
  readonly chain: ReadonlySet<string>;
  readonly owner: RustItem | null;
  readonly depth: number;
  /** null outside of macro calls. */
  readonly budget: Budget | null;
  readonly crateBudget: Budget['crate'];
  readonly inUnknownMacro: boolean;
}

interface ModulePlace {
  readonly path: readonly string[];
  readonly parent: Module | null;
  readonly visibility: Visibility;
}

function newModule(crate: Crate, place: ModulePlace, file: SourceFile, cfg: Cfg): ModuleNode {
  return { crate, ...place, file, items: [], children: new Map(), cfg };
}

function fill(module: ModuleNode, file: SourceFile, entries: readonly number[], place: Place, cfg: Cfg = module.cfg): void {
  for (const index of entries) {
    const entry = file.index.entries[index];
    if (entry) addEntry(module, file, entry, place, cfg);
  }
}

function childrenOf(file: SourceFile, parent: number): number[] {
  const out: number[] = [];
  for (let i = parent + 1; i < file.index.entries.length; i++) {
    const entry = file.index.entries[i];
    if (!entry || entry.parent < parent) break;
    if (entry.parent === parent) out.push(i);
  }
  return out;
}

function addEntry(module: ModuleNode, file: SourceFile, entry: Entry, place: Place, outer: Cfg): void {
  const cfg = and(outer, cfgOf(entry.attributes));
  if (entry.kind === 'mod') {
    addModule(module, file, entry, place, cfg);
    return;
  }
  // A fn has members where callbacks, imports or the functions of a Python module stand inside of it; nobody outside can name them.
  const inside = HAS_MEMBERS.has(entry.kind) ? childrenOf(file, entry.index) : [];
  const members: RustItem[] = inside.length > 0 ? [] : NO_MEMBERS;
  const item: RustItem = {
    id: place.builder.nextId(),
    name: entry.name,
    kind: entry.kind,
    entry,
    file,
    module,
    owner: place.owner,
    members,
    cfg,
    test: place.inTestTarget || isForTests(cfg) || entry.attributes.some(isTestAttribute),
    inUnknownMacro: place.inUnknownMacro,
  };
  place.builder.add(item);
  if (place.owner === null) module.items.push(item);
  if (entry.kind === 'macro-call') {
    addMacroCall(module, file, entry, place, cfg);
    return;
  }
  if (inside.length > 0) {
    const before = module.items.length;
    const builder = collecting(place.builder, members, item);
    fill(module, file, inside, { ...place, owner: item, builder, inTestTarget: item.test }, cfg);
    module.items.length = before;
    // Foreign items are named like items of the module itself.
    if (entry.kind === 'extern-block' && place.owner === null) module.items.push(...members);
  }
}

/** A builder that also notes the direct members of `owner`. */
function collecting(builder: TreeBuilder, members: RustItem[], owner: RustItem): TreeBuilder {
  return {
    ...builder,
    add(item) {
      builder.add(item);
      if (item.owner === owner) members.push(item);
    },
  };
}

function addModule(module: ModuleNode, file: SourceFile, entry: Entry, place: Place, cfg: Cfg): void {
  const named: ModulePlace = { path: [...module.path, entry.name], parent: module, visibility: entry.visibility };
  if (entry.bodySpan) {
    const child = newModule(place.crate, named, file, cfg);
    link(module, entry.name, child);
    const directory = joinPath(place.directory, pathAttributes(entry)[0]?.value ?? entry.name);
    fill(child, file, childrenOf(file, entry.index), { ...place, directory, owner: null });
    return;
  }
  for (const candidate of moduleFiles(file, entry, place)) {
    if (place.chain.has(candidate.path)) continue;
    const found = place.builder.file(candidate.path);
    if (!found) continue;
    const condition = and(and(cfg, candidate.condition), cfgOf(found.index.innerAttributes));
    const child = newModule(place.crate, named, found, condition);
    link(module, entry.name, child);
    const directory = candidate.ownsFolder
      ? dirname(candidate.path)
      : joinPath(dirname(candidate.path), basename(candidate.path).replace(/\.rs$/, ''));
    fill(child, found, found.index.top, { ...place, directory, owner: null, chain: new Set([...place.chain, candidate.path]) });
    if (candidate.decisive) return;
  }
}

interface Candidate {
  readonly path: string;
  readonly condition: Cfg;
  /** Its own `mod x;` look in its folder, not in one named after it. */
  readonly ownsFolder: boolean;
  /** No other candidate counts where this one exists. */
  readonly decisive: boolean;
}

/** Rust Reference, "Modules": `#[path]` first (relative to the file's folder outside of inline modules), then `x.rs`, then `x/mod.rs`. */
function moduleFiles(file: SourceFile, entry: Entry, place: Place): Candidate[] {
  const out: Candidate[] = [];
  const real = file.origin ? file.origin.call.file : file.path;
  for (const attribute of pathAttributes(entry)) {
    const base = entry.parent < 0 || !insideInlineModule(file, entry) ? dirname(real) : place.directory;
    out.push({
      path: joinPath(base, attribute.value ?? ''),
      condition: attribute.condition ?? { kind: 'true' },
      ownsFolder: true,
      decisive: attribute.condition === null,
    });
  }
  const name = entry.name.replace(/^r#/, '');
  // The usual place counts where no `cfg_attr` names another.
  const otherwise = out
    .filter(({ decisive }) => !decisive)
    .reduce<Cfg>((all, { condition }) => and(all, { kind: 'not', operand: condition }), { kind: 'true' });
  out.push({ path: joinPath(place.directory, `${name}.rs`), condition: otherwise, ownsFolder: false, decisive: true });
  out.push({ path: joinPath(place.directory, `${name}/mod.rs`), condition: otherwise, ownsFolder: true, decisive: true });
  return out;
}

function pathAttributes(entry: Entry): readonly Attribute[] {
  return entry.attributes.filter((a) => a.path === 'path' && a.value !== null);
}

function insideInlineModule(file: SourceFile, entry: Entry): boolean {
  for (let at = entry.parent; at >= 0; ) {
    const parent = file.index.entries[at];
    if (!parent) return false;
    if (parent.kind === 'mod') return true;
    at = parent.parent;
  }
  return false;
}

function link(module: ModuleNode, name: string, child: ModuleNode): void {
  const known = module.children.get(name);
  if (known) known.push(child);
  else module.children.set(name, [child]);
}

/** Items that a macro call makes: its arguments as they stand for transparent macros, else what a workspace macro expands to. */
function addMacroCall(module: ModuleNode, file: SourceFile, entry: Entry, place: Place, cfg: Cfg): void {
  if (TRANSPARENT_MACROS.has(entry.name)) {
    fill(module, file, childrenOf(file, entry.index), place, cfg);
    return;
  }
  const included = place.builder.macros.included(place.crate, file, entry);
  if (included !== null) {
    addIncluded(module, joinPath(dirname(file.origin ? file.origin.call.file : file.path), included), place, cfg);
    return;
  }
  const budget = place.budget ?? { expansions: EXPANSIONS, text: EXPANDED_TEXT, crate: place.crateBudget };
  const affordable = place.depth < EXPANSION_DEPTH && Math.min(budget.expansions, budget.text, budget.crate.expansions) > 0;
  const expansion = affordable ? place.builder.macros.expand(place.crate, file, entry) : null;
  if (expansion) {
    budget.expansions--;
    budget.crate.expansions--;
    budget.text -= expansion.index.length;
    fill(module, expansion, expansion.index.top, { ...place, depth: place.depth + 1, budget }, cfg);
    return;
  }
  // What an unknown macro makes of them is not known, but their names are most likely taken.
  fill(module, file, childrenOf(file, entry.index), { ...place, inUnknownMacro: true }, cfg);
}

/** The items of a file that `include!` names stand where the call does; its own `mod x;` look in its folder (Rust Reference, `include`). */
function addIncluded(module: ModuleNode, path: string, place: Place, cfg: Cfg): void {
  const found = place.chain.has(path) ? null : place.builder.file(path);
  if (found) fill(module, found, found.index.top, { ...place, directory: dirname(path), chain: new Set([...place.chain, path]) }, cfg);
}

function isTestAttribute(attribute: Attribute): boolean {
  return (
    attribute.path === 'test' ||
    attribute.path.endsWith('::test') ||
    attribute.path === 'bench' ||
    attribute.path === 'rstest' ||
    attribute.path === 'test_case'
  );
}
