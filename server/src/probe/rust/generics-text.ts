/** Generic parameters as they are written, for an `impl` of the same type: names, bounds and where-clause, without defaults. */

/**
 * `struct Pair<'a, T: Copy = u8> where T: Send { … }` gives `impl<'a, T: Copy> Pair<'a, T> where T: Send`; null where the text cannot be
 * read that way. `text`: an item from its visibility or keyword on.
 */
export function implHeader(text: string): string | null {
  const head = /\b(?:struct|union|enum)\s+((?:r#)?[\p{L}_][\p{L}\p{N}_]*)\s*</u.exec(text);
  const name = head?.[1];
  if (!head || name === undefined) return null;
  const open = head.index + head[0].length - 1;
  const close = closing(text, open);
  if (close === null) return null;
  const parameters = splitAtCommas(text.slice(open + 1, close))
    .map(withoutComments)
    .filter((one) => one !== '');
  const declared = parameters.map(withoutDefault);
  const used = parameters.map(nameOf);
  if (used.some((one) => one === null)) return null;
  return `impl<${declared.join(', ')}> ${name}<${used.join(', ')}> ${whereClause(text, close + 1)}`.trimEnd();
}

/** The `where` in front of the braces, or behind a tuple's fields; empty for none. */
function whereClause(text: string, from: number): string {
  let end = from;
  let start = -1;
  for (let at = from; at < text.length; at = next(text, at)) {
    end = at;
    const char = text[at];
    if (char === '{' || char === ';') break;
    if (start < 0 && /^where\b/.test(text.slice(at, at + 6)) && !/[\p{L}\p{N}_]/u.test(text[at - 1] ?? '')) start = at;
  }
  return start < 0 ? '' : withoutComments(text.slice(start, end));
}

/** Where the bracket at `open` closes; null where it does not. */
function closing(text: string, open: number): number | null {
  const end = next(text, open) - 1;
  return end > open ? end : null;
}

const PAIRS: Readonly<Record<string, string>> = { '<': '>', '(': ')', '[': ']', '{': '}' };

/** The offset behind the token at `at`: a bracket with all that it holds, a comment, a literal, or one character. */
function next(text: string, at: number): number {
  const close = PAIRS[text[at] ?? ''];
  const skipped = /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])'|->|=>)/.exec(text.slice(at, at + 200))?.[0]
    .length;
  if (skipped !== undefined) return at + skipped;
  if (close === undefined) return at + 1;
  for (let inner = at + 1; inner < text.length; inner = next(text, inner)) if (text[inner] === close) return inner + 1;
  return text.length;
}

function splitAtCommas(text: string): string[] {
  const out: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at = next(text, at)) {
    if (text[at] !== ',') continue;
    out.push(text.slice(start, at));
    start = at + 1;
  }
  return [...out, text.slice(start)];
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function withoutDefault(parameter: string): string {
  for (let at = 0; at < parameter.length; at = next(parameter, at)) if (parameter[at] === '=') return parameter.slice(0, at).trim();
  return parameter;
}

function nameOf(parameter: string): string | null {
  const bare = parameter.replace(/^(?:#\[[^\]]*\]\s*)+/, '');
  return /^(?:const\s+)?('?(?:r#)?[\p{L}_][\p{L}\p{N}_]*)/u.exec(bare)?.[1] ?? null;
}
