/** Reading configuration: where it is found, what it means, what is wrong with it. */
import { describe, expect, test } from 'vitest';
import type { ConfigOverrides, RuleInfo } from '../../server/src/config/config.ts';
import { createConfigReader, defaultConfig, readConfig, readConfigFile } from '../../server/src/config/read-config.ts';
import type { ProjectConfig } from '../../server/src/config/read-config.ts';
import { memoryFs } from '../support/memory-fs.ts';

const rule = (id: string, group: string, severity: RuleInfo['severity'], recommended = false): RuleInfo => ({
  id,
  group,
  severity,
  recommended,
});

const nullCheck = rule('missing-null-check', 'pointers', 'warning');
const reprC = rule('repr-c-missing', 'types', 'error');
const naming = rule('naming', 'house', 'hint');
const slow = rule('slow-call', 'pyo3', 'info');
const wanted = rule('wanted', 'pyo3', 'info', true);
const dormant = rule('dormant', 'house', 'off');
const RULES = [nullCheck, reprC, naming, slow, wanted, dormant];

/** The configuration of /w/ffi-lint.toml, which must be right. */
function config(text: string, overrides: ConfigOverrides = {}): ProjectConfig {
  const { value, problems } = readConfig(memoryFs({ '/w/ffi-lint.toml': text }), '/w/src/lib.rs', RULES, overrides);
  expect(problems).toEqual([]);
  return value;
}

/** Levels of all rules for a path, `off` left out. */
function levels(of: ProjectConfig, path = '/w/src/lib.rs'): Record<string, string> {
  return Object.fromEntries(RULES.map((one) => [one.id, of.levelOf(one, path)]).filter(([, level]) => level !== 'off'));
}

const recommended = { 'missing-null-check': 'warning', 'repr-c-missing': 'error', wanted: 'info' };
const strict = { ...recommended, 'slow-call': 'info' };
const all = { ...strict, naming: 'hint', dormant: 'info' };

describe('levels', () => {
  test.each<[string, ConfigOverrides, object]>([
    ['', {}, recommended],
    ['profile = "strict"', {}, strict],
    ['profile = "all"', {}, all],
    ['profile = "all"', { profile: 'recommended' }, recommended],
    ['[rules]\nnaming = "warning"', {}, { ...recommended, naming: 'warning' }],
    ['[rules]\nhouse = "warn"', {}, { ...recommended, naming: 'warning', dormant: 'warning' }],
    ['[rules]\nnaming = "deny"\nhouse = "off"\ntypes = "allow"', {}, { 'missing-null-check': 'warning', wanted: 'info', naming: 'error' }],
    ['', { levels: [{ name: 'pointers', level: 'error' }] }, { ...recommended, 'missing-null-check': 'error' }],
    [
      '',
      {
        levels: [
          { name: 'missing-null-check', level: 'error' },
          { name: 'pointers', level: 'off' },
        ],
      },
      { 'repr-c-missing': 'error', wanted: 'info' },
    ],
    ['', { only: ['types'] }, { 'repr-c-missing': 'error' }],
    ['', { only: ['dormant', 'naming'] }, { dormant: 'info', naming: 'hint' }],
    ['[rules]\nrepr-c-missing = "off"', { only: ['repr-c-missing'] }, { 'repr-c-missing': 'error' }],
    ['[rules]\nrepr-c-missing = "off"', { only: ['types'] }, {}],
    ['', { only: ['pointers', 'types'], skip: ['repr-c-missing'] }, { 'missing-null-check': 'warning' }],
    ['', { skip: ['pyo3'] }, { 'missing-null-check': 'warning', 'repr-c-missing': 'error' }],
    ['', { only: ['naming'], levels: [{ name: 'naming', level: 'error' }] }, { naming: 'error' }],
  ])('%j with %j', (text, overrides, expected) => {
    expect(levels(config(text, overrides))).toEqual(expected);
  });

  test('overrides hold in their paths, the last one wins, the command line goes before', () => {
    const text = `
[rules]
types = "warning"
[[overrides]]
paths = ["tests", "legacy/**"]
rules = { types = "off", pointers = "error" }
[[overrides]]
paths = "legacy/*.rs"
[overrides.rules]
repr-c-missing = "hint"`;
    const level = (path: string, overrides: ConfigOverrides = {}): string => config(text, overrides).levelOf(reprC, path);
    expect(
      ['/w/src/lib.rs', '/w/a/tests/x.rs', '/w/legacy/a.rs', '/w/legacy/b/a.rs', '/other/tests/x.rs'].map((path) => level(path)),
    ).toEqual(['warning', 'off', 'hint', 'off', 'warning']);
    expect(level('/w/tests/x.rs', { levels: [{ name: 'types', level: 'info' }] })).toBe('info');
  });
});

