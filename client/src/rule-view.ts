/** Shows a rule's page in the Markdown preview, from a read-only document that the server wrote. */
import * as vscode from 'vscode';
import type { Server } from './server.ts';

const SCHEME = 'ffi-lint-rule';

export function registerRuleView(server: Server): vscode.Disposable {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => pages.get(uri.path) ?? '',
  });
  const listener = server.onShowRule(async ({ rule, markdown }) => {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
    pages.set(uri.path, markdown);
    changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  });
  return vscode.Disposable.from(provider, listener, changed);
}
