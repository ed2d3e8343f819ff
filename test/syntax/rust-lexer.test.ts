/** The Rust lexer: what one token is, in every edition's syntax, and that no text makes it fail. */
import { describe, expect, it } from 'vitest';
import { closerOf, skipGroup } from '../../server/src/syntax/rust/groups.ts';
import { CHAR, createScan, END, IDENT, LIFETIME, next, NUMBER, STRING } from '../../server/src/syntax/rust/lexer.ts';
import { endOfPrelude } from '../../server/src/syntax/rust/prelude.ts';
import { stringValue } from '../../server/src/syntax/rust/string-value.ts';

const LETTERS: Readonly<Record<number, string>> = { [IDENT]: 'i', [LIFETIME]: 'l', [STRING]: 's', [CHAR]: 'c', [NUMBER]: 'n' };

/** Tokens as `kind:text`; punctuation stands for itself. */
function tokens(text: string): string[] {
  const scan = createScan(text, null, endOfPrelude(text));
  const out: string[] = [];
  while (next(scan) !== END) {
    const letter = LETTERS[scan.kind];
    const slice = text.slice(scan.start, scan.end);
    out.push(letter === undefined ? slice : `${letter}:${slice}`);
  }
  return out;
}

describe('tokens', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['plain strings with escapes', String.raw`"a\"b\\" x`, [String.raw`s:"a\"b\\"`, 'i:x']],
    ['raw strings with hashes', 'r#"a"b"# r"\\" br##"x"#"##', ['s:r#"a"b"#', 's:r"\\"', 's:br##"x"#"##']],
    ['byte, C and raw C strings', 'b"x" c"y" cr#"z"#', ['s:b"x"', 's:c"y"', 's:cr#"z"#']],
    ['raw identifiers', 'r#type r#"s"#', ['i:r#type', 's:r#"s"#']],
    [
      'lifetimes and characters',
      `'a' 'a 'static '\\'' '\\u{1F600}' '"' b'"' '(' '_ 'r#x`,
      [`c:'a'`, `l:'a`, `l:'static`, `c:'\\''`, `c:'\\u{1F600}'`, `c:'"'`, `c:b'"'`, `c:'('`, `l:'_`, `l:'r#x`],
    ],
    ['a character beyond the basic plane', `'😀' x`, [`c:'😀'`, 'i:x']],
    ['a lifetime right before a comma or bracket', `<'a,'b>`, ['<', `l:'a`, ',', `l:'b`, '>']],
    [
      'numbers with suffix, exponent, range and method',
      '1..2 1.5e-3f64 0xe+1 1.max(2) 1_000u32 2.',
      ['n:1', '.', '.', 'n:2', 'n:1.5e-3f64', 'n:0xe', '+', 'n:1', 'n:1', '.', 'i:max', '(', 'n:2', ')', 'n:1_000u32', 'n:2.'],
    ],
    ['nested comments', 'a /* b /* c */ " */ d // e\nf', ['i:a', 'i:d', 'i:f']],
    ['a comment that looks closed', 'a /*/ b */ c', ['i:a', 'i:c']],
    ['identifiers beyond ASCII', 'größe = 名前;', ['i:größe', '=', 'i:名前', ';']],
    ['prefixes that are none', 'x"s" b c r br', ['i:x', 's:"s"', 'i:b', 'i:c', 'i:r', 'i:br']],
    ['byte order mark and shebang', '\uFEFF#!/usr/bin/env rust\nfn', ['i:fn']],
    ['an inner attribute is no shebang', '#![x]', ['#', '!', '[', 'i:x', ']']],
    ['an inner attribute behind a comment is no shebang', '#! /* c */ [x]', ['#', '!', '[', 'i:x', ']']],
    ['frontmatter', '#!/bin/x\n---cargo\n[package]\nname = "\n---\nfn', ['i:fn']],
    ['frontmatter with more dashes', '----\n---\n----\nfn', ['i:fn']],
    ['CRLF and tabs', 'a\r\n\tb // c\r\nd', ['i:a', 'i:b', 'i:d']],
    ['emoji in a string', '"👨‍👩‍👧" x', ['s:"👨‍👩‍👧"', 'i:x']],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

describe('doc comments', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['/// a\nfn', 0],
    ['// a\n/// b\n/// c\nfn', 5],
    ['/** a */ fn', 0],
    ['//// a\nfn', -1],
    ['/***/ fn', -1],
    ['/**/ fn', -1],
    ['//! a\nfn', -1],
  ];
  it.each(cases)('%j start at %i', (text, start) => {
    const scan = createScan(text);
    next(scan);
    expect(scan.docStart).toBe(start);
  });
});

describe('groups', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['{ a ( ] } b', '} b', true],
    ['( { ) } ) b', ') b', true],
    ['{ "}" /* } */ \'}\' } b', '} b', true],
    ['( a } b', '} b', false],
    ['{ a', '', false],
  ];
  it.each(cases)('%j ends at %j', (text, rest, closed) => {
    const scan = createScan(text);
    expect(closerOf(next(scan))).not.toBe(0);
    expect(skipGroup(scan)).toBe(closed);
    expect(text.slice(scan.start)).toBe(rest);
  });
});

describe('what is not closed', () => {
  it.each(['/* a', '"a', 'r#"a"', "'", "b'", '/* /* */', '#!', '---\n', '0x', "'\\"])('%j ends without failing', (text) => {
    expect(() => tokens(text)).not.toThrow();
  });

  it('a comment or raw string that is not closed ends with its line', () => {
    expect(tokens('a /* b\nc')).toEqual(['i:a', 'i:c']);
    expect(tokens('a r#"b\nc')).toEqual(['i:a', 's:r#"b', 'i:c']);
  });

  it('many of them are read once, not once each', () => {
    expect(tokens('/* x\n'.repeat(100_000))).toEqual([]);
    expect(tokens('r#"x\n'.repeat(100_000))).toHaveLength(100_000);
  });
});

describe('string values', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    [String.raw`"a\n\x41\u{1F600}\"\\"`, 'a\nA😀"\\'],
    ['"a\\\n    b"', 'ab'],
    ['r#"a\\n"b"#', 'a\\n"b'],
    ['c"x"', 'x'],
    ['br"y"', 'y'],
    ['"a\r\nb"', 'a\nb'],
    ['"x"suffix', 'x'],
    ['12', null],
    ['"', null],
  ];
  it.each(cases)('%j', (text, value) => {
    expect(stringValue(text)).toBe(value);
  });
});
