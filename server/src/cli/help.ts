/** Help texts, made from the tables. */
import type { CommandInfo } from './command-table.ts';
import { COMMANDS } from './command-table.ts';
import type { Flag } from './flags.ts';
import { flag } from './flags.ts';

export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'nothing at error level was found'],
  ['1', 'findings at error level, or more warnings than allowed; from generate: something had to be left out'],
  ['2', 'could not run: bad flag or configuration, a file that cannot be read'],
  ['130', 'stopped with Ctrl-C'],
];

/** Groups in the order of help; `other` flags of a command stand last. */
export const GROUP_TITLES = {
  output: 'Output',
  fix: 'Fixing',
  select: 'Rules',
  files: 'Files',
  suppress: 'Suppressing',
  cargo: 'Cargo and targets',
  verify: 'Compilers',
  run: 'Running',
  other: 'Other',
} as const satisfies Readonly<Record<Flag['group'], string>>;

export function overview(): string {
  const commands: readonly CommandInfo[] = COMMANDS;
  const rows = commands.map(
    ({ name, alias, usage, summary }) => [`${name}${alias ? `, ${alias}` : ''} ${usage}`.trimEnd(), summary] as const,
  );
  return [
    'finds mistakes where Rust meets C and Python',
    '',
    'usage: ffi-lint [COMMAND] [ARGUMENTS…]',
    '       ffi-lint PATH…                   the same as ffi-lint check PATH…',
    '',
    'commands:',
    table(rows),
    '',
    'exit codes:',
    table(EXIT_CODES),
    '',
    '`ffi-lint help COMMAND` shows its flags',
    '',
  ].join('\n');
}

export function commandHelp(command: CommandInfo): string {
  const groups = groupedFlags(command).map(({ title, flags }) => {
    const rows = flags.map((one) => [`${one.short ? `-${one.short}, ` : '    '}${spelled(one)}`, described(one, command)] as const);
    return `${title.toLowerCase()}:\n${table(rows)}\n`;
  });
  const also = command.alias ? `also called ${command.alias}\n` : '';
  return [command.summary, `${also}\nusage: ffi-lint ${command.name} ${command.usage}`.trimEnd(), '', ...groups].join('\n');
}

export function groupedFlags(command: CommandInfo): readonly { readonly title: string; readonly flags: readonly Flag[] }[] {
  const flags: readonly Flag[] = command.flags.map(flag);
  return Object.entries(GROUP_TITLES)
    .map(([group, title]) => ({ title, flags: flags.filter((one) => one.group === group) }))
    .filter((group) => group.flags.length > 0);
}

/** `--output-format FORMAT` */
export function spelled(one: Flag): string {
  const value = one.value === undefined ? '' : one.optionalValue ? `[=${one.value}]` : ` ${one.value}`;
  return `--${one.name}${value}`;
}

/** Its help with the values that it can have. */
export function described(one: Flag, command: CommandInfo): string {
  const choices = one.name === 'output-format' ? (command.formats ?? one.choices) : one.choices;
  return choices ? `${one.help}: ${choices.join(', ')}` : one.help;
}

/** Two columns; the second is broken at words to fit a line of 100 signs. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .map(([left, right]) => {
      const lines = wrapped(right, Math.max(40, 98 - width));
      return [`  ${left.padEnd(width)}${lines[0] ?? ''}`, ...lines.slice(1).map((line) => `  ${' '.repeat(width)}${line}`)]
        .join('\n')
        .trimEnd();
    })
    .join('\n');
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
