/** Which manifests belong together. */
import { expect, test } from 'vitest';
import { createSurroundings, findManifest, workspaceManifests } from '../../server/src/model/extract/cargo/roots.ts';
import { memoryFs } from '../support/memory-fs.ts';

const lone = '[package]\nname = "p"';
/** Manifests by folder below /w. */
const tree = (manifests: Readonly<Record<string, string>>): ReturnType<typeof memoryFs> =>
  memoryFs(Object.fromEntries(Object.entries(manifests).map(([folder, text]) => [`/w/${folder}/Cargo.toml`, text])));

test.each([
  ['/w/a/src/deep/lib.rs', '/w/a/Cargo.toml'],
  ['/w/a', '/w/a/Cargo.toml'],
  ['/w/other/x.rs', '/w/Cargo.toml'],
  ['/elsewhere/x.rs', null],
])('the manifest of %s', (path, expected) => {
  expect(findManifest(tree({ '': '[workspace]', a: lone }), path)).toBe(expected);
});

test.each<[string, Record<string, string>, string, string, readonly string[]]>([
  ['a lone package', { a: lone }, 'a', 'a', ['a']],
  [
    'globs',
    { '': '[workspace]\nmembers = ["crates/*"]', 'crates/a': lone, 'crates/b': lone, c: lone },
    'crates/a',
    '',
    ['', 'crates/a', 'crates/b'],
  ],
  ['a glob within a name', { '': '[workspace]\nmembers = ["py-[ab]?"]', 'py-a1': lone, 'py-c1': lone }, 'py-a1', '', ['', 'py-a1']],
  ['any depth', { '': '[workspace]\nmembers = ["**"]', 'x/y/z': lone, a: lone }, 'a', '', ['', 'a', 'x/y/z']],
  ['a root package', { '': `${lone}\n[workspace]\nmembers = ["a"]`, a: lone }, '', '', ['', 'a']],
  [
    'excluded',
    { '': '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]', 'crates/a': lone, 'crates/old': lone },
    'crates/a',
    '',
    ['', 'crates/a'],
  ],
  [
    'excluded ones are alone',
    { '': '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]', 'crates/old': lone },
    'crates/old',
    'crates/old',
    ['crates/old'],
  ],
  ['not a member', { '': '[workspace]\nmembers = ["a"]', a: lone, b: lone }, 'b', 'b', ['b']],
  [
    'path dependencies are members',
    { '': `${lone}\n[dependencies]\nsys = { path = "sys" }\n[workspace]`, sys: lone },
    'sys',
    '',
    ['', 'sys'],
  ],
  [
    'and theirs',
    {
      '': `${lone}\n[dependencies]\na.path = "a"\n[workspace]`,
      a: '[package]\nname = "a"\n[dev-dependencies]\nb = { path = "../b" }',
      b: lone,
    },
    'b',
    '',
    ['', 'a', 'b'],
  ],
  [
    'inherited path dependencies',
    { '': `${lone}\n[dependencies]\nsys.workspace = true\n[workspace.dependencies]\nsys.path = "sys"\n[workspace]`, sys: lone },
    'sys',
    '',
    ['', 'sys'],
  ],
  [
    'a workspace in a workspace',
    { '': '[workspace]\nmembers = ["inner/*"]', inner: '[workspace]\nmembers = ["a"]', 'inner/a': lone },
    'inner/a',
    'inner',
    ['inner', 'inner/a'],
  ],
  [
    'package.workspace',
    { root: '[workspace]\nmembers = ["../far"]', far: `${lone}\nworkspace = "../root"` },
    'far',
    'root',
    ['far', 'root'],
  ],
  ['a member that is not there', { '': '[workspace]\nmembers = ["gone", "a"]', a: lone }, 'a', '', ['', 'a']],
  ['a broken root', { '': '[workspace', a: lone }, 'a', 'a', ['a']],
])('%s', (_, manifests, from, root, all) => {
  const file = (folder: string): string => `/w/${folder}/Cargo.toml`.replace('//', '/');
  expect(workspaceManifests(tree(manifests), file(from))).toEqual({ root: file(root), manifests: all.map(file).sort() });
});

test('folders of a workspace and of its path dependencies', () => {
  const fs = tree({
    main: '[workspace]\nmembers = ["a"]',
    'main/a': '[package]\nname = "a"\n[dependencies]\nfar = { path = "../../far" }',
    far: '[package]\nname = "far"\n[dependencies]\nfarther = { path = "../farther" }',
    farther: lone,
  });
  expect(createSurroundings(fs)('/w/main/a/src/lib.rs')).toEqual(['/w/far', '/w/main', '/w/farther']);
});
