/** What is read of a Cargo.toml: targets, inheritance, features, dependencies, profiles, lints, places. */
import { describe, expect, test } from 'vitest';
import { readCargo } from '../../server/src/model/extract/cargo/read-cargo.ts';
import type { Package } from '../../server/src/model/cargo/package.ts';
import { memoryFs } from '../support/memory-fs.ts';

/** The package of /w/Cargo.toml with other files beside it. */
function read(manifest: string, files: readonly string[] = []): Package {
  const fs = memoryFs({ '/w/Cargo.toml': manifest, ...Object.fromEntries(files.map((file) => [`/w/${file}`, ''])) });
  const { value, problems } = readCargo(fs, ['/w/Cargo.toml']);
  expect(problems).toEqual([]);
  const [found] = value.packages;
  if (!found) throw new Error('no package was read');
  return found;
}

const named = (rest = '', edition = '2021'): string => `[package]\nname = "my-crate"\nversion = "1.2.3"\nedition = "${edition}"\n${rest}`;
const targets = (of: Package): readonly string[] => of.targets.map((one) => `${one.kind} ${one.name} ${one.root.replace('/w/', '')}`);

describe('targets', () => {
  const layout = [
    'src/lib.rs',
    'src/main.rs',
    'src/helper.rs',
    'src/bin/one-tool.rs',
    'src/bin/two/main.rs',
    'src/bin/two/part.rs',
    'tests/it.rs',
    'tests/big/main.rs',
    'tests/common/mod.rs',
    'benches/fast.rs',
    'examples/demo.rs',
    'examples/.hidden.rs',
    'build.rs',
  ];
  const discovered = [
    'lib my_crate src/lib.rs',
    'bin my_crate src/main.rs',
    'bin one_tool src/bin/one-tool.rs',
    'bin two src/bin/two/main.rs',
    'example demo examples/demo.rs',
    'test big tests/big/main.rs',
    'test it tests/it.rs',
    'bench fast benches/fast.rs',
    'build-script build_script_build build.rs',
  ];

  test('are found by the layout', () => {
    expect(targets(read(named(), layout))).toEqual(discovered);
  });

  test.each([
    ['autobins = false', /^bin/],
    ['autotests = false', /^test/],
    ['autobenches = false', /^bench/],
    ['autoexamples = false', /^example/],
    ['autolib = false', /^lib/],
    ['build = false', /^build-script/],
  ])('%s switches a kind off', (line, kind) => {
    expect(targets(read(named(line), layout))).toEqual(discovered.filter((one) => !kind.test(one)));
  });

  test.each<[string, string, string, readonly string[], readonly string[]]>([
    ['a lib with its own path and name', '[lib]\nname = "core_api"\npath = "rust/api.rs"', '2021', [], ['lib core_api rust/api.rs']],
    ['a lib table without a file', '[lib]\ncrate-type = ["cdylib"]', '2021', [], ['lib my_crate src/lib.rs']],
    [
      'a declared bin and those that are found',
      '[[bin]]\nname = "tool"\npath = "src/tool.rs"',
      '2021',
      ['src/main.rs'],
      ['bin tool src/tool.rs', 'bin my_crate src/main.rs'],
    ],
    [
      'in edition 2015 declared bins end the search',
      '[[bin]]\nname = "tool"\npath = "src/tool.rs"',
      '2015',
      ['src/main.rs'],
      ['bin tool src/tool.rs'],
    ],
    ['a declared bin finds its file', '[[bin]]\nname = "two"', '2021', ['src/bin/two/main.rs'], ['bin two src/bin/two/main.rs']],
    [
      'a declared file is not found twice',
      '[[bin]]\nname = "tool"\npath = "src/main.rs"',
      '2021',
      ['src/main.rs'],
      ['bin tool src/main.rs'],
    ],
    ['build scripts elsewhere', 'build = "build/main.rs"', '2021', ['build.rs'], ['build-script build_script_main build/main.rs']],
  ])('%s', (_, rest, edition, files, expected) => {
    expect(targets(read(named(rest, edition), files))).toEqual(expected);
  });

  test.each([
    ['[lib]', ['lib']],
    ['[lib]\ncrate-type = ["cdylib", "rlib"]', ['cdylib', 'rlib']],
    ['[lib]\ncrate_type = ["staticlib"]', ['staticlib']],
    ['[lib]\nproc-macro = true', ['proc-macro']],
    ['lib.crate-type = ["cdylib"]', ['cdylib']],
  ])('crate types of %j', (lib, expected) => {
    const rest = lib.startsWith('[') ? named(lib) : `${lib}\n${named()}`;
    expect(read(rest, ['src/lib.rs']).targets[0]?.crateTypes).toEqual(expected);
  });
});

