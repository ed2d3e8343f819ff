/** What the cold check is compared with: ast-grep's own binary, with five rules about the same places as this linter's. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './stamp.mjs';

const RULES = {
  'unwrap-in-extern-fn': `
  kind: function_item
  all:
    - has: { kind: function_modifiers, regex: extern }
    - has: { kind: block, has: { pattern: $X.unwrap(), stopBy: end } }`,
  'cstr-from-ptr': `
  pattern: CStr::from_ptr($P)`,
  'slice-from-raw': `
  any:
    - pattern: std::slice::from_raw_parts($P, $N)
    - pattern: slice::from_raw_parts($P, $N)`,
  'no-mangle-rust-abi': `
  kind: function_item
  follows: { kind: attribute_item, regex: no_mangle, stopBy: neighbor }
  not: { has: { kind: function_modifiers, regex: extern } }`,
  'missing-unsafe-extern': `
  kind: foreign_mod_item
  not: { regex: ^unsafe }`,
};

/** The native binary (the npm wrapper would count with its own start), or null where this platform's package is not installed. */
export function astGrep() {
  const libc = process.platform === 'linux' ? '-gnu' : process.platform === 'win32' ? '-msvc' : '';
  const name = process.platform === 'win32' ? 'ast-grep.exe' : 'ast-grep';
  const file = path.join(root, 'node_modules', '@ast-grep', `cli-${process.platform}-${process.arch}${libc}`, name);
  return existsSync(file) ? file : null;
}

/** Writes the rules into a folder and gives the arguments that scan `directory` with them. */
export function scanArguments(folder, directory) {
  mkdirSync(path.join(folder, 'rules'), { recursive: true });
  const config = path.join(folder, 'sgconfig.yml');
  writeFileSync(config, 'ruleDirs: [rules]\n');
  const documents = Object.entries(RULES).map(
    ([id, rule]) => `id: ${id}\nlanguage: rust\nseverity: warning\nmessage: ${id}\nrule:${rule}\n`,
  );
  writeFileSync(path.join(folder, 'rules', 'rules.yml'), documents.join('---\n'));
  return ['scan', '-c', config, '--no-ignore', 'hidden', '--json=stream', directory];
}
