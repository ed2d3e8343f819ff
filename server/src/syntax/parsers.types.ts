/** Parsers for the languages of the boundary, loaded once and used synchronously. */
import type { FlatTree } from './flat-tree.ts';

/** `typescript` reads JavaScript too. */
export type Language = 'rust' | GrammarLanguage;

/** Languages that not all workspaces have: their grammars can be loaded when a file asks for them. */
export type GrammarLanguage = 'c' | 'python' | LateLanguage;

/** Their grammars are large and seldom needed: they are always loaded late. */
export type LateLanguage = 'typescript' | 'csharp';

/** The parser's runtime and the grammars as bytes: reading them is the host's work. */
export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly rust: Uint8Array;
  readonly c?: Uint8Array;
  readonly python?: Uint8Array;
  /** Reads another grammar; may throw where it cannot be read. */
  late?(language: GrammarLanguage): Uint8Array;
}

export interface Parsers {
  /** Parses a text that stands `offset` UTF-16 units into its file. Never throws; a broken text gives a tree with broken nodes. */
  parse(language: Language, text: string, offset: number): FlatTree;
  /** Makes a grammar ready for `parse`; false where it cannot be loaded, which is the case for good then. */
  prepare(language: GrammarLanguage): Promise<boolean>;
  dispose(): void;
}
