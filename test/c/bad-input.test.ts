/** Headers that nobody meant to write: no crash, no hang, and nothing but what is sure. */
import { describe, expect, it } from 'vitest';
import { brief, unit } from './support.ts';

const many = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('broken texts', () => {
  it.each([
    ['nothing', '', []],
    ['a comment that never ends', 'struct a { int x; };\n/* and so\nstruct b { int y; };', ['struct a 4/4: x@0']],
    ['a string that never ends', 'struct a { int x; };\nchar *s = "oh;\nstruct b { int y; };', ['struct a 4/4: x@0']],
    [
      'a macro whose arguments never end',
      '#define F(x) x\nstruct a { int x; };\nint y = F(1;\nstruct b { int z; };',
      ['struct a 4/4: x@0'],
    ],
    ['a macro definition that never ends', '#define F(x\nstruct a { int x; };\n#define\n#define 3 x\n', ['struct a 4/4: x@0']],
    ['braces that never close', 'struct a { int x; };\nstruct b { int y;\nstruct c { int z; };\n', ['struct a 4/4: x@0']],
    ['braces that close too often', 'struct a { int x; };\n}}}\nstruct b { int y; };', ['struct a 4/4: x@0']],
    ['#if that never ends', '#if 1\nstruct a { int x; };\n', ['struct a 4/4: x@0']],
    ['#else and #endif without #if', '#else\n#endif\n#elif 1\nstruct a { int x; };\n', ['struct a 4/4: x@0']],
    ['two #else', '#if 0\n#else\nstruct a { int x; };\n#else\nstruct b { int x; };\n#endif\n', ['struct a 4/4: x@0']],
    ['no text at all', '\u0000\u0001\ufffd\u202e', []],
  ])('%s', async (_, header, expected) => {
    const lines = await brief(header);
    for (const line of expected) expect(lines).toContain(line);
    expect(lines.filter((line) => !line.includes('?')).length).toBeLessThanOrEqual(expected.length + 1);
  });
});

describe('lines of all kinds end where they end', () => {
  it.each(['\n', '\r\n', '\r'])('%j', async (end) => {
    const header = ['#define N \\', '  4', '// no', 'struct a {', '  int x[N];', '};', ''].join(end);
    expect(await brief(header)).toEqual(['struct a 16/4: x@0']);
  });

  it('a byte order mark is no letter', async () => {
    expect(await brief('\ufeff#define N 2\nstruct a { char x[N]; };')).toEqual(['struct a 2/1: x@0']);
  });
});

describe('what would never end', () => {
  it.each([
    [
      'macros that double each other',
      `#define a0 x\n${many(60, (i) => `#define a${i + 1} a${i} a${i}`)}\nint y = a60;\nstruct s { int x; };`,
    ],
    [
      'many of them',
      `#define a0 x\n${many(16, (i) => `#define a${i + 1} a${i} a${i}`)}\n${many(3000, () => 'int y = a16;')}\nstruct s { int x; };`,
    ],
    ['macros in arguments of themselves', `#define F(x) x\nint y = ${'F('.repeat(20_000)}1${')'.repeat(20_000)};\nstruct s { int x; };`],
    ['calls that nothing closes', `#define F(x) x\n${many(20_000, () => 'F(')}\nstruct s { int x; };`],
    ['deep parentheses in a condition', `#if ${'('.repeat(50_000)}1${')'.repeat(50_000)}\nstruct s { int x; };\n#endif`],
    ['deep parentheses in a length', `struct s { int x[${'('.repeat(9_000)}1${')'.repeat(9_000)}]; };`],
    ['a deep nest of records', `${'struct { '.repeat(2_000)}int x;${'} a;'.repeat(2_000)}\nstruct s { int x; };`],
    ['a deep nest of pointers', `struct s { int ${'*'.repeat(20_000)}x; };`],
    ['one line of two million signs', `struct s { int x; }; ${'a '.repeat(1_000_000)}`],
  ])(
    '%s',
    async (_, header) => {
      const started = performance.now();
      await unit(header);
      expect(performance.now() - started).toBeLessThan(15_000);
    },
    20_000,
  );

  it('headers that include each other in a circle are read once each', async () => {
    const files = {
      '/w/a.h': '#ifndef A\n#define A\n#include "b.h"\nstruct a { struct b *b; };\n#endif',
      '/w/b.h': '#ifndef B\n#define B\n#include "a.h"\nstruct b { struct a *a; };\n#endif',
    };
    expect(await brief(files)).toEqual(['struct a 8/8: b@0']);
  });

  it('a header of 100,000 lines is read whole', async () => {
    const header = many(
      25_000,
      (i) => `/* number ${i} */\n#define N${i} ${(i % 7) + 1}\nstruct s${i} { char c[N${i}]; int i; };\nint f${i}(struct s${i} *s);`,
    );
    const started = performance.now();
    const { definitions, symbols, dropped } = await unit(header);
    expect([definitions.length, symbols.length, dropped.length]).toEqual([25_000, 25_000, 0]);
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 20_000);
});
