/** The light preprocessor: what it settles, what it marks as in doubt, and where text comes from. */
import { describe, expect, it } from 'vitest';
import { preprocess } from '../../server/src/syntax/c/preprocess.ts';
import type { Preprocessed } from '../../server/src/syntax/c/output.ts';
import { givenMacro } from '../../server/src/syntax/c/macros.ts';
import type { Macro } from '../../server/src/syntax/c/macros.ts';
import { between } from '../../server/src/syntax/c/values.ts';

const defined = (name: string, text: string): Macro => givenMacro(name, text) ?? expect.fail();
const gnuc: Macro = { ...defined('__GNUC__', ''), value: between(4n, null, 'the version depends on the compiler') };

function run(text: string, others: Readonly<Record<string, string>> = {}): Preprocessed {
  return preprocess({
    file: '/w/a.h',
    text,
    predefined: [defined('__linux__', '1'), gnuc],
    knownNames: new Set(['_WIN32', '__APPLE__', '__linux__', '__GNUC__', '__cplusplus']),
    include: (name) => (others[name] === undefined ? null : { file: `/w/${name}`, text: others[name] }),
  });
}

/** The words of the output that are sure, and those in doubt with a question mark behind. */
function words(out: Preprocessed): string {
  return [...out.text.matchAll(/\S+/g)]
    .map(({ 0: word, index }) => (out.doubt(index, index + word.length) === null ? word : `${word}?`))
    .join(' ');
}

const output = (text: string, others?: Readonly<Record<string, string>>): string => words(run(text, others));

describe('macros', () => {
  it.each([
    ['object-like', '#define N 4\nint a[N];', 'int a[ 4 ];'],
    ['function-like', '#define MAX(a, b) ((a) > (b) ? (a) : (b))\nMAX(1, f(2, 3))', '((1) > (f(2, 3)) ? (1) : (f(2, 3)))'],
    ['a function-like name without arguments', '#define f(x) x\nint f;', 'int f;'],
    ['arguments over several lines', '#define two(a, b) a-b\ntwo(1,\n\n2)', '1-2'],
    ['an object-like one that ends in a function-like one', '#define f(x) [x]\n#define g f\ng(1) g', '[1] f'],
    ['itself', '#define foo (4 + foo)\nfoo', '(4 + foo)'],
    ['each other', '#define a b\n#define b a\na', 'a'],
    ['strings', '#define s(x) #x\ns(a "b"  c)', '"a \\"b\\" c"'],
    ['joined names', '#define j(a, b) a ## _ ## b\nj(x, y)', 'x_y'],
    ['joined with nothing', '#define j(a, b) a ## b\nj(x, ) j(, y)', 'x y'],
    ['arguments that are macros', '#define A 1\n#define id(x) x\n#define raw(x) x##2\nid(A) raw(A)', '1 A2'],
    ['further arguments', '#define v(f, ...) f(__VA_ARGS__)\nv(a) v(a, b, c)', 'a() a(b, c)'],
    ['no further arguments', '#define v(f, ...) g(f, ##__VA_ARGS__)\nv(a) v(a, b)', 'g(a) g(a,b)'],
    ['__VA_OPT__', '#define v(f, ...) g(f __VA_OPT__(, __VA_ARGS__))\nv(a) v(a, b)', 'g(a) g(a, b)'],
    ['named further arguments', '#define v(rest...) g(rest)\nv(1, 2)', 'g(1, 2)'],
    [
      'what C17 6.10.3.5 shows',
      '#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define t(a) a\nt(g)(0)',
      'f(2 * (0))',
    ],
    ['an undefined one', '#define A 1\n#undef A\nA', 'A'],
    ['names in strings and numbers', '#define x 1\n"x" \'x\' 0x1 1x', '"x" \'x\' 0x1 1x'],
    ['splices in names', '#define lo\\\nng 1\nlong', '1'],
    ['comments between', '#define a /* one\n*/ 1 // two\na', '1'],
  ])('%s', (_, text, expected) => expect(output(text)).toBe(expected));
});

