/** docs/cli.md, made from the tables; a test keeps the file up to date. */
import type { CommandInfo } from './command-table.ts';
import { COMMANDS } from './command-table.ts';
import { described, EXIT_CODES, groupedFlags, spelled } from './help.ts';

export function cliDocs(): string {
  return [
    '<!-- made from server/src/cli/flags.ts and server/src/cli/command-table.ts; `npx vitest run test/cli/docs.test.ts -u` rewrites it -->',
    '# The command line',
    [
      '`ffi-lint` checks the working directory, `ffi-lint PATH…` the paths. `ffi-lint` is the name in a terminal, `cargo ffi-lint` the same as a command of Cargo.',
      'Results go to standard output, everything else (summary, progress, problems) to standard error.',
    ].join('\n'),
    ['## Exit codes', '', '| code | meaning |', '|---|---|', ...EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`)].join('\n'),
    ...COMMANDS.map(commandDocs),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function commandDocs(command: CommandInfo): string {
  const usage = `ffi-lint ${command.name} ${command.usage}`.trimEnd();
  const alias = command.alias ? ` Also called \`${command.alias}\`.` : '';
  const summary = `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.${alias}`;
  const groups = groupedFlags(command).map(({ title, flags }) => {
    const rows = flags.map((one) => {
      const name = `${one.short ? `\`-${one.short}\`, ` : ''}\`${spelled(one)}\``;
      return `| ${name} | ${described(one, command).replace(/\|/g, '\\|')}${one.repeats ? '; repeats' : ''} |`;
    });
    return [`| ${title.toLowerCase()} | |`, '|---|---|', ...rows].join('\n');
  });
  return [`## \`${usage.replace(/\|/g, '\\|')}\``, summary, ...groups].join('\n\n');
}
