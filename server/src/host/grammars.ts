/** The parser's runtime and grammars, which are shipped as files beside the program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface GrammarFiles {
  readonly runtime: Uint8Array;
  readonly rust: Uint8Array;
  /** Read when asked for, as all that follow. */
  readonly c: Uint8Array;
  readonly python: Uint8Array;
  late(language: 'c' | 'python' | 'typescript' | 'csharp'): Uint8Array;
}

/** All files of grammars/ that a program runs with. */
export const GRAMMAR_FILES: readonly string[] = [
  'web-tree-sitter.wasm',
  ...['rust', 'c', 'python', 'typescript', 'csharp'].map((language) => `tree-sitter-${language}.wasm`),
];

/** `root` holds grammars/. Throws where one cannot be read: the program is then not installed completely. */
export function readGrammars(root: string): GrammarFiles {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(root, 'grammars', name)));
  return {
    runtime: read('web-tree-sitter.wasm'),
    rust: read('tree-sitter-rust.wasm'),
    get c() {
      return read('tree-sitter-c.wasm');
    },
    get python() {
      return read('tree-sitter-python.wasm');
    },
    late: (language) => read(`tree-sitter-${language}.wasm`),
  };
}
