/** Comments that `--add-ignore` and the editor's quick fixes write. */
import { expect, it } from 'vitest';
import { applyEdits } from '../../server/src/base/edit.ts';
import type { CommentLanguage } from '../../server/src/engine/suppress-scan.ts';
import type { IgnoreRequest } from '../../server/src/engine/suppress-edit.ts';
import { ignoreEdit } from '../../server/src/engine/suppress-edit.ts';

function ignored(language: CommentLanguage, text: string, word: string, more: Partial<IgnoreRequest> = {}): string | null {
  const start = text.indexOf(word);
  const edit = ignoreEdit({
    language,
    text,
    at: { start, end: start + word.length },
    where: 'line',
    rules: ['a-rule'],
    reason: null,
    ...more,
  });
  return edit && applyEdits(text, [edit]);
}

it('puts a short comment behind the line', () => {
  expect(ignored('rust', 'struct A;\n', 'A')).toBe('struct A; // ffi-lint: ignore[a-rule]\n');
  expect(ignored('python', 'x = A\r\n', 'A', { reason: 'known' })).toBe('x = A  # ffi-lint: ignore[a-rule] -- known\r\n');
  expect(ignored('c', 'int A;', 'A')).toBe('int A; /* ffi-lint: ignore[a-rule] */');
});

it('puts a long one, or one that meets a comment, above the line', () => {
  const long = `    let ${'x'.repeat(80)} = 1;\n`;
  expect(ignored('rust', long, 'xx')).toBe(`    // ffi-lint: ignore[a-rule]\n${long}`);
  expect(ignored('rust', '  A; // why\n', 'A')).toBe('  // ffi-lint: ignore[a-rule]\n  A; // why\n');
});

it('adds to a comment that is there', () => {
  expect(ignored('rust', 'A; // ffi-lint: ignore[b-rule] -- why\n', 'A')).toBe('A; // ffi-lint: ignore[b-rule, a-rule] -- why\n');
  expect(ignored('rust', '// ffi-lint: ignore[b-rule]\nA;\n', 'A')).toBe('// ffi-lint: ignore[b-rule, a-rule]\nA;\n');
  expect(ignored('rust', '// ffi-lint: file-ignore[b-rule]\nA;\n', 'A', { where: 'file' })).toBe(
    '// ffi-lint: file-ignore[b-rule, a-rule]\nA;\n',
  );
});

it('covers an item from above its attributes', () => {
  const text = 'mod m {\n    #[derive(Clone)]\n    pub struct A;\n}\n';
  const item = { start: text.indexOf('#'), end: text.indexOf('A;') + 2 };
  expect(ignored('rust', text, 'A;', { where: 'item', item })).toBe(
    'mod m {\n    // ffi-lint: ignore[a-rule]\n    #[derive(Clone)]\n    pub struct A;\n}\n',
  );
});

it('leaves a first line that must stay first', () => {
  expect(ignored('python', '#!/usr/bin/env python3\nA\n', 'A', { where: 'file' })).toBe(
    '#!/usr/bin/env python3\n# ffi-lint: file-ignore[a-rule]\nA\n',
  );
});

it('writes nothing where no comment can stand', () => {
  expect(ignored('rust', 'let s = "\nA\n";\n', 'A')).toBe(null);
  expect(ignored('c', '#define M \\\n  A \\\n  B\n', 'A')).toBe(null);
});
