/** Which macros that nothing defines are taken to be defined in the readings of a header beside the one without any. */

/** So many names are tried in all combinations. */
const FEW = 4;
/** Readings of one header. */
const MOST = 40;

/**
 * Of few names all combinations; of more each alone, those that one condition asks for together, and all. `groups`: for each condition its
 * names.
 */
export function variantSets(groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const names = [...new Set(groups.flat())];
  if (names.length <= FEW) return combinations(names);
  const together = groups.filter((group) => group.length > 1).flatMap((group) => (group.length <= FEW ? combinations(group) : [group]));
  const sets = [...names.map((name) => [name]), ...together.filter((set) => set.length > 1), names];
  return [...new Map(sets.map((set) => [[...set].sort().join(' '), set])).values()];
}

/** Every set of names but the empty one. */
function combinations(names: readonly string[]): readonly (readonly string[])[] {
  const sets: (readonly string[])[] = [[]];
  for (const name of names) sets.push(...sets.map((set) => [...set, name]));
  return sets.slice(1);
}

export interface Variant {
  readonly undecided: readonly (readonly string[])[];
}

/**
 * The readings of a header with macros defined that nothing defines; a reading that is null is none. Where only such a one asks for a name,
 * that one is tried with it.
 */
export function readVariants<T extends Variant>(base: T, read: (supposed: readonly string[]) => T | null): readonly T[] {
  const known = new Set(base.undecided.flat());
  const open = [...variantSets(base.undecided)];
  const out: T[] = [];
  let tried = 0;
  for (let set = open.shift(); set && tried < MOST; set = open.shift()) {
    tried++;
    const made = read(set);
    if (!made) continue;
    out.push(made);
    for (const name of new Set(made.undecided.flat())) {
      if (known.has(name)) continue;
      known.add(name);
      open.push([...set, name]);
    }
  }
  return out;
}
