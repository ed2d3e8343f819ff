/** Copies the text between directives into the output, with its macros replaced. */
import type { Arms } from './arms.ts';
import { expand } from './expand.ts';
import type { Expansion } from './expand.ts';
import { isTypeInDoubt } from './macros.ts';
import type { Macro, MacroTable } from './macros.ts';
import type { PragmaState } from './pragmas.ts';
import { applyPragma } from './pragmas.ts';
import type { CSource } from './source.ts';
import { isSpecial, specialFor } from './specials.ts';
import { isHidden, textOf, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

interface Stretch {
  readonly source: CSource;
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

interface State extends PragmaState {
  readonly macros: MacroTable;
  readonly arms: Arms;
  counter: number;
  /** Of all macro replacements together. */
  steps: number;
  cut: string | null;
}

/** After so many steps nothing more is read. */
const STEPS = 2_000_000;

/** Names, and what may hold things that look like names. */
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\.?\d(?:[eEpP][+-]|[\w.])*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** Where each parenthesis of a stretch closes, by its offset; made when first asked for. */
type Closings = () => ReadonlyMap<number, number>;

export function copyText(stretch: Stretch, state: State): void {
  const live = state.arms.live;
  if (live === false) return;
  const doubt = live === true ? null : live;
  const { source, file, start, end } = stretch;
  const { text } = source;
  let known: ReadonlyMap<number, number> | null = null;
  const closings: Closings = () => {
    known ??= parentheses(text, start, end);
    return known;
  };
  let kept = start;
  WORD.lastIndex = start;
  for (let found = WORD.exec(text); found && found.index < end; found = WORD.exec(text)) {
    const word = found[0];
    const macro = state.macros.get(word);
    if (macro ? macro.value !== null : !OPERATORS.has(word)) continue;
    // Under the condition that defines it nothing else is meant.
    if (macro && isTypeInDoubt(macro) && (macro.others !== undefined || macro.unsettled !== doubt)) continue;
    const at = found.index;
    const behind = at + word.length;
    const callLike = macro ? macro.params !== null : word.endsWith('ragma');
    const used = callLike ? closing(text, behind, closings) : behind;
    if (used === null) continue;
    state.output.copy(source, file, kept, at, doubt);
    kept = replace(stretch, at, used, doubt, closings, state);
    WORD.lastIndex = kept;
    if (state.steps <= STEPS) continue;
    state.cut = 'macros expand to more than can be read';
    return;
  }
  state.output.copy(source, file, kept, end, doubt);
}

const OPERATORS = new Set(['_Pragma', '__pragma', '__LINE__', '__COUNTER__', '__FILE__']);

function parentheses(text: string, start: number, end: number): ReadonlyMap<number, number> {
  const sign = /[()]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  const out = new Map<number, number>();
  const open: number[] = [];
  sign.lastIndex = start;
  for (let found = sign.exec(text); found && found.index < end; found = sign.exec(text)) {
    if (found[0] === '(') open.push(found.index);
    else if (found[0] === ')') out.set(open.pop() ?? -1, found.index + 1);
  }
  return out;
}

/** Behind the parenthesis that closes the one that comes next; null where none comes next or none closes it in this stretch. */
function closing(text: string, from: number, closings: Closings): number | null {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text[at] === '(' ? (closings().get(at) ?? null) : null;
}

/** Writes what a use of a macro becomes, and says how far in the source that reaches. */
function replace(stretch: Stretch, at: number, used: number, doubt: string | null, closings: Closings, state: State): number {
  const { source, file } = stretch;
  let upTo = used;
  let expansion = expandStretch(stretch, at, upTo, state);
  for (let i = 0; i < 20; i++) {
    // `#define f g` in `f (1)`: the outcome ends in the name of a function-like macro.
    const last = expansion.tokens.at(-1);
    const pending = last?.kind === 'name' && !isHidden(last, last.text) ? state.macros.get(last.text) : undefined;
    if (!pending || pending.params === null) break;
    const close = closing(source.text, upTo, closings);
    if (close === null) break;
    upTo = close;
    expansion = expandStretch(stretch, at, upTo, state);
  }
  const place = { file, offset: source.toFile(at) };
  const inDoubt = doubt ?? expansion.unsettled;
  for (const part of splitPragmas(expansion.tokens)) {
    if (typeof part === 'string') applyPragma(part, file, inDoubt, state);
    else state.output.made(` ${textOf(part)} `, place, inDoubt);
  }
  // A macro in doubt that may stand for nothing still leaves its mark.
  if (expansion.tokens.length === 0 && inDoubt !== null) state.output.made(' ', place, inDoubt);
  return upTo;
}

function expandStretch({ source, file }: Stretch, start: number, end: number, state: State): Expansion {
  const special = specialFor({ source, file }, start, state);
  const macro = state.macros.get(source.text.slice(start, end));
  if (macro && isFinal(macro, state.macros)) {
    state.steps += macro.body.length + 1;
    return { tokens: macro.body, unsettled: macro.unsettled, steps: macro.body.length + 1 };
  }
  const expansion = expand(tokenize(source.text, start, end), { macros: state.macros, special, condition: false });
  state.steps += expansion.steps;
  return expansion;
}

/** Whether nothing in what a macro stands for is replaced again: its text is the outcome, as of most that stand in front of a function. */
function isFinal({ params, value, body }: Macro, macros: MacroTable): boolean {
  if (params !== null || value !== null) return false;
  return body.every(({ kind, text }) => (kind === 'name' ? !macros.get(text) && !isSpecial(text) : text !== '##'));
}

/** Takes `_Pragma("…")` and `__pragma(…)` out of tokens. */
function splitPragmas(tokens: readonly Token[]): readonly (readonly Token[] | string)[] {
  const out: (readonly Token[] | string)[] = [];
  let kept = 0;
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens[i]?.text;
    if ((word !== '_Pragma' && word !== '__pragma') || tokens[i + 1]?.text !== '(') continue;
    let end = i + 2;
    for (let depth = 1; end < tokens.length; end++) {
      if (tokens[end]?.text === '(') depth++;
      else if (tokens[end]?.text === ')' && --depth === 0) break;
    }
    const inside = textOf(tokens.slice(i + 2, end));
    out.push(tokens.slice(kept, i), word === '_Pragma' ? inside.replace(/^L?"|"$/g, '').replace(/\\(.)/g, '$1') : inside);
    kept = end + 1;
    i = end;
  }
  out.push(tokens.slice(kept));
  return out.filter((part) => part.length > 0);
}
