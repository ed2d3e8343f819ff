/** Takes what compilers add to C out of its text (attributes, calling conventions, `__extension__`), and remembers what changes layouts. */
import type { Span } from '../../base/text.ts';
import { saidOfNull } from './nullness-words.ts';
import type { SaidOfNull } from './nullness-words.ts';

export type Annotation =
  | { readonly kind: 'packed'; readonly at: number }
  /** `argument` is the text of an expression or type; null for `aligned` alone, which asks for the strongest alignment. */
  | { readonly kind: 'aligned'; readonly at: number; readonly argument: string | null; readonly declspec: boolean }
  /** `enum e : unsigned char`, the type's text. */
  | { readonly kind: 'underlying'; readonly at: number; readonly type: string }
  | { readonly kind: 'convention'; readonly at: number; readonly name: string }
  /** A word of SAL, which speaks of a parameter or result as a whole, or clang's qualifier, which stands at its pointer. */
  | ({ readonly kind: 'null'; readonly at: number; readonly qualifier: boolean } & SaidOfNull)
  /** GNU's `nonnull`: of these parameters, from 1; of all without numbers. */
  | { readonly kind: 'nonnull'; readonly at: number; readonly params: readonly number[] }
  /** Something that changes a layout in a way that is not modelled. */
  | { readonly kind: 'unknown'; readonly at: number; readonly reason: string };

export interface Annotated {
  /** As long as the input; what was taken out is spaces. */
  readonly text: string;
  /** In order. */
  readonly annotations: readonly Annotation[];
}

