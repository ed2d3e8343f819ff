/** Use trees flattened into the names that they bring in. */
import { exact } from '../../../base/exact.ts';
import { BRACE_CLOSE, BRACE_OPEN, COLON, COMMA, SEMICOLON, STAR } from '../../../syntax/rust/chars.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { END, IDENT, isWord, next } from '../../../syntax/rust/lexer.ts';
import type { UseName } from '../../rust/file-index.ts';
import { keepToken } from './keep.ts';

/** Braces nested deeper than this are not followed. */
const DEEPEST = 64;

/** Reads from the first token behind `use`, the last one read, to the `;` or whatever else ends the tree. */
export function readUseTree(scan: Scan): readonly UseName[] {
  const out: UseName[] = [];
  readTree(scan, [], out, 0);
  return out;
}

/** Reads `crate as name`; the crate's name is the last token. */
export function readExternCrate(scan: Scan): readonly UseName[] {
  if (scan.kind !== IDENT) return [];
  const start = scan.start;
  const crate = keepToken(scan);
  next(scan);
  const name = readRename(scan) ?? crate;
  return [{ path: [crate], name, span: { start, end: scan.previousEnd } }];
}

function readTree(scan: Scan, prefix: readonly string[], out: UseName[], depth: number): void {
  const start = scan.start;
  const path = [...prefix];
  if (scan.kind === COLON) {
    // `::a`, also inside braces at the front of a tree.
    skipColons(scan);
    if (path.length === 0) path.push('');
  }
  while (scan.kind === IDENT && !isWord(scan, 'as')) {
    path.push(keepToken(scan));
    next(scan);
    if (scan.kind !== COLON) {
      finishPath(scan, prefix, path, start, out);
      return;
    }
    skipColons(scan);
  }
  if (scan.kind === STAR) {
    out.push({ path: exact(path), name: '*', span: { start, end: scan.end } });
    next(scan);
  } else if (scan.kind === BRACE_OPEN && depth < DEEPEST) readBraces(scan, path, out, depth);
}

function readBraces(scan: Scan, path: readonly string[], out: UseName[], depth: number): void {
  next(scan);
  while (scan.kind !== BRACE_CLOSE && scan.kind !== END && scan.kind !== SEMICOLON) {
    const before = scan.start;
    readTree(scan, path, out, depth + 1);
    if (scan.kind === COMMA || scan.start === before) next(scan);
  }
  if (scan.kind === BRACE_CLOSE) next(scan);
}

/** `{self}` names the module itself: it stands for the path in front of the braces. */
function finishPath(scan: Scan, prefix: readonly string[], path: string[], start: number, out: UseName[]): void {
  const last = path[path.length - 1];
  if (last === 'self' && path.length === prefix.length + 1 && prefix.length > 0) path.pop();
  const name = readRename(scan) ?? path[path.length - 1] ?? '';
  out.push({ path: exact(path), name, span: { start, end: scan.previousEnd } });
}

function readRename(scan: Scan): string | null {
  if (!isWord(scan, 'as')) return null;
  if (next(scan) !== IDENT) return null;
  const name = keepToken(scan);
  next(scan);
  return name;
}

function skipColons(scan: Scan): void {
  while (scan.kind === COLON) next(scan);
}
