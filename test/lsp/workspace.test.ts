/** What happens around the documents: configuration, watched files, folders, status, progress, and input that makes no sense. */
import { describe, expect, it } from 'vitest';
import { formatBaseline } from '../../server/src/engine/baseline.ts';
import { flaggedTextHash } from '../../server/src/engine/fingerprint.ts';
import { edit, range, until } from './support/client.ts';
import { control, fakeEngine } from './support/fake-engine.ts';

const A = 'file:///w/src/a.rs';
const CONFIG = 'file:///w/ffi-lint.toml';
const CHANGED = 2;
const CREATED = 1;

describe('watched files', () => {
  it('asks the editor to watch sources, manifests and configuration', async () => {
    const editor = await edit(fakeEngine(control({})));
    await until('files are watched', () => editor.registered.includes('workspace/didChangeWatchedFiles'));
  });

  it('takes over a changed configuration without a restart', async () => {
    const state = control({ '/w/src/a.rs': 'bad', '/w/ffi-lint.toml': '' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    expect(await editor.items(A)).toHaveLength(1);
    const before = editor.refreshes.length;
    state.files['/w/ffi-lint.toml'] = 'off';
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: CONFIG, type: CHANGED }] });
    await until('the editor is told to ask again', () => editor.refreshes.length > before);
    expect(await editor.items(A)).toEqual([]);
  });

  it('takes over a configuration that is being written, before it is saved', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad', '/w/ffi-lint.toml': '' })));
    editor.open(A, 'bad');
    editor.open(CONFIG, '', 'toml');
    expect(await editor.items(A)).toHaveLength(1);
    editor.change(CONFIG, 2, [{ range: range(0, 0, 0), text: 'off' }]);
    await until('the finding is gone', () => editor.refreshes.length > 1);
    expect(await editor.items(A)).toEqual([]);
  });

  it('sees a file that another program made', async () => {
    const state = control({ '/w/src/a.rs': '' });
    const editor = await edit(fakeEngine(state), { settings: { diagnostics: { scope: 'workspace' } } });
    expect((await editor.pullWorkspace()).items).toEqual([]);
    state.files['/w/src/new.rs'] = 'bad';
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: 'file:///w/src/new.rs', type: CREATED }],
    });
    expect((await editor.pullWorkspace()).items).toMatchObject([{ uri: 'file:///w/src/new.rs', items: [{ code: 'no-bad' }] }]);
  });

  it('does not check again for what a build writes', async () => {
    const state = control({ '/w/src/a.rs': 'bad', '/w/target/CACHEDIR.TAG': '', '/w/target/debug/made.rs': '' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    await editor.items(A);
    const before = state.checks;
    const changes = [{ uri: 'file:///w/target/debug/made.rs', type: CREATED }];
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(state.checks).toBe(before);
  });

  it('shows a problem of the configuration in its file', async () => {
    const editor = await edit(fakeEngine(control({ '/w/ffi-lint.toml': 'broken' })));
    expect((await editor.pullWorkspace()).items).toMatchObject([
      { uri: CONFIG, items: [{ severity: 1, message: 'the configuration is broken', range: range(0, 0, 6) }] },
    ]);
  });
});

describe('the baseline', () => {
  const BASELINE = '/w/ffi-lint-baseline.json';
  const known = (count: number) => formatBaseline({ entries: [{ file: 'src/a.rs', rule: 'no-bad', hash: flaggedTextHash('bad'), count }] });

  it('hides what it knows, and shows what is new', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad', [BASELINE]: known(1) })));
    editor.open(A, 'bad');
    expect(await editor.items(A)).toEqual([]);
    editor.change(A, 2, [{ range: range(0, 3, 3), text: '\nbad' }]);
    expect(await editor.items(A)).toHaveLength(1);
  });

  it('is taken over when it changes, also where it is broken', async () => {
    const state = control({ '/w/src/a.rs': 'bad' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    expect(await editor.items(A)).toHaveLength(1);
    for (const [text, left] of [
      [known(1), 0],
      ['{}', 1],
    ] as const) {
      state.files[BASELINE] = text;
      const before = editor.refreshes.length;
      await editor.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `file://${BASELINE}`, type: CHANGED }],
      });
      await until('the editor is told to ask again', () => editor.refreshes.length > before);
      expect(await editor.items(A)).toHaveLength(left);
    }
    const { items } = await editor.pullWorkspace();
    expect(items.find(({ uri }) => uri.endsWith('ffi-lint-baseline.json'))).toMatchObject({
      items: [{ message: expect.stringContaining('is not a baseline of version 1') }],
    });
  });
});

describe('folders', () => {
  it('serves several roots, and takes over added and removed ones', async () => {
    const state = control({ '/w/a.rs': 'bad', '/v/b.rs': 'bad', '/u/c.rs': 'bad' });
    const settings = { diagnostics: { scope: 'workspace' } };
    const editor = await edit(fakeEngine(state), { folders: ['file:///w', 'file:///v'], settings });
    const uris = async () => (await editor.pullWorkspace()).items.map(({ uri }) => uri);
    expect(await uris()).toEqual(['file:///v/b.rs', 'file:///w/a.rs']);
    await editor.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: 'file:///u', name: 'u' }], removed: [{ uri: 'file:///w', name: 'w' }] },
    });
    expect(await uris()).toEqual(['file:///u/c.rs', 'file:///v/b.rs']);
  });

  it('checks a lone file, and a document that was never saved', async () => {
    const editor = await edit(fakeEngine(control({})), { folders: [] });
    editor.open('untitled:Untitled-1', 'bad');
    expect(await editor.items('untitled:Untitled-1')).toHaveLength(1);
  });
});

