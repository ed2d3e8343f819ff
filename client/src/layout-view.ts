/** Shows the layout of a type in the Markdown preview and saves it as a drawing; shows generated text in a document of its own. */
import * as vscode from 'vscode';
import type { LayoutShown } from '../../server/src/lsp/ext.ts';
import type { Server } from './server.ts';

const SCHEME = 'ffi-lint-layout';

export function registerLayoutView(server: Server): vscode.Disposable {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let last: LayoutShown | null = null;
  const show = async (shown: LayoutShown): Promise<void> => {
    last = shown;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${shown.title}.md` });
    pages.set(uri.path, shown.markdown);
    changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  };
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => pages.get(uri.path) ?? '',
  });
  return vscode.Disposable.from(
    provider,
    changed,
    server.onShowLayout(show),
    server.onShowText(async ({ language, text }) => {
      await vscode.env.clipboard.writeText(text);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content: text }), vscode.ViewColumn.Beside);
    }),
    vscode.commands.registerCommand('ffi-lint.showLayout', async () => {
      const found = await atCursor(server);
      if (found) await show(found);
    }),
    vscode.commands.registerCommand('ffi-lint.exportLayout', async () => {
      const found = (await atCursor(server)) ?? last;
      if (found) await save(found);
    }),
  );
}

async function atCursor(server: Server): Promise<LayoutShown | null> {
  const editor = vscode.window.activeTextEditor;
  const found = editor ? await server.layoutAt(editor.document.uri, editor.selection.active) : null;
  if (editor && !found) vscode.window.showInformationMessage('ffi-lint: no type with a known layout is here');
  return found;
}

async function save({ title, svg }: LayoutShown): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const options = { filters: { SVG: ['svg'] }, ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${title}.svg`) } : {}) };
  const target = await vscode.window.showSaveDialog(options);
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(svg));
}
