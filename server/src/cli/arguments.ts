/** Reads the command line against the tables of commands and flags. */
import { parseArgs } from 'node:util';
import { closest } from '../base/closest.ts';
import type { CommandInfo, CommandName } from './command-table.ts';
import { COMMANDS, findCommand } from './command-table.ts';
import { UserError } from './errors.ts';
import type { Flag, FlagKey } from './flags.ts';
import { FLAGS, flag } from './flags.ts';

/** One flag as it was written, in order. */
export interface GivenFlag {
  readonly key: FlagKey;
  /** null for a flag without a value. */
  readonly value: string | null;
}

export interface Arguments {
  readonly command: CommandName;
  /** Whether the command was written or is the default. */
  readonly named: boolean;
  readonly positionals: readonly string[];
  readonly flags: readonly GivenFlag[];
  has(key: FlagKey): boolean;
  /** The last value; null where it was not given. */
  text(key: FlagKey): string | null;
  all(key: FlagKey): readonly string[];
}

const KEYS = new Map<string, FlagKey>();
for (const key of Object.keys(FLAGS)) if (isFlagKey(key)) KEYS.set(flag(key).name, key);

function isFlagKey(key: string): key is FlagKey {
  return Object.hasOwn(FLAGS, key);
}

/** Throws a `UserError` that names what is wrong. */
export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: withEmptyValues(argv),
    options: parserOptions(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const given: { readonly written: string; readonly key: FlagKey | null; readonly value: string | null; readonly inline: boolean }[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    else if (token.kind === 'option') {
      const key = KEYS.get(token.name) ?? null;
      given.push({ written: token.rawName, key, value: token.value ?? null, inline: token.inlineValue === true });
    }
  }
  const command = words[0] === undefined ? null : findCommand(words[0]);
  const info: CommandInfo & { readonly name: CommandName } = command ?? COMMANDS[0];
  const flags = given.flatMap(({ written, key, value, inline }) => named(checkFlag(info, written, key, value, inline), value));
  const values = (key: FlagKey) => flags.flatMap((one) => (one.key === key && one.value !== null ? [one.value] : []));
  return {
    command: info.name,
    named: command !== null,
    positionals: command ? words.slice(1) : words,
    flags,
    has: (key) => flags.some((one) => one.key === key),
    text: (key) => values(key).at(-1) ?? null,
    all: values,
  };
}

/** `--only a,b` is `--only a --only b`: names of rules hold no comma. */
function named(key: FlagKey, value: string | null): readonly GivenFlag[] {
  const list: Flag = flag(key);
  if (list.completes !== 'rule' || value === null) return [{ key, value }];
  return value.split(',').map((name) => ({ key, value: name.trim() }));
}

/** `--add-ignore` without a value is `--add-ignore=`: the parser knows no optional values. */
function withEmptyValues(argv: readonly string[]): string[] {
  const optional = new Set([...KEYS.values()].map(flag).flatMap((one) => (one.optionalValue ? [`--${one.name}`] : [])));
  const end = argv.indexOf('--');
  return argv.map((word, i) => (optional.has(word) && (end < 0 || i < end) ? `${word}=` : word));
}

function parserOptions() {
  return Object.fromEntries(
    [...KEYS.values()].map((key) => {
      const { name, short, value } = flag(key);
      const type = value === undefined ? ('boolean' as const) : ('string' as const);
      return [name, short === undefined ? { type, multiple: true } : { type, multiple: true, short }];
    }),
  );
}

function checkFlag(command: CommandInfo, written: string, key: FlagKey | null, value: string | null, inline: boolean): FlagKey {
  const hint = `\`ffi-lint help ${command.name}\` lists the flags`;
  if (key === null) throw new UserError(`there is no flag ${written}${didYouMean(written, command)}`, hint);
  const known: Flag = flag(key);
  if (!command.flags.includes(key)) throw new UserError(`\`ffi-lint ${command.name}\` has no flag ${written}`, hint);
  if (known.value === undefined) {
    if (value !== null) throw new UserError(`${written} takes no value`, hint);
    return key;
  }
  if (known.optionalValue) return key;
  const missing = value === null || value === '' || (!inline && value.length > 1 && value.startsWith('-'));
  const choices = key === 'outputFormat' ? (command.formats ?? known.choices) : known.choices;
  const expected = choices ? `one of ${choices.join(', ')}` : (known.value ?? '');
  if (missing) throw new UserError(`${written} needs a value: ${expected}`, hint);
  if (choices && !choices.includes(value)) {
    const near = closest(value, choices);
    throw new UserError(`${written} cannot be \`${value}\`${near ? `; did you mean \`${near}\`?` : ''}`, `it is ${expected}`);
  }
  return key;
}

function didYouMean(written: string, command: CommandInfo): string {
  const near = closest(
    written.replace(/^-+/, ''),
    command.flags.map((key) => flag(key).name),
  );
  return near ? `; did you mean --${near}?` : '';
}
