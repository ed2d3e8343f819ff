/** The real parsers for tests, loaded once per test file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import type { GrammarBytes, Parsers } from '../../server/src/syntax/parsers.types.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The bytes that grammars/ holds; `node scripts/grammars.mjs` puts them there. */
export function grammarBytes(): Required<GrammarBytes> {
  const read = (name: string) => new Uint8Array(readFileSync(path.join(root, 'grammars', name)));
  return {
    runtime: read('web-tree-sitter.wasm'),
    rust: read('tree-sitter-rust.wasm'),
    c: read('tree-sitter-c.wasm'),
    python: read('tree-sitter-python.wasm'),
    late: (language) => read(`tree-sitter-${language}.wasm`),
  };
}

let parsers: Promise<Parsers> | undefined;

export function testParsers(): Promise<Parsers> {
  parsers ??= loadParsers(grammarBytes());
  return parsers;
}
