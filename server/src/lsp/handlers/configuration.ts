/** `workspace/didChangeConfiguration`: the editor's settings, asked for where it can be asked. */
import { DidChangeConfigurationNotification } from 'vscode-languageserver/node';
import { readSettings } from '../settings.ts';
import { refreshLayouts } from './layouts.ts';
import type { State } from '../state.ts';

const SECTION = 'ffi-lint';

export function registerConfiguration(state: State): void {
  const { connection, log } = state;
  connection.onDidChangeConfiguration(({ settings }) => {
    // Where the editor cannot be asked, it sends the settings along.
    const sent = typeof settings === 'object' && settings !== null ? settings[SECTION] : undefined;
    loadSettings(state, sent).catch((error: unknown) => log.warn(`the settings could not be read: ${String(error)}`));
  });
}

export async function startConfiguration(state: State): Promise<void> {
  const { connection, client } = state;
  if (client.watchesConfiguration) await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
  if (client.asksConfiguration) await loadSettings(state, undefined);
}

async function loadSettings(state: State, sent: unknown): Promise<void> {
  const section: unknown = state.client.asksConfiguration ? await state.connection.workspace.getConfiguration(SECTION) : sent;
  if (section === undefined || section === null) return;
  const before = state.live.settings;
  state.live.settings = readSettings(section);
  if (before.inlayHints !== state.live.settings.inlayHints) refreshLayouts(state);
  if (before.enable === state.live.settings.enable && before.scope === state.live.settings.scope) return;
  state.checker.changed({ reload: true }, 0);
}
