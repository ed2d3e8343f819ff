/** Tells the editor how far the work is: `ffi-lint/status`, refreshed diagnostics, progress with a cancel button. */
import { answerFrom } from '../answer.ts';
import type { CheckEvent } from '../checker.ts';
import type { StatusCounts, StatusMethod, StatusParams } from '../ext.ts';
import type { Push } from './push-diagnostics.ts';
import type { State } from '../state.ts';

const STATUS: StatusMethod = 'ffi-lint/status';

/** Handles the checker's events for the editor. */
export function reportCheck(state: State, push: Push, event: CheckEvent): void {
  if (event.kind === 'progress') return;
  if (event.kind === 'checked') {
    if (!state.client.pullsDiagnostics) push(state);
    // After typing, the editor asks by itself; other changes it cannot know of.
    else if (event.reloaded) refresh(state);
  }
  sendStatus(state, event.kind === 'started' ? (event.first ? 'indexing' : 'checking') : event.kind === 'checked' ? 'ready' : event.kind);
}

export function refresh(state: State): void {
  if (!state.client.pullsDiagnostics || !state.client.refreshesDiagnostics) return;
  state.connection.languages.diagnostics.refresh().catch((error: unknown) => state.log.debug(`refresh was refused: ${String(error)}`));
}

/** What is shown has changed without a check: clients that follow it look again. */
export function tellReady(state: State): void {
  sendStatus(state, 'ready');
}

function sendStatus(state: State, wanted: StatusParams['state']): void {
  if (!state.start.status) return;
  const status: StatusParams = {
    state: state.live.settings.enable ? wanted : 'off',
    target: state.checker.latest()?.result.target ?? null,
    probe: state.live.trusted && state.workbench.measures ? 'auto' : 'off',
    counts: countShown(state),
  };
  void state.connection.sendNotification(STATUS, status);
}

/** Findings that the editor is told, mirrors not counted twice. */
export function countShown(state: State): StatusCounts {
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const shown of answerFrom(state, state.checker.latest())?.files.values() ?? []) {
    for (const one of shown) {
      if (one.kind === 'finding') counts[one.finding.severity]++;
      else if (one.kind === 'problem') counts.error++;
    }
  }
  return { errors: counts.error, warnings: counts.warning, infos: counts.info, hints: counts.hint };
}