describe('globs', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['"vendor"', ['/w/vendor', '/w/vendor/a.rs', '/w/a/vendor/b/c.rs'], ['/w/vendored/a.rs', '/vendor/a.rs']],
    ['"vendor/"', ['/w/vendor/a.rs'], ['/w/vendor.rs']],
    ['"/gen"', ['/w/gen/a.rs'], ['/w/a/gen/a.rs']],
    ['"./gen/**"', ['/w/gen/a/b.rs'], ['/w/x/gen/a.rs']],
    ['"*.gen.rs"', ['/w/a.gen.rs', '/w/a/b.gen.rs'], ['/w/a.rs']],
    ['["src/{a,b}/*.rs"]', ['/w/src/a/x.rs', '/w/src/b/y.rs'], ['/w/src/a/x/y.rs', '/w/src/c/x.rs']],
    ['".hidden"', ['/w/.hidden/a.rs'], []],
    ['[]', [], ['/w/a.rs']],
  ])('exclude = %s', (globs, yes, no) => {
    const { excludes } = config(`exclude = ${globs}`);
    expect([yes.filter((path) => !excludes(path)), no.filter(excludes)]).toEqual([[], []]);
  });

  test('those of the command line are relative to the working directory', () => {
    const { excludes } = config('exclude = "a"', { exclude: ['src/b'], folder: '/w/crates' });
    expect(['/w/a/x.rs', '/w/crates/src/b/x.rs', '/w/src/b/x.rs'].map(excludes)).toEqual([true, true, false]);
  });
});

describe('where it is found', () => {
  const tell = (files: Record<string, string>, path: string): string | null => readConfig(memoryFs(files), path, RULES).value.file;

  test.each<[string, Record<string, string>, string | null]>([
    ['the nearest file', { '/w/ffi-lint.toml': '', '/w/a/ffi-lint.toml': '' }, '/w/a/ffi-lint.toml'],
    ['a hidden one', { '/w/.ffi-lint.toml': '', '/ffi-lint.toml': '' }, '/w/.ffi-lint.toml'],
    ['Cargo.toml', { '/w/a/Cargo.toml': '[package.metadata.ffi-lint]', '/w/ffi-lint.toml': '' }, '/w/a/Cargo.toml'],
    ['a workspace', { '/w/Cargo.toml': '[workspace.metadata."ffi-lint"]', '/w/a/Cargo.toml': '[package]\nname="a"' }, '/w/Cargo.toml'],
    ['pyproject.toml', { '/w/pyproject.toml': '[tool.ffi-lint]', '/w/a/pyproject.toml': '[tool.other]' }, '/w/pyproject.toml'],
    ['its own file first', { '/w/ffi-lint.toml': '', '/w/Cargo.toml': '[package.metadata.ffi-lint]' }, '/w/ffi-lint.toml'],
    ['not beyond the repository', { '/ffi-lint.toml': '', '/w/.git/HEAD': '' }, null],
    ['nowhere', { '/w/a/src/lib.rs': '' }, null],
    ['not in a manifest that only mentions it', { '/w/Cargo.toml': '[dependencies]\nffi-lint = "1"' }, null],
    ['a broken manifest without a section is none', { '/w/Cargo.toml': '[package' }, null],
  ])('%s', (_, files, expected) => {
    expect(tell(files, '/w/a/src/lib.rs')).toBe(expected);
  });

  test('a reader looks once and tells each problem once', () => {
    const fs = memoryFs({ '/w/ffi-lint.toml': 'bad = 1', '/w/a/ffi-lint.toml': 'profile = "strict"', '/w/a/x.rs': '', '/w/b/y.rs': '' });
    const reader = createConfigReader(fs, RULES);
    expect(['/w/a/x.rs', '/w/b/y.rs', '/w/c/z.rs', '/w/a/b/x.rs'].map((path) => reader.configFor(path).profile)).toEqual([
      'strict',
      'recommended',
      'recommended',
      'strict',
    ]);
    expect(reader.configFor('/w/b/y.rs')).toBe(reader.configFor('/w/c/z.rs'));
    expect(reader.problems).toHaveLength(1);
    expect(createConfigReader(fs, RULES, {}, 'defaults').configFor('/w/a/x.rs').file).toBeNull();
    expect(createConfigReader(fs, RULES, {}, { file: '/w/a/ffi-lint.toml' }).configFor('/w/b/y.rs').profile).toBe('strict');
  });
});

