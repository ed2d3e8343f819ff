/** The VS Code side: starts the server and connects it with status, commands, tasks and views. */
import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { registerLayoutView } from './layout-view.ts';
import { registerRuleView } from './rule-view.ts';
import { createServer } from './server.ts';
import { registerStatus } from './status.ts';
import { registerTasks } from './tasks.ts';
import type { Server } from './server.ts';

let server: Server | null = null;

/** What tests and other extensions get. */
export interface Api {
  /** Resolves once the server has answered for the first time. */
  readonly ready: Promise<void>;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const log = vscode.window.createOutputChannel('ffi-lint', { log: true });
  const made = createServer(context, log);
  server = made;
  const rules = registerRuleView(made);
  context.subscriptions.push(
    log,
    registerStatus(made),
    rules,
    registerLayoutView(made),
    ...registerCommands(context, made, log),
    registerTasks(context),
  );
  context.subscriptions.push(
    vscode.workspace.onDidGrantWorkspaceTrust(() => made.trust()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('ffi-lint.server')) await made.restart();
    }),
  );
  await made.start();
  return { ready: made.ready };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server = null;
}
