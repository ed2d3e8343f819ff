/** Whether C code writes through a parameter of a function that it defines: a scan of its body. */
import type { Span } from '../../base/text.ts';
import { callsOf } from './c-calls.ts';

/** Longer bodies (UTF-16 units) are looked at in part. */
const LONGEST = 64 << 10;

/** Where the definition of a function in a C text first writes through its parameter, from 0; null where none does so plainly. */
export function writeThrough(text: string, symbol: string, index: number): Span | null {
  for (const { args, end } of callsOf(text, symbol)) {
    const param = args[index];
    const open = /^\s*\{/.exec(text.slice(end, end + 200));
    const name = param && open ? /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(text.slice(param.start, param.end))?.[1] : undefined;
    if (name === undefined || !open) continue;
    const start = end + open[0].length;
    const found = writes(name).exec(bodyFrom(text, start));
    if (found) return { start: start + found.index, end: start + found.index + found[0].length };
  }
  return null;
}

/** Up to the brace that closes it, with comments, texts and characters as blanks. */
function bodyFrom(text: string, start: number): string {
  const code = text
    .slice(start, start + LONGEST)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (found) => ' '.repeat(found.length));
  let depth = 1;
  for (let at = 0; at < code.length; at++) {
    if (code[at] === '{') depth++;
    else if (code[at] === '}' && --depth === 0) return code.slice(0, at);
  }
  return code;
}

/** Assignments to what it points to and to members of that, and the C library's functions that fill. */
function writes(name: string): RegExp {
  const assigned = String.raw`\s*(?:=(?!=)|(?:[-+*/%&|^]|<<|>>)=|\+\+|--)`;
  const members = String.raw`(?:\s*\.\s*\w+)*`;
  const forms = [
    String.raw`\*\s*${name}(?:\s*\+\+)?${assigned}`,
    String.raw`\(\s*\*\s*${name}\s*\)${members}${assigned}`,
    String.raw`\b${name}\s*(?:\[[^\]]*\]|->\s*\w+)${members}${assigned}`,
    String.raw`(?:\+\+|--)\s*(?:\(\s*\*\s*${name}\b|${name}\s*(?:->|\[))`,
    String.raw`\b(?:mem(?:cpy|move|set)|str(?:cpy|ncpy|cat|ncat)|v?sn?printf|bzero)\s*\(\s*${name}\s*,`,
  ];
  return new RegExp(forms.join('|'));
}
