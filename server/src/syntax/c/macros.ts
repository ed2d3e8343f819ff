/** Macros: what `#define` says, and what is known of a name that nothing here defines. */
import { isNullnessWord } from './nullness-words.ts';
import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';
import { unknownValue } from './values.ts';
import type { Value } from './values.ts';

export interface Place {
  /** Absolute path, or the name of a built-in text in angle brackets. */
  readonly file: string;
  /** UTF-16 units. */
  readonly offset: number;
}

export interface Macro {
  readonly name: string;
  /** null for an object-like macro. */
  readonly params: readonly string[] | null;
  /** Its last parameter takes all further arguments. */
  readonly variadic: boolean;
  readonly body: readonly Token[];
  /** null for one that the compiler brings. */
  readonly at: Place | null;
  /** Of a macro that is not replaced: a predefined one of which only bounds are known, or a word that says what may be null. */
  readonly value: Value | null;
  /** Why it is not sure that this is what the name means, or that it is defined at all; null where it is. */
  readonly unsettled: string | null;
  /** What else it was defined as, where it is in doubt which of them holds. */
  readonly others?: readonly Macro[];
}

/** Some compilers make nothing of such a word, which does not change what it says. */
const LEFT = unknownValue('the word says what may be null');

/** The part of a `#define` behind the name of the directive; null where it is none. */
export function readDefinition(text: string, at: Place | null): Macro | null {
  const name = /^\s*([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)/.exec(text);
  if (!name?.[1] || name[1] === 'defined') return null;
  const rest = text.slice(name[0].length);
  const base = { name: name[1], at, value: isNullnessWord(name[1]) ? LEFT : null, unsettled: null };
  if (!rest.startsWith('(')) return { ...base, params: null, variadic: false, body: tokenize(rest) };
  const close = rest.indexOf(')');
  if (close < 0) return null;
  const written = rest
    .slice(1, close)
    .split(',')
    .map((word) => word.trim());
  const params = written.length === 1 && written[0] === '' ? [] : written;
  const last = params.at(-1) ?? '';
  const variadic = last.endsWith('...');
  const names = variadic ? [...params.slice(0, -1), last.slice(0, -3).trim() || '__VA_ARGS__'] : params;
  if (!names.every((one) => /^[\w$\u0080-\uffff]+$/.test(one))) return null;
  return { ...base, params: names, variadic, body: tokenize(rest.slice(close + 1)) };
}

/** A macro as the command line or the compiler gives it: `name` to its text. */
export function givenMacro(name: string, text: string): Macro | null {
  return readDefinition(text === '' ? name : `${name} ${text}`.replace(/^(\w+) \(/, '$1 ('), null);
}

export function sameMacro(a: Macro, b: Macro): boolean {
  const body = (m: Macro): string => m.body.map(({ text }) => text).join(' ');
  return body(a) === body(b) && a.params?.join() === b.params?.join() && a.variadic === b.variadic;
}

const TYPE_WORD = /^(?:void|char|short|int|long|signed|unsigned|float|double|_Bool|bool|__int(?:8|16|32|64)|\w+_t)$/;

/**
 * A macro that stands for a type, by the words of C's own types and names in `_t`, and of which it is in doubt what it stands for: its name may
 * mean something without it too (`#ifndef bool`), so that it is left where it stands, as the name of a type with several meanings.
 */
export function isTypeInDoubt(macro: Macro): boolean {
  if (macro.unsettled === null || macro.value !== null) return false;
  const all = [macro, ...(macro.others ?? [])];
  return all.every(({ params }) => params === null) && all.some(({ name, body }) => isTypeText(body) && body[0]?.text !== name);
}

function isTypeText(body: readonly Token[]): boolean {
  return body.length > 0 && body.every(({ text }) => TYPE_WORD.test(text));
}

function otherMeanings(before: Macro, macro: Macro): readonly Macro[] {
  return [before, ...(before.others ?? [])].filter((one) => !sameMacro(one, macro)).slice(0, 8);
}

/** Is a macro of this name defined: yes, no, or why it cannot be told. */
export type Definedness = true | false | string;

export interface MacroTable {
  get(name: string): Macro | undefined;
  defined(name: string): Definedness;
  set(macro: Macro): void;
  /** `#undef` under a condition that cannot be decided leaves it in doubt. */
  undefine(name: string, unsettled: string | null): void;
  /** From here on a name may be defined by a file that was not found. */
  missed(header: string): void;
  /** Names that were asked for since the last time, and count as not defined because nothing that was read defines them: a build may. */
  takeUndecided(): readonly string[];
  all(): Iterable<Macro>;
  /** All meanings in doubt that names of types have had, by name. */
  readonly typesInDoubt: ReadonlyMap<string, readonly Macro[]>;
}

/** Macros that builds define or leave out as they like. */
const BUILD = new Set(['NDEBUG', 'DEBUG', '_DEBUG']);

/** `absent`: names that are known not to be predefined on the target, because they are predefined on others. */
export function createMacroTable(given: Iterable<Macro>, absent: ReadonlySet<string>): MacroTable {
  const macros = new Map<string, Macro>();
  const removed = new Set<string>();
  const undecided = new Set<string>();
  const typesInDoubt = new Map<string, readonly Macro[]>();
  let missing: string | null = null;
  const put = (macro: Macro): void => {
    macros.set(macro.name, macro);
    if (macro.unsettled === null || !isTypeInDoubt(macro)) return;
    const known = typesInDoubt.get(macro.name) ?? [];
    const added = [macro, ...(macro.others ?? [])].filter((one) => !known.some((other) => sameMacro(one, other)));
    typesInDoubt.set(macro.name, [...known, ...added]);
  };
  for (const macro of given) macros.set(macro.name, macro);

  return {
    get: (name) => macros.get(name),
    defined(name) {
      const known = macros.get(name);
      if (known) return known.unsettled ?? true;
      if (removed.has(name) || absent.has(name)) return false;
      if (missing !== null) return `\`${name}\` may be defined in \`${missing}\`, which was not found`;
      if (BUILD.has(name)) return `\`${name}\` depends on the build`;
      if (name.startsWith('__')) return `\`${name}\` depends on the compiler and its flags`;
      undecided.add(name);
      return false;
    },
    set(macro) {
      const before = macros.get(macro.name);
      if (!before || macro.unsettled === null) put(macro);
      // Defined differently under a condition that nobody can decide: whatever it was, it is now in doubt.
      else if (!sameMacro(before, macro)) put({ ...macro, others: otherMeanings(before, macro) });
    },
    undefine(name, unsettled) {
      const before = macros.get(name);
      if (unsettled === null) {
        macros.delete(name);
        removed.add(name);
      } else if (before) {
        put({ ...before, unsettled });
      }
    },
    missed(header) {
      missing ??= header;
    },
    takeUndecided() {
      const names = [...undecided];
      undecided.clear();
      return names;
    },
    all: () => macros.values(),
    typesInDoubt,
  };
}