test('what is left out has its default', () => {
  const bare = read('[package]\nname = "bare"');
  expect([bare.edition, bare.version, bare.rustVersion, bare.links, bare.workspaceRoot]).toEqual(['2015', null, null, null, '/w']);
  expect(bare.panic).toEqual({ dev: null, release: null, alwaysAborts: false });
});

test('features with those of optional dependencies', () => {
  const { features } = read(
    named(`[features]
default = ["std"]
std = []
fast = ["dep:rayon", "serde/derive"]
[dependencies]
rayon = { version = "1", optional = true }
serde = { version = "1", optional = true }
libc = "0.2"`),
  );
  expect(features).toEqual({ default: ['std'], std: [], fast: ['dep:rayon', 'serde/derive'], serde: ['dep:serde'] });
});

test('dependencies of every kind', () => {
  const { dependencies } = read(
    named(`links = "z"
[dependencies]
libc = "0.2"
py-o3 = { package = "pyo3", version = "0.25", default-features = false, features = ["abi3"] }
near = { path = "../near" }
[dependencies.far]
git = "https://example.org/far"
optional = true
[dev-dependencies]
tempfile = "3"
[build-dependencies]
cc = "1"
[target.'cfg(windows)'.dependencies]
windows-sys = { version = "0.59" }
[target.x86_64-unknown-linux-gnu.build-dependencies]
bindgen = "0.70"`),
  );
  const shown = dependencies.map((one) => [one.name, one.package, one.requirement, one.source, one.path, one.kind, one.target]);
  expect(shown).toEqual([
    ['libc', 'libc', '0.2', 'registry', null, 'normal', null],
    ['py_o3', 'pyo3', '0.25', 'registry', null, 'normal', null],
    ['near', 'near', null, 'path', '/near', 'normal', null],
    ['far', 'far', null, 'git', null, 'normal', null],
    ['tempfile', 'tempfile', '3', 'registry', null, 'dev', null],
    ['cc', 'cc', '1', 'registry', null, 'build', null],
    ['windows_sys', 'windows-sys', '0.59', 'registry', null, 'normal', 'cfg(windows)'],
    ['bindgen', 'bindgen', '0.70', 'registry', null, 'build', 'x86_64-unknown-linux-gnu'],
  ]);
  expect(dependencies[1]).toMatchObject({ features: ['abi3'], defaultFeatures: false, optional: false });
  expect(dependencies[3]).toMatchObject({ optional: true, defaultFeatures: true });
});

test('a member inherits from its workspace', () => {
  const fs = memoryFs({
    '/w/Cargo.toml': `[workspace]
members = ["crates/*"]
[workspace.package]
edition = "2021"
version = "2.0.0"
rust-version = "1.81"
[workspace.dependencies]
pyo3 = { version = "0.25", default-features = false, features = ["macros"] }
shared = { path = "crates/shared" }
[workspace.lints.rust]
improper_ctypes = "allow"
unsafe-code = { level = "deny", priority = 1 }
[profile.dev]
panic = "abort"
[profile.release]
panic = "abort"`,
    '/w/crates/app/Cargo.toml': `[package]
name = "app"
edition.workspace = true
version = { workspace = true }
rust-version.workspace = true
[dependencies]
pyo3 = { workspace = true, features = ["abi3"], optional = true }
shared.workspace = true
[lints]
workspace = true
[profile.release]
panic = "unwind"`,
    '/w/crates/shared/Cargo.toml': '[package]\nname = "shared"',
  });
  const { value, problems } = readCargo(fs, ['/w/crates/app/Cargo.toml']);
  expect(problems).toEqual([]);
  expect(value.packages).toMatchObject([
    {
      edition: '2021',
      version: '2.0.0',
      rustVersion: [1, 81, 0],
      workspaceRoot: '/w',
      lints: { 'rust.improper_ctypes': 'allow', 'rust.unsafe_code': 'deny' },
      panic: { dev: 'abort', release: 'abort', alwaysAborts: true },
      dependencies: [
        { name: 'pyo3', requirement: '0.25', features: ['macros', 'abi3'], defaultFeatures: false, optional: true },
        { name: 'shared', source: 'path', path: '/w/crates/shared' },
      ],
      places: { edition: null, rustVersion: null },
    },
  ]);
});

