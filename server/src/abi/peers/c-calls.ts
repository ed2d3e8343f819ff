/** Calls and definitions in C text: a scan for a name, its parentheses and the commas between them. */
import type { Span } from '../../base/text.ts';

/** A name with parentheses behind it; UTF-16 offsets. */
export interface Call {
  /** The arguments, or the parameters of a definition, trimmed. */
  readonly args: readonly Span[];
  /** Behind the closing parenthesis. */
  readonly end: number;
}

/** Longer calls (UTF-16 units) are not looked at. */
const LONGEST = 4_000;

/** Those on code lines: what stands in a comment or a directive is none. */
export function callsOf(text: string, symbol: string): readonly Call[] {
  const out: Call[] = [];
  for (let at = text.indexOf(symbol); at >= 0; at = text.indexOf(symbol, at + symbol.length)) {
    if (/[\w$]/.test(text[at - 1] ?? '') || inComment(text, at)) continue;
    let open = at + symbol.length;
    while (/\s/.test(text[open] ?? '')) open++;
    const call = text[open] === '(' ? callAt(text, open) : null;
    if (call) out.push(call);
  }
  return out;
}

/** Behind `//` in its line, or behind a `/*` that nothing closes before it. */
function inComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  if (line.includes('//') || /^\s*#/.test(line)) return true;
  return text.lastIndexOf('/*', at) > text.lastIndexOf('*/', at);
}

/** What the parentheses that open at an offset hold; null where they do not close. */
function callAt(text: string, open: number): Call | null {
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
      return { args: out, end: at + 1 };
    } else if (c === ',' && depth === 1) push(at);
  }
  return null;
}
