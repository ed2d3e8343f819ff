/** Macro replacement (C17 6.10.3): arguments, `#`, `##`, `__VA_ARGS__`, and a name that came out of a macro is not replaced by it again. */
import { isTypeInDoubt } from './macros.ts';
import type { Macro, MacroTable } from './macros.ts';
import { isHidden, textOf, tokenize } from './tokens.ts';
import type { Hidden, Token } from './tokens.ts';

export interface Expansion {
  readonly tokens: readonly Token[];
  /** Why the outcome is not sure: a macro of which the meaning is in doubt took part; null where it is sure. */
  readonly unsettled: string | null;
  /** How much work it was. */
  readonly steps: number;
}

export interface ExpandOptions {
  readonly macros: MacroTable;
  /** `__LINE__`, `__COUNTER__` and the like; null for other names. */
  special(name: string): string | null;
  /** In `#if`: the operand of `defined` is left alone. */
  readonly condition: boolean;
}

/** No expansion of one stretch takes more steps than this: macros that double each other would never end. */
const STEPS = 100_000;

/** Calls of macros within arguments of macros. */
const DEPTH = 200;

interface Run extends ExpandOptions {
  steps: number;
  depth: number;
  unsettled: string | null;
}

export function expand(tokens: readonly Token[], options: ExpandOptions): Expansion {
  const run: Run = { ...options, steps: 0, depth: 0, unsettled: null };
  const out = replaceAll(tokens, run);
  return { tokens: out, unsettled: run.steps > STEPS ? 'macros expand to more than can be read' : run.unsettled, steps: run.steps };
}

function replaceAll(tokens: readonly Token[], run: Run): Token[] {
  if (++run.depth > DEPTH) run.steps = STEPS + 1;
  const out: Token[] = [];
  // What is still to be read, the next one last.
  const rest: Token[] = [...tokens].reverse();
  while (rest.length > 0) {
    const token = rest.pop();
    if (!token || ++run.steps > STEPS) break;
    if (token.kind !== 'name') {
      out.push(token);
      continue;
    }
    if (run.condition && token.text === 'defined') {
      out.push(token, ...operandOfDefined(rest));
      continue;
    }
    const replaced = replaceOne(token, rest, run);
    if (replaced === null) out.push(token);
    else rest.push(...replaced.reverse());
  }
  run.depth--;
  return out;
}

function operandOfDefined(rest: Token[]): Token[] {
  const out: Token[] = [];
  const count = rest.at(-1)?.text === '(' ? 3 : 1;
  for (let i = 0; i < count; i++) {
    const next = rest.pop();
    if (next) out.push(next);
  }
  return out;
}

/** The replacement of a name, its arguments taken from `rest`; null where it stays. */
function replaceOne(token: Token, rest: Token[], run: Run): Token[] | null {
  const macro = run.macros.get(token.text);
  if (!macro) {
    const text = run.special(token.text);
    return text === null ? null : tokenize(text).map((one) => ({ ...one, spaced: token.spaced, hidden: token.hidden }));
  }
  if (isHidden(token, macro.name) || macro.value !== null || (!run.condition && isTypeInDoubt(macro))) return null;
  let args: readonly (readonly Token[])[] | null = null;
  if (macro.params !== null) {
    if (rest.at(-1)?.text !== '(') return null;
    args = takeArguments(rest, macro);
    if (args === null) {
      run.unsettled ??= `the arguments of the macro \`${macro.name}\` do not fit it`;
      return [];
    }
  }
  run.unsettled ??= macro.unsettled;
  const body = args === null ? macro.body : substitute(macro, args, run);
  const hidden: Hidden = { name: macro.name, next: token.hidden };
  return paste(body).map((one, i) => ({
    ...one,
    spaced: i === 0 ? token.spaced : one.spaced,
    hidden: join(one.hidden, hidden),
  }));
}

function join(a: Hidden | null, b: Hidden): Hidden {
  let out = b;
  for (let one = a; one; one = one.next) out = { name: one.name, next: out };
  return out;
}

