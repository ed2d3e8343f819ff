/** Takes words that look like macros out of a declaration that cannot be parsed with them: what stands without them is read, in doubt. */
import type { Span } from '../../../base/text.ts';
import { words } from '../../../base/words.ts';
import { TYPE_WORDS } from './specifiers.ts';

/** Words with which a type may begin, beside those of C's own types. */
const LEADING = words('const volatile struct union enum extern static inline register unsigned signed');

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Blanked {
  /** As long as the input. */
  readonly text: string;
  /** The words that were taken out; at least one. */
  readonly macros: readonly string[];
}

/** Longer declarations (UTF-16 units) are left alone. */
const LONGEST = 8_000;

/** null where nothing in the text looks like a macro. `isType` knows the typedefs so far. */
export function blankMacros(text: string, span: Span, isType: (name: string) => boolean): Blanked | null {
  if (span.end - span.start > LONGEST) return null;
  const tokens = [...text.slice(span.start, span.end).matchAll(/[A-Za-z_$][\w$]*|\d[\w.]*|\S/g)].map(
    (found): Token => ({ text: found[0], start: span.start + found.index, end: span.start + found.index + found[0].length }),
  );
  const holes: Span[] = [];
  const macros: string[] = [];
  const gone = new Set<number>();
  const startsType = (word: string): boolean => TYPE_WORDS.has(word) || LEADING.has(word) || isType(word);
  const after = (at: number): number => {
    let next = at + 1;
    while (gone.has(next)) next++;
    return next;
  };
  // From behind, so that of two in a row the second one is gone when the first is looked at.
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at];
    if (!token || !/^_*[A-Z][A-Z0-9_]{2,}$/.test(token.text) || isType(token.text)) continue;
    const close = tokens[after(at)]?.text === '(' ? closing(tokens, after(at)) : null;
    const next = close === null ? after(at) : after(close);
    const [before, behind, second] = [tokens[at - 1]?.text ?? '', tokens[next]?.text ?? '', tokens[after(next)]?.text ?? ''];
    const inFront = startsType(behind);
    const beforeName = isName(behind) && (startsType(before) || before === '*') && (second === '(' || close === null);
    const atEnd = before === ')' && (behind === ';' || behind === '');
    const aroundType = close !== null && at === 0 && isName(behind) && second === '(';
    if (!inFront && !beforeName && !atEnd && !aroundType) continue;
    macros.push(token.text);
    const inside = aroundType && close !== null ? tokens.slice(after(at) + 1, close) : [];
    const keepsType = inside.length > 0 && inside.every(({ text: word }) => isName(word) || word === '*');
    const last = tokens[close ?? at];
    if (keepsType && close !== null && last) {
      holes.push({ start: token.start, end: inside[0]?.start ?? token.end }, { start: last.start, end: last.end });
    } else if (last) {
      holes.push({ start: token.start, end: last.end });
      for (let i = at; i <= (close ?? at); i++) gone.add(i);
    }
  }
  if (macros.length === 0) return null;
  let out = text.slice(span.start, span.end);
  for (const hole of holes) {
    const [start, end] = [hole.start - span.start, hole.end - span.start];
    out = out.slice(0, start) + ' '.repeat(end - start) + out.slice(end);
  }
  return { text: out, macros: macros.reverse() };
}

function isName(word: string): boolean {
  return /^[A-Za-z_]/.test(word);
}

/** The parenthesis that closes the one at a place; null without one. */
function closing(tokens: readonly Token[], open: number): number | null {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    else if (tokens[at]?.text === ')' && --depth === 0) return at;
  }
  return null;
}
