/** `textDocument/diagnostic` and `workspace/diagnostic`: the editor asks, with what it has already. */
import { answerFor, answerFrom } from '../answer.ts';
import { guarded } from '../guard.ts';
import { resultId } from '../report-id.ts';
import { toDiagnostic, uriOf } from '../to-proto.ts';
import { pathFromUri } from '../uris.ts';
import type { Answer, State } from '../state.ts';
import type { Diagnostic, DocumentDiagnosticReport, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver/node';

export function registerDiagnostics(state: State): void {
  const { connection, log } = state;
  connection.languages.diagnostics.on((params, token) =>
    guarded<DocumentDiagnosticReport>(log, 'textDocument/diagnostic', token, { kind: 'full', items: [] }, async () => {
      const path = pathFromUri(params.textDocument.uri);
      const answer = path === null ? null : await answerFor(state, path);
      const items = answer && path !== null ? diagnosticsOf(answer, path) : [];
      const id = resultId(items);
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

export function diagnosticsOf(answer: Answer, path: string): Diagnostic[] {
  return (answer.files.get(path) ?? []).map((shown) => toDiagnostic(answer.proto, path, shown));
}

/** Files that show something, and those that the editor still has although they no longer do. */
function workspaceReports(
  state: State,
  answer: Answer | null,
  previous: readonly { readonly uri: string; readonly value: string }[],
): WorkspaceDocumentDiagnosticReport[] {
  const known = new Map(previous.map(({ uri, value }) => [pathFromUri(uri) ?? uri, { uri, value }]));
  const reports: WorkspaceDocumentDiagnosticReport[] = [];
  for (const path of answer?.files.keys() ?? []) {
    if (!answer) break;
    const uri = known.get(path)?.uri ?? uriOf(answer.proto, path);
    reports.push(report(state, path, uri, diagnosticsOf(answer, path), known.get(path)?.value));
    known.delete(path);
  }
  for (const [path, { uri, value }] of known) reports.push(report(state, path, uri, [], value));
  return reports;
}

function report(
  state: State,
  path: string,
  uri: string,
  items: Diagnostic[],
  previous: string | undefined,
): WorkspaceDocumentDiagnosticReport {
  const version = state.documents.byPath(path)?.version ?? null;
  const id = resultId(items);
  return id === previous ? { kind: 'unchanged', uri, version, resultId: id } : { kind: 'full', uri, version, resultId: id, items };
}
