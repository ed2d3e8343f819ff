/** The bytes of a type as rows of eight, ready to be drawn: what lies where, and where nothing does. */
import type { FieldLayout, Layout } from '../abi/layout.types.ts';

export const ROW = 8;

/** A stretch of one row. */
export interface Cell {
  /** In bytes from the start of the row; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** null for padding. */
  readonly label: string | null;
  /** Whether the field goes on in the next row, and came from the one before. */
  readonly first: boolean;
}

export type MapRow =
  /** `again`: the same bytes as the row before, for members that lie over each other. */
  | { readonly kind: 'cells'; readonly offset: number; readonly again: boolean; readonly cells: readonly Cell[] }
  /** Rows that look like the one before. */
  | { readonly kind: 'more'; readonly rows: number; readonly label: string };

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Rows of one field that are shown before the rest is only counted. */
const SHOWN = 3;
/** Rows that are drawn at all. */
const MOST = 400;

/** None where nothing is known of what the bytes are: of an alias, of a number that an enum is. */
export function layoutRows({ fields, size, padding }: Layout): readonly MapRow[] {
  const out: MapRow[] = [];
  if (fields.length === 0 && padding === 0) return out;
  const lanes = lanesOf(stretchesOf(fields));
  for (let offset = 0; offset < size; offset += ROW) {
    if (out.length >= MOST) {
      out.push({ kind: 'more', rows: Math.ceil((size - offset) / ROW), label: 'the type' });
      break;
    }
    const skipped = repeatedRows(lanes, offset);
    if (skipped !== null) {
      out.push({ kind: 'more', rows: skipped.rows, label: skipped.label });
      offset += (skipped.rows - 1) * ROW;
      continue;
    }
    const end = Math.min(offset + ROW, size);
    const drawn = lanes.map((lane) => cellsOf(lane, offset, end));
    const filled = drawn.filter((cells) => cells.some(({ label }) => label !== null));
    const empty: readonly Cell[] = [{ from: 0, to: end - offset, label: null, first: true }];
    for (const [i, cells] of (filled.length > 0 ? filled : [empty]).entries()) out.push({ kind: 'cells', offset, again: i > 0, cells });
  }
  return out;
}

/** Fields by bytes; bit-fields that share a byte become one stretch. Members by path lie inside of others and are left out. */
function stretchesOf(fields: readonly FieldLayout[]): readonly Stretch[] {
  const out: Stretch[] = [];
  for (const { name, offset, size, bitOffset, bitWidth } of fields) {
    if (name.includes('.') && fields.some((other) => name.startsWith(`${other.name}.`))) continue;
    if (offset !== null) {
      if (size > 0) out.push({ start: offset, end: offset + size, label: name });
      continue;
    }
    const start = Math.floor((bitOffset ?? 0) / 8);
    const end = Math.ceil(((bitOffset ?? 0) + (bitWidth ?? 0)) / 8);
    const last = out.at(-1);
    const label = `${name}:${bitWidth ?? 0}`;
    if (last && start < last.end && start >= last.start && last.label.includes(':'))
      out[out.length - 1] = { start: last.start, end: Math.max(end, last.end), label: `${last.label} ${label}` };
    else out.push({ start, end, label });
  }
  return out;
}

/** Stretches that overlap go to different lanes. */
function lanesOf(stretches: readonly Stretch[]): readonly (readonly Stretch[])[] {
  const lanes: Stretch[][] = [];
  for (const one of stretches) {
    const lane = lanes.find((other) => other.every(({ start, end }) => end <= one.start || one.end <= start));
    if (lane) lane.push(one);
    else lanes.push([one]);
  }
  return lanes;
}

function cellsOf(lane: readonly Stretch[], offset: number, end: number): readonly Cell[] {
  const cells: Cell[] = [];
  let at = offset;
  const inRow = lane.filter((one) => one.start < end && one.end > offset).sort((a, b) => a.start - b.start);
  for (const one of inRow) {
    const start = Math.max(one.start, offset);
    if (start > at) cells.push({ from: at - offset, to: start - offset, label: null, first: true });
    const stop = Math.min(one.end, end);
    cells.push({ from: start - offset, to: stop - offset, label: one.label, first: one.start >= offset });
    at = stop;
  }
  if (at < end) cells.push({ from: at - offset, to: end - offset, label: null, first: true });
  return cells;
}

/** Full rows of one field, from the fourth on, are not drawn one by one. */
function repeatedRows(lanes: readonly (readonly Stretch[])[], offset: number): { readonly rows: number; readonly label: string } | null {
  const here = lanes.map((lane) => lane.find((one) => one.start < offset + ROW && one.end > offset)).filter((one) => one !== undefined);
  const [only] = here;
  if (here.length !== 1 || !only || offset < only.start + SHOWN * ROW) return null;
  const rows = Math.floor((only.end - offset) / ROW);
  return rows >= 2 ? { rows, label: only.label } : null;
}
