/** What users see of each format, kept in golden/; `npx vitest run test/report -u` rewrites it. */
import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, FORMATS } from '../../server/src/report/formats.ts';
import { formatConcise } from '../../server/src/report/concise.ts';
import { formatText } from '../../server/src/report/text.ts';
import { sample } from './sample.ts';

describe('golden reports', () => {
  it.each(FORMAT_NAMES)('%s', async (name) => {
    await expect(FORMATS[name](sample())).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('text in colours, with links', async () => {
    const text = formatText(sample({}, { color: true, hyperlinks: true }));
    await expect(text.replaceAll('\u001b', '\\e')).toMatchFileSnapshot('golden/text-colour.txt');
  });
});

describe('nothing found', () => {
  it.each(['text', 'concise', 'github'] as const)('%s says nothing', (name) => {
    expect(FORMATS[name](sample({ findings: [] }))).toBe('');
  });
});

it('never lets a source text steer the terminal', () => {
  const input = sample();
  const [first] = input.result.findings;
  if (!first) throw new Error('the sample has findings');
  const text = 'let a = "\u001b[2J\u0007";\n';
  const finding = {
    ...first,
    at: { file: '/w/e\u001b.rs', span: { start: 8, end: 14 } },
    message: 'found \u001b[31m',
    related: [],
    fixes: [],
  };
  const evil = { ...input, result: { ...input.result, findings: [finding] }, places: { ...input.places, line: () => text } };
  expect(formatText(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(formatConcise(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