/** Reads up to the closing parenthesis; null where there is none, or as many arguments as the macro cannot take. */
function takeArguments(rest: Token[], macro: Macro): readonly (readonly Token[])[] | null {
  rest.pop();
  const params = macro.params?.length ?? 0;
  const args: Token[][] = [[]];
  for (let depth = 0; ; ) {
    const token = rest.pop();
    if (!token) return null;
    if (token.text === ')' && depth === 0) break;
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    if (token.text === ',' && depth === 0 && !(macro.variadic && args.length === params)) args.push([]);
    else args.at(-1)?.push(token);
  }
  if (params === 0) return args.length === 1 && args[0]?.length === 0 ? [] : null;
  if (macro.variadic && args.length === params - 1) return [...args, []];
  return args.length === params ? args : null;
}

function substitute(macro: Macro, args: readonly (readonly Token[])[], run: Run): Token[] {
  const params = macro.params ?? [];
  const argument = (token: Token | undefined): readonly Token[] | null => {
    const at = token?.kind === 'name' ? params.indexOf(token.text) : -1;
    return at < 0 ? null : (args[at] ?? []);
  };
  const body = macro.variadic ? withOptional(macro.body, (args.at(-1)?.length ?? 0) > 0) : macro.body;
  const expanded = new Map<readonly Token[], Token[]>();
  const out: Token[] = [];
  for (let i = 0; i < body.length; i++) {
    const token = body[i] as Token;
    const next = body[i + 1];
    const stringed = token.text === '#' ? argument(next) : null;
    if (stringed) {
      const text = textOf(stringed).replace(/["\\]/g, '\\$&');
      out.push({ kind: 'literal', text: `"${text}"`, spaced: token.spaced, hidden: null });
      i++;
      continue;
    }
    const raw = argument(token);
    if (!raw) {
      // GNU: `, ## args` takes the comma away where there are no further arguments.
      const rest = token.text === ',' && next?.text === '##' ? body[i + 2] : undefined;
      const further = rest && macro.variadic && rest.text === params.at(-1) ? argument(rest) : null;
      if (further && rest) {
        if (further.length > 0) out.push(token, ...spacedAs(rest, replaceAll(further, run)));
        i += 2;
      } else {
        out.push(token);
      }
      continue;
    }
    const pasted = next?.text === '##' || body[i - 1]?.text === '##';
    let value: readonly Token[] = raw;
    if (!pasted) {
      value = expanded.get(raw) ?? replaceAll(raw, run);
      expanded.set(raw, [...value]);
    }
    if (pasted && value.length === 0) out.push({ kind: 'sign', text: '', spaced: token.spaced, hidden: null });
    else out.push(...spacedAs(token, value));
  }
  return out;
}

function spacedAs(token: Token, tokens: readonly Token[]): Token[] {
  return tokens.map((one, i) => (i === 0 ? { ...one, spaced: token.spaced } : one));
}

/** `__VA_OPT__(…)`: its content where there are further arguments, else nothing. */
function withOptional(body: readonly Token[], given: boolean): readonly Token[] {
  const start = body.findIndex(({ text }) => text === '__VA_OPT__');
  if (start < 0 || body[start + 1]?.text !== '(') return body;
  let depth = 0;
  let end = start + 1;
  for (; end < body.length; end++) {
    if (body[end]?.text === '(') depth++;
    else if (body[end]?.text === ')' && --depth === 0) break;
  }
  const content = given ? body.slice(start + 2, end) : [];
  return [...body.slice(0, start), ...content, ...withOptional(body.slice(end + 1), given)];
}

/** Applies `##`; a placemarker is a token without text. */
function paste(body: readonly Token[]): Token[] {
  if (!body.some(({ text }) => text === '##' || text === '')) return [...body];
  const out: Token[] = [];
  for (let i = 0; i < body.length; i++) {
    const token = body[i] as Token;
    const next = body[i + 1];
    const left = out.at(-1);
    if (token.text === '##' && left && next) {
      out.pop();
      const joined = tokenize(left.text + next.text).map((one, at) => (at === 0 ? { ...one, spaced: left.spaced } : one));
      out.push(...(joined.length > 0 ? joined : [{ ...left, text: '' }]));
      i++;
    } else {
      out.push(token);
    }
  }
  return out.filter(({ text }) => text !== '');
}
