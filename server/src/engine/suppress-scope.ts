/** What stands below a comment on its own line: the item, statement or field that an `ignore` there covers. */
import type { Span } from '../base/text.ts';
import { span } from '../base/text.ts';
import type { FileIndex } from '../model/rust/file-index.ts';
import type { CommentLanguage } from './suppress-scan.ts';

/**
 * The stretch below `from`. `code` is the text with comments and strings blanked. At least the rest of the next line with code
 * belongs to it; empty where nothing follows.
 */
export function scopeBelow(language: CommentLanguage, text: string, code: string, from: number, index: FileIndex | null): Span {
  const next = nextCode(code, from);
  if (next < 0) return span(text.length, text.length);
  const lineEnd = endOfLine(code, next);
  if (language === 'toml') return span(next, tomlEnd(code, next, lineEnd));
  const item = index ? itemAt(index, next) : null;
  const end = item ? item.end : language === 'python' ? pythonEnd(code, next) : statementEnd(code, next);
  return span(item ? Math.min(item.start, next) : next, Math.max(end, lineEnd));
}

/** A table covers its keys, up to the next table; a key covers its value. */
function tomlEnd(code: string, start: number, lineEnd: number): number {
  if (code[start] !== '[') return Math.max(statementEnd(code, start, '\n'), lineEnd);
  const following = code.slice(lineEnd).search(/\n[ \t]*\[/);
  return following < 0 ? code.length : lineEnd + following;
}

/** The outermost item that starts at an offset, or whose attributes stand there. */
function itemAt(index: FileIndex, at: number): Span | null {
  let found: Span | null = null;
  for (const entry of index.entries) {
    if (entry.span.start > at || at > entry.signatureSpan.start) continue;
    if (!found || entry.span.end > found.end) found = entry.span;
  }
  return found;
}

function nextCode(code: string, from: number): number {
  for (let i = from; i < code.length; i++) if (!/\s/.test(code[i] ?? '')) return i;
  return -1;
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf('\n', from);
  return end < 0 ? code.length : end;
}

/**
 * The end of a statement, field, argument or declaration in a language with braces: behind `;` or `,` at its own depth, before
 * the bracket that closes its surroundings, or behind its last `}` where nothing goes on in that line. `stop` is one more sign
 * that ends it.
 */
function statementEnd(code: string, start: number, stop = ';'): number {
  // In these a comma at the statement's own depth stands between type arguments.
  const commas = !/^(?:let|if|while|for|loop|match|return|unsafe|typedef)\b/.test(code.slice(start, start + 8));
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const c = code[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      depth--;
      if (depth < 0) return i;
      if (depth === 0 && c === '}' && closesStatement(code, i + 1)) return i + 1;
    } else if (depth === 0 && (c === ';' || (c === ',' && commas) || c === stop)) return i + 1;
  }
  return code.length;
}

/** Whether a `}` ends its statement: nothing follows in the line, and the next line does not go on with a `.`, `?` or `else`. */
function closesStatement(code: string, from: number): boolean {
  const rest = code.slice(from, endOfLine(code, from)).trim();
  if (rest !== '') return /^[)\]}]/.test(rest);
  return !/^\s*(?:\.|\?|else\b)/.test(code.slice(from, from + 200));
}

/** Python: the logical line, and what is indented below it; a decorator takes its function or class with it. */
function pythonEnd(code: string, start: number): number {
  let end = logicalLine(code, start);
  for (let at = start; code[at] === '@'; ) {
    at = nextCode(code, end);
    if (at < 0) return end;
    end = logicalLine(code, at);
  }
  if (!/:\s*$/.test(code.slice(start, end))) return end;
  const indent = start - (code.lastIndexOf('\n', start - 1) + 1);
  for (;;) {
    const next = nextCode(code, end);
    if (next < 0 || next - (code.lastIndexOf('\n', next - 1) + 1) <= indent) return end;
    end = logicalLine(code, next);
  }
}

/** The end of the line, brackets and backslashes considered. */
function logicalLine(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const c = code[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === '\n' && depth <= 0 && code[i - 1] !== '\\' && code.slice(i - 2, i) !== '\\\r') return i;
  }
  return code.length;
}
