/** Runs other programs: with a time limit, cancellable, and with all that they started ended with them. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { never } from '../base/cancel.ts';
import type { Cancellation } from '../base/cancel.ts';
import { codeOf } from './failures.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process; null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  readonly cancellation?: Cancellation;
}

/** What a program did. `failure` is null where it ran to its end, whatever its exit code. */
export interface ProcessResult {
  /** null where a signal ended it or it never ran. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: string | null;
}

/** Output beyond this many characters a stream ends the program: nothing that is run here says so much. */
const OUTPUT_LIMIT = 256 * 1024 * 1024;
const CANCELLATION_INTERVAL_MS = 50;

/** Runs a program without a shell. Never rejects. */
export function runProcess(command: string, args: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
  const child = start(command, args, options);
  if (typeof child === 'string') return Promise.resolve({ code: null, stdout: '', stderr: '', failure: child });
  remember(child);
  return new Promise((resolve) => {
    const { cancellation = never, timeout } = options;
    const out: Output = { stdout: '', stderr: '' };
    let failure: string | null = null;
    const stop = (why: string): void => {
      failure ??= why;
      kill(child);
    };
    const timer = timeout === undefined ? undefined : setTimeout(() => stop(`took longer than ${timeout / 1000} s`), timeout);
    const watch = setInterval(() => cancellation.cancelled && stop('was cancelled'), CANCELLATION_INTERVAL_MS);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      clearInterval(watch);
      running.delete(child);
      resolve({ code: failure === null ? code : null, ...out, failure });
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text: string) => {
        if (out[name].length + text.length > OUTPUT_LIMIT) stop('wrote too much output');
        else out[name] += text;
      });
    }
    // A program that ends without reading its input breaks the pipe, which says nothing about its result.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      failure ??= startFailure(error, command, options.cwd);
      if (child.pid === undefined) end(null);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) failure ??= `was ended by ${signal}`;
      end(code);
    });
  });
}

/** The running program, or why it could not be started where that is known at once (arguments that are too long). */
function start(command: string, args: readonly string[], options: RunOptions): ChildProcessWithoutNullStreams | string {
  try {
    return spawn(command, args, {
      cwd: options.cwd,
      env: environment(options.env),
      stdio: 'pipe',
      // A group of its own on POSIX, so that what the program starts (cargo's rustc) is ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    return startFailure(error, command, options.cwd);
  }
}

/** spawn says ENOENT of a missing folder as well. */
function startFailure(error: unknown, command: string, cwd: string | undefined): string {
  if (codeOf(error) !== 'ENOENT') return `could not be started (${codeOf(error)})`;
  return cwd === undefined ? `was not found; is ${command} installed and in PATH?` : `was not found, or its folder ${cwd} does not exist`;
}

interface Output {
  stdout: string;
  stderr: string;
}

function environment(changes: RunOptions['env']): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === null) delete env[name];
    else env[name] = value;
  }
  return env;
}

const running = new Set<ChildProcess>();
let watching = false;

/** Programs do not outlive this process. */
function remember(child: ChildProcess): void {
  running.add(child);
  if (watching) return;
  watching = true;
  process.on('exit', () => running.forEach(kill));
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already, or was never made: the child itself is what is left.
    child.kill('SIGKILL');
  }
}
