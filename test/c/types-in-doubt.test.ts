/** Macros that stand for a type under a condition that nobody can decide: their names keep all their meanings. */
import { describe, expect, it } from 'vitest';
import { cPeerFile } from '../../server/src/abi/peers/c-file.ts';
import { brief, target, unit } from './support.ts';

/** What a function's result may be in all that it may be declared as, each once, by the alphabet. */
async function results(text: string, name = 'f'): Promise<readonly string[]> {
  const read = await unit(text);
  const { functions } = cPeerFile('/w/a.h', [{ unit: read, target: target() }], null, []);
  const shapes = functions.find(({ symbol }) => symbol === name)?.signatures.flatMap(({ result }) => result?.shape ?? []) ?? [];
  return [
    ...new Set(shapes.map((shape) => ('bits' in shape ? `int${shape.bits}` : 'name' in shape ? String(shape.name) : shape.kind))),
  ].sort();
}

describe('a fallback for bool', () => {
  it.each([
    [
      'behind a switch of a header that is missing',
      '#include "config.h"\n#ifndef HAVE_BOOL\n#define bool int\n#endif\nbool f(void);',
      ['bool', 'int'],
    ],
    [
      'beside stdbool.h',
      '#include "config.h"\n#if HAVE_STDBOOL\n#include <stdbool.h>\n#else\n#define bool unsigned char\n#endif\nbool f(void);',
      ['bool', 'unsigned char'],
    ],
    [
      'where the language is known to be new enough',
      '#if __STDC_VERSION__ >= 199901L\n#include <stdbool.h>\n#else\n#define bool unsigned char\n#endif\nbool f(void);',
      ['bool'],
    ],
    ['for another compiler', '#if defined(_MSC_VER) && _MSC_VER < 1800\n#define bool int\n#endif\nbool f(void);', ['bool']],
    [
      'behind a pointer to a function',
      '#include "c.h"\n#ifdef OLD\n#define bool int\n#endif\ntypedef bool (*cb)(void);\nbool f(cb);',
      ['bool', 'int'],
    ],
    ['behind a typedef', '#include "c.h"\n#ifdef OLD\n#define bool int\n#endif\ntypedef bool flag;\nflag f(void);', ['bool', 'int']],
    [
      'in the arguments of a macro',
      '#include "c.h"\n#ifdef OLD\n#define bool int\n#endif\n#define API(t) extern t\nAPI(bool) f(void);',
      ['bool', 'int'],
    ],
    ['defined for sure', '#define bool int\nbool f(void);', ['int']],
  ])('%s', async (_, text, expected) => expect(await results(text)).toEqual(expected));

  it('leaves a record unknown', async () => {
    const text = '#include "c.h"\n#ifdef OLD\n#define bool int\n#endif\nstruct s { char a; bool b; };';
    expect(await brief(text)).toEqual([expect.stringMatching(/^s\? /)]);
  });
});

describe('other names of types', () => {
  it.each([
    ['one of two macros', '#include "c.h"\n#ifdef WIDE\n#define num long\n#else\n#define num int\n#endif\nnum f(void);', ['int', 'long']],
    [
      'in place of a typedef',
      '#include <stdint.h>\n#include "c.h"\n#ifdef OLD\n#define int32_t long\n#endif\nint32_t f(void);',
      ['int32', 'long'],
    ],
    ['under the same condition', '#include "c.h"\n#ifdef OLD\n#define num long\nnum f(void);\n#endif', ['long']],
    ['what stands in front of a function is no type', '#include "c.h"\n#ifdef DLL\n#define API extern\n#endif\nAPI int f(void);', ['int']],
  ])('%s', async (_, text, expected) => expect(await results(text)).toEqual(expected));
});
