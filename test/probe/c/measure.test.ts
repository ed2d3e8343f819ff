/** What the C probe measures, on this machine's compilers and, with clang, for other targets. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRELUDE, cSource, withKeywords } from '../../abi/fuzz/c-source.ts';
import { randomCTypes } from '../../abi/fuzz/c-types.ts';
import { layoutIn } from '../../abi/fuzz/compare.ts';
import { createRandom, seedOf } from '../../abi/fuzz/random.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { disagreements } from '../../../server/src/abi/agreement.ts';
import type { MeasuredHeader } from '../../../server/src/probe/c/measure-header.ts';
import { CLANG, has, line, measured, target, tryMeasure } from './support.ts';
import type { Measuring } from './support.ts';

const gcc = process.platform === 'linux' && process.arch === 'x64' && has('gcc') ? null : 'gcc on Linux x86_64 is not here';
const clang = has(CLANG) ? null : `${CLANG} is not installed`;
const why = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);

function write(text: string, name = 'a.h', others: Readonly<Record<string, string>> = {}): string {
  const folder = tempFolder();
  for (const [other, body] of Object.entries({ ...others, [name]: text })) writeFileSync(path.join(folder, other), body);
  return path.join(folder, name);
}

async function brief(text: string, options: Measuring = {}, name?: string): Promise<readonly string[]> {
  return shown(await measured(write(text, name), options));
}

function shown({ entries }: MeasuredHeader): readonly string[] {
  return [...entries.types.map(line), ...entries.unknown.map(({ name, reason }) => `${name}? ${reason}`)];
}

describe.skipIf(gcc !== null)(`with gcc${why(gcc)}`, () => {
  test('records, unions, typedefs and flexible arrays', async () => {
    const text = `
      typedef struct { char a; double b; } plain_t;
      typedef plain_t other_t;
      union both { int i; char c[6]; };
      struct tail { int n; union both u; short rest[]; };
      struct later;
    `;
    expect(await brief(text)).toEqual([
      'union both 8/4: i@0 c@0',
      'struct tail 12/4: n@0 u@4 rest@12',
      'struct plain_t 16/8: a@0 b@8',
      'alias other_t 16/8: a@0 b@8',
      'later? opaque',
    ]);
  });

  test('members of nameless members, and of named ones without a tag', async () => {
    const text = 'struct s { char t; union { int i; struct { short lo, hi : 3; }; }; struct { char x; int y : 5, z : 6; } in; };';
    expect(await brief(text)).toEqual(['struct s 12/4: t@0 i@4 lo@4 hi@48:3 in@8 in.x@8 in.y@72:5 in.z@77:6']);
  });

  test('bit-fields, by the bits that are set in an object', async () => {
    const text = `struct a { unsigned f : 3; int : 0; unsigned long g : 40; _Bool h : 1; char c; short i : 9; };
      enum e { X, Y = 300 }; union u { enum e v : 9; int w : 17; };
      struct __attribute__((packed)) p { char c; unsigned x : 12; unsigned y : 20; } __attribute__((aligned(128)));
      struct big { _Alignas(256) int n; unsigned b : 7; };`;
    expect(await brief(text)).toEqual([
      'struct a 24/8: f@0:3 g@64:40 h@104:1 c@14 i@128:9',
      'enum e 4/4',
      'union u 4/4: v@0:9 w@0:17',
      'struct p 128/128: c@0 x@8:12 y@20:20',
      'struct big 256/256: n@0 b@32:7',
    ]);
  });

  test('packing by attribute and by pragma', async () => {
    const text = `#pragma pack(push, 2)
      struct a { char c; long l; };
      #pragma pack(pop)
      struct b { char c; int i __attribute__((packed)); short s; } ;`;
    expect(await brief(text)).toEqual(['struct a 10/2: c@0 l@2', 'struct b 8/2: c@0 i@1 s@6']);
  });

  test('enums: size, sign and values', async () => {
    const file = write(`enum plain { A, B = 7, C };
      enum neg { N = -1, M = -2147483647 - 1 };
      enum wide { W = 0xffffffffffffffffULL };
      enum least { L = -9223372036854775807LL - 1 };
      typedef enum __attribute__((packed)) { S = 200 } small;`);
    const made = await measured(file);
    expect(shown(made)).toEqual(['enum plain 4/4', 'enum neg 4/4', 'enum wide 8/8', 'enum least 8/8', 'enum small 1/1']);
    const values = [...made.enums].map(([name, { signed, values: all }]) => [
      name,
      signed,
      ...[...all].map(([key, value]) => `${key}=${value}`),
    ]);
    expect(values).toEqual([
      ['plain', false, 'A=0', 'B=7', 'C=8'],
      ['neg', true, 'N=-1', 'M=-2147483648'],
      ['wide', false, 'W=18446744073709551615'],
      ['least', true, 'L=-9223372036854775808'],
      ['small', false, 'S=200'],
    ]);
  });

  test('members and types that have the names of macros', async () => {
    const text = `struct t { long st_atim; int stat; };
      #define st_atim no.such.thing
      #define stat stat64
      #define t u`;
    expect(await brief(text)).toEqual(['struct t 16/8: st_atim@0 stat@8']);
  });

  test('flags decide what is there', async () => {
    const flags = { defines: ['WIDE', 'N=3'], undefines: ['__linux__'], others: ['-fshort-enums'] };
    const text = `enum e { A };
      #ifdef WIDE
      struct s { char c[N]; enum e e; };
      #endif
      #ifdef __linux__
      struct not_here { int x; };
      #endif`;
    expect(await brief(text, { flags })).toEqual(['enum e 1/1', 'struct s 4/1: c@0 e@3']);
  });

  test('what the compiler refuses costs that type alone', async () => {
    const text = `struct good { int a; };
      struct outer { struct inner { int z; } i; };
      struct other { short s; };`;
    const lines = await brief(text, {}, 'a.hpp');
    expect(lines.slice(0, -1)).toEqual(['struct good 4/4: a@0', 'struct outer 4/4: i@0', 'struct other 2/2: s@0']);
    expect(lines.at(-1)).toMatch(/^inner\? .*inner/);
  });

  test('places are those in the header', async () => {
    const text = '/* über */ typedef   struct point { int x; }\n  point_t; struct after { int point; };\n';
    const file = write(text);
    const { entries } = await measured(file);
    expect(entries.types.map(({ at }) => [at.file, text.slice(at.span.start, at.span.end)])).toEqual([
      [file, 'point'],
      [file, 'after'],
      [file, 'point_t'],
    ]);
  });

  test('a source file, and types of what it includes where they are wanted', async () => {
    const file = write('#include "b.h"\nstruct own { struct theirs t; };\nint f(void) { return 1; }\n', 'a.c', {
      'b.h': 'struct theirs { int a; };\n',
    });
    expect(shown(await measured(file))).toEqual(['struct own 4/4: t@0']);
    expect(shown(await measured(file, { wanted: () => true }))).toEqual(['struct theirs 4/4: a@0', 'struct own 4/4: t@0']);
  });

  test('plain records of a C++ header', async () => {
    const text = `#include <cstdint>
      namespace hidden { struct no { int a; }; }
      template <class T> struct none { T t; };
      extern "C" { struct point { int32_t x; unsigned b : 3; bool f; }; typedef enum kind { A, B } kind; }
      struct base { int a; virtual void f(); };
      class closed { int a; };
      struct pod { char c; point p; };
      struct empty {};`;
    expect(await brief(text, {}, 'a.hpp')).toEqual([
      'struct point 8/4: x@0 b@32:3 f@5',
      'enum kind 4/4',
      'struct pod 12/4: c@0 p@4',
      'struct empty 1/1',
    ]);
  });

  test('says what is wrong with a header that does not compile', async () => {
    const bad = await tryMeasure(write('#include "gone.h"\n'));
    expect(bad).toEqual({ failure: 'gcc says: a.h:1: gone.h: No such file or directory' });
    const worse = await tryMeasure(write('struct a { int b; };\nstruct c { struct d e; };\n'));
    expect(worse).toEqual({ failure: 'gcc says: a.h:2: field ‘e’ has incomplete type'.replace(/[‘’]/g, "'") });
  });

  test('gcc cannot compile for other machines', async () => {
    expect(await tryMeasure(write('struct a { int b; };'), { triple: 'avr-none' })).toMatchObject({ failure: expect.any(String) });
  });
});

