/** Lists that are kept: one that grew by `push` has room for sixteen more, which in millions of short ones is most of the memory. */

const NONE: readonly never[] = [];

/** The same list without the room to grow; one and the same where it is empty. */
export function exact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice();
}