test('what a file says beside levels', () => {
  const found = config(`
targets = "x86_64-unknown-linux-gnu"
include-dirs = ["include", "/usr/include"]
defines = ["A", "B=2"]
probe = "require"
trust-safety-docs = true
dedupe-with-rustc = "off"
report-unused-suppressions = "error"
[[links]]
rust = "src/**"
headers = ["include/a.h"]
language = "c"
[[python.dispatchers]]
callee = "invoke"
argtypes = 1`);
  expect(found).toMatchObject({
    targets: ['x86_64-unknown-linux-gnu'],
    options: { trustSafetyDocs: true, dedupeWithRustc: 'off', reportUnusedSuppressions: 'error' },
    project: {
      includeDirs: ['/w/include', '/usr/include'],
      defines: ['A', 'B=2'],
      links: [{ folder: '/w', rust: ['src/**'], headers: ['include/a.h'], python: [], language: 'c', defines: [], targets: [] }],
      dispatchers: [{ callee: 'invoke', name: 0, argtypes: 1, restype: null }],
      probe: 'require',
      verify: 'off',
    },
  });
});

test('the defaults', () => {
  expect(defaultConfig()).toMatchObject({
    file: null,
    files: [],
    profile: 'recommended',
    targets: [],
    options: { trustSafetyDocs: false, dedupeWithRustc: 'auto', reportUnusedSuppressions: 'warn' },
    project: { probe: null, verify: 'off' },
  });
});

