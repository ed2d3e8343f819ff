/** The commands of the palette. */
import * as vscode from 'vscode';
import type { Server } from './server.ts';

const CONFIGURATION_NAMES = ['ffi-lint.toml', '.ffi-lint.toml'];

const NEW_CONFIGURATION = `# ffi-lint: what is checked and how
profile = "recommended"

[rules]
`;

export function registerCommands(context: vscode.ExtensionContext, server: Server, log: vscode.LogOutputChannel): vscode.Disposable[] {
  const commands: Readonly<Record<string, () => unknown>> = {
    'ffi-lint.restartServer': () => server.restart(),
    'ffi-lint.showOutput': () => log.show(true),
    'ffi-lint.fixAll': () => sourceAction('source.fixAll.ffi-lint'),
    'ffi-lint.fixAllUnsafe': () => sourceAction('source.fixAllUnsafe.ffi-lint'),
    'ffi-lint.checkWorkspace': () => checkWorkspace(server),
    'ffi-lint.explainRule': () => explainRule(server),
    'ffi-lint.openConfiguration': openConfiguration,
    'ffi-lint.openWalkthrough': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#ffi-lint.start`, false),
  };
  return Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run));
}

function sourceAction(kind: string): Thenable<unknown> {
  return vscode.commands.executeCommand('editor.action.codeAction', { kind, apply: 'first' });
}

async function checkWorkspace(server: Server): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: 'ffi-lint: checking the workspace', cancellable: true };
  await vscode.window.withProgress(options, (_, token) => server.checkWorkspace(token));
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function explainRule(server: Server): Promise<void> {
  const rules = await server.rules();
  const picks = rules.map(({ id, group, summary }) => ({ label: id, description: group, detail: summary }));
  const choice = await vscode.window.showQuickPick(picks, { placeHolder: 'Which rule?', matchOnDetail: true });
  if (choice) await server.explain(choice.label);
}

/** The nearest configuration above the active file, or a new unsaved one in its workspace folder. */
async function openConfiguration(): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = (active && vscode.workspace.getWorkspaceFolder(active)) ?? vscode.workspace.workspaceFolders?.[0];
  if (!folder) return void vscode.window.showInformationMessage('ffi-lint: open a folder to have a configuration for it');
  const start = active && vscode.workspace.getWorkspaceFolder(active) ? vscode.Uri.joinPath(active, '..') : folder.uri;
  const found = await nearestConfiguration(start, folder.uri);
  if (found) return void (await vscode.window.showTextDocument(found));
  const created = vscode.Uri.joinPath(folder.uri, 'ffi-lint.toml').with({ scheme: 'untitled' });
  const editor = await vscode.window.showTextDocument(created);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), NEW_CONFIGURATION));
}

async function nearestConfiguration(from: vscode.Uri, to: vscode.Uri): Promise<vscode.Uri | null> {
  for (let at = from; ; at = vscode.Uri.joinPath(at, '..')) {
    for (const name of CONFIGURATION_NAMES) {
      const uri = vscode.Uri.joinPath(at, name);
      if (await exists(uri)) return uri;
    }
    if (at.path === to.path || at.path === '/') return null;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
