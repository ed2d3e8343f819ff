/** Expanding `macro_rules!` calls: the text that a call stands for, and where each piece of it is written. */
import type { Span } from '../../../base/text.ts';
import { LESS } from '../../../syntax/rust/chars.ts';
import type { MacroDefinition, MacroRule, Transcriber, Unknown } from './macro-definition.ts';
import { writeFragment } from './macro-fragment-text.ts';
import type { Binding, Bindings } from './macro-match.ts';
import { matchRule } from './macro-match.ts';
import type { Output, Piece } from './macro-output.ts';
import { createOutput, writeMade, writePiece } from './macro-output.ts';
import type { Tokens } from './macro-tokens.ts';
import { readTokens, textOf } from './macro-tokens.ts';

export interface Expansion {
  readonly text: string;
  /** In the order of the text. */
  readonly pieces: readonly Piece[];
  /** Where a span of the text is written in the call's file, if it all comes from one stretch of the call's arguments; else null. */
  locate(at: Span): Span | null;
}

const MOST_TOKENS = 200_000;
const MOST_TEXT = 1_000_000;

/**
 * Expands one call by the first rule that matches. `args` is the text between the call's brackets, which stands at `offset` of its file;
 * `crateRoot` is written for `$crate`. Calls in the expansion are not expanded.
 * Unknown where no rule is seen to match, or the text would be longer than a million characters.
 */
export function expandMacro(definition: MacroDefinition, args: string, offset: number, crateRoot = 'crate'): Expansion | Unknown {
  const tokens = readTokens(args, MOST_TOKENS);
  if (tokens === null) return { unknown: 'the arguments of the macro call are too long or their brackets do not match' };
  for (const rule of definition.rules) {
    const bindings = matchRule(rule.matcher, tokens);
    if (bindings !== null) return transcribe({ definition, args: tokens, offset, crateRoot }, rule, bindings);
  }
  return { unknown: 'no rule of the macro is seen to match the call' };
}

interface Call {
  readonly definition: MacroDefinition;
  readonly args: Tokens;
  readonly offset: number;
  readonly crateRoot: string;
}

function transcribe(call: Call, rule: MacroRule, bindings: Bindings): Expansion | Unknown {
  const out = createOutput();
  const failure = writeParts(out, call, rule.transcriber, bindings);
  if (failure !== null) return { unknown: failure };
  const { pieces } = out;
  return { text: out.chunks.join(''), pieces, locate: (at) => locate(pieces, call, at) };
}

/** Writes a transcriber; returns why it cannot be written, null where it can. */
function writeParts(out: Output, call: Call, parts: readonly Transcriber[], bindings: Bindings): string | null {
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === undefined) break;
    if (out.length > MOST_TEXT) return 'the macro expands to more than a million characters';
    if (part.kind === 'repeat') {
      const failure = writeRounds(out, call, part, bindings);
      if (failure !== null) return failure;
    } else if (part.kind === 'token') {
      writeOwn(out, call, part.gap, part.token, part);
    } else if (part.kind === 'variable' && bindings.has(part.name)) {
      const binding = bindings.get(part.name);
      if (binding?.kind !== 'tokens') return `\`$${part.name}\` is used outside of its repetition`;
      writeFragment(out, part.gap, call.args, call.offset, binding, isLess(call, parts[index + 1]));
    } else writeOwn(out, call, part.gap, part.token, part);
  }
  return null;
}

/** Whether a part is `<`, which would make a type in front of it generic. */
function isLess(call: Call, part: Transcriber | undefined): boolean {
  return part?.kind === 'token' && call.definition.tokens.kinds[part.token] === LESS;
}

/** A token of the definition; a variable that the rule does not bind belongs to a macro that the macro defines. */
function writeOwn(out: Output, call: Call, gap: string, token: number, part: Transcriber): void {
  const { tokens, offset } = call.definition;
  const text = part.kind === 'crate' ? call.crateRoot : part.kind === 'variable' ? `$${part.name}` : textOf(tokens, token);
  const origin = { start: offset + (tokens.starts[token] ?? 0), end: offset + (tokens.ends[token] ?? 0) };
  writePiece(out, gap, text, 'definition', origin);
}

function writeRounds(out: Output, call: Call, part: Extract<Transcriber, { kind: 'repeat' }>, bindings: Bindings): string | null {
  /** What the repetition's own parts can name: of all bindings only these, and the variables that are repeated anew in each round. */
  const own: Bindings = new Map();
  const repeated: { readonly name: string; readonly binding: Binding; readonly rounds: readonly Binding[] }[] = [];
  let count = -1;
  for (const name of variablesOf(part)) {
    const binding = bindings.get(name);
    if (!binding) continue;
    own.set(name, binding);
    if (binding.kind !== 'rounds') continue;
    if (count >= 0 && count !== binding.rounds.length) return UNCLEAR;
    count = binding.rounds.length;
    repeated.push({ name, binding, rounds: binding.rounds });
  }
  if (count < 0) return UNCLEAR;
  for (let round = 0; round < count; round++) {
    for (const { name, binding, rounds } of repeated) own.set(name, rounds[round] ?? binding);
    if (round > 0) for (const token of part.separator) writeOwn(out, call, '', token, part);
    const ownLine = part.gap === '\n' && part.parts.length > 1;
    if (round === 0 || ownLine) writeMade(out, part.gap);
    else out.between = true;
    const failure = writeParts(out, call, part.parts, own);
    if (failure !== null) return failure;
  }
  return null;
}

const UNCLEAR = 'the variables of a repetition do not say how often it is written';

/** By repetition: one is written in each round of those around it. */
const variables = new WeakMap<Transcriber, readonly string[]>();

/** The names of the variables in a repetition, each once. */
function variablesOf(part: Extract<Transcriber, { kind: 'repeat' }>): readonly string[] {
  const known = variables.get(part);
  if (known) return known;
  const names = part.parts.flatMap((one) => (one.kind === 'variable' ? [one.name] : one.kind === 'repeat' ? variablesOf(one) : []));
  const made = [...new Set(names)];
  variables.set(part, made);
  return made;
}

function locate(pieces: readonly Piece[], call: Call, at: Span): Span | null {
  let first: Piece | null = null;
  let last: Piece | null = null;
  for (let index = firstPieceBehind(pieces, at.start); index < pieces.length; index++) {
    const piece = pieces[index];
    if (piece === undefined || piece.start > at.end || (piece.start === at.end && at.end > at.start)) break;
    if (piece.source !== 'args' || (last !== null && !follows(call, last, piece))) return null;
    first ??= piece;
    last = piece;
  }
  if (first === null || last === null) return null;
  const start = isCopy(first) ? first.origin.start + Math.max(0, at.start - first.start) : first.origin.start;
  const end = isCopy(last) ? last.origin.end - Math.max(0, last.end - at.end) : last.origin.end;
  return { start, end: Math.max(start, end) };
}

/** The index of the first piece that ends behind an offset. */
function firstPieceBehind(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isCopy(piece: Piece): boolean {
  return piece.end - piece.start === piece.origin.end - piece.origin.start;
}

/** Whether only white space stands between two pieces where they are written. */
function follows(call: Call, before: Piece, after: Piece): boolean {
  const gap = [before.origin.end - call.offset, after.origin.start - call.offset] as const;
  return gap[0] <= gap[1] && call.args.text.slice(gap[0], gap[1]).trim() === '';
}
