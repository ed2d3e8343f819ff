/** `textDocument/publishDiagnostics` after every check, for editors that do not ask. */
import { answerFrom } from '../answer.ts';
import { uriOf } from '../to-proto.ts';
import { reportOf } from './diagnostics.ts';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { State } from '../state.ts';

/** Sends what changed since the last time, an empty list for files that show nothing any more. */
export type Push = (state: State) => void;

export function createPush(): Push {
  const sent = new Map<string, { readonly uri: string; readonly id: string }>();
  return (state) => {
    const answer = answerFrom(state, state.checker.latest());
    const send = (uri: string, path: string, diagnostics: Diagnostic[]): void => {
      const version = state.documents.byPath(path)?.version;
      void state.connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
    };
    for (const path of answer?.files.keys() ?? []) {
      if (!answer) break;
      const { items, id } = reportOf(answer, path);
      const uri = uriOf(answer.proto, path);
      const before = sent.get(path);
      if (before?.id === id && before.uri === uri) continue;
      sent.set(path, { uri, id });
      send(uri, path, items);
    }
    for (const [path, { uri }] of [...sent]) {
      if (answer?.files.has(path)) continue;
      sent.delete(path);
      send(uri, path, []);
    }
  };
}
