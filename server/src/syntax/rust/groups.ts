/** Skipping bracketed groups of Rust tokens, with a way on where brackets do not match. */
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, PAREN_CLOSE, PAREN_OPEN } from './chars.ts';
import type { Scan } from './lexer.ts';
import { END, next, rewind } from './lexer.ts';

/** The closing bracket of an opening one, 0 for any other token kind. */
export function closerOf(kind: number): number {
  return kind === BRACE_OPEN ? BRACE_CLOSE : kind === PAREN_OPEN ? PAREN_CLOSE : kind === BRACKET_OPEN ? BRACKET_CLOSE : 0;
}

export function isCloser(kind: number): boolean {
  return kind === BRACE_CLOSE || kind === PAREN_CLOSE || kind === BRACKET_CLOSE;
}

/** Called with each token of a group that is being skipped; true gives up. */
export type TokenSeen = () => boolean;

// Shared by all calls: none of them runs inside another.
let stack = new Uint8Array(256);

/**
 * From an opening bracket to its closing one, which becomes the last token.
 * False where it is missing: the last token is then the end, or a `}` that belongs further out.
 */
export function skipGroup(scan: Scan, seen: TokenSeen | null = null): boolean {
  stack[0] = closerOf(scan.kind);
  let depth = 1;
  for (;;) {
    const kind = next(scan);
    if (seen?.() === true) return false;
    switch (kind) {
      case PAREN_OPEN:
      case BRACKET_OPEN:
      case BRACE_OPEN:
        if (depth === stack.length) grow();
        stack[depth++] = closerOf(kind);
        break;
      case PAREN_CLOSE:
      case BRACKET_CLOSE:
      case BRACE_CLOSE:
        depth = stack[depth - 1] === kind ? depth - 1 : mismatch(scan, kind, depth);
        if (depth === 0) return true;
        if (depth < 0) return false;
        break;
      case END:
        scan.broken = true;
        return false;
      default:
    }
  }
}

/** Skips a group like `skipGroup`; where it is not closed only its opening bracket is skipped, which is then the last token. */
export function skipClosedGroup(scan: Scan): void {
  const { start } = scan;
  if (scan.patience >= 0 && skipGroup(scan)) return;
  scan.broken = true;
  scan.patience -= Math.max(0, scan.start - start);
  rewind(scan, start);
}

/** The depth after a closing bracket that does not match the innermost open one; -1 where a `}` matches none. */
function mismatch(scan: Scan, kind: number, depth: number): number {
  scan.broken = true;
  let at = depth - 1;
  if (kind === BRACE_CLOSE) {
    while (at >= 0 && stack[at] !== kind) at--;
    return at;
  }
  // A `)` or `]` never closes a brace: without its opener in the innermost braces it is left alone.
  while (at >= 0 && stack[at] !== kind && stack[at] !== BRACE_CLOSE) at--;
  return at >= 0 && stack[at] === kind ? at : depth;
}

function grow(): void {
  const larger = new Uint8Array(stack.length * 2);
  larger.set(stack);
  stack = larger;
}