test.each([
  ['', null, null, false],
  ['[profile.release]\npanic = "abort"', null, 'abort', false],
  ['[profile.dev]\npanic = "abort"\n[profile.release]\npanic = "abort"', 'abort', 'abort', true],
  ['[profile.dev]\npanic = "abort"\n[profile.release]\npanic = "abort"\n[profile.dist]\ninherits = "release"', 'abort', 'abort', true],
  [
    '[profile.dev]\npanic = "abort"\n[profile.release]\npanic = "abort"\n[profile.dist]\ninherits = "release"\npanic = "unwind"',
    'abort',
    'abort',
    false,
  ],
  ['[profile.dev]\npanic = "abort"\n[profile.release]\ninherits = "dev"', 'abort', 'abort', true],
  ['[profile.dev]\ninherits = "release"\n[profile.release]\ninherits = "dev"', null, null, false],
])('profiles %j', (profiles, dev, release, alwaysAborts) => {
  expect(read(named(profiles)).panic).toEqual({ dev, release, alwaysAborts });
});

test('places point into the manifest', () => {
  const text = named('rust-version = "1.70"\n[dependencies]\nlibc = { version = "0.2" }\n[lib]\ncrate-type = ["cdylib"]');
  const { places, dependencies } = read(text);
  const shown = [places.name, places.edition, places.rustVersion, places.libTable, places.crateType, dependencies[0]?.span];
  expect(shown.map((at) => at && text.slice(at.start, at.end))).toEqual([
    '"my-crate"',
    '"2021"',
    '"1.70"',
    '[lib]',
    '["cdylib"]',
    'libc = { version = "0.2" }',
  ]);
});

describe('what is wrong is told and costs one package', () => {
  const good = '[package]\nname = "good"\nedition = "2021"';

  test('broken TOML', () => {
    const bad = '[package]\nname = "bad"\nversion = \n';
    const { value, problems } = readCargo(memoryFs({ '/a/Cargo.toml': bad, '/b/Cargo.toml': good }), ['/a/Cargo.toml', '/b/Cargo.toml']);
    expect(value.packages.map((one) => one.name)).toEqual(['good']);
    expect(problems).toEqual([
      {
        file: '/a/Cargo.toml',
        message: 'is not valid TOML, line 3: a value is missing; its package is left out until it is corrected',
        span: { start: bad.indexOf('= \n') + 1, end: bad.indexOf('= \n') + 2 },
      },
    ]);
  });

  test('no name', () => {
    const { problems } = readCargo(memoryFs({ '/a/Cargo.toml': '[package]\nversion = "1.0.0"' }), ['/a/Cargo.toml']);
    expect(problems.map((one) => one.message)).toEqual(['`[package]` has no name; add `name = "…"` so that the package can be checked']);
  });

  test('an edition that is not known', () => {
    const { value, problems } = readCargo(memoryFs({ '/a/Cargo.toml': '[package]\nname = "a"\nedition = "2022"' }), ['/a/Cargo.toml']);
    expect(value.packages[0]?.edition).toBe('2024');
    expect(problems.map((one) => one.message)).toEqual([
      'edition `2022` is not known, 2024 is assumed; write one of 2015, 2018, 2021, 2024',
    ]);
  });

  test('values of the wrong type are passed over', () => {
    const odd =
      '[package]\nname = "odd"\nedition = 2021\nlinks = 1\n[lib]\ncrate-type = "cdylib"\n[dependencies]\nlibc = 2\n[features]\nx = 1';
    const found = read(odd);
    expect([found.edition, found.links, found.dependencies, found.features]).toEqual(['2015', null, [], { x: [] }]);
  });
});
