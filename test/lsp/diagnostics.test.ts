/** Diagnostics asked for, sent unasked, for a file and for the workspace. */
import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, edit, FULL, range, until } from './support/client.ts';
import { control, fakeEngine } from './support/fake-engine.ts';

const A = 'file:///w/src/a.rs';
const B = 'file:///w/src/b.rs';

describe('pulled diagnostics', () => {
  it('tells place, severity, rule, link and help of a finding', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })));
    editor.open(A, 'x\n  bad\nworse\n');
    expect(await editor.items(A)).toEqual([
      {
        range: range(1, 2, 5),
        severity: 2,
        source: 'ffi-lint',
        code: 'no-bad',
        codeDescription: { href: 'https://example.org/no-bad' },
        message: '`bad` is written here\nhelp: write `good`',
        data: { rule: 'no-bad', fingerprint: '/w/src/a.rs-4' },
      },
      expect.objectContaining({ range: range(2, 0, 5), severity: 1, code: 'no-worse' }),
    ]);
  });

  it('says `unchanged` for a result that the editor has already', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad' })));
    editor.open(A, 'bad');
    const first = await editor.pull(A);
    expect(first.kind).toBe('full');
    expect(await editor.pull(A, first.resultId ?? '')).toEqual({ kind: 'unchanged', resultId: first.resultId });
  });

  it('follows incremental changes, also several in one message', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })));
    editor.open(A, 'one\ntwo\n');
    expect(await editor.items(A)).toEqual([]);
    editor.change(A, 2, [
      { range: range(1, 0, 3), text: 'é bad' },
      { range: range(0, 0, 0), text: 'new\n' },
    ]);
    expect((await editor.items(A)).map((item) => item.range)).toEqual([range(2, 2, 5)]);
  });

  it('counts UTF-8 bytes where the editor prefers them', async () => {
    const capabilities = { ...FULL, general: { positionEncodings: ['utf-8', 'utf-16'] } };
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })), { capabilities });
    expect(editor.result.capabilities.positionEncoding).toBe('utf-8');
    editor.open(A, 'é😀 bad\n');
    expect((await editor.items(A)).map((item) => item.range)).toEqual([range(0, 7, 10)]);
    editor.change(A, 2, [{ range: range(0, 2, 6), text: '' }]);
    expect((await editor.items(A)).map((item) => item.range)).toEqual([range(0, 3, 6)]);
  });

  it('hides what a comment suppresses', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })));
    editor.open(A, 'bad // ffi-lint: ignore[no-bad]\n');
    expect(await editor.items(A)).toEqual([]);
  });

  it('shows a finding on the partner file in another language too', async () => {
    const header = 'file:///w/point.h';
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad@point.h', '/w/point.h': 'struct p;' })));
    editor.open(header, 'struct p;', 'c');
    const [mirror] = await editor.items(header);
    expect(mirror).toMatchObject({ range: range(0, 0, 1), code: 'no-bad' });
    expect(mirror?.relatedInformation).toEqual([{ location: { uri: A, range: range(0, 0, 3) }, message: 'this is meant' }]);
  });

  it('answers with an error when the request is cancelled, and answers the next one', async () => {
    const state = control({ '/w/src/a.rs': 'bad' });
    let release = (): void => {};
    state.slow = () => new Promise((resolve) => (release = resolve));
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    const source = new CancellationTokenSource();
    const request = editor.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: A } }, source.token);
    const failure = expect(request).rejects.toMatchObject({ code: -32800 });
    setTimeout(() => source.cancel(), 20);
    await failure;
    state.slow = async () => {};
    release();
    expect(await editor.items(A)).toHaveLength(1);
  });

  it('keeps the last good result when a check fails, and goes on afterwards', async () => {
    const state = control({ '/w/src/a.rs': 'bad' });
    const editor = await edit(fakeEngine(state));
    editor.open(A, 'bad');
    expect(await editor.items(A)).toHaveLength(1);
    state.failure = new Error('the engine broke');
    editor.open(B, '');
    expect(await editor.items(A)).toHaveLength(1);
    await until('the failure is logged', () => editor.logged.join('\n').includes('the engine broke'));
    editor.change(A, 2, [{ range: range(0, 3, 3), text: ' bad' }]);
    expect(await editor.items(A)).toHaveLength(2);
  });
});

describe('workspace diagnostics', () => {
  it('gives full reports once, then `unchanged`, then empties what is gone', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad', '/w/src/b.rs': 'worse' })), {
      settings: { diagnostics: { scope: 'workspace' } },
    });
    const first = await editor.pullWorkspace();
    expect(first.items.map(({ uri, kind }) => [uri, kind])).toEqual([
      [A, 'full'],
      [B, 'full'],
    ]);
    const previous = first.items.map(({ uri, resultId }) => ({ uri, value: resultId ?? '' }));
    expect((await editor.pullWorkspace(previous)).items.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
    editor.open(A, 'good');
    const later = await editor.pullWorkspace(previous);
    expect(later.items.find(({ uri }) => uri === A)).toMatchObject({ kind: 'full', items: [], version: 1 });
    expect(later.items.find(({ uri }) => uri === B)?.kind).toBe('unchanged');
  });

  it.each([
    ['openFiles', ['a.rs']],
    ['affected', ['a.rs', 'b.rs']],
    ['workspace', ['a.rs', 'b.rs', 'c.rs']],
  ])('with the scope %s tells of %j', async (scope, files) => {
    const disk = { '/w/src/a.rs': 'bad@b.rs', '/w/src/b.rs': 'bad', '/w/src/c.rs': 'bad' };
    const editor = await edit(fakeEngine(control(disk)), { settings: { diagnostics: { scope } } });
    editor.open(A, 'bad@b.rs');
    await editor.items(A);
    const { items } = await editor.pullWorkspace();
    expect(items.map(({ uri }) => uri.replace('file:///w/src/', ''))).toEqual(files);
  });

  it('tells everything once the whole workspace was asked for', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad', '/w/src/b.rs': 'worse' })));
    expect(await editor.connection.sendRequest('ffi-lint/checkWorkspace')).toMatchObject({ counts: { errors: 1, warnings: 1 } });
    expect((await editor.pullWorkspace()).items).toHaveLength(2);
    await until('the editor is told to ask again', () => editor.refreshes.length > 0);
  });

  it('tells nothing where it is disabled', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': 'bad' })), { settings: { enable: false } });
    editor.open(A, 'bad');
    expect(await editor.items(A)).toEqual([]);
    const before = editor.refreshes.length;
    editor.settings = { enable: true };
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await until('the editor is told to ask again', () => editor.refreshes.length > before);
    expect(await editor.items(A)).toHaveLength(1);
  });
});

describe('diagnostics sent unasked', () => {
  const capabilities = { general: {}, textDocument: { publishDiagnostics: { relatedInformation: true } } };

  it('sends what a check found with the version it is for, and empties it when it is gone', async () => {
    const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })), { capabilities });
    expect(editor.result.capabilities.diagnosticProvider).toBeUndefined();
    editor.open(A, 'bad');
    await until('a finding is sent', () => editor.published.some(({ diagnostics }) => diagnostics.length === 1));
    expect(editor.published.at(-1)).toMatchObject({ uri: A, version: 1 });
    editor.change(A, 2, [{ range: range(0, 0, 3), text: 'good' }]);
    await until('it is taken back', () => editor.published.at(-1)?.diagnostics.length === 0);
    expect(editor.published.at(-1)).toMatchObject({ uri: A, version: 2 });
    expect(editor.published).toHaveLength(2);
  });
});
