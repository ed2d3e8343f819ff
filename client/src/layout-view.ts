/** Shows the layout of a type in a panel beside the editor, follows the source, and saves it; shows generated text in a document of its own. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { LayoutShown } from '../../server/src/lsp/ext.ts';
import { layoutPage } from './layout-page.ts';
import type { Server } from './server.ts';

export function registerLayoutView(server: Server): vscode.Disposable {
  let panel: vscode.WebviewPanel | null = null;
  let last: LayoutShown | null = null;

  function draw(): void {
    if (!panel || !last) return;
    panel.title = `Layout of ${last.title}`;
    panel.webview.html = layoutPage(last.title, last.html, randomBytes(16).toString('hex'));
  }

  function show(shown: LayoutShown): void {
    last = shown;
    if (panel) panel.reveal(undefined, true);
    else panel = open();
    draw();
  }

  function open(): vscode.WebviewPanel {
    const made = vscode.window.createWebviewPanel(
      'ffi-lint.layout',
      'Layout',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [], enableFindWidget: true },
    );
    made.webview.onDidReceiveMessage((message: Message) => ('kind' in message ? last && save(last, message.kind) : goTo(message)));
    // A hidden page is thrown away, and made again from what was drawn at first.
    made.onDidChangeViewState(() => made.visible && draw());
    made.onDidDispose(() => {
      panel = null;
    });
    return made;
  }

  /** After each check: the source may say something else now. A type that is gone stays as it was last seen. */
  async function follow(): Promise<void> {
    if (!panel || !last) return;
    const { uri, title, html } = last;
    const now = await server.layoutOf(uri, title);
    if (!now || now.html === html || last.uri !== uri || last.title !== title) return;
    last = now;
    await panel?.webview.postMessage({ html: now.html });
  }

  return vscode.Disposable.from(
    { dispose: () => panel?.dispose() },
    server.onShowLayout(show),
    server.onStatus(({ state }) => (state === 'ready' ? void follow() : undefined)),
    server.onShowText(async ({ language, text }) => {
      await vscode.env.clipboard.writeText(text);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content: text }), vscode.ViewColumn.Beside);
    }),
    vscode.commands.registerCommand('ffi-lint.showLayout', async () => {
      const found = await atCursor(server);
      if (found) show(found);
    }),
    vscode.commands.registerCommand('ffi-lint.exportLayout', async () => {
      const found = (vscode.window.activeTextEditor ? await atCursor(server) : null) ?? last;
      if (found) await save(found, null);
    }),
  );
}

/** What the page tells: a place to go to, or in which form the layout is wanted. */
type Message = { readonly uri: string; readonly line: number; readonly column: number } | { readonly kind: Kind };

const FORMS = { svg: ['SVG', 'svg'], markdown: ['Markdown', 'md'], json: ['JSON', 'json'] } as const;
type Kind = keyof typeof FORMS;

async function goTo({ uri, line, column }: Exclude<Message, { readonly kind: Kind }>): Promise<void> {
  const at = new vscode.Position(line, column);
  const target = vscode.Uri.parse(uri, true);
  // Beside the panel, not in its place.
  const seen = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === target.toString());
  const viewColumn = seen?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(target, { viewColumn, selection: new vscode.Range(at, at) });
}

async function atCursor(server: Server): Promise<LayoutShown | null> {
  const editor = vscode.window.activeTextEditor;
  const found = editor ? await server.layoutAt(editor.document.uri, editor.selection.active) : null;
  if (editor && !found) vscode.window.showInformationMessage('ffi-lint: no type with a known layout is here');
  return found;
}

/** The user chooses by the name's ending where no kind is given. */
async function save(shown: LayoutShown, kind: Kind | null): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const forms = kind ? [FORMS[kind]] : Object.values(FORMS);
  const [first = FORMS.svg] = forms;
  const name = `${shown.title.replace(/[^\w.-]+/g, '-')}.${first[1]}`;
  const target = await vscode.window.showSaveDialog({
    filters: Object.fromEntries(forms.map(([label, ending]) => [label, [ending]])),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!target) return;
  const text = target.path.endsWith('.md') ? shown.markdown : target.path.endsWith('.json') ? shown.json : shown.svg;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
