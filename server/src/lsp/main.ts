/** Starts the language server over standard input and output, or over Node's channel to its parent. */
import { basename, resolve } from 'node:path';
import { createConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-languageserver/node';
import { readGrammars } from '../host/grammars.ts';
import { loadParsers } from '../syntax/parsers.ts';
import { startServer } from './server.ts';
import { createEngine, readVersion } from './workbench.ts';
import type { Connection } from 'vscode-languageserver/node';

const USAGE = 'ffi-lint server: give --stdio or --node-ipc, as the editor wants to talk';

/**
 * Serves until the editor says goodbye or goes away, and ends the process then. `args` say how to talk; `root` is the folder
 * with grammars/ and package.json. Gives an exit code where it cannot start.
 */
export async function runServer(args: readonly string[], root: string): Promise<number | null> {
  const ipc = args.includes('--node-ipc');
  if ((!ipc && !args.includes('--stdio')) || (ipc && process.send === undefined)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const parsers = await loadParsers(readGrammars(root));
  const connection = connect(ipc);
  // What nobody caught is a fault of this program: it is told, and the editor keeps its server.
  process.on('uncaughtException', (error) => connection.console.error(`unexpected: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (reason) => connection.console.error(`unexpected: ${String(reason)}`));
  startServer(connection, createEngine(readVersion(root), parsers, root));
  return null;
}

function connect(ipc: boolean): Connection {
  return ipc
    ? createConnection(new IPCMessageReader(process), new IPCMessageWriter(process))
    : createConnection(process.stdin, process.stdout);
}

// The bundle dist/server.cjs is started as a program; the command line imports this file and calls runServer itself.
if (basename(process.argv[1] ?? '') === 'server.cjs') {
  runServer(process.argv.slice(2), resolve(process.argv[1] ?? '', '../..')).then(
    (code) => {
      if (code !== null) process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`the language server could not start: ${String(error)}\n`);
      process.exitCode = 2;
    },
  );
}
