/** What the docs name exists: commands, scripts, files, links. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../server/src/cli/command-table.ts';
import type { CommandInfo } from '../../server/src/cli/command-table.ts';
import { exists, faults, read, sources } from './sources.ts';

const docs = [...sources('', /^[^/]+\.md$/), ...sources('docs', /\.md$/)];
const handWritten = docs.filter(({ path: name }) => !name.startsWith('docs/rules/'));

test('scripts that the docs run are scripts of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const unknown = faults(handWritten, (line) => {
    const named = [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
    return named.find((name) => !Object.hasOwn(scripts, name)) ?? null;
  });
  expect(unknown).toEqual([]);
});

/** What stands in code: spans in backticks, and the lines of fenced blocks. */
function snippets(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, body = '']) => body.split('\n'));
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, body = '']) => body);
  return [...fenced, ...spans];
}

test('commands of ffi-lint that the docs show are commands', () => {
  const commands = new Set(COMMANDS.flatMap((command: CommandInfo) => [command.name, command.alias]));
  const unknown = handWritten.flatMap(({ path: name, text }) =>
    snippets(text).flatMap((snippet) => {
      const command = /^(?:\$ )?(?:npx )?(?:cargo )?ffi-lint ([a-z][a-z-]*)$|^(?:\$ )?(?:npx )?(?:cargo )?ffi-lint ([a-z][a-z-]*) /
        .exec(snippet)
        ?.slice(1)
        .find(Boolean);
      return command && !commands.has(command) ? [`${name}: ${snippet}`] : [];
    }),
  );
  expect(unknown).toEqual([]);
});

test('files and links that the docs name exist', () => {
  const missing = docs.flatMap((doc) => {
    const links = [...doc.text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, to = '']) =>
      path.posix.join(path.posix.dirname(doc.path), to),
    );
    const named = [...doc.text.matchAll(/`((?:server|client|native|test|docs|scripts|grammars|schema|ci|bin|examples)\/[\w./-]*)`/g)];
    const places = named.map(([, to = '']) => to).filter((to) => !/\b(GROUP|NAME|ID|my-rule)\b/.test(to));
    return [...links, ...places].filter((to) => !exists(to)).map((to) => `${doc.path}: ${to}`);
  });
  expect(missing).toEqual([]);
});
