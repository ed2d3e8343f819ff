/** A workspace put together from the cases of rules' test pages: every rule finds something in it, and its packages depend on each other. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../../abi/fuzz/random.ts';
import { parsePage } from '../../support/literate.ts';

/** Texts by path, of so many pages and some cases of each. */
export function workspaceOfPages(root: string, pages: number, random: Random): ReadonlyMap<string, string> {
  const folder = path.join(root, 'test/rules');
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort();
  const texts = new Map<string, string>();
  let before: string | null = null;
  for (let made = 0; made < pages; made++) {
    const name = random.pick(all);
    const cases = parsePage(readFileSync(path.join(folder, name), 'utf8'), name);
    for (let i = 0; i < 2 && cases.length > 0; i++) {
      const { blocks } = random.pick(cases);
      const own = `p${made}_${i}`;
      const at = `/w/${own}`;
      const sources = blocks.filter(({ role }) => role === 'source');
      for (const { path: file, text } of sources) texts.set(`${at}/${file}`, text);
      if (!sources.some(({ path: file }) => file.endsWith('Cargo.toml'))) texts.set(`${at}/Cargo.toml`, manifest(own, before));
      before = random.oneIn(2) ? own : null;
    }
  }
  return texts;
}

/** A package that Rust, C and Python can link; it depends on another one of the workspace, or on none. */
export function manifest(name: string, dependency: string | null = null): string {
  const local = dependency === null ? '' : `${dependency} = { path = "../${dependency}" }\n`;
  return `[package]
name = "${name}"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib", "rlib"]

[dependencies]
libc = "0.2"
pyo3 = "0.25"
${local}`;
}