const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\[\[|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\d[\w.]*/g;

/** What C23 and C++ let one write behind an enum's name; the grammar does not know it. */
const UNDERLYING = /(\s*(?:[A-Za-z_]\w*)?\s*):([\w\s]+)(?=\{)/y;

/** Words that go without a trace, and those that stand for plain ones of no more letters. */
const PLAIN: Readonly<Record<string, string>> = {
  __extension__: '',
  __restrict: '',
  __restrict__: '',
  restrict: '',
  __inline: 'inline',
  __inline__: 'inline',
  __forceinline: 'inline',
  __const: 'const',
  __const__: 'const',
  __volatile: 'volatile',
  __volatile__: 'volatile',
  __signed: 'signed',
  __signed__: 'signed',
  __complex__: '_Complex',
  _Noreturn: '',
  _Thread_local: '',
  __thread: '',
  __w64: '',
  __unaligned: '',
  constexpr: 'const',
  __alignof: '_Alignof',
  __alignof__: '_Alignof',
};

const CONVENTIONS: Readonly<Record<string, string>> = {
  cdecl: 'C',
  stdcall: 'stdcall',
  fastcall: 'fastcall',
  thiscall: 'thiscall',
  vectorcall: 'vectorcall',
  ms_abi: 'win64',
  sysv_abi: 'sysv64',
  pcs: 'aapcs',
};

export function takeAnnotations(text: string): Annotated {
  const annotations: Annotation[] = [];
  const parts: string[] = [];
  let kept = 0;
  const blank = (start: number, end: number, word = ''): void => {
    parts.push(text.slice(kept, start), word, text.slice(start + word.length, end).replace(/[^\n]/g, ' '));
    kept = end;
  };
  WORD.lastIndex = 0;
  for (let found = WORD.exec(text); found; found = WORD.exec(text)) {
    const word = found[0];
    const at = found.index;
    const plain = Object.hasOwn(PLAIN, word) ? PLAIN[word] : undefined;
    if (plain !== undefined) {
      blank(at, at + word.length, plain);
      continue;
    }
    const convention = /^__?(cdecl|stdcall|fastcall|thiscall|vectorcall)$/.exec(word)?.[1];
    if (convention !== undefined) {
      annotations.push({ kind: 'convention', at, name: CONVENTIONS[convention] ?? 'C' });
      blank(at, at + word.length);
      continue;
    }
    const said = saidOfNull(word);
    if (said) {
      const qualifier = !word.endsWith('_');
      annotations.push({ kind: 'null', at, qualifier, ...said });
      const inside = qualifier ? null : argument(text, at + word.length);
      blank(at, inside ? inside.end + 1 : at + word.length);
      WORD.lastIndex = kept;
      continue;
    }
    if (word === 'enum') {
      UNDERLYING.lastIndex = at + word.length;
      const typed = UNDERLYING.exec(text);
      if (typed?.[1] !== undefined && typed[2] !== undefined) {
        const colon = at + word.length + typed[1].length;
        annotations.push({ kind: 'underlying', at: colon, type: typed[2].trim() });
        blank(colon, UNDERLYING.lastIndex);
      }
      continue;
    }
    const read = READERS.get(word);
    const inside = read ? (word === '[[' ? bracketed(text, at) : argument(text, at + word.length)) : null;
    if (!read || !inside) continue;
    read(text.slice(inside.start, inside.end), at, annotations);
    const end = inside.end + (word === '[[' ? 2 : 1);
    // `_Atomic(T)` is T; all else goes.
    if (word === '_Atomic') blank(at, inside.start);
    if (word === '_Atomic') blank(inside.end, end);
    else blank(at, end);
    WORD.lastIndex = kept;
  }
  parts.push(text.slice(kept));
  return { text: parts.join(''), annotations };
}

type Reader = (inside: string, at: number, out: Annotation[]) => void;

const nothing: Reader = () => undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['__attribute__', gnu],
  ['__attribute', gnu],
  ['[[', gnu],
  ['__declspec', declspec],
  ['_declspec', declspec],
  ['_Alignas', aligned],
  ['alignas', aligned],
  ['_Atomic', (_, at, out) => out.push({ kind: 'unknown', at, reason: '`_Atomic(…)` may change the layout' })],
  ['__asm__', nothing],
  ['__asm', nothing],
  ['asm', nothing],
  ['_Static_assert', nothing],
  ['static_assert', nothing],
]);

function aligned(inside: string, at: number, out: Annotation[]): void {
  out.push({ kind: 'aligned', at, argument: inside.trim(), declspec: false });
}

function declspec(inside: string, at: number, out: Annotation[]): void {
  const align = /\balign\s*\(/.exec(inside);
  const argumentOf = align ? argument(inside, align.index + 5) : null;
  if (argumentOf) out.push({ kind: 'aligned', at, argument: inside.slice(argumentOf.start, argumentOf.end).trim(), declspec: true });
}

/** `name`, `name(…)`, `gnu::name(…)`, with or without underscores around. */
function gnu(inside: string, at: number, out: Annotation[]): void {
  const word = /[A-Za-z_]\w*/g;
  for (let found = word.exec(inside); found; found = word.exec(inside)) {
    const name = found[0].replace(/^__|__$/g, '');
    const given = argument(inside, word.lastIndex);
    const text = given ? inside.slice(given.start, given.end).trim() : null;
    if (given) word.lastIndex = given.end;
    if (name === 'packed') out.push({ kind: 'packed', at });
    else if (name === 'nonnull')
      out.push({
        kind: 'nonnull',
        at,
        params: (text ?? '')
          .split(',')
          .map(Number)
          .filter((index) => index > 0),
      });
    else if (name === 'returns_nonnull') out.push({ kind: 'null', at, qualifier: false, self: false, pointee: null, result: true });
    else if (name === 'aligned') out.push({ kind: 'aligned', at, argument: text, declspec: false });
    else if (LAYOUT_ATTRIBUTES.has(name)) out.push({ kind: 'unknown', at, reason: `the attribute \`${name}\` changes the layout` });
    else if (Object.hasOwn(CONVENTIONS, name)) out.push({ kind: 'convention', at, name: CONVENTIONS[name] ?? 'C' });
  }
}

const LAYOUT_ATTRIBUTES = new Set([
  'mode',
  'vector_size',
  'ext_vector_type',
  'neon_vector_type',
  'ms_struct',
  'gcc_struct',
  'scalar_storage_order',
  'bnd_variable_size',
  'warn_if_not_aligned',
  'align_natural',
  'enum_extensibility',
  'address_space',
  'matrix_type',
]);

/** What stands between the parentheses that come next; null without them. */
function argument(text: string, from: number): Span | null {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at++;
  if (text[at] !== '(') return null;
  const start = at + 1;
  const limit = Math.min(text.length, start + ARGUMENT);
  for (let depth = 1, i = start; i < limit; i++) {
    const c = text[i];
    if (c === '"' || c === "'") {
      const close = text.indexOf(c, i + 1);
      if (close < 0) return null;
      i = close;
    } else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return { start, end: i };
  }
  return null;
}

/** No attribute is longer, in UTF-16 units. */
const ARGUMENT = 10_000;

function bracketed(text: string, at: number): Span | null {
  const end = text.indexOf(']]', at);
  return end < 0 || end - at > ARGUMENT ? null : { start: at + 2, end };
}
