/** What may stand before the first token of a Rust file: byte order mark, shebang line, frontmatter. */
import { BRACKET_OPEN, MINUS } from './chars.ts';
import { createScan, next } from './lexer.ts';
import { endOfLine } from './literals.ts';

/** The offset at which Rust's own tokens may start. */
export function endOfPrelude(text: string): number {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // `#![attr]` is no shebang (Reference, "Input format"): white space and comments may stand before the bracket.
  if (text.startsWith('#!', at)) {
    const first = next(createScan(text, null, at + 2));
    if (first !== BRACKET_OPEN) at = endOfLine(text, at);
  }
  return endOfFrontmatter(text, at);
}

/** `---` with an info string, up to the line with as many dashes (RFC 3503); `at` without or with an unclosed one. */
function endOfFrontmatter(text: string, at: number): number {
  let start = at;
  while (text[start] === '\n' || text[start] === '\r' || text[start] === ' ' || text[start] === '\t') start++;
  let dashes = 0;
  while (text.charCodeAt(start + dashes) === MINUS) dashes++;
  if (dashes < 3) return at;
  const fence = `\n${'-'.repeat(dashes)}`;
  const close = text.indexOf(fence, start + dashes);
  return close < 0 ? at : endOfLine(text, close + fence.length);
}
