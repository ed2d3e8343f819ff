/** Unified diffs: what `git apply` takes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../server/src/engine/diff.ts';

const lines = (count: number, change: (i: number) => string | null = () => null) =>
  Array.from({ length: count }, (_, i) => `${change(i + 1) ?? `line ${i + 1}`}\n`).join('');

it('shows changed lines with three lines around them', () => {
  expect(
    unifiedDiff(
      'src/lib.rs',
      lines(9),
      lines(9, (i) => (i === 5 ? 'changed' : null)),
    ),
  ).toMatchInlineSnapshot(`
    "--- a/src/lib.rs
    +++ b/src/lib.rs
    @@ -2,7 +2,7 @@
     line 2
     line 3
     line 4
    -line 5
    +changed
     line 6
     line 7
     line 8
    "
  `);
});

it('is empty for equal texts and tells a missing last line break', () => {
  expect(unifiedDiff('a', 'x\n', 'x\n')).toBe('');
  expect(unifiedDiff('a', 'x\n', 'x')).toBe('--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file\n');
});

describe('git applies it', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an insertion at the start', lines(5), `new\n${lines(5)}`],
    ['a deletion at the end', lines(5), lines(4)],
    ['changes far apart', lines(40), lines(40, (i) => (i === 3 || i === 30 ? 'x' : null))],
    ['changes close together', lines(40), lines(40, (i) => (i % 5 === 0 ? `x\ny${i}` : null))],
    ['lines that moved', 'a\nb\nc\nd\ne\nf\n', 'd\ne\na\nb\nc\nf\n'],
    ['carriage returns', 'a\r\nb\r\n', 'a\r\nc\r\n'],
    ['all lines new', 'a\nb\n', 'c\n'],
  ];
  it.each(cases)('%s', (_, before, after) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-diff-'));
    writeFileSync(path.join(folder, 'f'), before);
    const git = spawnSync('git', ['apply', '-'], { cwd: folder, input: unifiedDiff('f', before, after), encoding: 'utf8' });
    expect(git.stderr).toBe('');
    expect(readFileSync(path.join(folder, 'f'), 'utf8')).toBe(after);
    rmSync(folder, { recursive: true });
  });
});
