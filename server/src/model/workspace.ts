/** The immutable picture of a workspace that all later rooms read: crates, modules, items and the questions about them. */
import type { Cfg } from './rust/attribute.ts';
import type { Item as AstItem, Visibility } from './rust/ast-item.ts';
import type { KnownOptions } from './rust/cfg.ts';
import type { Path, Type } from './rust/ast-type.ts';
import type { Entry, FileIndex } from './rust/file-index.ts';
import type { CargoModel, CargoTarget, Package, ResolvedVersion } from './cargo/package.ts';
import type { LineIndex, Location, Span } from '../base/text.ts';

/** A Rust source text: a file, or the output of a macro expansion that stands for one. */
export interface SourceFile {
  /** Absolute path, forward slashes. An expansion has its call's file and `#` and a number behind it. */
  readonly path: string;
  readonly index: FileIndex;
  /** For an expansion: the place in a real file that an offset of this text stands for. */
  readonly origin: Origin | null;
}

/** Maps a span of an expansion back to the file in which its tokens are written. */
export interface Origin {
  /** The macro call that made it. */
  readonly call: Location;
  /** Where the span's tokens are written, if they all come from one stretch of the call's arguments; else null. */
  locate(at: Span): Location | null;
}

export interface Crate {
  /** `package name/kind/target name`; a file of no package is a crate of its own. */
  readonly id: string;
  /** null for a file that belongs to no package. */
  readonly package: Package | null;
  readonly target: CargoTarget;
  readonly root: Module;
  readonly noStd: boolean;
}

export interface Module {
  readonly crate: Crate;
  /** `[]` for the crate root. */
  readonly path: readonly string[];
  readonly parent: Module | null;
  readonly file: SourceFile;
  /** Of the `mod` item; a crate root is public. */
  readonly visibility: Visibility;
  /** All items that stand directly in it, those of inlined macro calls and expansions included. */
  readonly items: readonly RustItem[];
  /** Several under one name where cfg chooses between them. */
  readonly children: ReadonlyMap<string, readonly Module[]>;
  /** What must hold for it to be compiled, its parents' conditions included. */
  readonly cfg: Cfg;
}

/** One item of one crate. Identity counts: there is one object per item and snapshot. */
export interface RustItem {
  readonly id: number;
  readonly name: string;
  readonly kind: Entry['kind'];
  readonly entry: Entry;
  readonly file: SourceFile;
  readonly module: Module;
  /** The impl, trait or extern block that it is a member of. */
  readonly owner: RustItem | null;
  /** Its members, for impls, traits and extern blocks. */
  readonly members: readonly RustItem[];
  /** Its own and its surroundings' conditions. */
  readonly cfg: Cfg;
  /** `#[test]`, `cfg(test)`, a feature named for tests, or in a test, bench or example target. */
  readonly test: boolean;
  /** It is an argument of a macro whose expansion is not known: whether and how it is compiled is unknown. */
  readonly inUnknownMacro: boolean;
}

/** What a written path names. */
export type Resolution =
  | { readonly kind: 'item'; readonly item: RustItem /** Of `Enum::Variant`. */; readonly variant: string | null }
  | { readonly kind: 'module'; readonly module: Module }
  /** Of another crate, as far as it is known: `['std', 'ffi', 'CStr']`. `core` and `alloc` are written `std` where std re-exports them. */
  | { readonly kind: 'external'; readonly path: readonly string[] }
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'generic'; readonly name: string }
  /** Could be several things (cfg variants); all are listed. */
  | { readonly kind: 'ambiguous'; readonly items: readonly RustItem[] }
  | { readonly kind: 'unknown'; readonly reason: string };

export type Namespace = 'type' | 'value' | 'macro';

/** Where a path is written: what it can see. */
export interface Scope {
  readonly module: Module;
  /** The item in which it stands, for `Self` and generics; null at module level. */
  readonly item: RustItem | null;
}

/**
 * One crate in one picture and all later ones in which nothing of it changed, nor of any crate that it can name: the same object. What is
 * told from the crate and those alone can be kept by it.
 */
export interface CrateState {
  readonly crate: Crate;
  /** All its items, members included. */
  readonly items: readonly RustItem[];
}

export interface Workspace {
  readonly cargo: CargoModel;
  readonly crates: readonly Crate[];
  stateOf(crate: Crate): CrateState;
  /** The item of this id; undefined where the workspace has none. */
  itemOf(id: number): RustItem | undefined;
  /** By path; expansions are not among them. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Every item of every crate once, members included. */
  readonly items: readonly RustItem[];
  /** The crates that a file belongs to; empty for one that no module tree reaches. */
  cratesOf(path: string): readonly Crate[];
  /** The items that stand in a file (expansions of its macro calls included), of the first crate that it belongs to. */
  itemsOf(path: string): readonly RustItem[];
  /** The parsed item, made on demand and kept; null where it cannot be parsed. */
  ast(item: RustItem): AstItem | null;
  /** The text of a file or expansion; empty where it can no longer be read. */
  text(file: SourceFile): string;
  /** A stretch of that text. Whoever asks for it has read no more: after an edit elsewhere the answer still holds. */
  slice(file: SourceFile, at: Span): string;
  /** Whether a stretch of that text matches a pattern without flags that look at what was matched before; nothing else of it was read. */
  matches(file: SourceFile, at: Span, pattern: RegExp): boolean;
  lines(file: SourceFile): LineIndex;
  resolve(path: Path | readonly string[], scope: Scope, namespace: Namespace): Resolution;
  /** The same where conditions are known, those of a target: what is certainly not compiled has no name. Kept for each `known`. */
  resolveUnder(known: KnownOptions): Workspace['resolve'];
  /** Inherent and trait impls whose self type resolves to this item. */
  implsOf(item: RustItem): readonly RustItem[];
  /** An associated fn or constant, or a method, found in the impls of a type. Trait methods only where one impl has it. */
  member(type: RustItem, name: string): RustItem | null;
  /** The files in which a word may stand, comments and strings included: the others need not be read to look for it. */
  filesNaming(word: string): readonly SourceFile[];
  /** Whether an identifier occurs outside of the item itself, in any Rust file that can mean the item; in any at all without one. */
  mentions(name: string, outside: RustItem | null): boolean;
  /** The version of a dependency of a crate by its package name (`pyo3`); unknown where it has none. */
  dependencyVersion(crate: Crate, packageName: string): ResolvedVersion;
  /** The real place of a span: itself, or where an expansion's tokens come from (the macro call where they come from its definition). */
  place(file: SourceFile, at: Span): Location;
  /** Whether the text at a span can be edited in place: not in an expansion, not in a macro definition. */
  editable(file: SourceFile, at: Span): boolean;
}

/** A written type and where it stands, which is what its names mean. */
export interface ScopedType {
  readonly type: Type;
  readonly scope: Scope;
  readonly file: SourceFile;
}
