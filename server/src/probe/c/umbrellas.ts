/** Headers that include many others: measured through them, these cost one compilation together. */
import { basename } from '../../base/paths.ts';

export interface Umbrella {
  /** Absolute path. */
  readonly root: string;
  /** Of the wanted headers those that it may lead to, itself among them where it is wanted. */
  readonly files: ReadonlySet<string>;
}

/** Fewer than this are measured one by one. */
const FEWEST = 4;
/** How many compilations of many are tried. */
const MOST = 4;

/**
 * By the names in `#include`s, whatever folder they mean: what is not there after all is measured by itself. `text` gives null for what cannot
 * be read.
 */
export function umbrellas(
  headers: readonly string[],
  wanted: readonly string[],
  text: (file: string) => string | null,
): readonly Umbrella[] {
  if (wanted.length < FEWEST) return [];
  const byName = new Map<string, string[]>();
  for (const file of headers) byName.set(basename(file), [...(byName.get(basename(file)) ?? []), file]);
  const included = new Map<string, readonly string[]>();
  const includedBy = (file: string): readonly string[] => {
    const known = included.get(file);
    if (known) return known;
    const names = [...(text(file) ?? '').matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/gm)].map(([, name = '']) =>
      basename(name),
    );
    const made = [...new Set(names)].flatMap((name) => byName.get(name) ?? []);
    included.set(file, made);
    return made;
  };
  const reach = (root: string): ReadonlySet<string> => {
    const seen = new Set([root]);
    for (const file of seen) for (const other of includedBy(file)) seen.add(other);
    return seen;
  };
  const reached = new Map(headers.filter((file) => /\.h$/.test(file)).map((file) => [file, reach(file)]));
  const left = new Set(wanted);
  const out: Umbrella[] = [];
  while (out.length < MOST) {
    let best: Umbrella | null = null;
    for (const [root, all] of reached) {
      const files = new Set([...left].filter((file) => all.has(file)));
      if (files.size >= FEWEST && files.size > (best?.files.size ?? 0)) best = { root, files };
    }
    if (!best) break;
    out.push(best);
    for (const file of best.files) left.delete(file);
  }
  return out;
}