describe('conditions', () => {
  const arm = (condition: string, before = ''): string => output(`${before}\n#if ${condition}\nyes\n#else\nno\n#endif`);

  it.each([
    ['1 + 2 * 3 == 7', 'yes'],
    ['(1 ? 2 : 3) == 2 && !0', 'yes'],
    ['-1 > 0u', 'yes'],
    ['-1 < 0', 'yes'],
    ['1 << 63 == 0x8000000000000000', 'yes'],
    ['010 == 8 && 0b11 == 3 && 0xF == 15', 'yes'],
    ["'a' == 97 && '\\n' == 10", 'yes'],
    ['~0 == -1 && 7 % 4 == 3 && 7 / 2 == 3', 'yes'],
    ['NEVER_DEFINED', 'no'],
    ['defined NEVER_DEFINED || defined(__linux__)', 'yes'],
    ['defined(_WIN32)', 'no'],
    ['N >= 4', 'yes', '#define N 4'],
    ['VERSION(2, 1) > VERSION(1, 9)', 'yes', '#define VERSION(a, b) ((a) * 1000 + (b))'],
    ['__has_include(<stdint.h>)', 'yes'],
  ])('%s', (condition, expected, before = '') => expect(arm(condition, before)).toBe(expected));

  it.each([
    ['a version', '__GNUC__ >= 9', 'yes? no?'],
    ['what depends on the compiler', 'defined(__SANITIZE_ADDRESS__)', 'yes? no?'],
    ['what depends on the build', 'defined(NDEBUG)', 'yes? no?'],
    ['a header that may be there', '__has_include(<sys/random.h>)', 'yes? no?'],
    ['an expression that is none', '1 +', 'yes? no?'],
    ['a division by zero', '1 / 0', 'yes? no?'],
  ])('cannot be settled: %s', (_, condition, expected) => expect(arm(condition)).toBe(expected));

  const doubtful = '#ifdef NDEBUG\n#define has(x) 1\n#define either 1 || 0\n#else\n#define has(x) 0\n#define either 0\n#endif';
  it.each([
    ['an operand that is true whatever the other is', '__GNUC__ >= 4 || has(<a.h>)', 'yes'],
    ['an operand that is false whatever the other is', '(has(<a.h>) || has(<b.h>)) && defined(_WIN32)', 'no'],
    ['operands of which one is in doubt', '__linux__ && has(<a.h>)', 'yes? no?'],
    ['an operand that brings operators', '_WIN32 && either || __linux__ && either', 'yes? no?'],
    ['a condition of a choice', 'has(<a.h>) ? 1 || 0 : 1', 'yes? no?'],
  ])('macros in doubt: %s', (_, condition, expected) => expect(arm(condition, doubtful)).toBe(expected));

  it.each([
    ['__GNUC__ >= 4', 'yes'],
    ['__GNUC__ * 100 >= 302', 'yes'],
    ['__GNUC__ < 3', 'no'],
    ['__GNUC__ >= 9 && 0', 'no'],
    ['defined(NDEBUG) || 1', 'yes'],
  ])('settled by its bounds: %s', (condition, expected) => expect(arm(condition)).toBe(expected));

  it('takes the first arm that holds', () => {
    const text = '#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif\n#ifdef _WIN32\ne\n#elifndef __linux__\nf\n#else\ng\n#endif';
    expect(output(text)).toBe('b g');
  });

  it('keeps the arms behind one in doubt in doubt, up to one that holds', () => {
    expect(output('#if __GNUC__ > 9\na\n#elif 0\nb\n#elif 1\nc\n#else\nd\n#endif\ne')).toBe('a? c? e');
  });

  it('puts in doubt what is defined in doubt', () => {
    expect(output('#ifdef NDEBUG\n#define N 1\n#else\n#define N 2\n#endif\nint a[N]; int b;')).toBe('int a[ 2? ]; int b;');
    expect(output('#define N 1\n#if __GNUC__ > 9\n#undef N\n#endif\nN')).toBe('1?');
  });

  it('is sure again where both arms say the same', () => {
    expect(output('#define N 1\n#if __GNUC__ > 9\n#define N 1\n#endif\nN')).toBe('1');
  });

  it('does not heed what stands in arms that are left out', () => {
    expect(output("#if 0\n#error don't\n#include <nowhere.h>\n#if 1\nx\n#endif\n#define N 1\n#endif\nN")).toBe('N');
  });

  it('knows a default for what it is', () => {
    expect(output('#ifndef NAME_MAX_X\n#define NAME_MAX_X 32\n#endif\nNAME_MAX_X')).toBe('32');
  });
});

