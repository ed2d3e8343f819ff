/** In what the layouts of one type in several languages differ. */
import type { TypeLayout } from './layout-entries.ts';
import type { FieldLayout } from './layout.types.ts';

/** Figures in bytes, or bits for `bitOffset` and `bitWidth`; null where the language has no such field, left out where it has no such type. */
export interface Difference {
  /** null for the type itself. */
  readonly field: string | null;
  /** `missing`: its figures are offsets. */
  readonly what: 'size' | 'align' | 'offset' | 'bitOffset' | 'bitWidth' | 'missing';
  readonly rust?: number | null;
  readonly c?: number | null;
  readonly python?: number | null;
}

type Side = 'rust' | 'c' | 'python';

export function differences(rust: TypeLayout | null, c: TypeLayout | null, python: TypeLayout | null): readonly Difference[] {
  const sides = (['rust', 'c', 'python'] as const).flatMap((side) => {
    const type = side === 'rust' ? rust : side === 'c' ? c : python;
    return type ? [{ side, type }] : [];
  });
  const out: Difference[] = [];
  const add = (field: string | null, what: Difference['what'], values: readonly (readonly [Side, number | null])[]): void => {
    if (new Set(values.map(([, value]) => value)).size > 1) out.push({ field, what, ...Object.fromEntries(values) });
  };
  add(
    null,
    'size',
    sides.map(({ side, type }) => [side, type.layout.size]),
  );
  add(
    null,
    'align',
    sides.map(({ side, type }) => [side, type.layout.align]),
  );
  const [first, ...rest] = sides;
  if (!first) return out;
  // Rows of the same field: the first language that has it gives it its name.
  const rows = matched(
    first.type,
    rest.map(({ type }) => type),
  );
  for (const row of rows) {
    const name = row.find((one) => one !== null)?.name ?? null;
    const values = (of: (one: FieldLayout) => number | null): (readonly [Side, number | null])[] =>
      sides.flatMap(({ side }, i) => {
        const one = row[i];
        return one ? [[side, of(one)] as const] : [];
      });
    const start = (one: FieldLayout): number => one.offset ?? Math.floor((one.bitOffset ?? 0) / 8);
    if (row.some((one) => one === null)) {
      add(
        name,
        'missing',
        sides.map(({ side }, i) => [side, row[i] ? start(row[i]) : null]),
      );
      continue;
    }
    const bits = row.some((one) => one?.bitOffset != null);
    if (bits && row.every((one) => one?.bitOffset != null)) {
      add(
        name,
        'bitOffset',
        values((one) => one.bitOffset),
      );
      add(
        name,
        'bitWidth',
        values((one) => one.bitWidth),
      );
    } else {
      add(name, 'offset', values(start));
      if (!bits)
        add(
          name,
          'size',
          values((one) => one.size),
        );
    }
  }
  return out;
}

/** Fields that mean the same, by name, then by place. A field that the other side has under other names, or as padding, is left out. */
function matched(first: TypeLayout, others: readonly TypeLayout[]): readonly (readonly (FieldLayout | null)[])[] {
  const rows: (FieldLayout | null)[][] = top(first).map((one) => [one]);
  for (const [i, other] of others.entries()) {
    const left = new Set(top(other));
    for (const row of rows) {
      const known = row.find((one) => one !== null);
      const found = known ? [...left].find((one) => plainName(one.name) === plainName(known.name)) : undefined;
      row.push(found ?? null);
      if (found) left.delete(found);
    }
    for (const row of rows) {
      const known = row.slice(0, -1).find((one) => one !== null);
      const found = row.at(-1) === null && known ? [...left].find((one) => samePlace(one, known)) : undefined;
      if (!found) continue;
      row[row.length - 1] = found;
      left.delete(found);
    }
    for (const one of left) rows.push([...Array.from({ length: i + 1 }, () => null), one]);
  }
  const columns = others.length + 1;
  return rows.filter((row) => row.every((one) => one !== null) || !excused(row, rows, columns));
}

function top({ layout }: TypeLayout): readonly FieldLayout[] {
  // Markers have no bytes: that only Rust has them changes nothing.
  return layout.fields.filter(({ name, shape }) => !name.includes('.') && shape.kind !== 'unit');
}

function plainName(name: string): string {
  return name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
}

function extent(one: FieldLayout): readonly [number, number] {
  if (one.offset !== null) return [one.offset, one.offset + one.size];
  const at = one.bitOffset ?? 0;
  return [Math.floor(at / 8), Math.ceil((at + (one.bitWidth ?? 0)) / 8)];
}

function samePlace(a: FieldLayout, b: FieldLayout): boolean {
  return a.offset === b.offset && a.size === b.size && a.bitOffset === b.bitOffset && a.bitWidth === b.bitWidth;
}

/** A row that was matched by name; one that was matched by place alone may stand for more. */
function sameNames(row: readonly (FieldLayout | null)[]): boolean {
  return row.every((one) => one !== null) && new Set(row.map((one) => plainName(one?.name ?? ''))).size === 1;
}

const FILLER = /pad|reserved|unused|spare|dummy|align/i;

/** An unmatched field that is explicit padding, or lies in or around unmatched ones of the other side (an anonymous union, a unit of bits). */
function excused(row: readonly (FieldLayout | null)[], rows: readonly (readonly (FieldLayout | null)[])[], columns: number): boolean {
  const one = row.find((field) => field !== null);
  if (!one) return true;
  if (FILLER.test(one.name)) return true;
  const [start, end] = extent(one);
  for (let column = 0; column < columns; column++) {
    if (row[column]) continue;
    const counterpart = rows.some((other) => {
      const field = other[column];
      if (!field || sameNames(other)) return false;
      const [from, to] = extent(field);
      return (from <= start && end <= to) || (start <= from && to <= end);
    });
    if (!counterpart) return false;
  }
  return true;
}
