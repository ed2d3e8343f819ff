/** Which types of Rust, C and Python mean the same thing, by their names; and in what their layouts differ. */
import { dirname, relativeInside } from '../base/paths.ts';
import { differences } from './differences.ts';
import type { Difference } from './differences.ts';
import type { TypeLayout } from './layout-entries.ts';

export interface LayoutPair {
  readonly target: string;
  /** null where the language has none; at least two have one. */
  readonly rust: TypeLayout | null;
  readonly c: TypeLayout | null;
  readonly python: TypeLayout | null;
  readonly differences: readonly Difference[];
}

export interface PairOptions {
  /** Folders of packages: types of one package belong together. */
  readonly packages: readonly string[];
  /** Names that share their beginning with a C type give it away as a prefix: `geo_` of `geo_point` where there is a `geo_area`. */
  readonly symbols: readonly string[];
}

/** Types of one target. Where a name fits several, none is taken. */
export function pairLayouts(types: readonly TypeLayout[], options: PairOptions): readonly LayoutPair[] {
  const prefixes = sharedPrefixes(types, options.symbols);
  const home = (one: TypeLayout): string => homeOf(one.at.file, options.packages);
  const groups = new Map<string, TypeLayout[]>();
  for (const one of types) {
    const key = keyOf(one, prefixes);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const pairs: LayoutPair[] = [];
  for (const group of groups.values()) {
    const homes = [...new Set(group.map(home))];
    // What lies in no package of its own may belong to any: it is taken where only one asks for it.
    const owners = homes.filter((one) => group.some((type) => home(type) === one && type.language === 'rust'));
    for (const owner of owners.length > 0 ? owners : ['']) {
      const near = (type: TypeLayout): boolean =>
        owner === '' || home(type) === owner || (owners.length === 1 && !owners.includes(home(type)));
      const made = pairOf(group.filter(near), owner, home);
      if (made) pairs.push(made);
    }
  }
  return pairs;
}

function pairOf(group: readonly TypeLayout[], owner: string, home: (one: TypeLayout) => string): LayoutPair | null {
  const pick = (language: TypeLayout['language']): TypeLayout | null => {
    const all = group.filter((one) => one.language === language);
    const own = all.filter((one) => home(one) === owner);
    return onlyOne(own.length > 0 ? own : all);
  };
  const [rust, c, python] = [pick('rust'), pick('c'), pick('python')];
  const present = [rust, c, python].filter((one) => one !== null);
  const [first] = present;
  if (!first || present.length < 2) return null;
  return { target: first.target, rust, c, python, differences: differences(rust, c, python) };
}

/** Copies of a header say the same; an alias says what its type says. */
function onlyOne(list: readonly TypeLayout[]): TypeLayout | null {
  const [first, ...rest] = [...list].sort((a, b) => Number(a.kind === 'alias') - Number(b.kind === 'alias'));
  if (!first) return null;
  const text = (one: TypeLayout): string =>
    JSON.stringify([one.layout.size, one.layout.align, one.layout.fields.map((f) => [f.name, f.offset, f.bitOffset, f.size])]);
  return rest.every((one) => text(one) === text(first)) ? first : null;
}

function homeOf(file: string, packages: readonly string[]): string {
  const around = packages.filter((folder) => relativeInside(folder, file) !== null).sort((a, b) => b.length - a.length);
  return around[0] ?? dirname(file);
}

/** `GeoPoint`, `geo_point_t` and `struct geo_point` are one; so is `Point` where `geo` is a prefix that names share. */
function keyOf({ name }: TypeLayout, prefixes: ReadonlySet<string>): string {
  return nameKey(name, prefixes);
}

/** What a name has in common with the names of the same type in other languages; `prefixes` as `namePrefixes` finds them. */
export function nameKey(name: string, prefixes: ReadonlySet<string>): string {
  const words = wordsOf(name);
  return (words.length > 1 && prefixes.has(words[0] ?? '') ? words.slice(1) : words).join('');
}

/** Under which keys a name may pair up, whatever prefixes there are. */
export function nameKeys(name: string): readonly string[] {
  const [first = '', ...rest] = wordsOf(name);
  return rest.length > 0 ? [[first, ...rest].join(''), rest.join('')] : [first];
}

/** The words of a name, lower-case, without a `_t` or `_s` behind it; of `Outer.Inner` those of the last part. */
function wordsOf(name: string): readonly string[] {
  const last = name.slice(name.lastIndexOf('.') + 1).replace(/^r#/, '');
  const parts = last.replace(/_(t|s|st)$/, '').split(/_+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return parts.filter((part) => part !== '').map((part) => part.toLowerCase());
}

function sharedPrefixes(types: readonly TypeLayout[], symbols: readonly string[]): ReadonlySet<string> {
  return namePrefixes([...types.filter((one) => one.language === 'c').map(({ name }) => name), ...symbols]);
}

/** First words that several names of C share. */
export function namePrefixes(all: readonly string[]): ReadonlySet<string> {
  const names = new Set(all);
  const counts = new Map<string, number>();
  for (const name of names) {
    const [first = '', ...rest] = wordsOf(name);
    if (rest.length > 0) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return new Set([...counts].filter(([word, count]) => count >= 2 && word.length >= 2).map(([word]) => word));
}
