/** Shows a check that takes long as progress in the editor, with a button that stops it. */
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { CheckEvent } from '../checker.ts';
import type { State } from '../state.ts';

/** Shorter checks are not worth a flicker, in milliseconds. */
const PATIENCE = 500;

interface Running {
  readonly timer: NodeJS.Timeout;
  reporter: WorkDoneProgressServerReporter | null;
  percentage: number;
  ended: boolean;
}

export type Progress = (state: State, event: CheckEvent) => void;

export function createProgress(): Progress {
  let running: Running | null = null;
  const end = (): void => {
    if (!running) return;
    clearTimeout(running.timer);
    running.ended = true;
    running.reporter?.done();
    running = null;
  };
  return (state, event) => {
    if (!state.client.progress) return;
    if (event.kind === 'progress') {
      if (running && event.total > 0) tell(running, event.done, event.total);
      return;
    }
    end();
    if (event.kind !== 'started') return;
    const now: Running = {
      timer: setTimeout(() => begin(state, now, event.first), PATIENCE),
      reporter: null,
      percentage: -1,
      ended: false,
    };
    running = now;
  };
}

function begin(state: State, running: Running, first: boolean): void {
  state.connection.window
    .createWorkDoneProgress()
    .then((reporter) => {
      if (running.ended) return;
      running.reporter = reporter;
      reporter.begin(first ? 'ffi-lint: indexing' : 'ffi-lint: checking', 0, undefined, true);
      reporter.token.onCancellationRequested(() => state.checker.stop());
    })
    .catch((error: unknown) => state.log.debug(`progress was refused: ${String(error)}`));
}

function tell(running: Running, done: number, total: number): void {
  const percentage = Math.floor((done * 100) / total);
  if (!running.reporter || percentage === running.percentage) return;
  running.percentage = percentage;
  running.reporter.report(percentage, `${done} of ${total} files`);
}
