/** Leaves of preprocessed C++ what reads as C: declarations that use none of its own syntax, in `extern "C"` or not. */
import { isCxxHeader } from '../../../base/c-files.ts';
import { cutPieces } from './pieces.ts';

/** Whether a file is C++ by its name; `.h` is C. */
export function isCxx(file: string): boolean {
  return isCxxHeader(file) || /\.(?:cpp|cc|cxx)$/.test(file);
}

/** Words and signs that C does not have, and those that mean something else inside of a class. */
const CXX =
  /\b(?:template|class|namespace|operator|virtual|private|public|protected|friend|using|decltype|typename|nullptr|explicit|mutable|static|this)\b|::|~|&(?!&)|\b(?:struct|union)\s+\w+\s*(?:final\s*)?:/;

const NAMESPACE = /\b(?:inline\s+)?namespace\b[^{};]*\{/g;

/** As long as the input: the rest is spaces. A class that is no plain record, and what stands in a namespace, is not seen at all. */
export function plainCxx(input: string): string {
  const { text, spans } = cutPieces(blankNamespaces(input));
  const out: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (!CXX.test(text.slice(start, end))) continue;
    out.push(text.slice(at, start), blank(text.slice(start, end)));
    at = end;
  }
  return out.join('') + text.slice(at);
}

function blankNamespaces(text: string): string {
  const out: string[] = [];
  let at = 0;
  NAMESPACE.lastIndex = 0;
  for (let found = NAMESPACE.exec(text); found; found = NAMESPACE.exec(text)) {
    const end = closing(text, NAMESPACE.lastIndex);
    out.push(text.slice(at, found.index), blank(text.slice(found.index, end)));
    at = end;
    NAMESPACE.lastIndex = end;
  }
  return out.join('') + text.slice(at);
}

const SIGN = /[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** Behind the brace that closes what was opened before an offset. */
function closing(text: string, from: number): number {
  SIGN.lastIndex = from;
  let depth = 1;
  for (let found = SIGN.exec(text); found; found = SIGN.exec(text)) {
    if (found[0] === '{') depth++;
    else if (found[0] === '}' && --depth === 0) return SIGN.lastIndex;
  }
  return text.length;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
