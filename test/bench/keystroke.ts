/** Measures keystrokes: `node keystroke.cjs ROOT FILE STEPS` prints one line of JSON with milliseconds of processor time. */
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';
import { never } from '../../server/src/base/cancel.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import { memoryFs } from '../support/memory-fs.ts';

const MANIFEST = `[package]
name = "bench"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
libc = "0.2"
pyo3 = "0.25"
`;

async function main(): Promise<void> {
  const [, , root = '.', file = '', count = '100'] = process.argv;
  const grammars = readGrammars(root);
  const parsers = await loadParsers(grammars);
  let text = readFileSync(file, 'utf8');
  const path = '/bench/src/lib.rs';
  const fs = { ...memoryFs({ '/bench/Cargo.toml': MANIFEST, [path]: text }), read: (name: string) => (name === path ? text : MANIFEST) };
  const session = createSession({
    fs,
    log: silentLog,
    parsers,
    rules,
    configFor: () => defaultConfig({ profile: 'all' }),
    target: 'x86_64-unknown-linux-gnu',
  });
  session.open({ rust: [path], manifests: ['/bench/Cargo.toml'], headers: [], python: [], report: null, problems: [] });

  const check = () => session.check({ focus: [path], cancellation: never });
  const first = await timed(check);
  const steps: number[] = [];
  const places = [...text.matchAll(/(?<=\n {8,}(?:let )?)[a-z_]{3,}\b/g)].map((found) => found.index + 2);
  for (let step = 0; step < Number(count); step++) {
    // A letter typed into a word and, the step after, deleted again; then on to the next place.
    const at = places[Math.floor(((step >> 1) * places.length * 2) / Number(count))] ?? 0;
    text = step % 2 === 0 ? `${text.slice(0, at)}x${text.slice(at)}` : text.slice(0, at) + text.slice(at + 1);
    steps.push(
      await timed(async () => {
        session.changed([path]);
        await check();
      }),
    );
  }

  const grammar = await Language.load(grammars.rust);
  const parser = new Parser();
  parser.setLanguage(grammar);
  const parses: number[] = [];
  for (let i = 0; i < 9; i++) parses.push(await timed(async () => parser.parse(text)?.delete()));

  const at = (values: readonly number[], part: number): number =>
    [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
  const { findings } = await check();
  console.log(
    JSON.stringify({
      lines: text.split('\n').length,
      findings: findings.length,
      first,
      p50: at(steps, 0.5),
      p99: at(steps, 0.99),
      parse: at(parses, 0.5),
    }),
  );
}

/** Processor milliseconds of the process, its garbage collector's threads included. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

void main();
