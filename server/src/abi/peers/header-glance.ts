/** A look at a C text without reading it: which names are followed by a parenthesis, and who says that it made the file. */

export interface Glance {
  /** Names in front of `(`, those in comments and macros included. */
  readonly called: ReadonlySet<string>;
  /** The tool that the first lines name; null for a file that people write. */
  readonly generatedBy: string | null;
  /** In UTF-16 units. */
  readonly length: number;
}

/** Tools that write headers and bindings, as their banners name them. */
const TOOLS = /\b(cbindgen|bindgen|diplomat|uniffi|safer_ffi|safer-ffi|interoptopus|cxxbridge|swig)\b/i;
const GENERATED = /\b(?:auto-?\s?generated|automatically generated|generated (?:by|with|using)|do not (?:edit|modify))\b/i;
/** UTF-16 units of a text in which a banner stands. */
const HEAD = 2_000;

export function glance(text: string): Glance {
  const called = new Set<string>();
  const pattern = /[A-Za-z_$][\w$]*(?=\s{0,80}\()/g;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) called.add(found[0]);
  return { called, generatedBy: generatedBy(text.slice(0, HEAD)), length: text.length };
}

/** Only comments can say so: a declaration may be called `bindgen_x`. */
export function generatedBy(head: string): string | null {
  const comments = [
    ...head.matchAll(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|^\s*#(?!\s*(?:include|define|if|ifdef|ifndef|pragma|endif|undef|else))[^\n]*/gm),
  ]
    .map(([one]) => one)
    .join('\n');
  if (!GENERATED.test(comments)) return null;
  return TOOLS.exec(comments)?.[1]?.toLowerCase() ?? 'a tool';
}
