/** Which files a run looks at. */
import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { discover } from '../../server/src/host/discover.ts';
import type { DiscoverOptions } from '../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import type { WalkFs } from '../../server/src/host/walk-fs.ts';
import { createSurroundings } from '../../server/src/model/extract/cargo/roots.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Found {
  readonly files: readonly string[];
  readonly report: readonly string[] | null;
  readonly problems: readonly string[];
}

/** What is found for paths below a folder, as relative paths. */
function find(folder: string, paths: readonly string[] = ['.'], options: DiscoverOptions = {}): Found {
  const result = discover(
    nodeWalkFs(),
    paths.map((path) => `${folder}/${path}`),
    options,
  );
  if ('failure' in result) throw new Error(result.failure);
  const short = (path: string): string => path.replace(`${folder}/`, '');
  return {
    files: [...result.rust, ...result.manifests, ...result.headers, ...result.python].map(short),
    report: result.report && [...result.report].map(short).sort(),
    problems: result.problems.map((problem) => `${short(problem.file)} ${problem.message}`),
  };
}

test('files by kind', () => {
  const folder = tempFolder(
    Object.fromEntries(
      [
        'b.rs',
        'a/x.rs',
        'Cargo.toml',
        'i/p.h',
        'i/q.hpp',
        'i/r.hh',
        'i/s.hxx',
        'i/t.h++',
        'i/u.inc',
        'c.c',
        'm.py',
        'm.pyi',
        'r.md',
        'x.toml',
      ].map((f) => [f, '']),
    ),
  );
  const result = discover(nodeWalkFs(), [folder]);
  expect(result).toEqual({
    rust: [`${folder}/a/x.rs`, `${folder}/b.rs`],
    manifests: [`${folder}/Cargo.toml`],
    headers: [`${folder}/c.c`, ...['p.h', 'q.hpp', 'r.hh', 's.hxx', 't.h++'].map((name) => `${folder}/i/${name}`)],
    python: [`${folder}/m.py`, `${folder}/m.pyi`],
    javascript: [],
    csharp: [],
    report: null,
    problems: [],
  });
});

test('a path that does not exist is named', () => {
  const folder = tempFolder({ 'a.rs': '' });
  expect(discover(nodeWalkFs(), [`${folder}/a.rs`, `${folder}/gone`])).toEqual({ failure: `${folder}/gone does not exist` });
});

test('build output and installed code are passed over', () => {
  const folder = tempFolder({
    'Cargo.toml': '',
    'src/lib.rs': '',
    'src/target/mod.rs': '',
    'target/debug/out.rs': '',
    'elsewhere/CACHEDIR.TAG': '',
    'elsewhere/gen.rs': '',
    'x/target/.rustc_info.json': '',
    'x/target/gen.rs': '',
    'node_modules/p/binding.c': '',
    '.git/hooks/x.py': '',
    '.venv/lib.py': '',
    'env/pyvenv.cfg': '',
    'env/lib.py': '',
    'py/__pycache__/m.py': '',
  });
  expect(find(folder).files).toEqual(['src/lib.rs', 'src/target/mod.rs', 'Cargo.toml']);
  expect(find(folder, ['target']).files).toEqual(['target/debug/out.rs']);
});

describe('ignore files', () => {
  const files = {
    '.git/info/exclude': 'local.rs\n',
    '.gitignore': 'gen/\n*.py\n!keep.py\n/only-top.rs\n',
    'local.rs': '',
    'a.py': '',
    'keep.py': '',
    'only-top.rs': '',
    'sub/only-top.rs': '',
    'sub/gen/x.rs': '',
    'sub/.gitignore': '!a.py\nhidden.rs\n',
    'sub/a.py': '',
    'sub/hidden.rs': '',
    'sub/.ignore': '!hidden.rs\nother.rs\n',
    'sub/other.rs': '',
    'sub/.ffi-lintignore': 'mine.rs',
    'sub/mine.rs': '',
  };

  test('each folder adds to those above it', () => {
    expect(find(tempFolder(files)).files).toEqual(['sub/hidden.rs', 'sub/only-top.rs', 'keep.py', 'sub/a.py']);
  });

  test('those above the start count inside a repository', () => {
    const folder = tempFolder(files);
    expect(find(folder, ['sub']).files).toEqual(['sub/hidden.rs', 'sub/only-top.rs', 'sub/a.py']);
  });

  test('what is named is not ignored', () => {
    const folder = tempFolder(files);
    expect(find(folder, ['sub/gen']).files).toEqual(['sub/gen/x.rs']);
    expect(find(folder, ['a.py']).files).toEqual(['a.py']);
  });

  test('noIgnore', () => {
    expect(find(tempFolder(files), ['.'], { noIgnore: true }).files).toHaveLength(10);
  });

  test('a file with a byte order mark and Windows line ends', () => {
    expect(find(tempFolder({ '.gitignore': '\uFEFFa.rs\r\nb.rs\r\n', 'a.rs': '', 'b.rs': '', 'c.rs': '' })).files).toEqual(['c.rs']);
  });
});

