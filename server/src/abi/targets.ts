/** What a target's compilers do with the basic types: sizes, alignments, signs and habits, by triple. */
import { C_ROWS, RUST_ROWS, TRIPLES } from './target-data.ts';

/** Bytes. */
export interface SizeAlign {
  readonly size: number;
  readonly align: number;
}

/** Alignment by size in bytes; 0 where the target has no such type. */
export type AlignBySize = Readonly<Record<1 | 2 | 4 | 8 | 16, number>>;

/**
 * How C places bit-fields: `sysv` (System V psABIs), `aapcs` (Arm: nameless ones count for the record's alignment too), `apcs` (32-bit Apple
 * Arm: the declared type does not align), `mingw` (GCC's ms-bitfields), `msvc`; unknown where the compilers of a target disagree.
 */
export type BitFieldStyle = 'sysv' | 'aapcs' | 'apcs' | 'mingw' | 'msvc' | 'unknown';

export interface RustAbi {
  readonly ints: AlignBySize;
  /** `f16` to `f128`. */
  readonly floats: AlignBySize;
  readonly pointer: SizeAlign;
  /** Sizes of core::ffi's `c_int`, `c_long` and `c_double`. */
  readonly int: number;
  readonly long: number;
  readonly double: number;
  /** The least size of a `repr(C)` enum. */
  readonly enum: number;
  /** The rustc that first aligned 128-bit integers as `ints` says; null for all. */
  readonly int128Since: readonly [number, number] | null;
}

export interface CAbi {
  readonly short: number;
  readonly int: number;
  readonly long: number;
  readonly wchar: number;
  readonly wint: number;
  readonly sizeT: number;
  readonly ptrdiff: number;
  readonly charSigned: boolean;
  readonly wcharSigned: boolean;
  readonly wintSigned: boolean;
  readonly ints: AlignBySize;
  readonly float16: number;
  readonly float128: number;
  readonly pointer: SizeAlign;
  readonly float: SizeAlign;
  readonly double: SizeAlign;
  readonly longDouble: SizeAlign;
  /** What `aligned` without a number means. */
  readonly maxAlign: number;
  /** `int`: an enum has at least the size of int; `short`: the least size; `either`: GCC's and clang's habits differ. */
  readonly enums: 'int' | 'short' | 'either';
  readonly bitFields: BitFieldStyle;
}

export interface Target {
  readonly triple: string;
  readonly bigEndian: boolean;
  readonly rust: RustAbi;
  /** null where no C compiler is known that says how C is laid out there. */
  readonly c: CAbi | null;
}

function numbers(row: readonly string[], from: number, to: number): number[] {
  return row.slice(from, to).map(Number);
}

function pair(text = ''): SizeAlign {
  const [size = 0, align = 0] = text.split('/').map(Number);
  return { size, align };
}

function bySize([one = 0, two = 0, four = 0, eight = 0, sixteen = 0]: readonly number[]): AlignBySize {
  return { 1: one, 2: two, 4: four, 8: eight, 16: sixteen };
}

/** Rows by their number, which stands first in each. */
function rows(table: string): ReadonlyMap<string, readonly string[]> {
  const lines = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [number = '', ...cells] = line.split(' ');
      return [number, cells];
    }),
  );
}

function rustAbi(row: readonly string[]): RustAbi {
  const [int = 0, long = 0, double = 0, leastEnum = 0] = numbers(row, 10, 14);
  const [major, minor] = (row[14] ?? '').split('.').map(Number);
  return {
    ints: bySize(numbers(row, 0, 5)),
    floats: bySize([0, ...numbers(row, 5, 9)]),
    pointer: pair(row[9]),
    int,
    long,
    double,
    enum: leastEnum,
    int128Since: major !== undefined && minor !== undefined ? [major, minor] : null,
  };
}

const STYLES: readonly BitFieldStyle[] = ['sysv', 'aapcs', 'apcs', 'mingw', 'msvc'];

function cAbi(row: readonly string[]): CAbi {
  const [short = 0, int = 0, long = 0, wchar = 0, wint = 0, sizeT = 0, ptrdiff = 0] = numbers(row, 0, 7);
  const signs = row[7] ?? '';
  const [float16 = 0, float128 = 0] = numbers(row, 13, 15);
  const enums = row[20];
  return {
    short,
    int,
    long,
    wchar,
    wint,
    sizeT,
    ptrdiff,
    charSigned: signs[0] === 's',
    wcharSigned: signs[1] === 's',
    wintSigned: signs[2] === 's',
    ints: bySize(numbers(row, 8, 13)),
    float16,
    float128,
    pointer: pair(row[15]),
    float: pair(row[16]),
    double: pair(row[17]),
    longDouble: pair(row[18]),
    maxAlign: Number(row[19]),
    enums: enums === 'short' || enums === 'either' ? enums : 'int',
    bitFields: STYLES.find((style) => style === row[21]) ?? 'unknown',
  };
}

function readTargets(): ReadonlyMap<string, Target> {
  const rustRows = new Map([...rows(RUST_ROWS)].map(([number, row]) => [number, rustAbi(row)]));
  const cRows = new Map([...rows(C_ROWS)].map(([number, row]) => [number, cAbi(row)]));
  const out = new Map<string, Target>();
  let current: Omit<Target, 'triple'> | null = null;
  for (const line of TRIPLES.split('\n')) {
    const head = /^(\d+) (\d+|-) (little|big):$/.exec(line);
    if (head) {
      const rust = rustRows.get(head[1] ?? '');
      current = rust ? { bigEndian: head[3] === 'big', rust, c: cRows.get(head[2] ?? '') ?? null } : null;
    } else if (current) {
      for (const triple of line.trim().split(' ')) if (triple !== '') out.set(triple, { triple, ...current });
    }
  }
  return out;
}

let table: ReadonlyMap<string, Target> | null = null;

function targets(): ReadonlyMap<string, Target> {
  table ??= readTargets();
  return table;
}

/** A target by the name that rustc gives it; null for one that rustc does not know, a specification of one's own included. */
export function targetOf(triple: string): Target | null {
  return targets().get(triple) ?? null;
}

/** Every known triple, sorted. */
export function knownTriples(): readonly string[] {
  return [...targets().keys()].sort();
}
