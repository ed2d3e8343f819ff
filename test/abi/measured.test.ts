/** What becomes of computed layouts when measured ones come in. */
import { describe, expect, it } from 'vitest';
import type { TypeLayout, UnknownType } from '../../server/src/abi/layout-entries.ts';
import type { Measured } from '../../server/src/abi/measured.ts';
import { mergeMeasured } from '../../server/src/abi/measured.ts';

const place = (file: string, start: number) => ({ file, span: { start, end: start + 1 } });

function type(name: string, start: number, size: number, provenance: TypeLayout['provenance'], offset = 0, file = '/a.rs'): TypeLayout {
  const shape = { kind: 'int', bits: 8, signed: false } as const;
  const field = { name: 'x', shape, offset, size: 1, align: 1, bitOffset: null, bitWidth: null };
  const layout = { kind: 'layout', size, align: 1, fields: [field], padding: size - 1 } as const;
  return { kind: 'struct', language: 'rust', name, at: place(file, start), target: 'T', provenance, layout, written: new Map() };
}

function unknown(name: string, start: number, reason: string): UnknownType {
  return { language: 'rust', name, at: place('/a.rs', start), target: 'T', reason };
}

function measured(part: { types?: readonly TypeLayout[]; unknown?: readonly UnknownType[]; absent?: readonly UnknownType[] }): Measured {
  return { entries: { types: part.types ?? [], unknown: part.unknown ?? [] }, absent: part.absent ?? [], problems: [] };
}

const shown = (types: readonly TypeLayout[]) => types.map(({ name, provenance, layout }) => `${name} ${provenance} ${layout.size}`);

describe('measured layouts', () => {
  it('take the place of computed ones and of what was not known, and add what nobody saw', () => {
    const made = mergeMeasured(
      { types: [type('A', 1, 4, 'computed'), type('B', 2, 4, 'computed')], unknown: [unknown('C', 3, 'no idea')] },
      measured({ types: [type('A', 1, 4, 'rustc'), type('C', 3, 8, 'rustc'), type('Made', 9, 2, 'rustc')] }),
    );
    expect(shown(made.entries.types)).toEqual(['A rustc 4', 'B computed 4', 'C rustc 8', 'Made rustc 2']);
    expect([made.entries.unknown, made.problems]).toEqual([[], []]);
  });

  it('count where they disagree, and that is told as our fault', () => {
    const computed = { types: [type('A', 1, 4, 'computed'), type('B', 2, 4, 'computed', 2)], unknown: [] };
    const made = mergeMeasured(computed, measured({ types: [type('A', 1, 8, 'rustc'), type('B', 2, 4, 'rustc', 1)] }));
    expect(shown(made.entries.types)).toEqual(['A rustc 8', 'B rustc 4']);
    expect(made.problems.map(({ message }) => message)).toEqual([
      'the computed layout of `A` disagrees with rustc for T: size 4 and 8; this is a fault of ffi-lint, please report it',
      'the computed layout of `B` disagrees with rustc for T: offset of `x` 2 and 1; this is a fault of ffi-lint, please report it',
    ]);
  });

  it('leave types of the same name in another place alone', () => {
    const made = mergeMeasured({ types: [type('A', 1, 4, 'computed')], unknown: [] }, measured({ types: [type('A', 7, 8, 'rustc')] }));
    expect(shown(made.entries.types)).toEqual(['A computed 4', 'A rustc 8']);
  });

  it('leave what is not compiled as it was computed, unless a namesake in the file is compiled', () => {
    const absent = [unknown('A', 1, 'not compiled'), unknown('B', 2, 'not compiled'), unknown('C', 3, 'not compiled')];
    const made = mergeMeasured(
      { types: [type('A', 1, 4, 'computed'), type('B', 2, 4, 'computed')], unknown: [unknown('C', 3, 'a feature decides')] },
      measured({ types: [type('B', 5, 8, 'rustc')], absent }),
    );
    expect(shown(made.entries.types)).toEqual(['A computed 4', 'B rustc 8']);
    expect(made.entries.unknown.map(({ name, reason }) => `${name} ${reason}`)).toEqual(['B not compiled', 'C not compiled']);
  });

  it('say of what stays computed why it was not measured, where somebody was asked', () => {
    const types = [type('A', 1, 4, 'computed'), type('B', 2, 4, 'computed'), type('C', 3, 4, 'computed')];
    const answer = measured({ absent: [unknown('A', 1, 'not compiled')], unknown: [unknown('B', 2, 'rustc cannot say')] });
    const made = mergeMeasured({ types, unknown: [] }, answer);
    expect(made.entries.types.map(({ unmeasured }) => unmeasured)).toEqual(['not compiled', 'rustc cannot say', undefined]);
  });

  it('of refused types the reason that the compiler gives is told', () => {
    const made = mergeMeasured(
      { types: [], unknown: [unknown('A', 1, 'a guess')] },
      measured({ unknown: [unknown('A', 1, 'rustc says so')] }),
    );
    expect(made.entries.unknown.map(({ reason }) => reason)).toEqual(['rustc says so']);
  });
});
