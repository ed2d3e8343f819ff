/** Matching the arguments of a macro call against a rule: what each metavariable stands for. */
import { IDENT, LIFETIME } from '../../../syntax/rust/lexer.ts';
import { endOfItem } from './index-file-items.ts';
import type { Matcher } from './macro-definition.ts';
import { endOfExpression, endOfStatement } from './macro-expressions.ts';
import type { Tokens } from './macro-tokens.ts';
import { endOfTree, operatorAt, textOf, wordAt } from './macro-tokens.ts';
import { endOfBlock, endOfLiteral, endOfMeta, endOfPath, endOfPattern, endOfType, endOfVisibility } from './macro-types.ts';

/** Tokens `from` to `to` of the arguments, or one binding for each round of a repetition. */
export type Binding =
  | { readonly kind: 'tokens'; readonly from: number; readonly to: number; readonly fragment: string }
  | { readonly kind: 'rounds'; readonly rounds: readonly Binding[] };

export type Bindings = Map<string, Binding>;

interface Work {
  steps: number;
}

const MOST_STEPS = 500_000;

/** What the metavariables stand for; null where the rule does not match, or finding out takes too long. */
export function matchRule(matcher: readonly Matcher[], args: Tokens): Bindings | null {
  const bindings: Bindings = new Map();
  const end = matchParts(matcher, args, 0, args.count, bindings, { steps: 0 });
  return end === args.count ? bindings : null;
}

/** The index behind what the parts match, -1 where they do not. Like rustc it never takes back a fragment that was read. */
function matchParts(parts: readonly Matcher[], args: Tokens, from: number, end: number, out: Bindings, work: Work): number {
  let at = from;
  for (const part of parts) {
    if (++work.steps > MOST_STEPS) return -1;
    if (part.kind === 'token') at = matchToken(part.text, args, at, end);
    else if (part.kind === 'repeat') at = matchRepeat(part, args, at, end, out, work);
    else if (part.kind === 'fragment') {
      const start = at;
      at = endOfFragment(part.fragment, args, at, end);
      out.set(part.name, { kind: 'tokens', from: start, to: at, fragment: part.fragment });
    } else {
      const close = args.partners[at] ?? -1;
      if (at >= end || args.kinds[at] !== part.open || close < at) return -1;
      at = matchParts(part.parts, args, at + 1, close, out, work) === close ? close + 1 : -1;
    }
    if (at < 0 || at > end) return -1;
  }
  return at;
}

function matchToken(text: string, args: Tokens, at: number, end: number): number {
  if (at >= end) return -1;
  const operator = operatorAt(args, at, end);
  if (operator === '') return textOf(args, at) === text ? at + 1 : -1;
  if (operator === text) return at + operator.length;
  // `>` also takes the first half of `>>`, which a type before it has left over.
  return text === '>' && operator.startsWith('>') ? at + 1 : -1;
}

function matchRepeat(
  part: Extract<Matcher, { kind: 'repeat' }>,
  args: Tokens,
  from: number,
  end: number,
  out: Bindings,
  work: Work,
): number {
  const names = namesOf(part);
  const rounds = names.map((): Binding[] => []);
  const round: Bindings = new Map();
  let at = from;
  let count = 0;
  while (part.operator !== '?' || count === 0) {
    if (++work.steps > MOST_STEPS) return -1;
    const start = count > 0 && part.separator !== null ? matchToken(part.separator, args, at, end) : at;
    if (start < 0 || start >= end) break;
    round.clear();
    const next = matchParts(part.parts, args, start, end, round, work);
    // A round that takes nothing would go on for ever.
    if (next <= start) break;
    count++;
    for (let i = 0; i < names.length; i++) {
      const binding = round.get(names[i] ?? '');
      if (binding) rounds[i]?.push(binding);
    }
    at = next;
  }
  if (part.operator === '+' && count === 0) return -1;
  for (let i = 0; i < names.length; i++) out.set(names[i] ?? '', { kind: 'rounds', rounds: rounds[i] ?? [] });
  return at;
}

/** By group and repetition: one is matched in each round of those around it. */
const fragments = new WeakMap<Matcher, readonly string[]>();

/** The names of the metavariables in a group or repetition. */
function namesOf(part: Extract<Matcher, { kind: 'group' | 'repeat' }>): readonly string[] {
  const known = fragments.get(part);
  if (known) return known;
  const made = part.parts.flatMap((one) => (one.kind === 'fragment' ? [one.name] : one.kind === 'token' ? [] : namesOf(one)));
  fragments.set(part, made);
  return made;
}

/** The index behind a fragment of a kind (Reference, "Metavariables"), -1 where none starts or the kind is not known. */
function endOfFragment(fragment: string, args: Tokens, at: number, end: number): number {
  switch (fragment) {
    case 'vis':
      return endOfVisibility(args, at, end);
    case 'ident':
      return at < end && args.kinds[at] === IDENT && wordAt(args, at) !== '_' ? at + 1 : -1;
    case 'lifetime':
      return at < end && args.kinds[at] === LIFETIME ? at + 1 : -1;
    case 'tt':
      return endOfTree(args, at, end);
    case 'literal':
      return endOfLiteral(args, at, end);
    case 'ty':
      return endOfType(args, at, end);
    case 'path':
      return endOfPath(args, at, end);
    case 'pat':
      return endOfPattern(args, at, end, true);
    case 'pat_param':
      return endOfPattern(args, at, end, false);
    case 'expr':
    case 'expr_2021':
      return endOfExpression(args, at, end);
    case 'stmt':
      return endOfItemAt(args, at, end, endOfStatement);
    case 'item':
      return endOfItemAt(args, at, end, () => -1);
    case 'block':
      return endOfBlock(args, at, end);
    case 'meta':
      return endOfMeta(args, at, end, endOfExpression);
    default:
      return -1;
  }
}

function endOfItemAt(args: Tokens, at: number, end: number, otherwise: (args: Tokens, at: number, end: number) => number): number {
  const start = args.starts[at];
  const limit = args.ends[end - 1];
  if (at >= end || start === undefined || limit === undefined) return -1;
  const close = endOfItem(args.text, start, limit);
  if (close < 0) return otherwise(args, at, end);
  let next = at;
  while (next < end && (args.starts[next] ?? limit) < close) next++;
  return next;
}
