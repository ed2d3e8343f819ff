/** Parsers for the languages of the boundary, loaded once and used synchronously. */
import type { FlatTree } from './flat-tree.ts';

export type Language = 'rust' | 'c' | 'python';

/** The parser's runtime and the grammars as bytes: reading them is the host's work. */
export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly rust: Uint8Array;
  readonly c?: Uint8Array;
  readonly python?: Uint8Array;
}

export interface Parsers {
  /** Parses a text that stands `offset` UTF-16 units into its file. Never throws; a broken text gives a tree with broken nodes. */
  parse(language: Language, text: string, offset: number): FlatTree;
  dispose(): void;
}