describe('a byte order mark', () => {
  it('counts for no column, since editors take it off', async () => {
    const settings = { diagnostics: { scope: 'workspace' } };
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '\uFEFF bad\nbad' })), { settings });
    const [report] = (await editor.pullWorkspace()).items;
    expect(report?.kind === 'full' && report.items.map((item) => item.range)).toEqual([range(0, 1, 4), range(1, 0, 3)]);
  });
});

describe('status', () => {
  it('tells state, target and counts where the client wants them', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad' })), { initializationOptions: { status: true } });
    const states: { state: string; counts: { warnings: number } }[] = [];
    editor.connection.onNotification('ffi-lint/status', (params) => void states.push(params));
    editor.open(A, 'bad');
    await until('it is ready', () => states.some(({ state, counts }) => state === 'ready' && counts.warnings === 1));
    expect(states.at(-1)).toEqual({
      state: 'ready',
      target: 'test-target',
      probe: 'off',
      counts: { errors: 0, warnings: 1, infos: 0, hints: 0 },
    });
  });

  it('says whether layouts are measured, which only trust allows', async () => {
    const editor = await edit(fakeEngine(control({})), { initializationOptions: { status: true, trusted: true } });
    const states: { probe: string }[] = [];
    editor.connection.onNotification('ffi-lint/status', (params) => void states.push(params));
    editor.open(A, '');
    await until('a status is told', () => states.length > 0);
    expect(states.at(-1)?.probe).toBe('auto');
  });

  it('shows a long check as progress, which the user can stop; the next change checks again', async () => {
    const state = control({ '/w/src/a.rs': 'bad' });
    let release = (): void => {};
    state.slow = () => new Promise((resolve) => (release = resolve));
    const editor = await edit(fakeEngine(state));
    let token: unknown = null;
    editor.connection.onRequest('window/workDoneProgress/create', (params: { token: unknown }) => {
      token = params.token;
      return null;
    });
    editor.open(A, 'bad');
    await until('progress begins', () => token !== null);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await editor.connection.sendNotification('window/workDoneProgress/cancel', { token });
    const stopped = editor.items(A);
    setTimeout(() => release(), 20);
    expect(await stopped).toEqual([]);
    expect(state.checks).toBe(0);
    state.slow = async () => {};
    editor.change(A, 2, [{ range: range(0, 3, 3), text: ' ' }]);
    expect(await editor.items(A)).toHaveLength(1);
  });
});

describe('typing', () => {
  it('checks once after a pause, not after every key', async () => {
    const state = control({ '/w/src/a.rs': '' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, '');
    await editor.items(A);
    const before = state.checks;
    for (let i = 0; i < 20; i++) editor.change(A, i + 2, [{ range: range(0, i, i), text: 'x' }]);
    editor.change(A, 30, [{ range: range(0, 0, 20), text: 'bad' }]);
    expect(await editor.items(A)).toHaveLength(1);
    expect(state.checks).toBe(before + 1);
  });

  it('looks at the open file and its manifest only', async () => {
    const state = control({ '/w/Cargo.toml': '', '/w/src/a.rs': '', '/w/src/b.rs': '' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    await editor.items(A);
    expect(state.focuses.at(-1)).toEqual(['/w/Cargo.toml', '/w/src/a.rs']);
  });
});

describe('input that makes no sense', () => {
  it.each(['', 'nonsense', 'file:///w/%zz.rs', 'file://', 'git:/w/src/a.rs?{}', 'file:///w/unknown.rs'])(
    'answers for the URI %j',
    async (uri) => {
      const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad' })));
      editor.open(uri, 'text');
      editor.change(uri, 2, [{ range: range(9, 9, 99), text: 'x' }]);
      expect(await editor.items(uri)).toEqual([]);
      expect(await editor.actions(uri, range(5, 0, 1))).toEqual([]);
      expect(await editor.hover(uri, { line: 99, character: 99 })).toBeNull();
      await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
      editor.open(A, 'bad');
      expect(await editor.items(A)).toHaveLength(1);
    },
  );

  it('survives parameters of the wrong shape', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad' })));
    await editor.connection.sendNotification('textDocument/didOpen', {});
    await editor.connection.sendNotification('textDocument/didChange', { textDocument: { uri: A } });
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: null });
    await editor.connection.sendNotification('workspace/didChangeWorkspaceFolders', {});
    expect(await editor.connection.sendRequest('textDocument/hover', {})).toBeNull();
    expect(await editor.connection.sendRequest('textDocument/diagnostic', {})).toMatchObject({ items: [] });
    await expect(editor.connection.sendRequest('nobody/knows')).rejects.toMatchObject({ code: -32601 });
    editor.open(A, 'bad');
    expect(await editor.items(A)).toHaveLength(1);
  });

  it('offers little to an editor that can do little', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })), { capabilities: {} });
    editor.open(A, 'bad');
    await until('a finding is sent', () => editor.published.length > 0);
    expect(editor.published[0]?.diagnostics[0]).toMatchObject({ code: 'no-bad', message: '`bad` is written here\nhelp: write `good`' });
    expect(editor.registered).toEqual([]);
  });
});
