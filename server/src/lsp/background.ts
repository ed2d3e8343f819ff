/** Work of compilers beside the checks: one job at a time, with progress and a button that stops it; a newer job takes the place of the running one. */
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { Cancellation } from '../base/cancel.ts';
import type { State } from './state.ts';

/** Shorter jobs are not worth a flicker, in milliseconds. */
const PATIENCE = 500;

export interface Background {
  /** Ends the running job, and starts this one. What it throws is logged. */
  start(
    state: Pick<State, 'connection' | 'client' | 'log'>,
    job: (cancellation: Cancellation, tell: (what: string) => void) => Promise<void>,
  ): void;
  stop(): void;
}

export function createBackground(title: string): Background {
  let running: { cancelled: boolean } | null = null;
  return {
    start({ connection, client, log }, job) {
      if (running) running.cancelled = true;
      const token = { cancelled: false };
      running = token;
      let reporter: WorkDoneProgressServerReporter | null = null;
      let said = '';
      let ended = false;
      const begin = async (): Promise<void> => {
        const made = await connection.window.createWorkDoneProgress();
        if (ended) return;
        reporter = made;
        made.begin(title, undefined, said, true);
        made.token.onCancellationRequested(() => {
          token.cancelled = true;
        });
      };
      const timer = setTimeout(() => {
        if (client.progress) begin().catch((error: unknown) => log.debug(`progress was refused: ${String(error)}`));
      }, PATIENCE);
      const tell = (what: string): void => {
        said = what;
        reporter?.report(what);
      };
      job(token, tell)
        .catch((error: unknown) => log.warn(`${title} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`))
        .finally(() => {
          ended = true;
          clearTimeout(timer);
          reporter?.done();
          if (running === token) running = null;
        });
    },
    stop() {
      if (running) running.cancelled = true;
    },
  };
}
