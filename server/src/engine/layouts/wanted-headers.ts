/** Which headers of a large C library are worth reading for what is asked about: those whose text may define a type of such a name. */
import { nameKeys } from '../../abi/pairs.ts';
import { pastedNames } from '../../abi/peers/pasted-names.ts';

/** Headers beyond which a package is taken for one that brings a library, of which nobody wants all. */
export const MANY = 24;

/** UTF-16 units that a type's head, its declarators and a macro's arguments take at most. */
const HEAD = /\b(?:struct|union|enum|class)\b([^;{}]{0,400})\{/g;
const BEHIND = /\}([^;{}]{0,400});/g;
const TYPEDEF = /\btypedef\b([^;{}]{0,1000})[;{]/g;
const MACRO = /^[ \t]*[A-Z_][A-Z\d_]*[ \t]*\(([^;{}]{0,400}?)\)/gm;

/**
 * Words of a header that may be the name of a type which it defines: a few too many, and none too few but what a macro of another header puts
 * together.
 */
export function typeWords(text: string): ReadonlySet<string> {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ');
  const words = new Set<string>();
  for (const form of [HEAD, BEHIND, TYPEDEF, MACRO])
    for (const [, inside = ''] of code.matchAll(form)) for (const [word] of inside.matchAll(/[A-Za-z_$][\w$]*/g)) words.add(word);
  if (/\b(?:struct|union|enum|class|typedef)\b/.test(code)) for (const name of pastedNames(code)) words.add(name);
  return words;
}

/** The headers that may define a type which pairs up with one of these names; with null, those that may define any, or cannot be read. */
export function wantedHeaders(
  headers: readonly string[],
  textOf: (header: string) => string | null,
  names: Iterable<string> | null,
): ReadonlySet<string> {
  const keys = names && new Set([...names].flatMap(nameKeys));
  const matches = new Map<string, boolean>();
  const fits = (word: string): boolean => {
    const known = matches.get(word);
    if (known !== undefined) return known;
    const made = keys === null || nameKeys(word).some((key) => keys.has(key));
    matches.set(word, made);
    return made;
  };
  if (keys?.size === 0) return new Set();
  const isWanted = (header: string): boolean => {
    const text = textOf(header);
    return text === null ? keys === null : [...typeWords(text)].some(fits);
  };
  return new Set(headers.filter(isWanted));
}
