/** A header that several others include is lowered once: what comes out is what each reading for itself gives. */
import { expect, it } from 'vitest';
import { createCUnits } from '../../server/src/engine/layouts/c-units.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { target } from './support.ts';

const POINT = '#ifndef POINT_H\n#define POINT_H\nstruct point { int x; int y; };\nAPI int area(struct point *p, NUM n);\n#endif\n';
const SIZES = 'struct sized { char c[sizeof(T)]; char d[(T)-1]; };\nint far_away(struct point *p);\n';

const FILES = {
  '/w/point.h': POINT,
  '/w/sizes.h': SIZES,
  '/w/plain.h': '#define API extern\n#define NUM int\n#include "point.h"\n#include "sizes.h"\n',
  '/w/again.h': 'int first(void);\n#define API extern\n#define NUM int\n#include "point.h"\n#include "sizes.h"\n',
  '/w/other.h': '#define API extern\n#define NUM long\n#include "point.h"\n',
  '/w/typed.h': 'typedef int T;\n#define API extern\n#define NUM int\n#include "sizes.h"\n#include "point.h"\n',
  '/w/packed.h': '#pragma pack(1)\n#define API extern\n#define NUM int\n#include "point.h"\n',
  '/w/doubted.h': '#include <nowhere.h>\n#define API extern\n#define NUM int\n#ifdef MAYBE\n#include "point.h"\n#endif\n',
  '/w/unsettled.h': '#ifdef __MAYBE\n#define API extern\n#else\n#define API\n#endif\n#define NUM int\n#include "point.h"\n',
  '/w/aligned.h': '#define API __attribute__((stdcall))\n#define NUM int\n__attribute__((aligned(16)))\n#include "point.h"\n',
  '/w/linked.h': '#define API\n#define NUM int\nextern "C" {\n#include "point.h"\n}\n',
};

it('is the same as without what was kept', async () => {
  const parsers = await testParsers();
  const fs = memoryFs(FILES);
  const headers = Object.keys(FILES);
  const shared = createCUnits(fs, headers, parsers);
  for (const triple of ['x86_64-unknown-linux-gnu', 'i686-pc-windows-msvc']) {
    for (const header of [...headers, ...headers]) {
      const alone = createCUnits(fs, headers, parsers).read(header, target(triple));
      expect(shared.read(header, target(triple)), header).toEqual(alone);
    }
  }
});

it('a file that changes is read anew', async () => {
  const texts: Record<string, string> = { ...FILES };
  const fs = { ...memoryFs(FILES), read: (path: string) => texts[path] ?? { failure: 'is not there' } };
  const units = createCUnits(fs, Object.keys(FILES), await testParsers());
  const places = () => units.read('/w/plain.h', target())?.symbols.map(({ name, at }) => `${name} ${at.span.start}`);
  expect(places()).toEqual([`area ${POINT.indexOf('area')}`, `far_away ${SIZES.indexOf('far_away')}`]);
  texts['/w/point.h'] = `\n${POINT}`;
  units.changed();
  expect(places()).toEqual([`area ${POINT.indexOf('area') + 1}`, `far_away ${SIZES.indexOf('far_away')}`]);
});
