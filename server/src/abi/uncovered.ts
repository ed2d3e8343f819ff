/** Padding of a layout of which only the fields are known. */
import type { FieldLayout } from './layout.types.ts';

/** Bytes of the type that no field covers; what lies between the members of a nameless member counts too. */
export function uncoveredBytes(fields: readonly Pick<FieldLayout, 'offset' | 'size' | 'bitOffset' | 'bitWidth'>[], size: number): number {
  const spans = fields.map(({ offset, size: length, bitOffset, bitWidth }): readonly [number, number] => {
    const bit = bitOffset ?? 0;
    return offset === null ? [Math.floor(bit / 8), Math.ceil((bit + (bitWidth ?? 0)) / 8)] : [offset, offset + length];
  });
  return size - coveredBytes(spans);
}

/** How many bytes lie in at least one of these half-open stretches. */
export function coveredBytes(spans: readonly (readonly [number, number])[]): number {
  let covered = 0;
  let end = 0;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}