describe('links', () => {
  test('a loop ends and nothing is found twice', () => {
    const folder = tempFolder({ 'src/lib.rs': '', 'src/deep/mod.rs': '' });
    symlinkSync('..', `${folder}/src/deep/up`);
    symlinkSync('.', `${folder}/src/self`);
    symlinkSync('src', `${folder}/a-link`);
    symlinkSync('src/lib.rs', `${folder}/again.rs`);
    symlinkSync('nowhere', `${folder}/dangling.rs`);
    symlinkSync('circle-b', `${folder}/circle-a`);
    symlinkSync('circle-a', `${folder}/circle-b`);
    symlinkSync('/', `${folder}/root`);
    expect(find(folder)).toEqual({ files: ['src/deep/mod.rs', 'src/lib.rs'], report: null, problems: [] });
  });

  test('a folder elsewhere is walked by its link', () => {
    const folder = tempFolder({ 'far/x.rs': '', 'project/a.rs': '' });
    symlinkSync('../far', `${folder}/project/linked`);
    expect(find(folder, ['project']).files).toEqual(['project/a.rs', 'project/linked/x.rs']);
  });

  test('two names of one file are one file', () => {
    const folder = tempFolder({ 'a.rs': '' });
    symlinkSync('a.rs', `${folder}/b.rs`);
    expect(find(folder, ['b.rs', 'a.rs'])).toEqual({ files: ['b.rs'], report: null, problems: [] });
  });
});

test('a folder that cannot be listed is a problem', () => {
  const folder = tempFolder({ 'a.rs': '', 'locked/b.rs': '' });
  const disk = nodeWalkFs();
  const failure = 'cannot be opened: permission denied';
  const fs: WalkFs = { ...disk, entries: (path) => (path.endsWith('/locked') ? { failure } : disk.entries(path)) };
  expect(discover(fs, [folder])).toMatchObject({
    rust: [`${folder}/a.rs`],
    report: null,
    problems: [{ file: `${folder}/locked`, message: failure }],
  });
});

describe('what surrounds a file', () => {
  const files = {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]',
    'crates/a/Cargo.toml': '[package]\nname = "a"',
    'crates/a/src/lib.rs': '',
    'crates/b/Cargo.toml': '[package]\nname = "b"',
    'crates/b/src/lib.rs': '',
  };
  const surroundings = createSurroundings(nodeFileSystem());

  test('is looked at, but only the file is asked about', () => {
    const found = find(tempFolder(files), ['crates/a/src/lib.rs'], { surroundings });
    expect(found.files).toEqual(['crates/a/src/lib.rs', 'crates/b/src/lib.rs', 'Cargo.toml', 'crates/a/Cargo.toml', 'crates/b/Cargo.toml']);
    expect(found.report).toEqual(['crates/a/src/lib.rs']);
  });

  test('for a folder', () => {
    const found = find(tempFolder(files), ['crates/b'], { surroundings });
    expect(found.files).toHaveLength(5);
    expect(found.report).toEqual(['crates/b/Cargo.toml', 'crates/b/src/lib.rs']);
  });

  test('all of it asked about is no filter', () => {
    expect(find(tempFolder(files), ['.'], { surroundings }).report).toBeNull();
  });
});

test('excluded folders are not entered, excluded files are not asked about', () => {
  const folder = tempFolder({ 'a.rs': '', 'generated.rs': '', 'vendor/x.rs': '' });
  const excludes = (path: string): boolean => /vendor|generated/.test(path);
  expect(find(folder, ['.'], { excludes })).toEqual({ files: ['a.rs', 'generated.rs'], report: ['a.rs'], problems: [] });
  expect(find(folder, ['vendor/x.rs'], { excludes }).report).toBeNull();
});

test('a file that is only in the editor', () => {
  const folder = tempFolder({ 'a.rs': '' });
  const virtual = [`${folder}/new.rs`];
  expect(find(folder, ['new.rs'], { virtual }).files).toEqual(['new.rs']);
});