describe.skipIf(clang !== null)(`with clang${why(clang)}`, () => {
  const text =
    '#include <stdint.h>\nstruct s { char c; long l; double d; unsigned a : 3, b : 14; int64_t q; };\nunion u { void *p; wchar_t_ w; };\n';
  const header = text.replace('wchar_t_', '__WCHAR_TYPE__');

  test.each([
    ['x86_64-unknown-linux-gnu', ['struct s 40/8: c@0 l@8 d@16 a@192:3 b@195:14 q@32', 'union u 8/8: p@0 w@0']],
    ['x86_64-pc-windows-msvc', ['struct s 32/8: c@0 l@4 d@8 a@128:3 b@131:14 q@24', 'union u 8/8: p@0 w@0']],
    ['i686-unknown-linux-musl', ['struct s 28/4: c@0 l@4 d@8 a@128:3 b@131:14 q@20', 'union u 4/4: p@0 w@0']],
    ['s390x-unknown-linux-gnu', ['struct s 40/8: c@0 l@8 d@16 a@192:3 b@195:14 q@32', 'union u 8/8: p@0 w@0']],
    ['wasm32-unknown-unknown', ['struct s 32/8: c@0 l@4 d@8 a@128:3 b@131:14 q@24', 'union u 4/4: p@0 w@0']],
    ['aarch64-apple-darwin', ['struct s 40/8: c@0 l@8 d@16 a@192:3 b@195:14 q@32', 'union u 8/8: p@0 w@0']],
    ['aarch64-pc-windows-gnullvm', ['struct s 32/8: c@0 l@4 d@8 a@128:3 b@131:14 q@24', 'union u 8/8: p@0 w@0']],
    ['riscv32imac-unknown-none-elf', ['struct s 32/8: c@0 l@4 d@8 a@128:3 b@131:14 q@24', 'union u 4/4: p@0 w@0']],
  ])('%s', async (triple, expected) => {
    expect(await brief(header, { triple, compiler: CLANG })).toEqual(expected);
  });

  const seed = seedOf();
  const TARGETS = ['x86_64-unknown-linux-gnu', 's390x-unknown-linux-gnu', 'i686-pc-windows-msvc', 'armv7-unknown-linux-gnueabihf'];
  test.each(TARGETS)(`random types on %s: measured is computed (seed ${seed})`, async (triple) => {
    const on = target(triple);
    const defs = randomCTypes(createRandom(seed), on, 'all', 100);
    const file = write(withKeywords(`${PRELUDE}${cSource(defs)}`, defs));
    const { entries } = await measured(file, { triple, compiler: CLANG });
    const types = new Map(entries.types.map((one) => [one.name, one.layout]));
    const wrong = [...defs].flatMap(([tag, def]) => {
      const ours = layoutIn(defs, def, on);
      const theirs = types.get(tag);
      if (ours.kind === 'unknown') return [];
      return theirs ? disagreements(ours, theirs).map((one) => `${tag}: ${JSON.stringify(one)}`) : [`${tag} was not measured`];
    });
    expect(wrong).toEqual([]);
  });
});
