/** What one picture of a workspace leaves to the next: files, crates and what was told from them, while nothing changes of which they are made. */
import type { CargoModel } from '../cargo/package.ts';
import type { Item as AstItem } from '../rust/ast-item.ts';
import type { KnownOptions } from '../rust/cfg.ts';
import type { Entry, FileIndex } from '../rust/file-index.ts';
import type { Crate, CrateState, RustItem, SourceFile } from '../workspace.ts';
import type { CrateSeed } from './crates.ts';
import type { KnownParameters } from './generics.ts';
import type { MacroDefinition } from './macro-table.ts';
import type { KnownNames } from './names.ts';
import { newKnownNames } from './names.ts';

/** A crate with what its module tree was made from. */
export interface KeptCrate {
  readonly seed: CrateSeed;
  readonly crate: Crate;
  /** Ids follow each other. */
  readonly items: readonly RustItem[];
  readonly firstId: number;
  /** Items by the real file in which they stand. */
  readonly byFile: ReadonlyMap<string, readonly RustItem[]>;
  /** Its files, in the order in which they were met. */
  readonly paths: readonly string[];
  /** All files that were asked for, those that are not there included. */
  readonly reads: ReadonlyMap<string, FileIndex | null>;
  /** The definitions that macro calls were taken to mean. */
  readonly macros: ReadonlyMap<string, Entry | null>;
}

export interface WorkspaceMemory {
  /** Packages are compared by identity: with another model no crate is kept. */
  cargo: CargoModel | null;
  sources: Map<string, SourceFile>;
  crates: Map<string, KeptCrate>;
  states: ReadonlyMap<Crate, CrateState>;
  definitions: WeakMap<SourceFile, readonly MacroDefinition[]>;
  nextId: number;
  expansions: number;
  readonly asts: WeakMap<RustItem, { readonly ast: AstItem | null }>;
  readonly typeParameters: KnownParameters;
  readonly names: WeakMap<KnownOptions, KnownNames>;
  readonly implsByName: WeakMap<readonly RustItem[], ReadonlyMap<string, readonly RustItem[]>>;
}

export function createWorkspaceMemory(): WorkspaceMemory {
  return {
    cargo: null,
    sources: new Map(),
    crates: new Map(),
    states: new Map(),
    definitions: new WeakMap(),
    nextId: 0,
    expansions: 0,
    asts: new WeakMap(),
    typeParameters: { items: new WeakMap(), written: new Map() },
    names: new WeakMap(),
    implsByName: new WeakMap(),
  };
}

export function namesUnder(memory: WorkspaceMemory, known: KnownOptions): KnownNames {
  const names = memory.names.get(known) ?? newKnownNames();
  memory.names.set(known, names);
  return names;
}

/** A seed's crate has this name among the kept ones: packages are told apart by their folders. */
export function keyOf({ id, package: pkg, target }: CrateSeed): string {
  return `${pkg?.directory ?? ''}\n${id}\n${target.root}`;
}

/** Whether a crate's tree would be built the same again. */
export function holds(
  kept: KeptCrate,
  index: (path: string) => FileIndex | null,
  definitionOf: (crate: Crate, name: string) => Entry | null,
): boolean {
  for (const [path, before] of kept.reads) if (index(path) !== before) return false;
  for (const [name, before] of kept.macros) if (definitionOf(kept.crate, name) !== before) return false;
  return true;
}

/** The states of crates: those of before for crates that only lead to kept ones. `leadsTo` gives the crates that one names directly. */
export function statesOf(
  all: readonly KeptCrate[],
  before: ReadonlyMap<Crate, CrateState>,
  leadsTo: (crate: Crate) => readonly Crate[],
): ReadonlyMap<Crate, CrateState> {
  const namedBy = new Map<Crate, Crate[]>();
  for (const { crate } of all) {
    for (const other of leadsTo(crate)) {
      const list = namedBy.get(other);
      if (list) list.push(crate);
      else namedBy.set(other, [crate]);
    }
  }
  const stale = new Set(all.flatMap(({ crate }) => (before.has(crate) ? [] : [crate])));
  for (const crate of stale) for (const other of namedBy.get(crate) ?? []) stale.add(other);
  return new Map(all.map(({ crate, items }) => [crate, (stale.has(crate) ? undefined : before.get(crate)) ?? { crate, items }]));
}

/** All crates that one can name, itself included. */
export function createReach(leadsTo: (crate: Crate) => readonly Crate[]): (crate: Crate) => ReadonlySet<Crate> {
  const known = new Map<Crate, ReadonlySet<Crate>>();
  return (crate) => {
    const before = known.get(crate);
    if (before) return before;
    const all = new Set([crate]);
    for (const one of all) for (const other of leadsTo(one)) all.add(other);
    known.set(crate, all);
    return all;
  };
}
