/** What this server offers to the editor. */
import { CodeActionKind, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { EXPLAIN_COMMAND } from './actions/explain.ts';
import { GENERATE_COMMAND } from './actions/bindings.ts';
import { FIX_ALL, FIX_ALL_UNSAFE } from './actions/fix-all.ts';
import { LAYOUT_COMMAND } from './handlers/layouts.ts';
import type { ClientFacts } from './client-facts.ts';
import type { ServerCapabilities } from 'vscode-languageserver/node';

export function serverCapabilities(client: ClientFacts): ServerCapabilities {
  return {
    positionEncoding: client.encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    ...(client.pullsDiagnostics
      ? { diagnosticProvider: { identifier: 'ffi-lint', interFileDependencies: true, workspaceDiagnostics: true, workDoneProgress: false } }
      : {}),
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL, FIX_ALL_UNSAFE],
      resolveProvider: true,
    },
    hoverProvider: true,
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: true,
    executeCommandProvider: { commands: [EXPLAIN_COMMAND, LAYOUT_COMMAND, GENERATE_COMMAND] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
