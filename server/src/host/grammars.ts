/** The parser's runtime and grammars, which are shipped as files beside the program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';

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

/**
 * How much of a WebAssembly function must have run, in bytes or so, before it is compiled again with all optimisations. Those of a
 * parser are huge: with the 1.8 million of V8 in Node.js 20 a check of one small file spends a third of its time there, on other threads.
 */
const RUN_BEFORE_OPTIMISED = 100_000_000;

/** For a process that may end soon; to be called before grammars are loaded. Later releases of Node.js wait longer by themselves. */
export function optimiseParsersLate(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20 && major <= 22) setFlagsFromString(`--wasm-tiering-budget=${RUN_BEFORE_OPTIMISED}`);
}
