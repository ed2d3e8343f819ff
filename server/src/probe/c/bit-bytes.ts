/** Where the bits of a field are set in the bytes of an object. */
import { MARKER_BYTES, marker } from './probe-source.ts';

export interface BitPlace {
  /** From the start of the object, in the order in which the target fills a unit (see `FieldLayout.bitOffset`). */
  readonly offset: number;
  readonly width: number;
}

/** `file` is an object file; `size` and `align` are the record's, in bytes. null where the object is not found or its bits are not in one run. */
export function bitPlace(file: Uint8Array, type: number, member: number, size: number, align: number, bigEndian: boolean): BitPlace | null {
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(marker(type, member), 0, 'latin1');
  if (at < 0) return null;
  const start = at + Math.ceil(MARKER_BYTES / align) * align;
  if (start + size > file.length) return null;
  let first = -1;
  let count = 0;
  let last = -1;
  for (let bit = 0; bit < size * 8; bit++) {
    const byte = file[start + (bit >> 3)] ?? 0;
    const set = bigEndian ? (byte >> (7 - (bit & 7))) & 1 : (byte >> (bit & 7)) & 1;
    if (set === 0) continue;
    if (first < 0) first = bit;
    last = bit;
    count++;
  }
  return first < 0 || last - first + 1 !== count ? null : { offset: first, width: count };
}
