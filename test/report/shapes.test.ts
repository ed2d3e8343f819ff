/** The formats that machines read: their shapes and limits. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../server/src/report/formats.ts';
import { FORMATS } from '../../server/src/report/formats.ts';
import { relativePath } from '../../server/src/report/places.ts';
import { at, finding, sample } from './sample.ts';

const lib = '/w/src/lib.rs';

const parsed = (format: FormatName, input = sample()) => JSON.parse(FORMATS[format](input));

describe('json', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ strict: true }).compile(schema);

  it.each([
    ['everything', sample()],
    ['nothing', sample({ findings: [], problems: [], unresolved: [] })],
  ])('is what its schema says, with %s', (_, input) => {
    validate(parsed('json', input));
    expect(validate.errors).toBe(null);
  });

  it('counts columns in UTF-16 from 1 and leaves out what is suppressed', () => {
    const { findings, summary } = parsed('json');
    expect(findings[1].range).toEqual({ start: { line: 4, column: 24 }, end: { line: 4, column: 26 } });
    expect(findings.length).toBe(5);
    expect(summary).toMatchObject({ errors: 2, warnings: 1, infos: 1, hints: 1, suppressed: 1, unresolved: 1, milliseconds: 12 });
  });

  it('is one value a line as jsonl', () => {
    const lines = FORMATS.jsonl(sample()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual([...Array(5).fill('finding'), 'problem', 'summary']);
  });
});

describe('sarif', () => {
  it('refers to rules, encodes paths, tells suppressions and what is unresolved', () => {
    const [run] = parsed('sarif').runs;
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(run.results[0].relatedLocations[1].physicalLocation.artifactLocation).toEqual({
      uri: 'w/include/a%20b.h',
      uriBaseId: '%SRCROOT%',
    });
    expect(run.results.at(-1).suppressions).toEqual([{ kind: 'inSource', justification: 'checked by the caller' }]);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications.map((n: { level: string }) => n.level)).toEqual(['error', 'note']);
    expect(run.results[0].fixes[0].artifactChanges[0].replacements[0]).toEqual({
      deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 },
      insertedContent: { text: '#[repr(C)]\n' },
    });
  });
});

describe('github', () => {
  it('stays within ten annotations a kind and puts all findings into the log', () => {
    const many = Array.from({ length: 25 }, (_, i) => finding(`rule-${i}`, at(lib, 'Pair'), `message ${i}`));
    const lines = FORMATS.github(sample({ findings: [...many, finding('w', at(lib, 'p.x'), 'm', { severity: 'warning' })] })).split('\n');
    expect(lines.filter((line) => line.startsWith('::error')).length).toBe(10);
    expect(lines.filter((line) => line.startsWith('::warning')).length).toBe(1);
    expect(lines.find((line) => line.includes('16 more errors'))).toBeDefined();
    const log = lines.slice(lines.indexOf('::group::all findings') + 1, lines.indexOf('::endgroup::'));
    expect(log.length).toBe(26);
    expect(log.some((line) => line.startsWith('::'))).toBe(false);
  });

  it('escapes what would end a property or a command', () => {
    const out = FORMATS.github(
      sample({ findings: [finding('a', { file: '/w/a,b:c%.rs', span: { start: 0, end: 0 } }, 'one\ntwo: 100%')] }),
    );
    expect(out).toContain('file=w/a%2Cb%3Ac%25.rs,');
    expect(out).toContain('one%0Atwo: 100%25');
    expect(out.trimEnd().split('\n').length).toBe(1);
  });
});

it('gitlab has one fingerprint a finding', () => {
  const prints = parsed('gitlab').map((issue: { fingerprint: string }) => issue.fingerprint);
  expect(new Set(prints).size).toBe(prints.length);
});

it('rdjson counts columns in bytes', () => {
  const [, second] = parsed('rdjson').diagnostics;
  // A tab, `pub x: f64, // `, three bytes of `点`, ` of a `.
  expect(second.location.range).toEqual({ start: { line: 4, column: 26 }, end: { line: 4, column: 30 } });
});

it.each(['junit', 'checkstyle'] as const)('%s is XML that holds any text', (name) => {
  const out = FORMATS[name](sample({ findings: [finding('a', at(lib, 'Pair'), 'a & <b> "c" \u0000 \ud800')] }));
  expect(out).toContain('a &amp; &lt;b&gt; &quot;c&quot; \ufffd \ufffd');
  const open = [...out.matchAll(/<([a-z]+)(?: [a-z]+="[^"<>]*")*>/g)].map(([, tag]) => tag).sort();
  const close = [...out.matchAll(/<\/([a-z]+)>/g)].map(([, tag]) => tag).sort();
  expect(open).toEqual(close);
});

it('markdown keeps each finding in its row', () => {
  const rows = FORMATS.markdown(sample())
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows.length).toBe(1 + 5);
  expect(rows[2]).toContain('100% &lt;of&gt; "them" & \\| all');
});

it.each([
  ['/w', '/w/src/a.rs', 'src/a.rs'],
  ['/w/src', '/w/a.rs', '../a.rs'],
  ['/w/src', '/x/a.rs', '../../x/a.rs'],
  ['/', '/a.rs', 'a.rs'],
  ['C:/w', 'C:/w/a.rs', 'a.rs'],
  ['C:/w', 'D:/a.rs', 'D:/a.rs'],
])('from %s, %s is %s', (from, to, path) => {
  expect(relativePath(from, to)).toBe(path);
});
