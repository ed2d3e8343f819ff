/** The process around the command line: streams, Ctrl-C, exit code. bin/ calls `main`. */
import { isFailure } from '../base/io.ts';
import { joinPath, normalizePath } from '../base/paths.ts';
import { nodeFileSystem } from '../host/file-system.ts';
import { rules } from '../rules/registry.ts';
import type { CliIo } from './io.ts';
import { runCli } from './run.ts';

/** `root` is the folder of package.json, `argv` what stands behind the program's name. */
export async function main(root: string, argv: readonly string[]): Promise<void> {
  const folder = normalizePath(root);
  // What bin/ starts.
  const program = joinPath(folder, 'dist/cli.cjs');
  process.exitCode = await runCli(argv, processIo(), { root: folder, version: versionOf(folder), rules, program });
}

function processIo(): CliIo {
  let pressed = false;
  process.on('SIGINT', () => {
    // The second time there is no waiting for a good place to stop.
    if (pressed) process.exit(130);
    pressed = true;
  });
  // A reader that closes early (`| head`) has seen enough; anything else (a full disk) loses results.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`error: the results cannot be written to stdout (${error.code ?? error.message})\n`);
    process.exit(2);
  });
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    stdin: readStdin,
    cwd: normalizePath(process.cwd()),
    env: process.env,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    ...(process.stdout.columns > 0 ? { columns: process.stdout.columns } : {}),
    interrupted: {
      get cancelled() {
        return pressed;
      },
    },
  };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function versionOf(root: string): string {
  const text = nodeFileSystem().read(joinPath(root, 'package.json'));
  const version: unknown = isFailure(text) ? null : JSON.parse(text).version;
  return typeof version === 'string' ? version : 'unknown';
}
