/** `ffi-lint help` */
import { closest } from '../../base/closest.ts';
import type { Arguments } from '../arguments.ts';
import { COMMANDS, findCommand } from '../command-table.ts';
import { UserError } from '../errors.ts';
import { commandHelp, overview } from '../help.ts';
import type { Context } from '../io.ts';

export async function help(args: Arguments, { io }: Context): Promise<number> {
  const [name] = args.positionals;
  if (name === undefined) {
    io.stdout(overview());
    return 0;
  }
  const command = findCommand(name);
  if (!command) {
    const names = COMMANDS.map((one) => one.name);
    const near = closest(name, names);
    throw new UserError(
      `there is no command \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
      `the commands are ${names.join(', ')}`,
    );
  }
  io.stdout(commandHelp(command));
  return 0;
}
