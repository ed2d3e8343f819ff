/** Cuts texts with brackets apart: types and paths as Rust writes them. */

/** The offset of the first of the characters outside of all brackets, strings and arrows; -1 without. */
export function topLevel(text: string, wanted: string, from = 0): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '"') {
      i = stringEnd(text, i);
      continue;
    }
    if (depth === 0 && wanted.includes(c)) return i;
    if (c === '-' && text.charAt(i + 1) === '>') i++;
    else if (c === '<' || c === '(' || c === '[' || c === '{') depth++;
    else if (c === '>' || c === ')' || c === ']' || c === '}') depth--;
  }
  return -1;
}

/** The offset of the closing quote. */
function stringEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\') i++;
    else if (c === '"') return i;
  }
  return text.length;
}

/** The parts between commas that stand outside of all brackets. */
export function splitTop(text: string): readonly string[] {
  const out: string[] = [];
  let start = 0;
  for (;;) {
    const comma = topLevel(text, ',', start);
    const part = text.slice(start, comma < 0 ? text.length : comma).trim();
    if (part !== '' || comma >= 0) out.push(part);
    if (comma < 0) return out;
    start = comma + 1;
  }
}
