/** How the index finds its way in a text whose brackets do not balance: by lines that start like an item. */
import { skipGroup } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { END, next } from '../../../syntax/rust/lexer.ts';

/** What is known about a broken text; there is none for a text that balances. */
export interface Recovery {
  /** Offsets of the first token of lines that start like an item, ascending. */
  readonly lines: readonly number[];
  readonly known: ReadonlySet<number>;
}

const ITEM_LINE =
  /^[ \t]*(?=(?:pub|fn|struct|enum|union|trait|mod|type|static|use|impl|extern|macro_rules)\b|(?:unsafe|async|const)\b(?![ \t]*\{)|#\[)/gm;

export function createRecovery(text: string): Recovery {
  const lines: number[] = [];
  for (const match of text.matchAll(ITEM_LINE)) lines.push(match.index + match[0].length);
  return { lines, known: new Set(lines) };
}

/** Whether a plain string over several lines holds the start of an item: a missing quote is likelier then. */
export function holdsItemLine(recovery: Recovery, start: number, end: number): boolean {
  let low = 0;
  let high = recovery.lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((recovery.lines[middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low < recovery.lines.length && (recovery.lines[low] ?? end) < end;
}

/** Lines are looked at this far back; what stands further in does not count as indented. */
const LONGEST_LINE = 2000;

/** The indentation of the line of an offset, in characters. */
export function indentOf(text: string, offset: number): number {
  const first = Math.max(0, offset - LONGEST_LINE);
  let line = offset;
  while (line > first && text.charCodeAt(line - 1) !== 0x0a) line--;
  let at = line;
  while (at < offset && isBlank(text.charCodeAt(at))) at++;
  return at - line;
}

/** Whether only blanks stand between the start of the line and an offset. */
export function isFirstOnLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && isBlank(text.charCodeAt(at))) at--;
  return at < 0 || text.charCodeAt(at) === 0x0a || text.charCodeAt(at) === 0xfeff;
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09;
}

/**
 * Skips the group whose opening bracket is the last token. In a broken text it also ends in front of a line that starts an item
 * no deeper than `indent`, unless its closing bracket stands where such a group is closed.
 * False where it was cut or is not closed: the last token is then the first one behind it.
 */
export function skipBody(scan: Scan, recovery: Recovery | null, indent: number): boolean {
  if (recovery === null) return skipGroup(scan);
  const open = scan.start;
  let cut = -1;
  let before = open;
  const closed = skipGroup(scan, () => {
    if (cut < 0 && recovery.known.has(scan.start) && indentOf(scan.text, scan.start) <= indent) {
      cut = scan.docStart >= 0 ? scan.docStart : scan.start;
      before = scan.previousEnd;
    }
    return cut >= 0 && scan.patience < 0;
  });
  if (!closed) scan.patience -= scan.start - open;
  if (cut < 0) return closed;
  if (closed && isFirstOnLine(scan.text, scan.start) && indentOf(scan.text, scan.start) === indent) return true;
  if (closed) scan.patience -= scan.start - open;
  scan.at = cut;
  scan.kind = END;
  scan.end = before;
  next(scan);
  return false;
}
