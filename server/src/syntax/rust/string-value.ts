/** The value of a written Rust string literal. */

const ESCAPE = /\\(?:([nrt0\\'"])|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]{1,8})\}|\r?\n\s*)/g;
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\', "'": "'", '"': '"' };

/** The text of a string, byte string, C string or raw string literal, its suffix ignored; null where `text` is none. */
export function stringValue(text: string): string | null {
  const raw = /^(?:b|c)?r(#*)"/.exec(text);
  if (raw) {
    const close = text.lastIndexOf(`"${raw[1] ?? ''}`);
    return close < raw[0].length ? null : newlines(text.slice(raw[0].length, close));
  }
  const plain = /^[bc]?"/.exec(text);
  if (!plain) return null;
  const close = text.lastIndexOf('"');
  return close < plain[0].length ? null : unescaped(newlines(text.slice(plain[0].length, close)));
}

/** Reference, "CRLF normalization". */
function newlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n/g, '\n') : text;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole, simple: string | undefined, hex: string | undefined, unicode: string | undefined) => {
    if (simple !== undefined) return SIMPLE[simple] ?? whole;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (unicode === undefined) return '';
    const code = Number.parseInt(unicode.replace(/_/g, ''), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
