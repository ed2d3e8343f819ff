/** Whether two sources of one layout say the same: what is computed and what a compiler said. */
import type { FieldLayout, Layout } from './layout.types.ts';

/** Figures that differ: of the type itself (`size`), or of a member (``offset of `x` ``). null where one side has none. */
export interface Disagreement {
  readonly what: string;
  readonly computed: number | null;
  readonly measured: number | null;
}

/** Empty where they agree. Of `all` members one that only one side has is a difference; of those `shared` by both the others do not count. */
export function disagreements(computed: Layout, measured: Layout, members: 'all' | 'shared' = 'all'): readonly Disagreement[] {
  const out: Disagreement[] = [];
  const add = (what: string, ours: number | null, theirs: number | null): void => {
    if (ours !== theirs) out.push({ what, computed: ours, measured: theirs });
  };
  add('size', computed.size, measured.size);
  add('alignment', computed.align, measured.align);
  const left = new Map(measured.fields.map((one) => [one.name, one]));
  for (const one of computed.fields) {
    const other = left.get(one.name);
    left.delete(one.name);
    if (other) fields(one, other, add);
    else if (members === 'all') add(`place of \`${one.name}\``, one.offset ?? one.bitOffset, null);
  }
  if (members === 'all') for (const one of left.values()) add(`place of \`${one.name}\``, null, one.offset ?? one.bitOffset);
  return out;
}

/** The size of a bit-field's declared type is no figure of its place. */
function fields(ours: FieldLayout, theirs: FieldLayout, add: (what: string, ours: number | null, theirs: number | null) => void): void {
  add(`offset of \`${ours.name}\``, ours.offset, theirs.offset);
  if (ours.bitWidth === null) add(`size of \`${ours.name}\``, ours.size, theirs.size);
  add(`bit offset of \`${ours.name}\``, ours.bitOffset, theirs.bitOffset);
  add(`bit width of \`${ours.name}\``, ours.bitWidth, theirs.bitWidth);
}
