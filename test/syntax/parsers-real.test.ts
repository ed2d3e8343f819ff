/** Counts the files of real crates that each Rust grammar cannot parse; the crates are those in cargo's registry cache. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import { expect, it } from 'vitest';
import { grammarBytes } from '../support/parsers.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const registry = path.join(process.env['CARGO_HOME'] ?? path.join(homedir(), '.cargo'), 'registry', 'src');

/** So many files, spread over all crates, keep the test short. */
const FILES = 240;
const LARGEST = 60_000;

function rustFiles(): string[] {
  let names: string[];
  try {
    names = readdirSync(registry, { recursive: true, encoding: 'utf8' });
  } catch {
    // No cache on this machine.
    return [];
  }
  const all = names.filter((name) => name.endsWith('.rs')).sort();
  const step = Math.max(1, Math.floor(all.length / FILES));
  const some = all.filter((_, index) => index % step === 0).map((name) => path.join(registry, name));
  return some.filter((file) => statSync(file).isFile() && statSync(file).size <= LARGEST);
}

async function countBroken(wasm: Uint8Array, texts: readonly string[]): Promise<number> {
  const parser = new Parser().setLanguage(await Language.load(wasm));
  let broken = 0;
  for (const text of texts) {
    const tree = parser.parse(text);
    if (!tree || tree.rootNode.hasError) broken++;
    tree?.delete();
  }
  parser.delete();
  return broken;
}

it('the chosen Rust grammar loses no more real files than tree-sitter-rust', async (context) => {
  let files = rustFiles();
  if (files.length === 0) {
    // A machine that has built nothing yet: the examples' dependencies are real crates too.
    spawnSync('cargo', ['fetch', '--quiet', '--manifest-path', path.join(root, 'examples/Cargo.toml')], { stdio: 'ignore' });
    files = rustFiles();
  }
  if (files.length === 0) context.skip(`no crates in ${registry}: run cargo fetch in any project`);
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const { runtime, rust } = grammarBytes();
  await Parser.init({ wasmBinary: runtime });
  const other = new Uint8Array(readFileSync(path.join(root, 'node_modules/tree-sitter-rust/tree-sitter-rust.wasm')));
  const [chosen, usual] = [await countBroken(rust, texts), await countBroken(other, texts)];
  console.log(`${texts.length} files of real crates: ${chosen} with errors, ${usual} with tree-sitter-rust`);
  expect(chosen).toBeLessThanOrEqual(usual);
}, 120_000);
