/** Where C++ gives names C's linkage: a scan of a header's text that knows braces, `extern "C"` and namespaces, and nothing else. */
import { isCxxHeader } from '../../base/c-files.ts';
import { directives } from './directives.ts';
import { readSource } from './source.ts';

/** A name with parentheses behind it at the top of a file, of a namespace or of an `extern "C"` block: a prototype or a definition. */
export interface Prototype {
  readonly name: string;
  /** UTF-16 offsets of the name in the file. */
  readonly start: number;
  readonly end: number;
  readonly linkage: 'c' | 'c++';
  /** `static` or `inline` stands in front of it, or a namespace around it: another function than C's of that name. */
  readonly internal: boolean;
}

export interface Linkage {
  /** The text is C++ for every compiler: classes, namespaces, templates or `::` outside of `#ifdef __cplusplus`. */
  readonly cplusplus: boolean;
  readonly prototypes: readonly Prototype[];
}

/** Longer texts (UTF-16 units) are not scanned. */
const LONGEST = 16 << 20;
const NONE: Linkage = { cplusplus: false, prototypes: [] };

/** Nothing where braces do not match: conditions then decide what belongs to what. */
export function scanLinkage(file: string, written: string): Linkage {
  if (written.length > LONGEST) return NONE;
  const source = readSource(written);
  const { text, guarded } = withoutDirectives(source.text);
  const cplusplus =
    isCxxHeader(file) || /\b(?:namespace\s+\w|class\s+\w+\s*[:{]|template\s*<|\w\s*::\s*\w)/.test(withoutSpans(text, guarded));
  if (!cplusplus) return NONE;
  const found = prototypesIn(text);
  return {
    cplusplus,
    prototypes: (found ?? []).map((one) => ({ ...one, start: source.toFile(one.start), end: source.toFile(one.start + one.name.length) })),
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Directives as spaces, and the stretches that only C++ compilers see. */
function withoutDirectives(text: string): { readonly text: string; readonly guarded: readonly Span[] } {
  const parts: string[] = [];
  const guarded: Span[] = [];
  const open: { readonly cplusplus: boolean; readonly at: number; live: boolean }[] = [];
  const close = (end: number): void => {
    const top = open.at(-1);
    if (top?.live) guarded.push({ start: top.at, end });
    if (top) top.live = false;
  };
  for (const { name, rest, start, end } of directives(text)) {
    parts.push(name === '' ? text.slice(start, end) : text.slice(start, end).replace(/[^\n]/g, ' '));
    if (name === 'ifdef' || name === 'if') {
      const cplusplus = /^\s*(?:defined\s*\(?\s*)?__cplusplus\b/.test(rest);
      open.push({ cplusplus, at: end, live: cplusplus });
    } else if (name === 'ifndef') open.push({ cplusplus: false, at: end, live: false });
    else if (name === 'else' || name.startsWith('elif')) close(start);
    else if (name === 'endif') {
      close(start);
      open.pop();
    }
  }
  return { text: parts.join('').padEnd(text.length), guarded };
}

function withoutSpans(text: string, spans: readonly Span[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    out += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return out + text.slice(at);
}

type Region = 'c' | 'namespace' | 'other';

const SIGN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{};()=]|[A-Za-z_]\w*/g;
const BEGIN = /(?:^|_)(?:BEGIN_(?:C_)?DECLS|EXTERN_C_(?:START|BEGIN)|C_API_BEGIN|CDECLS_BEGIN)$/;
const END = /(?:^|_)(?:END_(?:C_)?DECLS|EXTERN_C_(?:STOP|END)|C_API_END|CDECLS_END)$/;
const WORDS = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'alignof',
  'decltype',
  'noexcept',
  'defined',
  'operator',
  'throw',
]);

function prototypesIn(text: string): readonly Prototype[] | null {
  const regions: Region[] = [];
  const out: Prototype[] = [];
  /** Words of the declaration so far, as far as they matter. */
  let words: string[] = [];
  let extern = false;
  let linkageWord = false;
  let macros = 0;
  let parens = 0;
  let previous: { readonly text: string; readonly at: number } | null = null;
  let initial = false;
  const reset = (): void => {
    words = [];
    extern = false;
    linkageWord = false;
    initial = false;
  };
  SIGN.lastIndex = 0;
  for (let found = SIGN.exec(text); found; found = SIGN.exec(text)) {
    const [sign] = found;
    const visible = regions.every((one) => one !== 'other');
    if (sign === '(') {
      const named =
        previous && /^[A-Za-z_]/.test(previous.text) && text.slice(previous.at + previous.text.length, found.index).trim() === '';
      const declares =
        visible &&
        parens === 0 &&
        named &&
        !initial &&
        words.length > 1 &&
        !WORDS.has(previous?.text ?? '') &&
        !words.includes('typedef') &&
        !words.includes('using') &&
        !words.includes('#');
      const qualified = previous !== null && /::\s*$/.test(text.slice(Math.max(0, previous.at - 4), previous.at));
      if (declares && previous && !qualified && !/^__attribute__$|^__declspec$|^[A-Z][A-Z0-9_]+$/.test(previous.text)) {
        const linkage = linkageWord || macros > 0 || regions.includes('c') ? 'c' : 'c++';
        const internal =
          words.some((word) => word === 'static' || word.includes('inline') || word === 'template' || word === 'friend') ||
          (linkage === 'c++' && regions.length > 0);
        out.push({ name: previous.text, start: previous.at, end: previous.at, linkage, internal });
        initial = true;
      }
      parens++;
    } else if (sign === ')') parens = Math.max(0, parens - 1);
    else if (sign === '{') {
      const namespace = words.includes('namespace') && !words.includes('using');
      regions.push(extern && linkageWord && words.length === 1 ? 'c' : namespace ? 'namespace' : 'other');
      parens = 0;
      reset();
    } else if (sign === '}') {
      if (regions.pop() === undefined) return null;
      reset();
    } else if (sign === ';') {
      if (parens === 0) reset();
    } else if (sign === '=') initial ||= parens === 0;
    else if (sign.startsWith('"')) linkageWord ||= extern && sign === '"C"';
    else if (parens === 0) {
      if (BEGIN.test(sign)) macros++;
      else if (END.test(sign)) macros = Math.max(0, macros - 1);
      else {
        extern ||= sign === 'extern';
        words.push(sign);
      }
    }
    previous = { text: sign, at: found.index };
  }
  return regions.length === 0 ? out : null;
}
