/** Headers that are included more than once where it is in doubt whether they were before: they say the same, and cost nothing more. */
import { expect, it } from 'vitest';
import { brief, unit } from './support.ts';

const GUARDED = '#ifndef PART_H\n#define PART_H\n#define WIDTH 4\nstruct part { char c[WIDTH]; };\n#endif\n';

it('a guard behind the headers that a file includes first is its own, whatever was not found', async () => {
  const header = '#include <nowhere.h>\n#include "part.h"\n\n#ifndef OWN_H\n#define OWN_H\nstruct own { struct part p; int x; };\n#endif\n';
  expect(await brief({ '/w/own.h': header, '/w/part.h': `#pragma once\nstruct part { char c[4]; };\n` })).toContain(
    'struct own 8/4: p@0 x@4',
  );
});

it('what is asked for behind includes and is no guard stays in doubt', async () => {
  const header = '#include <nowhere.h>\n#ifndef WIDE\n#define WIDE 1\nstruct own { int x; };\n#endif\nstruct other { int y; };\n';
  const lines = await brief({ '/w/own.h': header });
  expect(lines.find((line) => line.includes('own'))).toContain('?');
  expect(lines).toContain('struct other 4/4: y@0');
});

it('a header that is included in doubt again and again is read once', async () => {
  const uses = Array.from({ length: 9 }, (_, i) => `#ifdef __SYSTEM_${i}\n#include "part.h"\n#endif\n`).join('');
  const { definitions } = await unit({ '/w/own.h': `${uses}struct own { int x; };\n`, '/w/part.h': GUARDED });
  expect(definitions.map(({ tag }) => tag)).toEqual(['part', 'own']);
});

it('and read again where a macro of it was taken away for sure', async () => {
  const use = '#ifdef __SYSTEM\n#include "part.h"\n#endif\n';
  const lines = await brief({ '/w/own.h': `${use}#undef WIDTH\n${use}struct own { char c[WIDTH]; };\n`, '/w/part.h': GUARDED });
  expect(lines.find((line) => line.includes('own'))).toContain('?');
});

it('headers that lead to themselves through doubt end', async () => {
  const files = {
    '/w/own.h': '#include "base.h"\n#ifndef OWN_H\n#define OWN_H\n#include "a.h"\n#include "b.h"\nstruct own { int x; };\n#endif\n',
    '/w/base.h': '#include <nowhere.h>\n',
    '/w/a.h': '#include "base.h"\n#ifndef A_H\n#define A_H\n#ifdef MAYBE\n#include "b.h"\n#endif\nstruct a { int x; };\n#endif\n',
    '/w/b.h':
      '#include "base.h"\n#ifndef B_H\n#define B_H\n#ifdef MAYBE\n#include "a.h"\n#include "own.h"\n#endif\nstruct b { int x; };\n#endif\n',
  };
  const { definitions, cut } = await unit(files);
  expect(cut).toBeNull();
  expect(definitions.length).toBeLessThan(8);
});
