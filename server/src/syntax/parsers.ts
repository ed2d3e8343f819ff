/** Loads the grammars from bytes and parses texts into FlatTrees. */
import { Language as Grammar, Parser } from 'web-tree-sitter';
import { brokenTree, cutTree, makeBuffer } from './flat-arrays.ts';
import type { GrammarNames } from './flat-arrays.ts';
import { chooseExport } from './flat-export.ts';
import type { Export } from './flat-export.ts';
import type { Heap } from './flat-memory.ts';
import type { FlatTree } from './flat-tree.ts';
import type { GrammarBytes, GrammarLanguage, Language, Parsers } from './parsers.types.ts';

interface Loaded {
  readonly parser: Parser;
  readonly names: GrammarNames;
  readonly export: Export;
}

/** The runtime lives once per process: it leaves its memory on the options of the call that started it. */
const runtime: Heap & { wasmBinary?: Uint8Array } = {};

/** Rejects where the bytes are not the WebAssembly of a parser's runtime or grammar. */
export async function loadParsers(bytes: GrammarBytes): Promise<Parsers> {
  runtime.wasmBinary ??= bytes.runtime;
  await Parser.init(runtime);
  const loaded = new Map<Language, Loaded>();
  for (const language of ['rust', 'c', 'python'] as const) {
    const wasm = bytes[language];
    if (wasm) loaded.set(language, await load(wasm));
  }
  const buffer = makeBuffer(1 << 12);
  const late = new Map<GrammarLanguage, Promise<boolean>>();

  async function prepare(language: GrammarLanguage): Promise<boolean> {
    if (loaded.has(language)) return true;
    try {
      const wasm = bytes.late?.(language);
      if (wasm) loaded.set(language, await load(wasm));
    } catch {
      // Without its grammar a language is not read, as if it had no files; `doctor` tells which files are missing.
    }
    return loaded.has(language);
  }

  return {
    parse(language, text, offset): FlatTree {
      const grammar = loaded.get(language);
      const tree = grammar?.parser.parse(text);
      if (!grammar || !tree) return brokenTree(text, offset);
      grammar.export(tree, buffer);
      // The runtime's memory is not garbage collected.
      tree.delete();
      return cutTree(buffer, grammar.names, text, offset);
    },
    prepare(language) {
      const known = late.get(language) ?? prepare(language);
      late.set(language, known);
      return known;
    },
    dispose(): void {
      for (const { parser } of loaded.values()) parser.delete();
      loaded.clear();
    },
  };
}

async function load(wasm: Uint8Array): Promise<Loaded> {
  const grammar = await Grammar.load(wasm);
  const parser = new Parser();
  parser.setLanguage(grammar);
  const names: GrammarNames = {
    // The grammar's own arrays have holes where a number names nothing that can be seen.
    kinds: [...Array.from(grammar.types, (name: string | undefined) => intern(name ?? '')), 'ERROR'],
    named: [...Array.from(grammar.types, (_, id) => grammar.nodeTypeIsNamed(id)), true],
    fields: Array.from(grammar.fields, (name: string | null | undefined) => (name ? intern(name) : null)),
  };
  return { parser, names, export: chooseExport(parser, grammar, names.kinds.length - 1, runtime) };
}

/** The engine's one copy of a string: comparisons with literals are then comparisons of addresses. */
function intern(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}
