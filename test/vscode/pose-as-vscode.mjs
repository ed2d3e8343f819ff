#!/usr/bin/env node
/** Poses as VS Code's executable: takes the arguments of @vscode/test-electron, runs the suite in code-server, exits with its code. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openBrowser, startCodeServer } from '../../scripts/vscode-host.mjs';

/** A suite that has not ended after this long has hung, in milliseconds. */
const LIMIT = 180_000;

const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const extension = option('extensionDevelopmentPath');
const suite = option('extensionTestsPath');
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
if (!extension || !suite || !folder) throw new Error('a folder, --extensionDevelopmentPath and --extensionTestsPath are wanted');

const work = mkdtempSync(path.join(tmpdir(), 'ffi-lint-vscode-'));
// @vscode/test-electron always says --disable-workspace-trust: the suite about restricted mode asks otherwise.
const server = await startCodeServer({ work, trusted: process.env.FFI_LINT_SUITE !== 'restricted' });
const browser = await openBrowser();
try {
  process.exitCode = await runSuite(browser.page);
} finally {
  await browser.close();
  server.stop();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

/** What the suite prints comes as it is; of the workbench's own complaints the first line is enough. */
function tell(type, text) {
  if (type === 'log' || type === 'info') console.log(text);
  else console.log(`[${type}] ${text.split('\n')[0]}`);
}

/** Resolves with the suite's exit code, which the workbench hands to a function of the page. */
async function runSuite(page) {
  const remote = (file) => `vscode-remote://${server.authority}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(suite)],
  ];
  const ended = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the suite did not end')), LIMIT).unref();
    const exposed = [
      page.exposeFunction('codeAutomationLog', (type, args) => tell(type, args.join(' '))),
      page.exposeFunction('codeAutomationExit', (code) => resolve(code)),
    ];
    Promise.all(exposed).catch(reject);
  });
  await page.goto(`${server.origin}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  return ended;
}
