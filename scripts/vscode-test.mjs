/** `npm run test:vscode`: the suites inside VS Code and the extension as a user sees it; ends with a line of counts. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { packageVsix } from './package-vsix.mjs';
import { cacheFolder, root } from './stamp.mjs';
import { prepareCodeServer } from './vscode-host.mjs';

const SUITE = path.join(cacheFolder, 'vscode-suite', 'index.cjs');
const SHIM = path.join(root, 'test/vscode/pose-as-vscode.mjs');
const FIXTURE = path.join(root, 'test/vscode/fixtures/crate');

/** A run that prints nothing for this long has hung, in milliseconds. */
const LIMIT = 300_000;

const counts = { passed: 0, failed: 0, skipped: 0 };

function skip(name, reason) {
  counts.skipped++;
  console.log(`  skipped: ${name}: ${reason}`);
}

/** Runs a program, shows its output and counts its `ok` and `not ok` lines; one that fails without either counts as failed. */
async function counted(name, args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT);
  let output = '';
  let rest = '';
  const show = (data) => {
    rest += data;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^(ok|not ok) /.test(line)) console.log(`  ${line}`);
    output += data;
  };
  child.stdout.on('data', show);
  child.stderr.on('data', show);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const passed = output.match(/^ok /gm)?.length ?? 0;
  const failed = output.match(/^not ok /gm)?.length ?? 0;
  const silent = failed === 0 && (code !== 0 || passed === 0);
  if (silent) console.log(`  not ok ${name}: ended with ${code ?? 'a signal'} after ${passed} tests`);
  if (silent) console.log(output.split('\n').slice(-40).join('\n'));
  counts.passed += passed;
  counts.failed += failed + (silent ? 1 : 0);
}

/** Where the suites run: `desktop` where it can be downloaded and shown, else `code-server`; FFI_LINT_VSCODE decides otherwise. */
async function chooseHost() {
  const wish = process.env.FFI_LINT_VSCODE;
  if (wish === 'desktop' || wish === 'code-server') return wish;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'code-server';
  const reached = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  return reached ? 'desktop' : 'code-server';
}

/** A copy of the fixture that a test may change. */
function withFixture(run) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-fixture-'));
  cpSync(FIXTURE, folder, { recursive: true });
  return run(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

async function bundleSuite() {
  mkdirSync(path.dirname(SUITE), { recursive: true });
  const entryPoints = [path.join(root, 'test/vscode/suite/index.ts')];
  await build({ ...bundleOptions, absWorkingDir: root, entryPoints, outfile: SUITE, format: 'cjs' });
}

async function suite(name, host, folder) {
  const options = { extensionDevelopmentPath: root, extensionTestsPath: SUITE, launchArgs: [folder] };
  const executable = host === 'code-server' ? { vscodeExecutablePath: SHIM } : {};
  const script = `require('@vscode/test-electron').runTests(${JSON.stringify({ ...options, ...executable })}).then((code) => process.exit(code), (error) => { console.error(error); process.exit(1); })`;
  await counted(name, ['-e', script], { FFI_LINT_SUITE: name });
}

async function main() {
  const vsix = await packageVsix(path.join(cacheFolder, 'ffi-lint.vsix'));
  await bundleSuite();
  const host = await chooseHost();
  const missing = prepareCodeServer((line) => console.log(line));
  console.log(`suites in ${host === 'desktop' ? 'desktop VS Code' : 'code-server'}`);
  if (host === 'desktop' || missing === null) await withFixture((folder) => suite('trusted', host, folder));
  else skip('trusted', missing);
  // @vscode/test-electron cannot open a folder in restricted mode on desktop.
  if (missing === null) {
    await withFixture((folder) => suite('restricted', 'code-server', folder));
    console.log('the interface in Chromium');
    await withFixture((folder) => counted('interface', [path.join(root, 'test/vscode/interface.mjs'), vsix, folder]));
  } else {
    skip('restricted', missing);
    skip('interface', missing);
  }
}

try {
  await main();
} catch (error) {
  counts.failed++;
  console.log(error instanceof Error ? error.message : error);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.skipped > 0 ? 1 : 0;
