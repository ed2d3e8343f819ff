/** The reader of literate rule tests: cases, files, markers. */
import { expect, test } from 'vitest';
import { filesOf, markersOf, parsePage, withoutMarkers } from './literate.ts';

const PAGE = `# a-rule

Shared by all:

\`\`\`c point.h
struct point { int x; };
\`\`\`

## bad
\`\`\`rust fails=E0133
fn a() {} //~ error[a-rule] is bad
    //~^ hint[other-rule]
// below //~v warning[third] text //~ info[fourth] more
fn b() {}
\`\`\`
\`\`\`rust fixed
fn a2() {}
\`\`\`

## good
\`\`\`text
not a file
\`\`\`
\`\`\`rust src/main.rs edition=2024
fn main() {}
\`\`\`
`;

test('a page has one case per second-level heading, with the shared blocks before the first', () => {
  const cases = parsePage(PAGE, 'a-rule.md');
  expect(cases.map((it) => [it.title, it.line, it.blocks.map((block) => `${block.role} ${block.path} ${block.fails}`)])).toEqual([
    ['bad', 9, ['source point.h null', 'source src/lib.rs E0133', 'fixed src/lib.rs null']],
    ['good', 20, ['source point.h null', 'source src/main.rs null']],
  ]);
});

test('files are those of the role over the sources, with a manifest of the edition that the fence names', () => {
  const [bad, good] = parsePage(PAGE, 'a-rule.md');
  if (!bad || !good) throw new Error('two cases expected');
  expect(filesOf(bad, 'fixed').get('src/lib.rs')).toBe('fn a2() {}\n');
  expect(filesOf(bad).get('Cargo.toml')).toContain('crate-type = ["cdylib"]');
  expect(filesOf(good).get('Cargo.toml')).toBe('[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2024"\n');
});

test('markers point at their line, at lines above and below, and may stand two on a line', () => {
  const block = parsePage(PAGE, 'a-rule.md')[0]?.blocks.find((it) => it.path === 'src/lib.rs');
  expect(block && markersOf(block)).toEqual([
    { path: 'src/lib.rs', line: 1, severity: 'error', rule: 'a-rule', text: 'is bad' },
    { path: 'src/lib.rs', line: 1, severity: 'hint', rule: 'other-rule', text: '' },
    { path: 'src/lib.rs', line: 4, severity: 'warning', rule: 'third', text: 'text' },
    { path: 'src/lib.rs', line: 3, severity: 'info', rule: 'fourth', text: 'more' },
  ]);
  expect(block && withoutMarkers(block.text)).toBe('fn a() {}\n// below\nfn b() {}\n');
});

test('a page that is not well formed says where', () => {
  expect(() => parsePage('## a\n```rust\nfn', 'x.md')).toThrow('x.md:2: the fence is not closed');
  expect(() => parsePage('## a\n```c\n```\n', 'x.md')).toThrow('x.md:2: the fence names no file');
  expect(() => parsePage('## a\n```rust fail=E1\n```\n', 'x.md')).toThrow('`fail=E1`, which means nothing here');
  expect(() => parsePage('## a\n```rust\n```\n```rust\n```\n', 'x.md')).toThrow('two blocks are `source src/lib.rs`');
});
