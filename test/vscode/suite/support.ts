/** What the tests in the editor share: the fixture's documents, and waiting for what the server says. */
import * as vscode from 'vscode';

export const EXTENSION = 'ffi-lint.ffi-lint';

export function fixture(relative: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, relative);
}

export const LIB = 'src/lib.rs';

let original: string | null = null;

/** Opens the fixture's source as it was at first, whatever an earlier test left in the editor or on disk. */
export async function openLib(): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(fixture(LIB)));
  const { document } = editor;
  if (document.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
  original ??= document.getText();
  const text = original;
  if (document.getText() !== text) {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((edit) => edit.replace(whole, text));
    await document.save();
  }
  return editor;
}

export function findings(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'ffi-lint');
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits for the findings of a file to have just these rules. */
export async function findingsAre(uri: vscode.Uri, rules: readonly string[]): Promise<readonly vscode.Diagnostic[]> {
  const wanted = rules.join(', ') || 'none';
  await until(
    () => `findings in ${uri.path} are ${findings(uri).map(codeOf).join(', ') || 'none'}, not ${wanted}`,
    () => findings(uri).map(codeOf).sort().join() === [...rules].sort().join(),
  );
  return findings(uri);
}

export async function until(what: () => string, holds: () => boolean | Promise<boolean>, limit = 15_000): Promise<void> {
  const deadline = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function equal<T>(actual: T, expected: T, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

export function ok(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** The quick fixes at the start of a finding, with their edits. */
export async function fixesAt(uri: vscode.Uri, finding: vscode.Diagnostic): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, finding.range, 'quickfix', 20);
}
