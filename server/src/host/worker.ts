/** Runs a module in a process of its own and asks it things one after the other: what crashes there, or hangs, costs one answer. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { codeOf } from './failures.ts';

/** Why there is no answer, in words that can follow the worker's name. */
export interface WorkerFailure {
  readonly failure: string;
}

export interface WorkerProcess {
  /** The answer to a message (anything that structured cloning takes), within so many milliseconds. Never rejects. */
  ask(message: unknown, timeout: number): Promise<{ readonly answer: unknown } | WorkerFailure>;
  /** Ends the process; a later question starts another one. */
  end(): void;
}

/** `module`: the absolute path of a JavaScript file that answers each message of its parent with exactly one. It starts with the first question. */
export function createWorker(module: string): WorkerProcess {
  let child: ChildProcess | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const end = (): void => {
    child?.kill('SIGKILL');
    child = null;
  };
  return {
    ask(message, timeout) {
      const answer = last.then(() => {
        child ??= start(module);
        return askChild(child, message, timeout);
      });
      last = answer.then((result) => {
        if ('failure' in result) end();
      });
      return answer;
    },
    end,
  };
}

function start(module: string): ChildProcess {
  const child = fork(module, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Flags of this process (a debugger, a loader) are not meant for it.
    execArgv: [],
  });
  // It may report an error when nobody waits for an answer any more.
  child.on('error', () => {});
  rest(child);
  return child;
}

/** A worker with nothing to do does not keep this process alive; it ends by itself when the channel closes. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function askChild(child: ChildProcess, message: unknown, timeout: number): Promise<{ readonly answer: unknown } | WorkerFailure> {
  child.ref();
  child.channel?.ref();
  return new Promise((resolve) => {
    const done = (result: { readonly answer: unknown } | WorkerFailure): void => {
      clearTimeout(timer);
      child.off('message', answered).off('exit', ended).off('error', failed);
      rest(child);
      resolve(result);
    };
    const answered = (answer: unknown): void => done({ answer });
    const ended = (code: number | null, signal: string | null): void =>
      done({ failure: signal === null ? `ended with code ${code}` : `was ended by ${signal}` });
    const failed = (error: Error): void => done({ failure: `could not be started (${codeOf(error)})` });
    const timer = setTimeout(() => done({ failure: `took longer than ${timeout / 1000} s` }), timeout);
    child.on('message', answered).on('exit', ended).on('error', failed);
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
    else child.send(message as object, (error) => error && failed(error));
  });
}
