/** The controlling expression of `#if` (C17 6.10.1), as far as it can be settled. */
import { expand } from './expand.ts';
import type { Macro, MacroTable } from './macros.ts';
import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';
import { and, binary, complement, exactly, negate, not, or, truth, unknownValue } from './values.ts';
import type { Value } from './values.ts';

export interface ConditionInput {
  readonly macros: MacroTable;
  special(name: string): string | null;
  /** Whether a header (`<a.h>` or `"a.h"`, with its signs) can be found; null where that is not known. */
  hasInclude(header: string): boolean | null;
  /** A `__has_attribute` and its like: 1, 0, or null where compilers differ. */
  hasFeature(operator: string, name: string): boolean | null;
}

/** true, false, or why it cannot be told. */
export function evaluateCondition(text: string, input: ConditionInput): boolean | string {
  const raw = guardIncludes(tokenize(text));
  const whole = readValue(raw, input);
  if (whole === null) return 'the condition cannot be read';
  if (whole.unsettled === null) return truth(whole.value);
  const parts = operands(raw, input, 0);
  const known = parts === null ? whole.unsettled : truth(parts);
  return typeof known === 'string' ? whole.unsettled : known;
}

interface Read {
  readonly tokens: readonly Token[];
  readonly value: Value;
  /** Why what its macros mean is not sure; null where it is. */
  readonly unsettled: string | null;
}

/** null where it cannot be read. */
function readValue(raw: readonly Token[], input: ConditionInput): Read | null {
  const { tokens, unsettled } = expand(raw, { macros: input.macros, special: input.special, condition: true });
  const state: State = { ...input, tokens, at: 0, depth: 0, broken: false };
  const value = conditional(state);
  return state.broken || state.at < tokens.length ? null : { tokens, value, unsettled };
}

/**
 * Operands of `||` and `&&` read one by one: a macro of which the meaning is in doubt says nothing of the others. null where one cannot be
 * read alone, as where a macro brings such an operator itself.
 */
function operands(raw: readonly Token[], input: ConditionInput, depth: number): Value | null {
  if (depth > DEPTH) return null;
  for (const [operator, join] of JOINS) {
    const parts = splitAt(raw, operator);
    if (parts === null) return null;
    if (parts.length === 1) continue;
    const values = parts.map((part) => operands(part, input, depth + 1));
    return values.reduce((left, right) => (left === null || right === null ? null : join(left, right)));
  }
  if (raw[0]?.text === '(' && closesAtEnd(raw)) return operands(raw.slice(1, -1), input, depth + 1);
  const read = readValue(raw, input);
  if (read === null || JOINS.some(([operator]) => splitAt(read.tokens, operator)?.length !== 1)) return null;
  return read.unsettled === null ? read.value : unknownValue(read.unsettled);
}

const JOINS = [
  ['||', or],
  ['&&', and],
] as const;

/** The stretches between an operator outside of parentheses; null where `?` or a lone parenthesis makes something else of it. */
function splitAt(tokens: readonly Token[], operator: string): readonly (readonly Token[])[] | null {
  const out: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    else if (token.text === ')' && depth-- === 0) return null;
    if (depth === 0 && token.text === '?') return null;
    if (depth === 0 && token.text === operator) out.push([]);
    else out.at(-1)?.push(token);
  }
  return depth === 0 ? out : null;
}

/** Whether the parenthesis that opens a stretch closes at its end. */
function closesAtEnd(tokens: readonly Token[]): boolean {
  let depth = 0;
  return (
    tokens.findIndex(({ text }) => {
      if (text === '(') depth++;
      return text === ')' && --depth === 0;
    }) ===
    tokens.length - 1
  );
}

/** `__has_include(<a/b.h>)` keeps its operand out of macro replacement: it becomes one literal. */
function guardIncludes(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    out.push(token);
    if (!/^__has_(include|include_next|embed)$/.test(token.text) || tokens[i + 1]?.text !== '(' || tokens[i + 2]?.text !== '<') continue;
    let end = i + 3;
    let name = '';
    while (end < tokens.length && tokens[end]?.text !== '>') name += tokens[end++]?.text ?? '';
    out.push(tokens[i + 1] as Token, { kind: 'literal', text: `<${name}>`, spaced: false, hidden: null });
    i = end;
  }
  return out;
}

interface State extends ConditionInput {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  broken: boolean;
}

/** Parentheses and operators nest no deeper than this. */
const DEPTH = 200;

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

function accept(state: State, text: string): boolean {
  if (state.tokens[state.at]?.text !== text) return false;
  state.at++;
  return true;
}

function fail(state: State): Value {
  state.broken = true;
  return unknownValue('the condition cannot be read');
}

function conditional(state: State): Value {
  if (++state.depth > DEPTH) return fail(state);
  const test = level(state, 0);
  let value = test;
  if (accept(state, '?')) {
    const yes = conditional(state);
    if (!accept(state, ':')) return fail(state);
    const no = conditional(state);
    const known = truth(test);
    value = known === true ? yes : known === false ? no : unknownValue(known);
  }
  state.depth--;
  return value;
}

