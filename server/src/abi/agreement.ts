/** Whether two sources of one layout say the same: what is computed and what a compiler said. */
import type { FieldLayout, Layout } from './layout.types.ts';

/** In what they differ, for people: `its size is 12, measured 16`. Empty where they agree. A field that one does not have is a difference. */
export function disagreements(computed: Layout, measured: Layout): readonly string[] {
  const out: string[] = [];
  const add = (what: string, ours: number | null, theirs: number | null): void => {
    if (ours !== theirs) out.push(`${what} is ${ours ?? 'none'}, measured ${theirs ?? 'none'}`);
  };
  add('its size', computed.size, measured.size);
  add('its alignment', computed.align, measured.align);
  const theirs = new Map(measured.fields.map((one) => [one.name, one]));
  for (const one of computed.fields) {
    const other = theirs.get(one.name);
    theirs.delete(one.name);
    if (other) fields(one, other, add);
    else out.push(`its field \`${one.name}\` was not measured`);
  }
  for (const name of theirs.keys()) out.push(`its field \`${name}\` was measured alone`);
  return out;
}

function fields(ours: FieldLayout, theirs: FieldLayout, add: (what: string, ours: number | null, theirs: number | null) => void): void {
  add(`the offset of \`${ours.name}\``, ours.offset, theirs.offset);
  add(`the bit of \`${ours.name}\``, ours.bitOffset, theirs.bitOffset);
  add(`the width of \`${ours.name}\``, ours.bitWidth, theirs.bitWidth);
  if (ours.bitWidth === null) add(`the size of \`${ours.name}\``, ours.size, theirs.size);
}
