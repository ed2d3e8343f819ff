/** Tasks of the type `ffi-lint`: the command line over the workspace, with its findings in the Problems view. */
import * as vscode from 'vscode';

interface Definition extends vscode.TaskDefinition {
  readonly args?: readonly string[];
}

export function registerTasks(context: vscode.ExtensionContext): vscode.Disposable {
  const cli = context.asAbsolutePath('bin/ffi-lint.cjs');
  return vscode.tasks.registerTaskProvider('ffi-lint', {
    provideTasks: () => (vscode.workspace.workspaceFolders ?? []).map((folder) => makeTask({ type: 'ffi-lint' }, folder, cli)),
    resolveTask: (task) => makeTask({ ...task.definition }, task.scope ?? vscode.TaskScope.Workspace, cli),
  });
}

function makeTask(definition: Definition, scope: vscode.WorkspaceFolder | vscode.TaskScope, cli: string): vscode.Task {
  const args = [cli, 'check', '--output-format', 'concise', '--color', 'never', ...(definition.args ?? [])];
  // The editor's own executable is a Node too: nothing must be installed for the task.
  const execution = new vscode.ProcessExecution(process.execPath, args, { env: { ELECTRON_RUN_AS_NODE: '1' } });
  const folder = scope === vscode.TaskScope.Global ? vscode.TaskScope.Workspace : scope;
  const task = new vscode.Task(definition, folder, 'check the workspace', 'ffi-lint', execution, '$ffi-lint');
  task.group = vscode.TaskGroup.Build;
  return task;
}
