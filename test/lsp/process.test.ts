/** The bundled server as editors start it: a process that speaks over standard input and output, with the real rules. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { applied, introduce, range, until } from './support/client.ts';
import type { Editor, EditorOptions } from './support/client.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = path.join(root, 'dist/server.cjs');

const MANIFEST = '[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';
const SOURCE = `pub struct Pair {
    pub x: f64,
    pub y: u8,
}

#[no_mangle]
pub extern "C" fn pair_sum(pair: Pair) -> f64 {
    pair.x + f64::from(pair.y)
}
`;
const RULE = 'repr-c-missing';

const started: ChildProcess[] = [];
const folders: string[] = [];

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/bundle.mjs')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-lsp-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const uriOf = (folder: string, name: string): string => pathToFileURL(path.join(folder, name)).href;

async function start(
  folder: string,
  options: EditorOptions = {},
  more: NodeJS.ProcessEnv = {},
): Promise<{ editor: Editor; child: ChildProcess }> {
  // What compilers are asked is kept beside nobody else's.
  const env = { ...process.env, XDG_CACHE_HOME: project({}), ...more };
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env });
  started.push(child);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  return { editor: await introduce(connection, { folders: [pathToFileURL(folder).href], ...options }), child };
}

const UNWRAP = '#[no_mangle]\npub extern "C" fn byte(value: u32) -> u8 {\n    u8::try_from(value).unwrap()\n}\n';
const VERIFIED = {
  'Cargo.toml': MANIFEST,
  'Cargo.lock': 'version = 3\n\n[[package]]\nname = "demo"\nversion = "0.1.0"\n',
  'ffi-lint.toml': 'verify = "auto"\n',
  'src/lib.rs': UNWRAP,
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('verifying in the editor', () => {
  it('labels findings after a save in a trusted workspace, until the text changes', async () => {
    const folder = project(VERIFIED);
    const { editor } = await start(folder, { initializationOptions: { trusted: true } });
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, UNWRAP);
    expect(await editor.items(uri)).toMatchObject([{ code: 'unwrap-in-extern-fn', data: { rule: 'unwrap-in-extern-fn' } }]);
    const before = editor.refreshes.length;
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    // A compiler on a busy machine takes its time.
    for (let waited = 0; waited < 60_000 && editor.refreshes.length === before; waited += 100) await pause(100);
    expect(await editor.items(uri)).toMatchObject([{ data: { verification: 'confirmed' } }]);
    expect((await editor.items(uri))[0]?.message).toContain('note: confirmed by the compiler');
    editor.change(uri, 2, [{ range: range(0, 0, 0), text: '// typing\n' }]);
    expect(JSON.stringify(await editor.items(uri))).not.toContain('verification');
  }, 90_000);

  it('shows a long compilation as progress, which the user can stop; the next save asks again', async ({ skip }) => {
    skip(process.platform === 'win32', 'needs a shell script in the place of rustc');
    const folder = project(VERIFIED);
    const programs = project({});
    const started = path.join(programs, 'started');
    // A compiler that takes its time as long as a file says so.
    const { stdout } = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' });
    const script = `case "$*" in *unpretty=mir*) touch '${started}'; if [ -e '${programs}/slow' ]; then sleep 60; fi ;; esac`;
    writeFileSync(path.join(programs, 'rustc'), `#!/bin/sh\n${script}\nexec '${stdout.trim()}/bin/rustc' "$@"\n`, { mode: 0o755 });
    writeFileSync(path.join(programs, 'slow'), '');
    const { editor } = await start(
      folder,
      { initializationOptions: { trusted: true } },
      { PATH: `${programs}:${process.env['PATH']}`, RUSTC: path.join(programs, 'rustc') },
    );
    const said: { readonly token: unknown; readonly kind: string; readonly title?: string; readonly cancellable?: boolean }[] = [];
    editor.connection.onNotification('$/progress', ({ token, value }: { token: unknown; value: object }) => {
      said.push({ token, kind: '', ...value });
    });
    const seen = async (what: string, is: () => boolean): Promise<void> => {
      for (let waited = 0; waited < 30_000 && !is(); waited += 50) await pause(50);
      expect(is(), what).toBe(true);
    };
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, UNWRAP);
    await editor.items(uri);
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    const begun = () => said.find(({ kind, title }) => kind === 'begin' && title === 'ffi-lint: verifying');
    await seen('progress begins', () => begun() !== undefined);
    expect(begun()?.cancellable).toBe(true);
    await seen('the compiler runs', () => existsSync(started));
    await editor.connection.sendNotification('window/workDoneProgress/cancel', { token: begun()?.token });
    await seen('progress ends', () => said.some(({ kind, token }) => kind === 'end' && token === begun()?.token));
    expect(JSON.stringify(await editor.items(uri))).not.toContain('verification');
    rmSync(path.join(programs, 'slow'));
    const before = editor.refreshes.length;
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    for (let waited = 0; waited < 60_000 && editor.refreshes.length === before; waited += 100) await pause(100);
    expect(await editor.items(uri)).toMatchObject([{ data: { verification: 'confirmed' } }]);
  }, 120_000);

  it('starts nothing in a workspace that is not trusted', async () => {
    const folder = project(VERIFIED);
    const { editor } = await start(folder, { initializationOptions: { trusted: false } });
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, UNWRAP);
    await editor.items(uri);
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    await pause(2000);
    expect(JSON.stringify(await editor.items(uri))).not.toContain('verification');
  });
});

describe('the server process', () => {
  it('finds a mistake in a crate, mends it, and ends when told to', async () => {
    const folder = project({ 'Cargo.toml': MANIFEST, 'src/lib.rs': SOURCE });
    const { editor, child } = await start(folder);
    expect(editor.result.serverInfo).toMatchObject({ name: 'ffi-lint', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, SOURCE);
    const [finding, ...others] = await editor.items(uri);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: RULE, severity: 1, range: range(0, 11, 15) });
    const [fix] = await editor.actions(uri, range(0, 11, 15));
    const text = applied(SOURCE, fix?.edit, uri);
    expect(text.startsWith('#[repr(C)]\npub struct Pair {')).toBe(true);
    editor.change(uri, 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }, text }]);
    expect(await editor.items(uri)).toEqual([]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await editor.connection.sendRequest('shutdown');
    await editor.connection.sendNotification('exit');
    expect(await ended).toBe(0);
  });

  it('goes away when the editor does, also without a word', async () => {
    const { child } = await start(project({}));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    expect(await ended).toBe(1);
  });

  it('reads the configuration of the folder, and takes over a new one', async () => {
    const folder = project({ 'Cargo.toml': MANIFEST, 'src/lib.rs': SOURCE, 'ffi-lint.toml': `[rules]\n${RULE} = "hint"\n` });
    const { editor } = await start(folder);
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, SOURCE);
    expect(await editor.items(uri)).toMatchObject([{ code: RULE, severity: 4 }]);
    const config = uriOf(folder, 'ffi-lint.toml');
    writeFileSync(path.join(folder, 'ffi-lint.toml'), '[rulez]\n');
    const before = editor.refreshes.length;
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: config, type: 2 }] });
    await until('the editor is told to ask again', () => editor.refreshes.length > before);
    const { items } = await editor.pullWorkspace();
    expect(items.find((one) => one.uri === config)).toMatchObject({ items: [{ severity: 1, message: expect.stringContaining('rulez') }] });
  });

  it('hides a finding behind the comment that it offers, for the line and for the item', async () => {
    const folder = project({ 'Cargo.toml': MANIFEST, 'src/lib.rs': SOURCE });
    const { editor } = await start(folder);
    const uri = uriOf(folder, 'src/lib.rs');
    editor.open(uri, SOURCE);
    for (const reach of ['line', 'item', 'file']) {
      const action = (await editor.actions(uri, range(0, 11, 11))).find(({ title }) => title === `ignore \`${RULE}\` for this ${reach}`);
      const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      editor.change(uri, 2, [{ range: whole, text: applied(SOURCE, action?.edit, uri) }]);
      expect(await editor.items(uri), reach).toEqual([]);
      editor.change(uri, 3, [{ range: whole, text: SOURCE }]);
      expect(await editor.items(uri)).toHaveLength(1);
    }
  });

  it('sees the unsaved text of a file that another file depends on', async () => {
    const folder = project({
      'Cargo.toml': MANIFEST,
      'src/lib.rs': `mod pair;\nuse pair::Pair;\n${SOURCE.slice(SOURCE.indexOf('#'))}`,
      'src/pair.rs': '',
    });
    const { editor } = await start(folder);
    const pair = uriOf(folder, 'src/pair.rs');
    editor.open(pair, SOURCE.slice(0, SOURCE.indexOf('\n#')));
    expect(await editor.items(pair)).toMatchObject([{ code: RULE }]);
  });

  it('says what it wants when it is started without a way to talk', async () => {
    const child = spawn(process.execPath, [SERVER], { stdio: ['ignore', 'ignore', 'pipe'] });
    started.push(child);
    let told = '';
    child.stderr.on('data', (data) => (told += String(data)));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(2);
    expect(told).toContain('--stdio');
  });
});
