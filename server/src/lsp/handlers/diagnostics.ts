/** `textDocument/diagnostic` and `workspace/diagnostic`: the editor asks, with what it has already. */
import { createHash } from 'node:crypto';
import { answerFor, answerFrom } from '../answer.ts';
import { guarded } from '../guard.ts';
import { toDiagnostic, uriOf } from '../to-proto.ts';
import { pathFromUri } from '../uris.ts';
import type { Answer, FileReport, State } from '../state.ts';
import type { Diagnostic, DocumentDiagnosticReport, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver/node';

export function registerDiagnostics(state: State): void {
  const { connection, log } = state;
  connection.languages.diagnostics.on((params, token) =>
    guarded<DocumentDiagnosticReport>(log, 'textDocument/diagnostic', token, { kind: 'full', items: [] }, async () => {
      const path = pathFromUri(params.textDocument.uri);
      const answer = path === null ? null : await answerFor(state, path);
      const { items, id } = answer && path !== null ? reportOf(answer, path) : NOTHING;
      return id === params.previousResultId ? { kind: 'unchanged', resultId: id } : { kind: 'full', resultId: id, items };
    }),
  );
  connection.languages.diagnostics.onWorkspace((params, token) =>
    guarded(log, 'workspace/diagnostic', token, { items: [] }, async () => {
      const answer = answerFrom(state, await state.checker.fresh());
      return { items: workspaceReports(state, answer, params.previousResultIds) };
    }),
  );
}

const NOTHING: FileReport = { items: [], id: resultId([]) };

/** What a file shows, with an id by which an editor that has it already is told `unchanged`. */
export function reportOf(answer: Answer, path: string): FileReport {
  const known = answer.reports.get(path);
  if (known) return known;
  const items = (answer.files.get(path) ?? []).map((shown) => toDiagnostic(answer.proto, path, shown));
  const report = { items, id: resultId(items) };
  answer.reports.set(path, report);
  return report;
}

function resultId(items: readonly Diagnostic[]): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 22);
}

/** Files that show something, and those that the editor still has although they no longer do. */
function workspaceReports(
  state: State,
  answer: Answer | null,
  previous: readonly { readonly uri: string; readonly value: string }[],
): WorkspaceDocumentDiagnosticReport[] {
  const known = new Map(previous.map(({ uri, value }) => [pathFromUri(uri) ?? uri, { uri, value }]));
  const report = (path: string, uri: string, { items, id }: FileReport): WorkspaceDocumentDiagnosticReport => {
    const version = state.documents.byPath(path)?.version ?? null;
    const same = known.get(path)?.value === id;
    return same ? { kind: 'unchanged', uri, version, resultId: id } : { kind: 'full', uri, version, resultId: id, items };
  };
  const shown = answer
    ? [...answer.files.keys()].map((path) => report(path, known.get(path)?.uri ?? uriOf(answer.proto, path), reportOf(answer, path)))
    : [];
  const gone = [...known].filter(([path]) => !answer?.files.has(path)).map(([path, { uri }]) => report(path, uri, NOTHING));
  return [...shown, ...gone];
}