function level(state: State, at: number): Value {
  const operators = LEVELS[at];
  if (!operators) return unary(state);
  let left = level(state, at + 1);
  for (;;) {
    const operator = operators.find((one) => accept(state, one));
    if (operator === undefined || state.broken) return left;
    const right = level(state, at + 1);
    left = operator === '&&' ? and(left, right) : operator === '||' ? or(left, right) : binary(operator, left, right);
  }
}

function unary(state: State): Value {
  if (++state.depth > DEPTH) return fail(state);
  let value: Value;
  if (accept(state, '!')) value = not(unary(state));
  else if (accept(state, '-')) value = negate(unary(state));
  else if (accept(state, '+')) value = unary(state);
  else if (accept(state, '~')) value = complement(unary(state));
  else value = primary(state);
  state.depth--;
  return value;
}

function primary(state: State): Value {
  const token = state.tokens[state.at];
  if (!token) return fail(state);
  state.at++;
  if (token.text === '(') {
    const value = conditional(state);
    return accept(state, ')') ? value : fail(state);
  }
  if (token.kind === 'number') return numberValue(token.text) ?? fail(state);
  if (token.kind === 'literal') return charValue(token.text) ?? fail(state);
  if (token.kind !== 'name') return fail(state);
  if (token.text === 'defined') return definedValue(state);
  if (/^__has_\w+$|^__is_identifier$|^__building_module$/.test(token.text) && state.tokens[state.at]?.text === '(')
    return featureValue(state, token.text);
  return nameValue(state, token.text);
}

function definedValue(state: State): Value {
  const bracket = accept(state, '(');
  const name = state.tokens[state.at++];
  if (name?.kind !== 'name' || (bracket && !accept(state, ')'))) return fail(state);
  return definednessValue(state.macros, name.text);
}

export function definednessValue(macros: MacroTable, name: string): Value {
  const known =
    FEATURE_OPERATORS.has(name) && macros.get(name) === undefined ? `\`${name}\` depends on the compiler` : macros.defined(name);
  if (typeof known === 'boolean') return exactly(known ? 1n : 0n);
  return { low: 0n, high: 1n, unsigned: false, reason: known };
}

/** Operators of conditions that `#ifdef` asks for: not every compiler has them. */
const FEATURE_OPERATORS = new Set(
  [
    'attribute',
    'builtin',
    'c_attribute',
    'cpp_attribute',
    'declspec_attribute',
    'extension',
    'feature',
    'include',
    'include_next',
    'warning',
  ].map((name) => `__has_${name}`),
);

function featureValue(state: State, operator: string): Value {
  state.at++;
  const operand: Token[] = [];
  for (let depth = 0; ; ) {
    const token = state.tokens[state.at++];
    if (!token) return fail(state);
    if (token.text === ')' && depth-- === 0) break;
    if (token.text === '(') depth++;
    operand.push(token);
  }
  const text = operand.map((one) => one.text).join('');
  const known = /^__has_include/.test(operator) ? state.hasInclude(text) : state.hasFeature(operator, text.replace(/^__|__$/g, ''));
  return known === null ? { ...unknownValue(`\`${operator}(${text})\` depends on the compiler`), low: 0n } : exactly(known ? 1n : 0n);
}

/** A name that no macro stands for is 0 (6.10.1p4); one that may be a macro is not known. */
function nameValue(state: State, name: string): Value {
  const macro: Macro | undefined = state.macros.get(name);
  if (macro?.value) return macro.unsettled === null ? macro.value : unknownValue(macro.unsettled);
  // `true` and `false` are C23's keywords, and 1 and 0 through stdbool.h before.
  if (name === 'true') return exactly(1n);
  if (macro) return exactly(0n);
  const known = state.macros.defined(name);
  return typeof known === 'string' ? unknownValue(known) : exactly(0n);
}

function numberValue(text: string): Value | null {
  const found = /^(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*)([uU]?(?:ll|LL|[lLzZ])?|(?:ll|LL|[lLzZ])[uU])$/.exec(text);
  if (!found) return null;
  const digits = (found[1] ?? '').replace(/'/g, '');
  if (/^0\d*[89]/.test(digits)) return null;
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const unsigned = /[uU]/.test(found[2] ?? '') || value >= 1n << 63n;
  return value >= 1n << 64n ? null : exactly(value, unsigned);
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '0': 0, a: 7, b: 8, f: 12, v: 11, "'": 39, '"': 34, '\\': 92 };

function charValue(text: string): Value | null {
  const found = /^'(?:([^\\'])|\\(.))'$/.exec(text);
  if (!found) return null;
  const code = found[1] !== undefined ? found[1].charCodeAt(0) : ESCAPES[found[2] ?? ''];
  return code === undefined || code > 127 ? null : exactly(BigInt(code));
}
