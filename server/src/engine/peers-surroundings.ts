/** What stands around a Rust function that decides which headers are meant: its package, what that says, and the configuration. */
import type { CrateFacts } from '../abi/peers/crate-facts.ts';
import type { Configured, LinkInput } from '../abi/peers/link.ts';
import { targetOf } from '../abi/targets.ts';
import { dirname } from '../base/paths.ts';
import type { Config } from '../config/config.ts';
import { globMatcher } from '../config/globs.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { CrateState, RustItem, Workspace } from '../model/workspace.ts';
import type { CrateReader } from './peers-crates.ts';

export interface Surroundings {
  of(fn: BoundaryFn): Omit<LinkInput, 'declarations'>;
}

/** `folders` are those of `createFnFolders`. */
export function createSurroundings(
  workspace: Workspace,
  crates: CrateReader,
  configFor: (path: string) => Config,
  folders: ReadonlyMap<string, ReadonlySet<string>>,
): Surroundings {
  const links = new Map<string, readonly Configured[]>();
  const configured = (file: string): readonly Configured[] => {
    const known = links.get(file);
    if (known) return known;
    const made = configFor(file).project.links.flatMap(({ folder, rust, headers, language, targets }): readonly Configured[] => {
      if (language === 'python' || headers.length === 0 || !globMatcher(folder, rust)(file)) return [];
      return [{ isHeader: globMatcher(folder, headers), targets: targets.flatMap((triple) => targetOf(triple) ?? []) }];
    });
    links.set(file, made);
    return made;
  };
  /** Folders of other packages with a fn that is called as the symbol is. */
  const othersOf = (symbol: string | null, home: string): readonly string[] => {
    return symbol === null ? [] : [...(folders.get(symbol) ?? [])].filter((folder) => folder !== home);
  };
  return {
    of({ item, ast, symbol, role }) {
      const at = workspace.place(item.file, ast.nameSpan);
      const pkg = item.module.crate.package;
      const home = pkg?.directory ?? dirname(at.file);
      const facts = pkg ? withBlock(crates.facts(pkg), item) : null;
      return { file: at.file, at, home, configured: configured(at.file), facts, others: role === 'export' ? othersOf(symbol, home) : [] };
    },
  };
}

/** In which packages' folders a fn of a name stands, asked for each export: the same object while no fn comes, goes or changes its name. */
export function createFnFolders(): (workspace: Workspace) => ReadonlyMap<string, ReadonlySet<string>> {
  let names = new Map<string, { readonly state: CrateState; readonly fns: ReadonlySet<string> }>();
  let made: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  return (workspace) => {
    const now: typeof names = new Map();
    let changed = false;
    for (const crate of workspace.crates) {
      if (!crate.package) continue;
      const key = `${crate.package.directory}\n${crate.id}`;
      const state = workspace.stateOf(crate);
      const before = names.get(key);
      const fns = before?.state === state ? before.fns : fnsOf(state);
      const same =
        before !== undefined && (before.fns === fns || (before.fns.size === fns.size && [...fns].every((name) => before.fns.has(name))));
      now.set(key, { state, fns: same ? before.fns : fns });
      changed ||= !same;
    }
    changed ||= now.size !== names.size;
    names = now;
    if (changed || !made) made = foldersByFn(workspace);
    return made;
  };
}

function fnsOf({ items }: CrateState): ReadonlySet<string> {
  return new Set(items.flatMap(({ kind, name }) => (kind === 'fn' ? [name] : [])));
}

function foldersByFn(workspace: Workspace): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { kind, name, module } of workspace.items) {
    const folder = module.crate.package?.directory;
    if (kind !== 'fn' || folder === undefined) continue;
    const folders = found.get(name) ?? new Set();
    found.set(name, folders.add(folder));
  }
  return found;
}

const withBlocks = new WeakMap<RustItem, { readonly facts: CrateFacts; readonly made: CrateFacts }>();

/** `#[link(name = "…")]` on the extern block names a library too. One object for the same block and facts. */
function withBlock(facts: CrateFacts, { owner }: RustItem): CrateFacts {
  if (!owner) return facts;
  const known = withBlocks.get(owner);
  if (known?.facts === facts) return known.made;
  const made = joinBlock(facts, owner);
  withBlocks.set(owner, { facts, made });
  return made;
}

function joinBlock(facts: CrateFacts, owner: RustItem): CrateFacts {
  const named = owner.entry.attributes
    .filter(({ path }) => path === 'link')
    .flatMap(({ args }) => (args ?? []).flatMap(({ name, value }) => (name === 'name' && value !== null ? [value] : [])));
  return named.length === 0 ? facts : { ...facts, libraries: [...facts.libraries, ...named] };
}
