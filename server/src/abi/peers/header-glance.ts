/** A look at a C text without reading it: which names are followed by a parenthesis, and who says that it made the file. */
import { pastedNames } from './pasted-names.ts';

export interface Glance {
  /** Names in front of `(`, those in comments and macros included, and those that macros put together. */
  readonly called: ReadonlySet<string>;
  /** Those of them that a declaration may name: outside of comments and braces, behind a word, a star or a parenthesis that is no call's. */
  readonly declared: ReadonlySet<string>;
  /** What `#include` names, without its signs. */
  readonly includes: readonly string[];
  /** Names behind `#define`. */
  readonly defined: ReadonlySet<string>;
  /** A macro in it puts names together. */
  readonly pastes: boolean;
  /** A word of C++ stands in it, be it in a comment. */
  readonly cplusplus: boolean;
  /** A word for a calling convention other than C's stands in it. */
  readonly conventions: boolean;
  /** In UTF-16 units. */
  readonly length: number;
  /** The tool that the first lines name; null for a file that people write. */
  readonly generatedBy: string | null;
}

/** Tools that write headers and bindings, as their banners name them. */
const TOOLS = /\b(cbindgen|bindgen|diplomat|uniffi|safer_ffi|safer-ffi|interoptopus|cxxbridge|swig)\b/i;
const GENERATED = /\b(?:auto-?\s?generated|automatically generated|generated (?:by|with|using)|do not (?:edit|modify))\b/i;
/** Words behind which a call stands, not a declaration. */
const EXPRESSIONS = new Set(['return', 'else', 'do', 'case', 'goto', 'sizeof', 'throw', 'and', 'or', 'not']);
const CONVENTIONS = new Set(['__stdcall', '_stdcall', 'stdcall', '__fastcall', '__vectorcall', 'WINAPI', 'APIENTRY', 'STDMETHODCALLTYPE']);
const CXX = new Set(['namespace', 'class', 'template']);

/** The first letters of all these, by their length. */
const MEANINGS: readonly (ReadonlySet<number> | undefined)[] = meanings(['define', ...EXPRESSIONS, ...CONVENTIONS, ...CXX]);

function meanings(words: readonly string[]): readonly (ReadonlySet<number> | undefined)[] {
  const out: (Set<number> | undefined)[] = [];
  for (const word of words) out[word.length] = (out[word.length] ?? new Set<number>()).add(word.charCodeAt(0));
  return out;
}

/** UTF-16 units of a text in which a banner stands. */
const HEAD = 2_000;

export function glance(text: string): Glance {
  const called = new Set<string>();
  const declared = new Set<string>();
  /** As `declared`, but in braces: bodies only call. */
  const inside = new Set<string>();
  const braces = createBraces();
  /** The last sign in front that is no white space, and whether it ends a word that begins an expression. */
  let before = 0;
  let expression = false;
  let comment = -1;
  const defined = new Set<string>();
  let define = false;
  let conventions = false;
  let cplusplus = false;
  for (let at = 0; at < text.length; ) {
    const c = text.charCodeAt(at);
    if (c === 47 && at >= comment) {
      const next = text.charCodeAt(at + 1);
      const end = next === 47 ? text.indexOf('\n', at) : next === 42 ? text.indexOf('*/', at + 2) : at;
      if (next === 47 || next === 42) comment = end < 0 ? text.length : end + (next === 42 ? 2 : 0);
    }
    if (at >= comment) braces.see(text, at, c);
    if (!isWordStart(c)) {
      if (c > 32 && at >= comment) {
        before = c;
        expression = false;
      }
      // A number takes its letters with it.
      at = c >= 48 && c <= 57 ? behindWord(text, at) : at + 1;
      continue;
    }
    const start = at;
    at = behindWord(text, at);
    let next = at;
    while (next < text.length && text.charCodeAt(next) <= 32) next++;
    const calls = text.charCodeAt(next) === 40;
    // Most words mean nothing here: only the others are cut out of the text.
    const found: string = calls || define || MEANINGS[at - start]?.has(c) === true ? text.slice(start, at) : '';
    if (define) defined.add(found);
    define = found === 'define';
    conventions ||= CONVENTIONS.has(found);
    cplusplus ||= CXX.has(found);
    if (calls) {
      called.add(found);
      if (at > comment && !expression && (isWordStart(before) || before === 42 || before === 41 || (before >= 48 && before <= 57)))
        (braces.depth > 0 ? inside : declared).add(found);
    }
    if (at > comment) {
      before = 97;
      expression = EXPRESSIONS.has(found);
    }
  }
  for (const name of pastedNames(text)) called.add(name);
  // What a class or a namespace holds is declared too, and where braces do not match nothing tells what they hold.
  if (cplusplus || !braces.balanced) for (const name of inside) declared.add(name);
  const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]{1,200})[>"]/gm)].map(([, name = '']) => name);
  return {
    length: text.length,
    called,
    declared,
    defined,
    includes,
    pastes: text.includes('##'),
    cplusplus,
    conventions,
    generatedBy: generatedBy(text),
  };
}

