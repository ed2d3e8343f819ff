/** A rule says of a file what it says of its items one by one, and what is kept of them holds after edits of bodies. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { never } from '../../server/src/base/cancel.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { CheckResult } from '../../server/src/engine/finding.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Session } from '../../server/src/engine/session.types.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { createRandom, seedOf } from '../abi/fuzz/random.ts';
import { parsePage } from '../support/literate.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { fileSet } from './edits/file-set.ts';
import { manifest } from './edits/pages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const config = defaultConfig({ profile: 'all' });
async function open(texts: Readonly<Record<string, string>>, used: readonly Rule[] = rules): Promise<Session> {
  const files = { '/w/Cargo.toml': manifest('w'), ...texts };
  const inner = memoryFs(files);
  const session = createSession({
    fs: { ...inner, read: (name) => texts[name] ?? inner.read(name) },
    log: silentLog,
    parsers: await testParsers(),
    rules: used,
    configFor: () => config,
    target: 'x86_64-unknown-linux-gnu',
    keepsRuns: true,
  });
  session.open(fileSet(new Map(Object.entries(files))));
  return session;
}

const said = ({ findings, problems, unresolved }: CheckResult): string[] =>
  [...findings, ...problems, ...unresolved].map((one) => JSON.stringify(one)).sort();

test('a rule without `acrossItems` says of each item alone what it says of the file', { timeout: 300_000 }, async () => {
  const folder = path.join(root, 'test/rules');
  // Other cases each time: all take as long as the rules' own tests.
  const random = createRandom(seedOf());
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.md'))) {
    for (const { title, blocks } of parsePage(readFileSync(path.join(folder, name), 'utf8'), name)) {
      if (!random.oneIn(5)) continue;
      const texts: Record<string, string> = {};
      for (const { role, path: file, text } of blocks) if (role === 'source') texts[`/w/${file}`] = text;
      const session = await open(texts);
      const whole = said(await session.check({ focus: null, cancellation: never }));
      const each = said(await session.check({ focus: ['/w/Cargo.toml', ...Object.keys(texts)], cancellation: never }));
      expect(each, `${name}: ${title}`).toEqual(whole);
    }
  }
});

const TEXT = `#[no_mangle]
pub extern "C" fn first(n: usize) -> u32 {
    let mut total = 1;
    total += helper(n);
    total
}

fn helper(n: usize) -> u32 {
    let list = [1u32, 2];
    list[n]
}

#[no_mangle]
pub extern "C" fn last(n: u32) -> u32 {
    n | 1
}
`;

/** How often a rule looked at each fn, by the fn's name, since it was last asked. */
function countingRules(): { readonly used: readonly Rule[]; looked(): string[] } {
  let seen: string[] = [];
  const used = rules.map((rule): Rule => {
    if (rule.id !== 'panic-reachable') return rule;
    return {
      ...rule,
      check(ctx) {
        if (ctx.unit.kind === 'rust' && ctx.unit.items.length === 1) seen.push(ctx.unit.items[0]?.name ?? '');
        rule.check(ctx);
      },
    };
  });
  return {
    used,
    looked() {
      const all = seen;
      seen = [];
      return all.sort();
    },
  };
}

test.each([
  { what: 'a body that nobody else reads', from: 'let mut total = 1;', to: 'let mut total = 12;', looked: ['first'] },
  { what: 'a body that a caller is told by', from: 'list[n]', to: 'list[0]', looked: ['first', 'helper'] },
  // The file is looked at as a whole, once.
  { what: 'a signature', from: 'helper(n: usize) -> u32', to: 'helper(m: usize) -> u32', looked: [] },
])('after an edit of $what only what read it is looked at again', async ({ from, to, looked }) => {
  const texts: Record<string, string> = { '/w/src/lib.rs': TEXT };
  const { used, looked: since } = countingRules();
  const session = await open(texts, used);
  const check = async (): Promise<string[]> => said(await session.check({ focus: ['/w/src/lib.rs'], cancellation: never }));
  const before = await check();
  expect(since()).toEqual(['first', 'helper', 'last']);
  texts['/w/src/lib.rs'] = TEXT.replace(from, to);
  session.changed(['/w/src/lib.rs']);
  const after = await check();
  expect(since()).toEqual(looked);
  const fresh = await open(texts);
  expect(after).toEqual(said(await fresh.check({ focus: ['/w/src/lib.rs'], cancellation: never })));
  texts['/w/src/lib.rs'] = TEXT;
  session.changed(['/w/src/lib.rs']);
  expect(await check()).toEqual(before);
});
