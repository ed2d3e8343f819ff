/** Runs a command line and gives its exit code; everything outside is handed in. */
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import type { CommandName } from './command-table.ts';
import { findCommand } from './command-table.ts';
import { check } from './commands/check.ts';
import { clean } from './commands/clean.ts';
import { completions } from './commands/completions.ts';
import { config } from './commands/config.ts';
import { doctor } from './commands/doctor.ts';
import { generate } from './commands/generate.ts';
import { help } from './commands/help.ts';
import { init } from './commands/init.ts';
import { layout } from './commands/layout.ts';
import { map } from './commands/map.ts';
import { rule } from './commands/rule.ts';
import { server } from './commands/server.ts';
import { version } from './commands/version.ts';
import { UserError } from './errors.ts';
import { commandHelp, overview } from './help.ts';
import type { CliIo, Context, Installation } from './io.ts';
import { paint, printable, plain } from '../report/style.ts';
import { styleFor } from './terminal.ts';

type Command = (args: Arguments, context: Context) => Promise<number>;

const RUN: Readonly<Record<CommandName, Command>> = {
  check,
  layout,
  generate,
  map,
  rule,
  config,
  init,
  doctor,
  server,
  completions,
  clean,
  version,
  help,
};

/** Never rejects. Mistakes of ours are told in a line; FFI_LINT_DEBUG=1 shows where they happened. */
export async function runCli(argv: readonly string[], io: CliIo, installation: Installation): Promise<number> {
  const context = { io, installation };
  let style = plain;
  try {
    const args = readArguments(argv);
    style = styleFor(args, io, io.stderrIsTerminal);
    if (args.has('help')) {
      const command = findCommand(args.command);
      io.stdout(args.named && command ? commandHelp(command) : overview());
      return 0;
    }
    if (args.has('version')) return await version(args, context);
    refuseArguments(args);
    return await RUN[args.command](args, context);
  } catch (error) {
    const label = paint(style, 'red', 'error:');
    if (error instanceof UserError) {
      io.stderr(`${label} ${error.message.split('\n').map(printable).join('\n')}\n`);
      if (error.hint !== null) io.stderr(`${paint(style, 'cyan', 'help:')} ${printable(error.hint)}\n`);
    } else {
      const message = error instanceof Error ? error.message : String(error);
      io.stderr(`${label} ffi-lint made a mistake: ${printable(message)}\n`);
      io.stderr(`${paint(style, 'cyan', 'help:')} please report it with the output of \`ffi-lint doctor\`\n`);
    }
    if (io.env['FFI_LINT_DEBUG'] && error instanceof Error) io.stderr(`${error.stack}\n`);
    return 2;
  }
}

const WITHOUT_ARGUMENTS: ReadonlySet<CommandName> = new Set(['init', 'doctor', 'server', 'clean', 'version']);

function refuseArguments({ command, positionals }: Arguments): void {
  if (WITHOUT_ARGUMENTS.has(command) && positionals.length > 0)
    throw new UserError(`\`ffi-lint ${command}\` takes no argument, not \`${positionals[0]}\``);
}
