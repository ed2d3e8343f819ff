/** Holds findings against what rustc knows after a save: in the background, in trusted workspaces, where the configuration asks for it. */
import { isFailure } from '../../base/io.ts';
import { createBackground } from '../background.ts';
import { showMeasured } from './layouts.ts';
import { refresh } from './status.ts';
import { guardedNotification } from '../guard.ts';
import type { State } from '../state.ts';
import { pathFromUri } from '../uris.ts';

/** Several files are often saved at once. In milliseconds. */
const SETTLE = 300;

export function registerVerify(state: State): void {
  const { connection, log } = state;
  const background = createBackground('ffi-lint: verifying');
  let timer: NodeJS.Timeout | null = null;
  connection.onDidSaveTextDocument(
    guardedNotification(log, 'textDocument/didSave', ({ textDocument }) => {
      const path = pathFromUri(textDocument.uri);
      if (path !== null && /\.(rs|toml|h|c|py)$/.test(path)) state.layouts.measure(() => showMeasured(state));
      if (!state.live.trusted || path === null || !/\.(rs|toml)$/.test(path)) return;
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => background.start(state, (cancellation, tell) => verify(state, cancellation, tell)), SETTLE);
    }),
  );
  connection.onExit(() => background.stop());
}

async function verify(state: State, cancellation: { readonly cancelled: boolean }, tell: (what: string) => void): Promise<void> {
  const { checker, workbench, log } = state;
  const checked = await checker.fresh();
  if (!checked || cancellation.cancelled) return;
  if (hasUnsaved(state)) {
    log.debug('not verified: open documents are not saved');
    return;
  }
  const compiled = await workbench.compile(cancellation, tell);
  if (!compiled || cancellation.cancelled) return;
  for (const failure of compiled.failures) log.info(`not verified: ${failure}`);
  // Edits that came meanwhile have made another picture, which the places do not belong to.
  if (checker.latest()?.snapshot !== checked.snapshot || hasUnsaved(state)) return;
  workbench.session.compiled(compiled.crates);
  checker.changed({}, 0);
  // The texts are the same: the editor does not know that there is something to ask for.
  await checker.fresh();
  refresh(state);
}

/** cargo compiles what stands on the disk. */
function hasUnsaved({ documents, engine }: State): boolean {
  return documents.all().some(({ path, text }) => {
    const saved = engine.disk.read(path);
    return path.endsWith('.rs') && !isFailure(saved) && saved !== text;
  });
}