describe('includes', () => {
  const guarded = '#ifndef B_H\n#define B_H\n#define N 7\nint b;\n#endif\n';

  it.each([
    ['once behind a guard', '#include "b.h"\n#include <b.h>\nN', { 'b.h': guarded }, 'int b; 7'],
    ['once behind a pragma', '#include "b.h"\n#include "b.h"', { 'b.h': '#pragma once\nint b;' }, 'int b;'],
    ['through a macro', '#define H "b.h"\n#include H\n', { 'b.h': 'int b;' }, 'int b;'],
    ['that is built in', '#include <stdbool.h>\ntrue', {}, '1'],
    [
      'each other',
      '#include "b.h"\nint a;',
      { 'b.h': '#include "c.h"\nint b;', 'c.h': '#ifndef C\n#define C\n#include "b.h"\n#endif' },
      'int b; int b; int a;',
    ],
  ])('%s', (_, text, others, expected) => expect(output(text, others)).toBe(expected));

  it('names what is missing, and doubts what that may define', () => {
    const out = run('#include "config.h"\n#ifdef HAVE_X\nx\n#endif\n#ifndef A_H\n#define A_H\na\n#endif\n#ifdef _WIN32\nw\n#endif\n');
    expect([...out.missing.keys()]).toEqual(['"config.h"']);
    expect(words(out)).toBe('x? a?');
    expect(out.doubt(out.text.indexOf('x'), out.text.indexOf('x') + 1)).toBe('`HAVE_X` may be defined in `config.h`, which was not found');
  });

  it("does not doubt a file's own guard", () => {
    expect(output('#ifndef A_H\n#define A_H\n#include "config.h"\nint a;\n#include "b.h"\n#endif', { 'b.h': guarded })).toBe(
      'int a; int b;',
    );
  });

  it('stops where a header includes itself without end', () => {
    const out = run('#include "a.h"\n', { 'a.h': '#include "a.h"\nint a;' });
    expect(out.cut).toBe('headers include each other without end (`a.h`)');
  });

  it('stops at an error', () => {
    const out = run('int a;\n#error "not   here"\nint b;');
    expect([words(out), out.cut]).toEqual(['int a;', '`#error "not here"` is reached']);
  });
});

describe('places', () => {
  it('leads back through splices, comments and macros to the file', () => {
    const text = '#define N 4\n/* a\n comment */ int \\\n  a[N]; int b;';
    const out = run(text);
    expect(out.place(out.text.indexOf('a['))).toEqual({ file: '/w/a.h', offset: text.indexOf('a[N]') });
    expect(out.place(out.text.indexOf('4'))).toEqual({ file: '/w/a.h', offset: text.indexOf('N];') });
    expect(out.place(out.text.indexOf('b;'))).toEqual({ file: '/w/a.h', offset: text.indexOf('b;') });
  });

  it('leads into the header that was included', () => {
    const out = run('#include "b.h"\nint a;', { 'b.h': '\nint b;' });
    expect(out.place(out.text.indexOf('b;'))).toEqual({ file: '/w/b.h', offset: 5 });
    expect([...out.files]).toEqual(['/w/a.h', '/w/b.h']);
  });
});

describe('packing', () => {
  const packings = (text: string): readonly unknown[] => {
    const out = run(text);
    return [...out.text.matchAll(/\b[a-z]\b/g)].map(({ index }) => out.packing(index));
  };

  it.each([
    ['#pragma pack(2)\na\n#pragma pack()\nb', [2, null]],
    ['#pragma pack(push, 1)\na\n#pragma pack(push)\n#pragma pack(4)\nb\n#pragma pack(pop)\nc\n#pragma pack(pop)\nd', [1, 4, 1, null]],
    ['#pragma pack(push, here, 1)\n#pragma pack(push, 2)\na\n#pragma pack(pop, here)\nb', [2, null]],
    ['_Pragma("pack(1)") a', [1]],
    ['#define BEGIN __pragma(pack(push, 1))\n#define END __pragma(pack(pop))\nBEGIN\na\nEND\nb', [1, null]],
    ['#include <pshpack2.h>\na\n#include <poppack.h>\nb\n#include <pshpack2.h>\nc', [2, null, 2]],
    ['#pragma GCC diagnostic push\na', [null]],
    ['#pragma pack(pop)\na', [null]],
  ])('%s', (text, expected) => expect(packings(text)).toEqual(expected));

  it('is not known behind a pragma in doubt or one that compilers read differently', () => {
    expect(packings('#if __GNUC__ > 9\n#pragma pack(1)\n#endif\na')).toEqual(['the version depends on the compiler']);
    expect(packings('#pragma pack(N)\na')[0]).toMatch(/means different things/);
  });
});
