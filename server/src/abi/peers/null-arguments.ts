/** Calls in C text that pass NULL: a scan for a name, its parentheses and the commas between them. */
import type { Span } from '../../base/text.ts';

export interface NullArgument {
  /** Of the argument, from 0. */
  readonly index: number;
  /** How many arguments the call has. */
  readonly count: number;
  /** UTF-16 offsets of the argument. */
  readonly span: Span;
}

/** Longer calls (UTF-16 units) are not looked at. */
const LONGEST = 4_000;

/** `NULL`, `nullptr`, `0`, casts of these; comments count as text, so that a call in one is one too many: only whole calls on code lines count. */
export function nullArguments(text: string, symbol: string): readonly NullArgument[] {
  const out: NullArgument[] = [];
  for (let at = text.indexOf(symbol); at >= 0; at = text.indexOf(symbol, at + symbol.length)) {
    if (/[\w$]/.test(text[at - 1] ?? '') || inComment(text, at)) continue;
    let open = at + symbol.length;
    while (/\s/.test(text[open] ?? '')) open++;
    if (text[open] !== '(') continue;
    const spans = argumentsOf(text, open);
    for (const [index, span] of (spans ?? []).entries()) {
      if (/^(?:\(\s*[\w\s]+\*+\s*\)\s*)*(?:NULL|nullptr|0|\(\s*\(\s*void\s*\*\s*\)\s*0\s*\))$/.test(text.slice(span.start, span.end)))
        out.push({ index, count: spans?.length ?? 0, span });
    }
  }
  return out;
}

/** Behind `//` in its line, or behind a `/*` that nothing closes before it. */
function inComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  if (line.includes('//') || /^\s*#/.test(line)) return true;
  return text.lastIndexOf('/*', at) > text.lastIndexOf('*/', at);
}

/** The arguments between the parentheses that open at an offset, trimmed; null where they do not close. */
function argumentsOf(text: string, open: number): readonly Span[] | null {
  const out: Span[] = [];
  let depth = 0;
  let start = open + 1;
  const push = (end: number): void => {
    const written = text.slice(start, end);
    const lead = written.length - written.trimStart().length;
    out.push({ start: start + lead, end: start + Math.max(lead, written.trimEnd().length) });
    start = end + 1;
  };
  for (let at = open; at < text.length && at - open < LONGEST; at++) {
    const c = text[at];
    if (c === '"' || c === "'") {
      for (at++; at < text.length && text[at] !== c && text[at] !== '\n'; at++) if (text[at] === '\\') at++;
    } else if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      if (--depth > 0) continue;
      push(at);
      return out;
    } else if (c === ',' && depth === 1) push(at);
  }
  return null;
}