interface Braces {
  readonly depth: number;
  /** Every brace so far was closed or will be: asked at the end of the text. */
  readonly balanced: boolean;
  /** Told the characters outside of comments, of a word its first one. */
  see(text: string, at: number, c: number): void;
}

/** Counts braces outside of literals and directives; those of `extern "C"` are none. Each arm of a condition begins at the same depth. */
function createBraces(): Braces {
  let depth = 0;
  let linkages = 0;
  let broken = false;
  /** Behind the literal or the directive that was met last. */
  let skip = 0;
  /** `"C"` was met last. */
  let linkage = false;
  /** Depths at the open conditions. */
  const arms: number[] = [];
  return {
    get depth() {
      return depth;
    },
    get balanced() {
      return !broken && depth === 0;
    },
    see(text, at, c) {
      if (at < skip || c <= 32) return;
      const opensLinkage = linkage;
      linkage = false;
      if (c === 35) {
        skip = directiveEnd(text, at);
        linkage = opensLinkage;
        const name = /^#[ \t]*(\w*)/.exec(text.slice(at, Math.min(skip, at + 32)))?.[1] ?? '';
        if (name.startsWith('if')) arms.push(depth);
        else if (name.startsWith('el')) depth = arms.at(-1) ?? depth;
        else if (name === 'endif') arms.pop();
      } else if (c === 34 || c === 39) {
        skip = literalEnd(text, at);
        linkage = /^"C(?:\+\+)?"$/.test(text.slice(at, Math.min(skip, at + 6)));
      } else if (c === 123) {
        if (opensLinkage) linkages++;
        else depth++;
      } else if (c === 125) {
        if (depth > 0) depth--;
        else if (linkages > 0) linkages--;
        else broken = true;
      }
    },
  };
}

/** The end of the line, spliced lines included. */
function directiveEnd(text: string, from: number): number {
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', end + 1)) {
    if (!/\\\s*$/.test(text.slice(Math.max(from, end - 4), end))) return end;
  }
  return text.length;
}

/** Behind the closing quote, at the end of the line where none closes it. */
function literalEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 92) at++;
    else if (c === 10) return at;
    else if (c === text.charCodeAt(from)) return at + 1;
  }
  return text.length;
}

function isWordStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36;
}

function behindWord(text: string, from: number): number {
  let at = from;
  for (let c = text.charCodeAt(at); isWordStart(c) || (c >= 48 && c <= 57); c = text.charCodeAt(at)) at++;
  return at;
}

/** What the first lines of a file say of a tool that made it, whatever the language: only comments can say so. */
export function generatedBy(text: string): string | null {
  const comments: string[] = [];
  let open = false;
  for (const line of text.slice(0, HEAD).split('\n')) {
    const plain = line.trim();
    const start = plain.indexOf('/*');
    const comment =
      open || start >= 0 || /^(?:\/\/|#(?!\s*(?:include|define|if|ifdef|ifndef|pragma|endif|undef|else|elif)\b)|"""|''')/.test(plain);
    if (comment) comments.push(plain);
    if (start >= 0) open = true;
    if (open && plain.includes('*/')) open = false;
  }
  const said = comments.join('\n');
  if (!GENERATED.test(said)) return null;
  return TOOLS.exec(said)?.[1]?.toLowerCase() ?? 'a tool';
}
