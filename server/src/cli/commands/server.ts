/** `ffi-lint server`: the language server, for editors. */
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';

export async function server(args: Arguments, { installation }: Context): Promise<number> {
  if (args.has('stdio') === args.has('nodeIpc')) {
    throw new UserError('server needs either --stdio or --node-ipc', 'editors start it with --stdio');
  }
  // The protocol's library is loaded for this command only.
  const { runServer } = await import('../../lsp/main.ts');
  return (await runServer([args.has('stdio') ? '--stdio' : '--node-ipc'], installation.root)) ?? 0;
}
