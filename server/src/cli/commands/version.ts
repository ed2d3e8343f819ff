/** `ffi-lint version` */
import type { Arguments } from '../arguments.ts';
import type { Context } from '../io.ts';

export async function version(_args: Arguments, { io, installation }: Context): Promise<number> {
  io.stdout(`ffi-lint ${installation.version}\n`);
  return 0;
}
