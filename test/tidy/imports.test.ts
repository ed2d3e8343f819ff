/** Who may import whom: the table of docs/architecture.md, enforced. */
import { init, parse } from 'es-module-lexer';
import { beforeAll, expect, test } from 'vitest';
import { read, sources } from './sources.ts';
import type { Source } from './sources.ts';

interface Import {
  readonly from: string;
  /** A path of the project, or a package or `node:` module. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** One room of the "may import" column; `only` is the folder or file of the importing room that may, null for all of it. */
interface Grant {
  readonly room: string;
  readonly only: string | null;
  readonly typesOnly: boolean;
}

/** Which rooms a package may be imported in. */
const PACKAGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(web-tree-sitter|toml-eslint-parser)$/, ['syntax']],
  [/^koffi$/, ['probe']],
  [/^vscode-languageserver/, ['lsp']],
  [/^vscode-languageclient/, ['client']],
  [/^vscode$/, ['client']],
  [/^picomatch$/, ['config', 'host']],
  [/^ignore$/, ['host']],
  // Files and processes are the host's; the rest of node is for it and for the two faces.
  [/^node:(fs|child_process)/, ['host']],
  [/^node:/, ['host', 'probe', 'cli', 'lsp', 'client']],
];

/** Where another room may import one named file, though the table does not give it the room. */
const EXCEPTIONS = new Map([
  ['cli/commands/server.ts', ['server/src/lsp/main.ts']],
  ['client', ['server/src/lsp/ext.ts']],
]);

function grants(): ReadonlyMap<string, readonly Grant[]> {
  const rows = [...read('docs/architecture.md').matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)];
  return new Map(
    rows.map(([, room = '', cell = '']) => [
      room,
      [...cell.matchAll(/`(\w+)`(?: \(([^)]*)\))?/g)].map(([, name = '', note = '']) => ({
        room: name,
        only: /^only `(.+)`$/.exec(note)?.[1] ?? null,
        typesOnly: note === 'types',
      })),
    ]),
  );
}

/** Type imports count as imports. */
function importsOf({ path, text }: Source): readonly Import[] {
  const [found] = parse(text);
  return found.flatMap((it) =>
    typeof it.specifier === 'string'
      ? [{ from: path, to: resolve(path, it.specifier), typeOnly: it.type !== 'dynamic' && it.typeOnly }]
      : [],
  );
}

function resolve(from: string, to: string): string {
  return to.startsWith('.') ? new URL(to, `file:///${from}`).pathname.slice(1) : to;
}

const roomOf = (path: string): string => /^server\/src\/(\w+)\//.exec(path)?.[1] ?? /^(\w+)\//.exec(path)?.[1] ?? '';
const inRoom = (path: string): string => path.replace(/^server\/src\//, '');

let imports: readonly Import[] = [];
let allowed: ReadonlyMap<string, readonly Grant[]> = new Map();

beforeAll(async () => {
  await init;
  imports = [...sources('server/src', /\.ts$/), ...sources('client/src', /\.ts$/)].flatMap(importsOf);
  allowed = grants();
});

test('the table in docs/architecture.md has every room', () => {
  const rooms = new Set(sources('server/src', /\.ts$/).map(({ path }) => roomOf(path)));
  expect([...rooms].filter((room) => !allowed.has(room))).toEqual([]);
});

test('rooms import only from the rooms that the table gives them', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    if (!/^(server|client)\//.test(to) || roomOf(from) === roomOf(to)) return false;
    const excepted = EXCEPTIONS.get(inRoom(from)) ?? EXCEPTIONS.get(roomOf(from));
    if (excepted?.includes(to)) return roomOf(from) === 'client' && !typeOnly;
    const grant = allowed.get(roomOf(from))?.find(({ room }) => room === roomOf(to));
    if (!grant) return true;
    return (grant.only !== null && !inRoom(from).startsWith(grant.only)) || (grant.typesOnly && !typeOnly);
  });
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('packages and node modules are imported only in the rooms that are for them', () => {
  const wrong = imports.filter(({ from, to }) => {
    if (/^(server|client)\//.test(to)) return false;
    const rooms = PACKAGES.find(([name]) => name.test(to))?.[1];
    return !rooms?.includes(roomOf(from));
  });
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('rules do not import each other', () => {
  const isRule = (path: string): boolean => /^server\/src\/rules\/\w+\/[^/]+\.ts$/.test(path);
  const wrong = imports.filter(({ from, to }) => isRule(from) && isRule(to));
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});
