/** What every rule keeps to: its names, its page of tests, its docs, its messages. */
import { expect, test } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { GROUPS } from '../../server/src/rules/rule.ts';
import { markersOf, parsePage } from '../support/literate.ts';
import type { Case } from '../support/literate.ts';
import { exists, read, sources } from './sources.ts';

const files = sources('server/src/rules', /^server\/src\/rules\/\w+\/[^/]+\.ts$/).map(({ path }) =>
  path.slice('server/src/rules/'.length, -'.ts'.length),
);
const pages = sources('test/rules', /^test\/rules\/\w+\/[^/]+\.md$/).map(({ path }) => path.slice('test/rules/'.length, -'.md'.length));
// What is no rule, and how well the rules do, has pages beside those of the rules.
const docs = sources('docs/rules', /\.md$/)
  .map(({ path }) => path.slice('docs/rules/'.length, -'.md'.length))
  .filter((name) => !['not-built', 'comparison', 'mutation', 'planted-fixes'].includes(name));

const isBad = (it: Case): boolean => it.blocks.some((block) => block.role === 'source' && markersOf(block).length > 0);

function casesOf(name: string): readonly Case[] {
  const page = `test/rules/${name}.md`;
  return exists(page) ? parsePage(read(page), page) : [];
}

test('rule, group, file, test page and docs page have the same name', () => {
  const named = rules.map(({ group, id }) => `${group}/${id}`).sort();
  expect(named).toEqual([...files].sort());
  expect(named).toEqual([...pages].sort());
  expect(rules.map(({ id }) => id).sort()).toEqual([...docs].sort());
  expect(rules.map(({ group }) => group).filter((group) => !GROUPS.includes(group))).toEqual([]);
  expect(rules.filter(({ id }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test('messages are one short sentence: lower case, no full stop, at most 100 characters', () => {
  const wrong = rules.flatMap(({ id, messages }) =>
    Object.entries(messages)
      .filter(([, text]) => !/^[a-z`{]/.test(text) || /[.!]$/.test(text) || text.length > 100 || /\{\W|\{\w*[^\w}]/.test(text))
      .map(([key, text]) => `${id}.${key}: ${text}`),
  );
  expect(wrong).toEqual([]);
});

test('docs say what, why and how to mend it', () => {
  const wrong = rules.flatMap(({ id, fix, docs: { what, why, bad, good, fixSafety, references } }) => [
    ...([what, why, bad, good].every((text) => text.trim() !== '') ? [] : [`${id}: a part of the docs is empty`]),
    ...(/^[A-Z`]/.test(what) && !what.includes('\n') ? [] : [`${id}: \`what\` is not one sentence`]),
    ...((fixSafety === null) === (fix === 'none') ? [] : [`${id}: \`fix\` and \`fixSafety\` disagree`]),
    ...references.filter(({ url }) => !url.startsWith('https://')).map(({ url }) => `${id}: ${url}`),
  ]);
  expect(wrong).toEqual([]);
});

test('each rule has bad cases and more good ones, and shows its fixes', () => {
  const wrong = rules.flatMap(({ id, group, fix }) => {
    const cases = casesOf(`${group}/${id}`);
    const bad = cases.filter(isBad).length;
    const shows = (role: string): boolean => cases.some((it) => it.blocks.some((block) => block.role === role));
    return [
      ...(bad > 0 && cases.length - bad > bad ? [] : [`${id}: ${bad} bad and ${cases.length - bad} good cases`]),
      ...(fix === 'safe' && !shows('fixed') ? [`${id}: no fixed block`] : []),
      ...(fix === 'unsafe' && !shows('fixed-unsafe') ? [`${id}: no fixed-unsafe block`] : []),
      ...(fix === 'sometimes' && !(shows('fixed') && shows('fixed-unsafe')) ? [`${id}: a fixed and a fixed-unsafe block are wanted`] : []),
    ];
  });
  expect(wrong).toEqual([]);
});

/** What Rust alone decides: enough cases to tell the rule from what looks alike. */
const OF_RUST = ['types', 'linkage', 'panics', 'pointers', 'strings', 'ownership', 'state'];

test('each rule about Rust has two wrong cases and four right ones at least', () => {
  const short = rules
    .filter(({ group }) => OF_RUST.includes(group))
    .flatMap(({ id, group }) => {
      const cases = casesOf(`${group}/${id}`);
      const bad = cases.filter(isBad).length;
      return bad < 2 || cases.length - bad < 4 ? [`${id}: ${bad} bad and ${cases.length - bad} good cases`] : [];
    });
  expect(short).toEqual([]);
});
