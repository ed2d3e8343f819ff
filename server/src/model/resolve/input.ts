/** What the workspace is built from: data and functions handed in, so that resolution does no IO and sees no parser. */
import type { Span } from '../../base/text.ts';
import type { CargoModel } from '../cargo/package.ts';
import type { Item } from '../rust/ast-item.ts';
import type { FileIndex } from '../rust/file-index.ts';

/** Where an item stands, which decides what may stand there: declarations without a body, statics without a value. */
export type ItemContext = 'module' | 'impl' | 'trait' | 'extern-block';

/** A macro call written out. Offsets are those of `text`. */
export interface Expansion {
  readonly text: string;
  readonly index: FileIndex;
  /** Where a stretch of `text` is written inside the call (offsets of the call's file), null where it comes from the definition. */
  locate(at: Span): Span | null;
}

export interface WorkspaceInput {
  readonly cargo: CargoModel;
  /** Every Rust file to look at; those that no module tree reaches become crates of their own. */
  readonly files: readonly string[];
  /** The table of contents of a file; null where it cannot be read. */
  index(path: string): FileIndex | null;
  /** The text that the index was made from; empty where it cannot be read. */
  text(path: string): string;
  /** Tells for a word in which files it may stand, comments and strings included; without this in any. */
  mayName?(word: string): (path: string) => boolean;
  parseItem(path: string, text: string, at: Span, context: ItemContext): Item | null;
  /** Writes out a call of a `macro_rules!`: both given as file text and span, `crateRoot` for `$crate`; null where it cannot be told. */
  expand(
    definition: { readonly text: string; readonly body: Span },
    call: { readonly text: string; readonly args: Span },
    crateRoot: string,
  ): Expansion | null;
}
