/** `ffi-lint completions`: scripts that complete commands, flags, values and rule names in a shell. */
import { closest } from '../../base/closest.ts';
import type { Arguments } from '../arguments.ts';
import { SHELLS } from '../command-table.ts';
import { completionScript } from '../completion-scripts.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';

export async function completions(args: Arguments, { io, installation }: Context): Promise<number> {
  const [name, ...more] = args.positionals;
  const shell = SHELLS.find((one) => one === name);
  if (!shell || more.length > 0) {
    const near = name === undefined ? null : closest(name, SHELLS);
    const fault =
      name === undefined ? 'completions needs the name of a shell' : `there are no completions for \`${args.positionals.join(' ')}\``;
    throw new UserError(`${fault}${near ? `; did you mean \`${near}\`?` : ''}`, `the shells are ${SHELLS.join(', ')}`);
  }
  const rules = [...new Set(installation.rules.flatMap(({ id, group }) => [id, group]))].sort();
  io.stdout(completionScript(shell, rules));
  return 0;
}
