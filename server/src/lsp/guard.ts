/** Keeps a handler's failure, and a cancelled request, from reaching further than its own answer. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { CancellationToken } from 'vscode-languageserver/node';
import type { Log } from '../base/log.ts';

/**
 * The answer of `work`, or `fallback` where it throws. A request that was cancelled, before or while it was worked on, is
 * answered with the protocol's error at once; the work goes on for others that wait for the same check.
 */
export async function guarded<T>(log: Log, name: string, token: CancellationToken, fallback: T, work: () => Promise<T> | T): Promise<T> {
  const cancelled = new ResponseError<void>(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
  if (token.isCancellationRequested) throw cancelled;
  let listener: { dispose(): void } | null = null;
  const cancellation = new Promise<never>((_, reject) => {
    listener = token.onCancellationRequested(() => reject(cancelled));
  });
  try {
    return await Promise.race([attempt(log, name, fallback, work), cancellation]);
  } finally {
    (listener as { dispose(): void } | null)?.dispose();
  }
}

async function attempt<T>(log: Log, name: string, fallback: T, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    log.warn(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return fallback;
  }
}

/** The same for a notification, which has no answer. */
export function guardedNotification<P>(log: Log, name: string, work: (params: P) => void): (params: P) => void {
  return (params) => {
    try {
      work(params);
    } catch (error) {
      log.warn(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
}
