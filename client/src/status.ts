/** The one language status item: what the server does, for which target, and whether it measures. */
import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/lsp/ext.ts';
import type { Server } from './server.ts';

const SELECTOR = ['rust', 'c', 'cpp', 'python', 'javascript', 'typescript', 'csharp'].map((language) => ({ language }));

const WORDS: Readonly<Record<StatusParams['state'], string>> = {
  indexing: 'indexing',
  checking: 'checking',
  ready: 'ready',
  stopped: 'stopped',
  failed: 'the last check failed',
  off: 'disabled',
};

export function registerStatus(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('ffi-lint.status', SELECTOR);
  item.name = 'ffi-lint';
  item.command = { command: 'ffi-lint.showOutput', title: 'Show log' };
  item.text = 'ffi-lint: starting';
  item.busy = true;
  const listener = server.onStatus((status) => {
    item.busy = status.state === 'indexing' || status.state === 'checking';
    item.text = `ffi-lint: ${status.state === 'ready' ? findings(status) : WORDS[status.state]}`;
    item.detail = [status.target, `layouts ${status.probe === 'off' ? 'computed' : 'measured'}`, trust()].filter(Boolean).join(', ');
    item.severity =
      status.state === 'failed'
        ? vscode.LanguageStatusSeverity.Error
        : status.state === 'stopped'
          ? vscode.LanguageStatusSeverity.Warning
          : vscode.LanguageStatusSeverity.Information;
  });
  return vscode.Disposable.from(item, listener);
}

function findings({ counts }: StatusParams): string {
  const parts = [
    [counts.errors, 'error'],
    [counts.warnings, 'warning'],
    [counts.infos + counts.hints, 'note'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return told.length > 0 ? told.join(', ') : 'nothing found';
}

function trust(): string {
  return vscode.workspace.isTrusted ? '' : 'restricted mode: static analysis only';
}
