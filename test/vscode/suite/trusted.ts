/** The extension in a trusted folder: findings, fixes, commands, configuration, tasks. */
import * as vscode from 'vscode';
import { EXTENSION, equal, findings, findingsAre, fixesAt, fixture, LIB, ok, openLib, until } from './support.ts';
import type { Test } from './index.ts';

const RULE = 'repr-c-missing';
const lib = (): vscode.Uri => fixture(LIB);

export const trusted: readonly Test[] = [
  {
    name: 'a Rust file activates the extension, which finds the mistake',
    async run() {
      ok(vscode.workspace.isTrusted, 'the folder is not trusted');
      await useBundledServer();
      await openLib();
      const [finding] = await findingsAre(lib(), [RULE]);
      ok(vscode.extensions.getExtension(EXTENSION)?.isActive === true, 'the extension is not active');
      equal(finding?.severity, vscode.DiagnosticSeverity.Error, 'severity');
      equal(finding?.range.start.line, 2, 'line');
      ok(typeof finding?.code === 'object' && finding.code.target.path.endsWith(`/${RULE}.md`), 'the rule is not linked');
    },
  },
  {
    name: 'a quick fix mends the file, and the finding is gone before saving',
    async run() {
      const editor = await openLib();
      const [finding] = await findingsAre(lib(), [RULE]);
      if (!finding) return;
      const fix = (await fixesAt(lib(), finding)).find(({ isPreferred }) => isPreferred);
      ok(fix?.edit !== undefined && (await vscode.workspace.applyEdit(fix.edit)), 'no preferred fix could be applied');
      ok(editor.document.getText().includes('#[repr(C)]\npub struct Pair'), `the text is ${editor.document.getText()}`);
      await findingsAre(lib(), []);
    },
  },
  {
    name: 'undoing brings the finding back, typing moves it',
    async run() {
      const editor = await openLib();
      await findingsAre(lib(), [RULE]);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// é😀\n\n'));
      await until(
        () => 'the finding did not move',
        () => findings(lib())[0]?.range.start.line === 4,
      );
    },
  },
  {
    name: 'the command fixes everything that is safe',
    async run() {
      const editor = await openLib();
      await findingsAre(lib(), [RULE]);
      await vscode.commands.executeCommand('ffi-lint.fixAll');
      await until(
        () => `the text is ${editor.document.getText()}`,
        () => editor.document.getText().includes('#[repr(C)]'),
      );
    },
  },
  {
    name: 'an ignore comment hides the finding',
    async run() {
      await openLib();
      const [finding] = await findingsAre(lib(), [RULE]);
      if (!finding) return;
      const ignore = (await fixesAt(lib(), finding)).find(({ title }) => title === `ignore \`${RULE}\` for this item`);
      ok(ignore?.edit !== undefined && (await vscode.workspace.applyEdit(ignore.edit)), 'the comment could not be added');
      await findingsAre(lib(), []);
    },
  },
  {
    name: 'the hover explains the rule',
    async run() {
      await openLib();
      const [finding] = await findingsAre(lib(), [RULE]);
      const at = finding?.range.start ?? new vscode.Position(0, 0);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', lib(), at);
      const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
      ok(text.includes(`**${RULE}**`), `the hover says ${text}`);
    },
  },
  {
    name: 'explaining a rule opens its page',
    async run() {
      await vscode.commands.executeCommand('ffi-lint.explain', RULE);
      await until(
        () => 'no tab shows the rule',
        () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes(RULE))),
      );
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    },
  },
  {
    name: 'a configuration on disk takes effect without a restart',
    async run() {
      await openLib();
      await findingsAre(lib(), [RULE]);
      const config = fixture('ffi-lint.toml');
      await vscode.workspace.fs.writeFile(config, new TextEncoder().encode(`[rules]\n${RULE} = "off"\n`));
      await findingsAre(lib(), []);
      await vscode.workspace.fs.writeFile(config, new TextEncoder().encode('[rulez]\n'));
      await until(
        () => 'a misspelt key is not reported',
        () => findings(config).length > 0,
      );
      await vscode.workspace.fs.delete(config);
      await findingsAre(lib(), [RULE]);
    },
  },
  {
    name: 'a file that another program writes is checked with the whole workspace',
    async run() {
      const other = await writeOther();
      await vscode.commands.executeCommand('ffi-lint.checkWorkspace');
      await findingsAre(other, [RULE]);
      await vscode.workspace.fs.delete(other);
      await findingsAre(other, []);
    },
  },
  {
    name: 'disabling in the settings hides everything',
    async run() {
      await openLib();
      await findingsAre(lib(), [RULE]);
      const settings = vscode.workspace.getConfiguration('ffi-lint');
      await settings.update('enable', false, vscode.ConfigurationTarget.Global);
      await findingsAre(lib(), []);
      await settings.update('enable', undefined, vscode.ConfigurationTarget.Global);
      await findingsAre(lib(), [RULE]);
    },
  },
  {
    name: 'the server can be restarted',
    async run() {
      await openLib();
      await vscode.commands.executeCommand('ffi-lint.restartServer');
      await findingsAre(lib(), [RULE]);
    },
  },
  {
    name: 'a server that cannot be started does no harm, and a mended setting starts the right one',
    async run() {
      await openLib();
      const settings = vscode.workspace.getConfiguration('ffi-lint');
      await settings.update('server.path', '/nowhere/ffi-lint', vscode.ConfigurationTarget.Global);
      await findingsAre(lib(), []);
      await settings.update('server.path', undefined, vscode.ConfigurationTarget.Global);
      await findingsAre(lib(), [RULE]);
    },
  },
  {
    name: 'the task runs the command line, and its findings in closed files reach the Problems view',
    async run() {
      const other = await writeOther();
      const [task] = await vscode.tasks.fetchTasks({ type: 'ffi-lint' });
      if (!task) throw new Error('there is no task');
      const ended = new Promise<number | undefined>((resolve) => {
        const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
          if (execution.task.name !== task.name) return;
          listener.dispose();
          resolve(exitCode);
        });
      });
      await vscode.tasks.executeTask(task);
      equal(await ended, 1, 'exit code');
      const [finding] = await findingsAre(other, [RULE]);
      equal([finding?.range.start.line, finding?.range.start.character], [2, 11], 'place');
      await vscode.workspace.fs.delete(other);
    },
  },
  {
    name: 'commands and settings are few, and every command exists',
    async run() {
      const { contributes } = vscode.extensions.getExtension(EXTENSION)?.packageJSON ?? {};
      const wanted: string[] = contributes.commands.map(({ command }: { command: string }) => command);
      const known = new Set(await vscode.commands.getCommands(true));
      equal(
        wanted.filter((command) => !known.has(command)),
        [],
        'commands without a handler',
      );
      ok(wanted.length <= 12, `${wanted.length} commands`);
      ok(Object.keys(contributes.configuration.properties).length <= 20, 'too many settings');
    },
  },
];

/** A second source with the same mistake, which no editor has open. */
async function writeOther(): Promise<vscode.Uri> {
  const other = fixture('src/other.rs');
  const source = new TextDecoder().decode(await vscode.workspace.fs.readFile(lib()));
  await vscode.workspace.fs.writeFile(other, new TextEncoder().encode(source.replaceAll('pair_sum', 'other_sum')));
  return other;
}

/** The fixture names an executable that does not exist, for the test of restricted mode; here it would be obeyed. */
async function useBundledServer(): Promise<void> {
  await vscode.workspace.fs.delete(fixture('.vscode'), { recursive: true });
  await until(
    () => 'the setting stays',
    () => vscode.workspace.getConfiguration('ffi-lint').get('server.path') === '',
  );
}
