/** Headers that are long or hostile, names that only macros spell, and what is kept over edits. */
import { describe, expect, test } from 'vitest';
import { glance } from '../../server/src/abi/peers/header-glance.ts';
import { isJoined, wordsOf } from '../../server/src/abi/peers/joined-names.ts';
import { nullArguments } from '../../server/src/abi/peers/null-arguments.ts';
import { constantsOf } from '../../server/src/engine/peers-constants.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import { links, world } from './support.ts';

const EXPORT = '#[no_mangle]\npub extern "C" fn geo_area(width: f64) -> f64 {\n    width\n}\n';

const target = targetOf('x86_64-unknown-linux-gnu');
const constants = (text: string) =>
  target
    ? Object.fromEntries(
        constantsOf('/w/a.h', text, null, target).map(({ name, value, others }) => [name, others ? [value, ...others] : value]),
      )
    : {};

describe('headers', () => {
  test('of 100,000 lines are read', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `int geo_fill_${i}(int a, const char *b);`);
    const header = `${lines.slice(0, 50_000).join('\n')}\ndouble geo_area(double width);\n${lines.slice(50_000).join('\n')}\n`;
    const started = performance.now();
    expect(links(await world({ 'src/lib.rs': EXPORT, 'geo.h': header }))).toEqual({ geo_area: 'geo.h (unique)' });
    expect(performance.now() - started).toBeLessThan(60_000);
  }, 120_000);

  test('names that macros put together', async () => {
    const header = '#define GEO_FN(name) double geo_##name(double width)\nGEO_FN(area);\nvoid geo_close(void);\n';
    const rust = `${EXPORT}#[no_mangle]\npub extern "C" fn geo_close() {}\n`;
    expect(links(await world({ 'src/lib.rs': rust, 'geo.h': header }))).toEqual({
      geo_area: 'geo.h (unique)',
      geo_close: 'geo.h (unique)',
    });
  });

  test('a header that only makes sense behind another', async () => {
    const files = {
      'all.h': '#include <stdint.h>\n#define GEO_API extern\n#include "geo.h"\n',
      'geo.h': 'GEO_API double geo_area(double width);\n',
    };
    const { snapshot } = await world({ 'src/lib.rs': EXPORT, ...files });
    const [fn] = snapshot.surface.functions;
    expect(fn ? snapshot.peers.linkedTo(fn).map(({ peer }) => peer.file) : []).toEqual(['/w/geo.h']);
  });

  test.each([
    ['one long word', 'a'.repeat(2_000_000)],
    ['a long body', `#define X ${'('.repeat(500_000)}`],
    ['many directives', '#define A A A\n'.repeat(100_000)],
    ['blanks', `#include ${' '.repeat(1_000_000)}`],
    ['open comments', '/*'.repeat(500_000)],
    ['splices', '#define A \\\n'.repeat(100_000)],
  ])(
    '%s take no time',
    (_, text) => {
      const started = performance.now();
      glance(text);
      constants(text);
      nullArguments(text, 'geo_area');
      expect(performance.now() - started).toBeLessThan(10_000);
    },
    20_000,
  );
});

describe('what may be declared', () => {
  const declared = (text: string) => [...glance(text).declared].sort();

  test('calls in bodies are no declarations', () => {
    expect(declared('int a(void) {\n  char *p = (char *) malloc(1);\n  x b(2);\n}\nint c(void);\n')).toEqual(['a', 'c']);
  });

  test('linkage blocks hold declarations, whatever stands between', () => {
    const open = '#ifdef __cplusplus\nextern "C" /* for C */\n#endif\n{\n';
    expect(declared(`${open}int a(void);\nint b(void) { if (x) { return (int) d(1); } }\nint c(void);\n}\n`)).toEqual(['a', 'b', 'c']);
  });

  test('each arm of a condition may open a body', () => {
    const arms = '#ifdef X\nint a(void) {\n#else\nint a(int b) {\n#endif\n  return (int) d(1);\n}\n';
    expect(declared(`${arms}int c(void);\n`)).toEqual(['a', 'c']);
  });

  test('braces in literals, comments and macros do not count', () => {
    expect(declared(`#define A {\nconst char *s = "{"; char t = '{'; /* { */\nint c(void);\n`)).toEqual(['c']);
  });

  test('where braces do not match, and in C++, what they hold counts', () => {
    expect(declared('int a(void) {\n  x b(2);\n')).toEqual(['a', 'b']);
    expect(declared('}\nint a(void) {\n  x b(2);\n}\n')).toEqual(['a', 'b']);
    expect(declared('namespace n {\n  int b(int);\n}\n')).toEqual(['b']);
  });

  test('names that a few words make up', () => {
    const words = wordsOf('#define GEO_FN(name) geo_##name(void)\nGEO_FN(area) /* x y */');
    expect(['geo_area', 'area', 'geo_close', 'geo', 'xyxyxy'].filter((name) => isJoined(name, words))).toEqual(['geo_area', 'area']);
  });

  test('a system function is not looked for in sources that nothing names', async () => {
    const rust = 'unsafe extern "C" {\n    fn malloc(size: usize) -> *mut u8;\n}\n';
    const files = { 'src/lib.rs': rust, 'src/mem.c': 'void *malloc(long size) {\n  return 0;\n}\n' };
    expect(links(await world(files))).toEqual({ malloc: 'nothing' });
    const build = { ...files, 'build.rs': 'fn main() {\n    cc::Build::new().file("src/mem.c").compile("mem");\n}\n' };
    expect(links(await world(build))).toEqual({ malloc: 'src/mem.c (crate)' });
  });
});

describe('constants of macros', () => {
  test('numbers, sums of others, texts, and what is no constant', () => {
    const text =
      '#define A 0x10u\n#define B (A << 2) /* four */ | 1\n#define C "geo"\n#define D 1.5f\n#define E -1\n#define F(x) (x)\n#define G sizeof(int)\n#define H other()\n#define I \'a\'\n';
    expect(constants(text)).toEqual({ A: 16n, B: 65n, C: 'geo', D: 1.5, E: -1n, G: null, H: null, I: 97n });
  });

  test('of two definitions both are told, of two that are the same one; where one is no constant, none', () => {
    const text =
      '#if X\n#define A 1\n#else\n#define A 2\n#endif\n#define B 3\n#ifdef Y\n#define B 3\n#endif\n#define C 4\n#define C other()\n';
    expect(constants(text)).toEqual({ A: [1n, 2n], B: 3n, C: null });
  });

  test('a constant that names itself', () => {
    expect(constants('#define A B\n#define B A\n')).toEqual({ A: null, B: null });
  });
});

describe('what makes a file generated', () => {
  test.each([
    ['/* Generated with cbindgen:0.29.0 */\n', 'cbindgen'],
    ['/* automatically generated by rust-bindgen 0.72.1 */\n', 'bindgen'],
    ['// This file was autogenerated by some tool.\n', 'a tool'],
    ['/**\n * @file\n * Warning, do not edit, generated by cbindgen\n */\n', 'cbindgen'],
    ['/* A library that works with cbindgen. */\n', null],
    ['int generated_by_cbindgen(void);\n', null],
  ])('%j', (text, tool) => {
    expect(glance(text).generatedBy).toBe(tool);
  });
});
