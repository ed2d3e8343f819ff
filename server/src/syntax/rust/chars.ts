/** Character codes and classes that the Rust lexer decides by. Typed as plain numbers: a cursor's kind changes behind the compiler's back. */

export const BANG: number = 0x21;
export const QUOTE: number = 0x22;
export const HASH: number = 0x23;
export const DOLLAR: number = 0x24;
export const AMPERSAND: number = 0x26;
export const APOSTROPHE: number = 0x27;
export const PAREN_OPEN: number = 0x28;
export const PAREN_CLOSE: number = 0x29;
export const STAR: number = 0x2a;
export const PLUS: number = 0x2b;
export const COMMA: number = 0x2c;
export const MINUS: number = 0x2d;
export const DOT: number = 0x2e;
export const SLASH: number = 0x2f;
export const COLON: number = 0x3a;
export const SEMICOLON: number = 0x3b;
export const LESS: number = 0x3c;
export const EQUAL: number = 0x3d;
export const GREATER: number = 0x3e;
export const QUESTION: number = 0x3f;
export const BRACKET_OPEN: number = 0x5b;
export const BACKSLASH: number = 0x5c;
export const BRACKET_CLOSE: number = 0x5d;
export const BRACE_OPEN: number = 0x7b;
export const PIPE: number = 0x7c;
export const BRACE_CLOSE: number = 0x7d;

export const NEWLINE: number = 0x0a;

/** What a token that starts with an ASCII character can be. */
export const CLASS_PUNCTUATION: number = 0;
export const CLASS_SPACE: number = 1;
export const CLASS_IDENT: number = 2;
export const CLASS_DIGIT: number = 3;
export const CLASS_SLASH: number = 4;
export const CLASS_QUOTE: number = 5;
export const CLASS_APOSTROPHE: number = 6;

export const START_CLASS: Uint8Array = startClasses();

/** 1 for the ASCII characters that continue an identifier. */
export const IDENT_CONTINUE: Uint8Array = identContinue();

function startClasses(): Uint8Array {
  const table = new Uint8Array(128);
  for (const c of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) table[c] = CLASS_SPACE;
  const continues = identContinue();
  for (let c = 0; c < 128; c++) if (continues[c] === 1) table[c] = c >= 0x30 && c <= 0x39 ? CLASS_DIGIT : CLASS_IDENT;
  table[SLASH] = CLASS_SLASH;
  table[QUOTE] = CLASS_QUOTE;
  table[APOSTROPHE] = CLASS_APOSTROPHE;
  return table;
}

function identContinue(): Uint8Array {
  const table = new Uint8Array(128);
  for (let c = 0x30; c <= 0x39; c++) table[c] = 1;
  for (let c = 0x41; c <= 0x5a; c++) table[c] = 1;
  for (let c = 0x61; c <= 0x7a; c++) table[c] = 1;
  table[0x5f] = 1;
  return table;
}

/** White space beyond ASCII (Reference, "Whitespace": Pattern_White_Space), and the byte order mark. */
export function isWideSpace(c: number): boolean {
  return c === 0x85 || c === 0x200e || c === 0x200f || c === 0x2028 || c === 0x2029 || c === 0xfeff;
}

/** Whether a character continues an identifier; everything beyond ASCII that is not white space counts. */
export function isIdentContinue(c: number): boolean {
  return c < 128 ? IDENT_CONTINUE[c] === 1 : c >= 128 && !isWideSpace(c);
}

/** Whether a character starts an identifier. */
export function isIdentStart(c: number): boolean {
  return c < 128 ? START_CLASS[c] === CLASS_IDENT : c >= 128 && !isWideSpace(c);
}