describe('extends', () => {
  test('layers: what is nearer wins, lists of tables add up, globs keep their folder', () => {
    const fs = memoryFs({
      '/w/a/ffi-lint.toml': 'extends = "../base.toml"\nexclude = ["mine"]\n[rules]\ntypes = "info"\n[[links]]\nrust = "src/a.rs"',
      '/w/base.toml': `extends = ["shared/one.toml"]
profile = "all"
exclude = ["theirs"]
targets = ["t"]
[rules]
repr-c-missing = "hint"
naming = "error"
[[overrides]]
paths = ["a/tests"]
rules.naming = "off"
[[links]]
rust = "b.rs"`,
      '/w/shared/one.toml': 'profile = "strict"\ndefines = ["X"]',
    });
    const { value, problems } = readConfig(fs, '/w/a/src/lib.rs', RULES);
    expect(problems).toEqual([]);
    expect(value.files).toEqual(['/w/a/ffi-lint.toml', '/w/base.toml', '/w/shared/one.toml']);
    expect([value.profile, value.targets, value.project.defines]).toEqual(['all', ['t'], ['X']]);
    expect(['/w/a/mine/x.rs', '/w/a/theirs/x.rs'].map(value.excludes)).toEqual([true, false]);
    expect(value.levelOf(reprC, '/w/a/x.rs')).toBe('info');
    expect(['/w/a/x.rs', '/w/a/tests/x.rs'].map((path) => value.levelOf(naming, path))).toEqual(['error', 'off']);
    expect(value.project.links.map(({ folder, rust }) => [folder, ...rust])).toEqual([
      ['/w', 'b.rs'],
      ['/w/a', 'src/a.rs'],
    ]);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'a circle',
      { '/w/ffi-lint.toml': 'extends = "b.toml"', '/w/b.toml': '\nextends = "ffi-lint.toml"' },
      '/w/b.toml: line 2: `extends` goes in a circle: ffi-lint.toml → b.toml → ffi-lint.toml',
    ],
    [
      'itself',
      { '/w/ffi-lint.toml': 'extends = "./ffi-lint.toml"' },
      '/w/ffi-lint.toml: line 1: `extends` goes in a circle: ffi-lint.toml → ffi-lint.toml',
    ],
    [
      'a file that is not there',
      { '/w/ffi-lint.toml': 'extends = "../no.toml"' },
      '/w/ffi-lint.toml: line 1: `extends` names `../no.toml`, which is not a file',
    ],
    [
      'a manifest without a section',
      { '/w/ffi-lint.toml': 'extends = "Cargo.toml"', '/w/Cargo.toml': '[package]' },
      '/w/ffi-lint.toml: line 1: `extends` names `Cargo.toml`, which holds no configuration for ffi-lint',
    ],
    [
      'a broken file',
      { '/w/ffi-lint.toml': 'extends = "b.toml"', '/w/b.toml': 'a = ' },
      '/w/b.toml: is not valid TOML, line 1: a value is missing; correct it, it holds configuration',
    ],
    [
      'a wrong key in it',
      { '/w/ffi-lint.toml': 'extends = "b.toml"', '/w/b.toml': '\nprofil = "all"' },
      '/w/b.toml: line 2: unknown key `profil`, did you mean `profile`',
    ],
  ])('%s', (_, files, expected) => {
    const { problems } = readConfig(memoryFs(files), '/w/src/lib.rs', RULES);
    expect(problems.map((problem) => `${problem.file}: ${problem.message}`)).toEqual([expected]);
  });
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['profil = "all"', 'unknown key `profil`, did you mean `profile`', 'profil'],
    ['colour = "red"', 'unknown key `colour`', 'colour'],
    ['include_dirs = []', 'unknown key `include_dirs`, did you mean `include-dirs`', 'include_dirs'],
    ['profile = "stric"', '`profile` cannot be `stric`, did you mean `strict`', '"stric"'],
    ['verify = "sometimes"', '`verify` cannot be `sometimes`; write one of off, auto, require', '"sometimes"'],
    ['profile = true', '`profile` must be one of recommended, strict, all, not true', 'true'],
    ['exclude = 3', '`exclude` must be a list of strings that are not empty, not the number 3', '3'],
    ['exclude = ["a", 3]', '`exclude` must be a list of strings that are not empty, not a list', '["a", 3]'],
    ['targets = ""', '`targets` must be a list of strings that are not empty, not an empty string', '""'],
    ['trust-safety-docs = "yes"', '`trust-safety-docs` must be true or false, not a string', '"yes"'],
    ['rules = "all"', '`rules` must be a table, not a string', '"all"'],
    ['[rules]\nrepr-c-mising = "off"', 'unknown rule or group `repr-c-mising`, did you mean `repr-c-missing`', 'repr-c-mising'],
    ['[rules]\npointer = "off"', 'unknown rule or group `pointer`, did you mean `pointers`', 'pointer'],
    [
      '[rules]\nnaming = "loud"',
      '`rules.naming` cannot be `loud`; write one of off, hint, info, warning, error, allow, warn, deny',
      '"loud"',
    ],
    ['[rules]\nnaming = 1', '`rules.naming` must be a level (off, hint, info, warning, error), not the number 1', '1'],
    ['[[overrides]]\npath = "x"\npaths = "x"', 'unknown key `overrides.path`, did you mean `paths`', 'path'],
    ['[[overrides]]\nrules = {}', '`overrides.paths` is missing; it must be given here', '[[overrides]]'],
    ['overrides = 1', '`overrides` must be a list of tables, not the number 1', '1'],
    ['[[links]]\nrust = "a"\nlanguage = "cobol"', '`links.language` cannot be `cobol`; write one of c, python', '"cobol"'],
    ['[[python.dispatchers]]\ncallee = "x"\nname = -1', '`python.dispatchers.name` must be a whole number from 0, not the number -1', '-1'],
  ])('%j', (text, message, place) => {
    const file = '/w/ffi-lint.toml';
    const { problems } = readConfig(memoryFs({ [file]: `\n${text}` }), '/w/x.rs', RULES);
    const [first] = problems;
    expect(problems).toHaveLength(1);
    expect(first?.message.replace(/^line \d+: /, '')).toBe(message);
    expect(first?.span && `\n${text}`.slice(first.span.start, first.span.end)).toBe(place);
  });

  test('the line is counted in the whole manifest', () => {
    const fs = memoryFs({ '/w/Cargo.toml': '[package]\nname = "a"\n[package.metadata.ffi-lint]\nprofil = 1' });
    expect(readConfig(fs, '/w/x.rs', RULES).problems[0]?.message).toMatch(/^line 4: /);
  });

  test('names on the command line', () => {
    const { problems } = readConfig(memoryFs({}), '/w/x.rs', RULES, { only: ['namin'], skip: ['types', 'zzz'] });
    expect(problems).toEqual([
      { file: '', message: 'unknown rule or group `namin`, did you mean `naming`' },
      { file: '', message: 'unknown rule or group `zzz`' },
    ]);
  });

  test('a named file that is not there, or holds nothing', () => {
    const fs = memoryFs({ '/w/Cargo.toml': '[package]' });
    expect(readConfigFile(fs, '/w/no.toml', RULES).problems).toEqual([{ file: '/w/no.toml', message: 'does not exist' }]);
    expect(readConfigFile(fs, '/w/Cargo.toml', RULES).problems).toMatchObject([
      { message: expect.stringContaining('holds no configuration') },
    ]);
  });

  test('the rest still holds', () => {
    const { value } = readConfig(
      memoryFs({ '/w/ffi-lint.toml': 'profile = "strict"\nx = 1\n[rules]\nno = "off"\nnaming = "error"' }),
      '/w/x.rs',
      RULES,
    );
    expect(levels(value)).toEqual({ ...strict, naming: 'error' });
  });
});
