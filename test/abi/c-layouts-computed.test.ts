/** C layouts that documents of the ABIs give, and the corners in which compilers differ. */
import { describe, expect, test } from 'vitest';
import { computeLayout, computeSize } from '../../server/src/abi/compute.ts';
import { DEFAULT_LAYOUT_OPTIONS } from '../../server/src/abi/layout.types.ts';
import type { CIntName, EnumDef, FieldDef, RecordDef, Shape, TypeDef } from '../../server/src/abi/shape.ts';
import { field, unknownShape } from '../../server/src/abi/shape.ts';
import { X64, shown, target } from './layouts.ts';

const int = (name: CIntName): Shape => ({ kind: 'c-int', name });
const DOUBLE: Shape = { kind: 'c-float', name: 'double' };

function struct(fields: readonly FieldDef[], more: Partial<RecordDef> = {}): RecordDef {
  return { kind: 'struct', name: 'S', language: 'c', fields, packed: null, align: null, pack: null, transparent: false, ...more };
}

function on(triple: string, def: TypeDef): string {
  return shown(computeLayout(def, (key) => unknownShape(`${key} is not defined`), target(triple)));
}

const MSVC = 'x86_64-pc-windows-msvc';
const MINGW = 'x86_64-pc-windows-gnu';
const ARM = 'armv7-unknown-linux-gnueabihf';

describe('plain members', () => {
  test('a double in a struct is aligned to 4 bytes on 32-bit x86 Linux alone', () => {
    const def = struct([field('tag', int('char')), field('value', DOUBLE)]);
    const all = [X64, 'i686-unknown-linux-gnu', 'i686-pc-windows-msvc', ARM].map((triple) => on(triple, def));
    expect(all).toEqual(['16/8 tag@0 value@8', '12/4 tag@0 value@4', '16/8 tag@0 value@8', '16/8 tag@0 value@8']);
  });

  test('an empty struct has 4 bytes under MSVC and none elsewhere', () => {
    expect([on(X64, struct([])), on(MSVC, struct([]))]).toEqual(['0/1', '4/1']);
  });

  test('`#pragma pack` caps what `aligned` asks for, but not under MSVC', () => {
    const def = struct([field('a', int('char')), { ...field('b', int('int')), align: 8 }], { pack: 2 });
    expect([on(X64, def), on(MSVC, def)]).toEqual(['6/2 a@0 b@2', '16/8 a@0 b@8']);
  });

  test('a flexible array aligns and has no bytes', () => {
    const rest: Shape = { kind: 'array', element: int('long long'), length: null };
    expect(on(X64, struct([field('n', int('int')), field('rest', rest)]))).toBe('8/8 n@0 rest@8');
  });

  test('floating members on AIX are unknown, even those of an array without elements', () => {
    const none: Shape = { kind: 'array', element: DOUBLE, length: 0 };
    for (const shape of [DOUBLE, none])
      expect(on('powerpc64-ibm-aix', struct([field('a', shape)]))).toBe('unknown: the power alignment of AIX is not modelled');
    expect(on('powerpc64-ibm-aix', struct([field('a', { kind: 'c-float', name: 'float' })]))).toBe('4/4 a@0');
  });

  test('an array of what is aligned to more than its size is unknown: no compiler takes it', () => {
    const element: Shape = { kind: 'aligned', inner: int('int'), align: 16 };
    expect(on(X64, struct([field('a', { kind: 'array', element, length: 2 })]))).toMatch('aligned to more than their size');
    expect(on(X64, struct([field('a', element)]))).toBe('16/16 a@0');
  });

  test('members of nameless members stand under their own names, others by path', () => {
    const inner = (names: readonly string[]): Shape => ({
      kind: 'inline',
      def: struct(
        names.map((name) => field(name, int('int'))),
        { name: null, kind: 'union' },
      ),
    });
    const def = struct([field('a', int('char')), field(null, inner(['x', 'y'])), field('u', inner(['lo']))]);
    expect(on(X64, def)).toBe('12/4 a@0 x@4 y@4 u@8 u.lo@8');
  });

  test('padding is what no member covers', () => {
    const def = struct([field('a', int('char')), field('b', int('int'), 3), field('c', int('long')), field('d', int('char'))]);
    const laid = computeLayout(def, () => unknownShape('none'), target(X64));
    expect(laid).toMatchObject({ size: 24, padding: 13 });
  });
});

