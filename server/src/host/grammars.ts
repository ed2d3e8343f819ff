/** The parser's runtime and grammars, which are shipped as files beside the program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface GrammarFiles {
  readonly runtime: Uint8Array;
  readonly rust: Uint8Array;
  readonly c: Uint8Array;
  readonly python: Uint8Array;
}

/** `root` holds grammars/. Throws where one cannot be read: the program is then not installed completely. */
export function readGrammars(root: string): GrammarFiles {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(root, 'grammars', name)));
  return {
    runtime: read('web-tree-sitter.wasm'),
    rust: read('tree-sitter-rust.wasm'),
    c: read('tree-sitter-c.wasm'),
    python: read('tree-sitter-python.wasm'),
  };
}
