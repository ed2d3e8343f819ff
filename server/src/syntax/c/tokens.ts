/** Preprocessing tokens (C17 6.4), good for macros and conditions. */

/** Names of macros that a token must no longer be replaced by, because it came out of their replacement. */
export interface Hidden {
  readonly name: string;
  readonly next: Hidden | null;
}

export interface Token {
  readonly kind: 'name' | 'number' | 'literal' | 'sign';
  readonly text: string;
  /** White space stands before it. */
  readonly spaced: boolean;
  readonly hidden: Hidden | null;
}

/** One token; sticky. A literal that nothing closes is taken as a lone sign. */
const TOKEN =
  /([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)|(\.?\d(?:[eEpP][+-]|[\w.])*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(##|<<=|>>=|\.\.\.|&&|\|\||<<|>>|<=|>=|==|!=|->|\+\+|--|[^\s])/y;

const KINDS = ['name', 'number', 'literal', 'sign'] as const;

/** The tokens of a stretch of a text that was spliced and is free of comments. */
export function tokenize(text: string, start = 0, end = text.length): Token[] {
  const out: Token[] = [];
  let at = start;
  while (at < end) {
    const from = skipSpace(text, at, end);
    if (from >= end) break;
    TOKEN.lastIndex = from;
    const found = TOKEN.exec(text);
    if (!found) break;
    const kind = KINDS.find((_, i) => found[i + 1] !== undefined) ?? 'sign';
    out.push({ kind, text: found[0], spaced: from > at, hidden: null });
    at = from + found[0].length;
  }
  return out;
}

function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** A no-break space and the like are white space to no compiler, and yet they stand in real headers. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

export function isHidden(token: Token, name: string): boolean {
  for (let one = token.hidden; one; one = one.next) if (one.name === name) return true;
  return false;
}

/** Text of tokens, a space where one stood and where two would run together. */
export function textOf(tokens: readonly Token[]): string {
  let out = '';
  let previous: Token | null = null;
  for (const token of tokens) {
    if (previous && (token.spaced || runsTogether(previous, token))) out += ' ';
    out += token.text;
    previous = token;
  }
  return out;
}

function runsTogether(a: Token, b: Token): boolean {
  const word = a.kind === 'name' || a.kind === 'number';
  if (word && (b.kind === 'name' || b.kind === 'number')) return true;
  return a.kind === 'sign' && b.kind === 'sign' && /[-+<>&|=#/]/.test(a.text) && /[-+<>&|=#/*]/.test(b.text);
}

export function sign(text: string): Token {
  return { kind: 'sign', text, spaced: false, hidden: null };
}
