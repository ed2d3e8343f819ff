/** What is made from the settings: the JSON Schema, the docs, the printed and the commented file. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { RuleInfo } from '../../server/src/config/config.ts';
import { commentedConfig, configurationTable } from '../../server/src/config/describe.ts';
import { jsonSchema } from '../../server/src/config/json-schema.ts';
import { printConfig } from '../../server/src/config/print.ts';
import { defaultConfig, readConfig } from '../../server/src/config/read-config.ts';
import { SETTINGS } from '../../server/src/config/schema.ts';
import { memoryFs } from '../support/memory-fs.ts';

const RULES: readonly RuleInfo[] = [
  { id: 'missing-null-check', group: 'pointers', severity: 'warning' },
  { id: 'panic-across-boundary', group: 'panics', severity: 'error' },
];

describe('the JSON Schema', () => {
  const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(jsonSchema(RULES));

  test.each([
    [{}],
    [{ profile: 'all', exclude: 'a', targets: ['x'], rules: { pointers: 'off', 'missing-null-check': 'deny' } }],
    [{ overrides: [{ paths: ['a'], rules: { panics: 'hint' } }], python: { dispatchers: [{ callee: 'f', name: 0 }] } }],
    [{ links: [{ rust: 'src/**', headers: ['a.h'], language: 'c' }], probe: 'auto' }],
  ])('takes %j', (document) => {
    expect(valid(document)).toBe(true);
  });

  test.each([
    [{ profil: 'all' }],
    [{ rules: { unknown: 'off' } }],
    [{ rules: { pointers: 'loud' } }],
    [{ overrides: [{ rules: {} }] }],
    [{ targets: [''] }],
    [{ python: { dispatchers: [{ callee: 'f', name: -1 }] } }],
  ])('refuses %j', (document) => {
    expect(valid(document)).toBe(false);
  });
});

test('the docs have the table of settings', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const shown = /<!-- settings: generated -->\n([\s\S]*?)\n?<!-- \/settings -->/.exec(page)?.[1];
  expect(shown).toBe(configurationTable());
});

test('every default is of its type', () => {
  const { value, problems } = readConfig(memoryFs({ '/w/ffi-lint.toml': '' }), '/w/x.rs', RULES);
  const printed = printConfig(value, RULES, '/w/x.rs');
  expect(problems).toEqual([]);
  for (const { key, default: fallback } of SETTINGS) {
    if (fallback !== null && key !== 'extends') expect(printed).toContain(`${key} = ${JSON.stringify(fallback)}`);
  }
});

test('the commented file can be taken as it is, and with all its examples', () => {
  const text = commentedConfig();
  const read = (file: string): readonly string[] =>
    readConfig(memoryFs({ '/w/a/ffi-lint.toml': file, '/w/ffi-lint.toml': '' }), '/w/a/x.rs', RULES).problems.map((one) => one.message);
  expect(read(text)).toEqual([]);
  expect(read(text.replace(/^#(?! )/gm, ''))).toEqual([]);
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('what is printed', () => {
  const text =
    'profile = "strict"\nexclude = ["a\\"b"]\n[rules]\npanics = "off"\n[[links]]\nrust = "src/**"\n[[python.dispatchers]]\ncallee = "call"';
  const { value } = readConfig(memoryFs({ '/w/ffi-lint.toml': text }), '/w/src/lib.rs', RULES);
  const printed = printConfig(value, RULES, '/w/src/lib.rs');
  expect(printed).toBe(`# from /w/ffi-lint.toml
# for /w/src/lib.rs
profile = "strict"
targets = []
exclude = ["a\\"b"]
include-dirs = []
defines = []
verify = "off"
trust-safety-docs = false
dedupe-with-rustc = "auto"
report-unused-suppressions = "warn"

[rules]
missing-null-check = "warning"
panic-across-boundary = "off"

[[links]]
rust = ["src/**"]
headers = []
python = []
javascript = []
csharp = []
defines = []
targets = []

[[python.dispatchers]]
callee = "call"
name = 0
`);
  const again = readConfig(memoryFs({ '/w/ffi-lint.toml': printed }), '/w/src/lib.rs', RULES);
  expect(again.problems).toEqual([]);
  expect(printConfig(again.value, RULES, '/w/src/lib.rs')).toBe(printed);
  expect(printConfig(defaultConfig(), RULES, '/w/x.rs')).toContain('# no configuration file: the defaults\n');
});
