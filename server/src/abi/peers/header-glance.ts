/** A look at a C text without reading it: which names are followed by a parenthesis, and who says that it made the file. */

export interface Glance {
  /** Names in front of `(`, those in comments and macros included. */
  readonly called: ReadonlySet<string>;
  /** Those of them that a declaration may name: outside of comments, behind a word, a star or a parenthesis that is no call's. */
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
/** UTF-16 units of a text in which a banner stands. */
const HEAD = 2_000;

export function glance(text: string): Glance {
  const called = new Set<string>();
  const declared = new Set<string>();
  /** The last sign in front that is no white space, and whether it ends a word that begins an expression. */
  let before = 0;
  let expression = false;
  let comment = -1;
  const defined = new Set<string>();
  const word = /[A-Za-z_$][\w$]*/y;
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
    if (!isWordStart(c)) {
      if (c > 32 && at >= comment) {
        before = c;
        expression = false;
      }
      // A number takes its letters with it.
      at = c >= 48 && c <= 57 ? behindWord(text, at) : at + 1;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text)?.[0] ?? '';
    at += found.length;
    if (define) defined.add(found);
    define = found === 'define';
    conventions ||= CONVENTIONS.has(found);
    cplusplus ||= found === 'namespace' || found === 'class' || found === 'template';
    let next = at;
    while (next < text.length && text.charCodeAt(next) <= 32) next++;
    if (text.charCodeAt(next) === 40) {
      called.add(found);
      if (at > comment && !expression && (isWordStart(before) || before === 42 || before === 41 || (before >= 48 && before <= 57)))
        declared.add(found);
    }
    if (at > comment) {
      before = 97;
      expression = EXPRESSIONS.has(found);
    }
  }
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

function isWordStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36;
}

function behindWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\w$]/.test(text[at] ?? '')) at++;
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
