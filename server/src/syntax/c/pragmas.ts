/** `#pragma pack` and its relatives: the packing in force at each place. */
import type { Output } from './output.ts';
import { tokenize } from './tokens.ts';

/** Bytes; null for the target's own alignment, a text where it is not known, which says why. */
export type Packing = number | null | string;

export interface PackState {
  readonly current: Packing;
  apply(pragma: string): void;
  /** A pragma stands under a condition that cannot be decided. */
  doubt(reason: string): void;
}

interface Saved {
  readonly label: string | null;
  readonly packing: Packing;
}

/** `#pragma pack` as gcc, clang and MSVC agree on it. */
export function createPackState(): PackState {
  let current: Packing = null;
  const stack: Saved[] = [];
  return {
    get current() {
      return current;
    },
    apply(pragma) {
      const [name = '', ...rest] = tokenize(pragma).map(({ text }) => text);
      if (name === 'pack') current = pack(rest, current, stack);
      else if (LAYOUT_PRAGMAS.has(name)) current = `\`#pragma ${name}\` changes layouts`;
      else if (name === 'clang' && rest[0] === 'attribute') current = '`#pragma clang attribute` may change layouts';
    },
    doubt(reason) {
      current = reason;
    },
  };
}

export interface PragmaState {
  readonly packs: PackState;
  readonly output: Output;
  /** Files that are read once. */
  readonly once: Set<string>;
}

/** What a `#pragma` or a `_Pragma` in a file says; `doubt` is why it may not be said at all. */
export function applyPragma(text: string, file: string, doubt: string | null, state: PragmaState): void {
  if (/^\s*once\s*$/.test(text)) {
    if (doubt === null) state.once.add(file);
    return;
  }
  if (doubt !== null && /^\s*(pack|options|align|scalar_storage_order|ms_struct)\b/.test(text)) state.packs.doubt(doubt);
  else state.packs.apply(text);
  state.output.packing(state.packs.current);
}

const LAYOUT_PRAGMAS = new Set([
  'options',
  'align',
  'scalar_storage_order',
  'ms_struct',
  'pointers_to_members',
  'reverse_bitfields',
  'enumsalwaysint',
]);

function pack(words: readonly string[], current: Packing, stack: Saved[]): Packing {
  if (words[0] !== '(' || words.at(-1) !== ')') return current;
  const args = words.slice(1, -1).filter((word) => word !== ',');
  const [first, ...rest] = args;
  if (first === undefined) return null;
  if (first === 'show') return current;
  if (first === 'push') {
    const label = rest.find((word) => /^[A-Za-z_]/.test(word)) ?? null;
    stack.push({ label, packing: current });
    return amount(
      rest.filter((word) => word !== label),
      current,
    );
  }
  if (first === 'pop') {
    const label = rest.find((word) => /^[A-Za-z_]/.test(word)) ?? null;
    const restored = pop(stack, label, current);
    return amount(
      rest.filter((word) => word !== label),
      restored,
    );
  }
  return amount(args, current);
}

function pop(stack: Saved[], label: string | null, current: Packing): Packing {
  if (label === null) return stack.length === 0 ? current : (stack.pop()?.packing ?? null);
  const at = stack.map((one) => one.label).lastIndexOf(label);
  if (at < 0) return current;
  const found = stack[at];
  stack.length = at;
  return found ? found.packing : current;
}

function amount(words: readonly string[], otherwise: Packing): Packing {
  const [text] = words;
  if (text === undefined) return otherwise;
  if (words.length > 1 || !/^(0|1|2|4|8|16)$/.test(text))
    return `\`#pragma pack\` with \`${words.join(' ')}\` means different things to compilers`;
  return text === '0' ? null : Number(text);
}
