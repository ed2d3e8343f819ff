/** Makes C easier on the grammar: what it does not know, and we read ourselves, becomes something plain of the same length. */
import { TYPE_WORDS } from './specifiers.ts';

const RUN = new RegExp(`\\b(?:${[...TYPE_WORDS].join('|')})(?:\\s+(?:${[...TYPE_WORDS].join('|')}))*(?![\\w$])`, 'g');

/** Lengths in brackets become a zero, and the words of a basic type in any order one `int`. */
export function maskForGrammar(text: string): string {
  return maskLengths(text.replace(RUN, (run) => (run.length < 3 ? run : `int${run.slice(3).replace(/[^\n]/g, ' ')}`)));
}

/** The words of the basic type whose mask stands at an offset. */
export function maskedWords(text: string, at: number): readonly string[] {
  RUN.lastIndex = at;
  const found = RUN.exec(text);
  return found?.index === at ? found[0].split(/\s+/) : [];
}

function maskLengths(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', kept)) {
    const end = closing(text, at);
    if (end < 0) break;
    const inside = text.slice(at + 1, end);
    parts.push(text.slice(kept, at + 1), inside.trim() === '' ? inside : `0${inside.slice(1).replace(/[^\n]/g, ' ')}`);
    kept = end;
  }
  return parts.join('') + text.slice(kept);
}

/** No length of an array is longer, in UTF-16 units. */
const LONGEST = 20_000;

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length && at - open < LONGEST; at++) {
    const c = text[at];
    if (c === '[') depth++;
    else if (c === ']' && --depth === 0) return at;
  }
  return -1;
}
