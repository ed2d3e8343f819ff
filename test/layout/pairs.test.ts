/** Which types belong together, and in what they differ. */
import { describe, expect, it } from 'vitest';
import { cLayouts } from '../../server/src/abi/c-layouts.ts';
import type { Difference } from '../../server/src/abi/differences.ts';
import type { TypeLayout } from '../../server/src/abi/layout-entries.ts';
import { pairLayouts } from '../../server/src/abi/pairs.ts';
import type { LayoutPair } from '../../server/src/abi/pairs.ts';
import { createCUnits } from '../../server/src/engine/layouts/c-units.ts';
import { target } from '../c/support.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

const BODY = '{ int x; };';

/** A type, written in C whatever its language is said to be. */
async function type(language: TypeLayout['language'], declaration: string, file: string, name: string | null = null): Promise<TypeLayout> {
  const unit = createCUnits(memoryFs({ [file]: declaration }), [], await testParsers()).read(file, target());
  const [made] = unit ? cLayouts(unit, target(), () => true).types : [];
  if (!made) throw new Error(`no type in ${declaration}`);
  return { ...made, language, name: name ?? made.name };
}

interface Given {
  readonly rust?: readonly string[];
  readonly c?: readonly string[];
  readonly python?: readonly string[];
}

const FILES = { rust: 'src/lib.rs', c: 'include/a.h', python: 'a.py' } as const;

/** `package:Name` for a type of another package than `/w/p`. */
async function paired(given: Given, symbols: readonly string[] = []): Promise<readonly string[]> {
  const types: TypeLayout[] = [];
  for (const language of ['rust', 'c', 'python'] as const) {
    for (const text of given[language] ?? []) {
      const [name = '', folder = 'p'] = text.split(':').reverse();
      types.push(await type(language, `struct x ${BODY}`, `/w/${folder}/${FILES[language]}`, name));
    }
  }
  const shown = ({ rust, c, python }: LayoutPair): string => [rust, c, python].map((one) => one?.name ?? '-').join(' ');
  return pairLayouts(types, { packages: ['/w/p', '/w/q'], symbols }).map(shown);
}

describe('names', () => {
  it.each<[string, Given, readonly string[]]>([
    ['the same', { rust: ['Point'], c: ['Point'], python: ['Point'] }, ['Point Point Point']],
    ['in other spelling', { rust: ['GeoPoint'], c: ['geo_point_t'], python: ['Geo_Point'] }, ['GeoPoint geo_point_t Geo_Point']],
    ['in C and Python alone', { c: ['point'], python: ['Point'] }, ['- point Point']],
    ['a nested class', { c: ['inner'], python: ['Outer.Inner'] }, ['- inner Outer.Inner']],
    [
      'with a prefix that others share',
      { rust: ['Point', 'Area'], c: ['geo_point', 'geo_area'] },
      ['Point geo_point -', 'Area geo_area -'],
    ],
    ['with a prefix of its own', { rust: ['List'], c: ['free_list'] }, []],
    ['two that fit', { rust: ['Point'], c: ['point', 'POINT_T'] }, ['Point point -']],
    ['other packages', { rust: ['Point', 'q:Point'], c: ['Point', 'q:Point'] }, ['Point Point -', 'Point Point -']],
    ['a header of no package', { rust: ['Point'], c: ['shared:Point'] }, ['Point Point -']],
    ['a header that two packages could mean', { rust: ['Point', 'q:Point'], c: ['shared:Point'] }, []],
    ['one language alone', { rust: ['Point', 'q:Point'] }, []],
  ])('%s', async (_, given, expected) => expect(await paired(given)).toEqual(expected));

  it('functions give a prefix away too', async () => {
    expect(await paired({ rust: ['Point'], c: ['geo_point'] }, ['geo_point_new', 'geo_point_free'])).toEqual(['Point geo_point -']);
  });

  it('two that fit and differ are one too many', async () => {
    const types = [
      await type('rust', `struct Point ${BODY}`, '/w/p/src/lib.rs'),
      await type('c', `struct Point ${BODY}`, '/w/p/a.h'),
      await type('c', 'struct Point { long x; };', '/w/p/b.h'),
    ];
    expect(pairLayouts(types, { packages: ['/w/p'], symbols: [] })).toEqual([]);
  });
});

describe('differences', () => {
  async function between(rust: string, c: string): Promise<readonly Difference[]> {
    const types = [await type('rust', `struct s { ${rust} };`, '/w/p/src/lib.rs'), await type('c', `struct s { ${c} };`, '/w/p/a.h')];
    return pairLayouts(types, { packages: ['/w/p'], symbols: [] })[0]?.differences ?? expect.fail();
  }
  const size = (rust: number, c: number): Difference => ({ field: null, what: 'size', rust, c });

  it.each<[string, string, string, readonly Difference[]]>([
    ['none', 'int a; char b;', 'int a; char b;', []],
    [
      'an offset',
      'char a; int b;',
      'char a; char p; short q; int b;',
      [
        { field: 'p', what: 'missing', rust: null, c: 1 },
        { field: 'q', what: 'missing', rust: null, c: 2 },
      ],
    ],
    [
      'sizes',
      'int a; int b;',
      'long a; int b;',
      [
        size(8, 16),
        { field: null, what: 'align', rust: 4, c: 8 },
        { field: 'a', what: 'size', rust: 4, c: 8 },
        { field: 'b', what: 'offset', rust: 4, c: 8 },
      ],
    ],
    [
      'order',
      'int a; int b;',
      'int b; int a;',
      [
        { field: 'a', what: 'offset', rust: 0, c: 4 },
        { field: 'b', what: 'offset', rust: 4, c: 0 },
      ],
    ],
    ['a field at the end', 'int a;', 'int a; int b;', [size(4, 8), { field: 'b', what: 'missing', rust: null, c: 4 }]],
    ['spelling', 'int type_; int myName;', 'int type; int my_name;', []],
    ['other names at the same place', 'int kind; int b;', 'int type; int b;', []],
    ['explicit padding', 'char a; char _pad[3]; int b;', 'char a; int b;', []],
    ['an anonymous union', 'int a; union u { int i; float f; } __bindgen_anon_1;', 'int a; union { int i; float f; };', []],
    ['a unit of bits', 'unsigned char _bitfield_1[4]; int b;', 'unsigned x : 3, y : 29; int b;', []],
    [
      'bits',
      'unsigned x : 3; unsigned y : 5;',
      'unsigned x : 4; unsigned y : 5;',
      [
        { field: 'x', what: 'bitWidth', rust: 3, c: 4 },
        { field: 'y', what: 'bitOffset', rust: 3, c: 4 },
      ],
    ],
  ])('%s', async (_, rust, c, expected) => expect(await between(rust, c)).toEqual(expected));
});
