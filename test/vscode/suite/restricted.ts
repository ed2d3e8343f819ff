/** The extension in a folder that nobody trusted: static analysis works, what the folder says of executables does not count. */
import * as vscode from 'vscode';
import { EXTENSION, equal, findingsAre, fixture, LIB, ok, openLib } from './support.ts';
import type { Test } from './index.ts';

export const restricted: readonly Test[] = [
  {
    name: 'restricted mode: findings are shown',
    async run() {
      ok(!vscode.workspace.isTrusted, 'the folder is trusted');
      await openLib();
      await findingsAre(fixture(LIB), ['repr-c-missing']);
      ok(vscode.extensions.getExtension(EXTENSION)?.isActive === true, 'the extension is not active');
    },
  },
  {
    name: "restricted mode: the folder's executable is not used",
    async run() {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(fixture('.vscode/settings.json')));
      ok(text.includes('ffi-lint.server.path'), 'the fixture names no executable');
      equal(vscode.workspace.getConfiguration('ffi-lint').get('server.path'), '', 'server.path');
    },
  },
];
