/** What a metavariable is written as in an expansion. */
import { HASH, LESS } from '../../../syntax/rust/chars.ts';
import { closerOf } from '../../../syntax/rust/groups.ts';
import type { Binding } from './macro-match.ts';
import type { Output } from './macro-output.ts';
import { writeMade, writePiece } from './macro-output.ts';
import type { Tokens } from './macro-tokens.ts';
import { DOC_TOKENS, endOfTree, gapBefore, operatorAt, textOf, wordAt } from './macro-tokens.ts';
import { endOfAngles } from './macro-types.ts';

/**
 * Writes the tokens of a fragment as they stand in the arguments; `offset` is where those start in their file.
 * `beforeLess` says that `<` follows: `$x as $t << 1` shifts, whatever the type.
 */
export function writeFragment(
  out: Output,
  gap: string,
  args: Tokens,
  offset: number,
  binding: Extract<Binding, { kind: 'tokens' }>,
  beforeLess: boolean,
): void {
  const { from, to } = binding;
  if (from >= to) return;
  const wrapped = needsParentheses(args, binding) || (beforeLess && binding.fragment === 'ty');
  if (wrapped) writeMade(out, `${gap}(`);
  if (isCopyable(args, from, to)) {
    const start = args.starts[from] ?? 0;
    const end = args.ends[to - 1] ?? start;
    writePiece(out, wrapped ? '' : gap, args.text.slice(start, end), 'args', { start: offset + start, end: offset + end });
  } else {
    for (let at = from; at < to; at++) {
      const origin = { start: offset + (args.starts[at] ?? 0), end: offset + (args.ends[at] ?? 0) };
      writePiece(out, at > from ? gapBefore(args, at) : wrapped ? '' : gap, textOf(args, at), 'args', origin);
    }
  }
  if (wrapped) writeMade(out, ')');
  // A statement is whole wherever it is written, its semicolon included.
  if (binding.fragment === 'stmt' && wordAt(args, from) === 'let') writeMade(out, ';');
}

/** Doc comments stand for tokens that are not in the text: they are copied whole and in front of something, or token by token. */
function isCopyable(args: Tokens, from: number, to: number): boolean {
  if (args.made.has(to - 1)) return false;
  return !args.made.has(from) || (args.kinds[from] === HASH && to - from > DOC_TOKENS);
}

const LOOSE_WORDS = new Set('as if match while for loop return break continue yield move async unsafe const try let'.split(' '));

/** A fragment is one operand wherever it is written (Reference, "Forwarding a matched fragment"). */
function needsParentheses(args: Tokens, { from, to, fragment }: Extract<Binding, { kind: 'tokens' }>): boolean {
  if (to - from < 2) return false;
  if (fragment === 'ty') return hasAtTop(args, from, to, (operator) => operator === '+');
  if (fragment !== 'expr' && fragment !== 'expr_2021') return false;
  if (closerOf(args.kinds[from] ?? 0) !== 0 && args.partners[from] === to - 1) return false;
  return hasAtTop(args, from, to, (operator, word) => LOOSE_WORDS.has(word) || !NO_OPERATORS.has(operator));
}

/** What keeps an expression one operand: paths, calls, fields, indexes, `?` and macro calls. */
const NO_OPERATORS = new Set(['', '.', '::', '?', '!', '(', '[']);

function hasAtTop(args: Tokens, from: number, to: number, test: (operator: string, word: string) => boolean): boolean {
  let at = args.kinds[from] === LESS ? endOfAngles(args, from, to) : from;
  while (at >= 0 && at < to) {
    const operator = operatorAt(args, at, to);
    // A leading `!` negates; elsewhere it calls a macro, whose braces are no block.
    if (test(operator, wordAt(args, at)) || (operator === '!' && at === from)) return true;
    if (operator === '::' && args.kinds[at + 2] === LESS) at = endOfAngles(args, at + 2, to);
    else if (operator === '!') at = endOfTree(args, at + 1, to);
    else at = endOfTree(args, at, to);
  }
  return false;
}