describe('bit-fields', () => {
  const mixed = struct([field('a', int('char'), 4), field('b', int('int'), 12), field('c', int('int'), 20)]);

  test('System V shares bytes, MSVC and MinGW make a unit for each type', () => {
    expect([on(X64, mixed), on(MSVC, mixed), on(MINGW, mixed)]).toEqual([
      '8/4 a@0:4 b@4:12 c@32:20',
      '8/4 a@0:4 b@32:12 c@44:20',
      '8/4 a@0:4 b@32:12 c@44:20',
    ]);
  });

  test('a nameless one aligns the record on Arm and nowhere else', () => {
    const def = struct([field('a', int('char')), field(null, int('int'), 4), field('b', int('char'))]);
    expect([on(X64, def), on('aarch64-apple-darwin', def), on(ARM, def)]).toEqual(['3/1 a@0 b@2', '3/1 a@0 b@2', '4/4 a@0 b@2']);
  });

  test('`: 0` ends a unit', () => {
    const def = struct([field('a', int('int'), 3), field(null, int('int'), 0), field('b', int('int'), 3)]);
    expect([on(X64, def), on(MSVC, def)]).toEqual(['8/4 a@0:3 b@32:3', '8/4 a@0:3 b@32:3']);
  });

  test('packed ones cross the borders of units', () => {
    const def = struct([field('a', int('char')), field('b', int('int'), 30)], { packed: 1 });
    expect(on(X64, def)).toBe('5/1 a@0 b@8:30');
  });

  test('where GCC and clang differ nothing is said', () => {
    const packed = struct([field('a', int('char')), field('b', int('int'), 30)], { packed: 1 });
    const aligned = struct([field('a', int('int'), 1), { ...field('b', int('int'), 25), align: 2 }]);
    expect([on(MINGW, packed), on(X64, aligned)]).toEqual([
      'unknown: GCC and clang place packed and aligned bit-fields differently under ms-bitfields',
      'unknown: GCC and clang place a bit-field with an alignment of its own differently',
    ]);
  });
});

describe('enums', () => {
  const values = (...list: readonly (bigint | null)[]): EnumDef => ({
    kind: 'enum',
    name: 'E',
    language: 'c',
    c: true,
    underlying: null,
    packed: false,
    align: null,
    variants: list.map((value, i) => ({ name: `V${i}`, value, fields: [] })),
  });

  test('they are an int, longer where a value does not fit, but not under MSVC', () => {
    expect([on(X64, values(0n, 1n)), on(X64, values(1n << 32n)), on(MSVC, values(1n << 32n))]).toEqual(['4/4', '8/8', '4/4']);
  });

  test('on bare Arm their size is that of -fshort-enums, which compilers do not agree on', () => {
    const bare = target('thumbv7em-none-eabi');
    const laid = (shortEnums: boolean | null): string =>
      shown(computeLayout(values(0n, 1n), () => unknownShape('none'), bare, { ...DEFAULT_LAYOUT_OPTIONS, shortEnums }));
    expect([laid(true), laid(false)]).toEqual(['1/1', '4/4']);
    expect(laid(null)).toMatch(/^unknown: the size of the enum depends on -fshort-enums/);
  });

  test('a value that is not known makes the size unknown', () => {
    expect(on(X64, values(0n, null))).toBe('unknown: a value of the enum is not known');
  });
});

describe('128-bit integers', () => {
  const wide: Shape = { kind: 'int', bits: 128, signed: false };
  const align = (triple: string, rustVersion: readonly [number, number] | null): number | string => {
    const found = computeSize(wide, 'rust', () => unknownShape('none'), target(triple), { ...DEFAULT_LAYOUT_OPTIONS, rustVersion });
    return 'kind' in found ? found.reason : found.align;
  };

  test('rustc aligns them as C since 1.77 on x86', () => {
    expect([align(X64, [1, 76]), align(X64, [1, 77]), align(X64, null), align('i686-unknown-linux-gnu', [1, 70])]).toEqual([8, 16, 16, 4]);
  });

  test('an old rustc is unknown where the version that changed is', () => {
    expect(align('wasm32-unknown-unknown', [1, 80])).toBe('how rustc 1.80 aligned 128-bit integers on wasm32-unknown-unknown is not known');
  });

  test('C has none on 32-bit x86', () => {
    const found = computeSize(wide, 'c', () => unknownShape('none'), target('i686-unknown-linux-gnu'));
    expect(found).toEqual({ kind: 'unknown', reason: 'C has no 128-bit integer on i686-unknown-linux-gnu' });
  });
});
