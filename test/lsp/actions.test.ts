/** Code actions and what their edits do to a text. */
import { describe, expect, it } from 'vitest';
import { applied, edit, FULL, range } from './support/client.ts';
import { control, fakeEngine } from './support/fake-engine.ts';

const A = 'file:///w/src/a.rs';

async function opened(text: string, capabilities = FULL) {
  const editor = await edit(fakeEngine(control({ '/w/src/a.rs': '' })), { capabilities });
  editor.open(A, text);
  return editor;
}

describe('quick fixes', () => {
  it('offers the safe fix as the preferred one, for the document at this version', async () => {
    const text = 'one\n  bad;\n';
    const editor = await opened(text);
    const [fix] = await editor.actions(A, range(1, 3, 3));
    expect(fix).toMatchObject({ title: 'write `good` for `bad`', kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'no-bad' }] });
    expect(fix?.edit?.documentChanges).toMatchObject([{ textDocument: { uri: A, version: 1 } }]);
    expect(applied(text, fix?.edit, A)).toBe('one\n  good;\n');
  });

  it('says in the title that a fix is unsafe, and does not prefer it', async () => {
    const editor = await opened('worse');
    const [fix] = await editor.actions(A, range(0, 0, 0));
    expect(fix?.title).toBe('write `good` for `worse` (unsafe)');
    expect(fix?.isPreferred).toBeUndefined();
  });

  it('offers nothing away from findings, and nothing that was not asked for', async () => {
    const editor = await opened('bad\nfine\n');
    expect(await editor.actions(A, range(1, 0, 4))).toEqual([]);
    expect(await editor.actions(A, range(0, 0, 3), { only: ['refactor'] })).toEqual([]);
  });

  it('fits the text as it is now, not as it was at the last check', async () => {
    const editor = await opened('bad');
    await editor.items(A);
    editor.change(A, 2, [{ range: range(0, 0, 0), text: 'new\n' }]);
    const [fix] = await editor.actions(A, range(1, 0, 3));
    expect(applied('new\nbad', fix?.edit, A)).toBe('new\ngood');
    expect(fix?.edit?.documentChanges).toMatchObject([{ textDocument: { version: 2 } }]);
  });

  it('counts bytes in its edits where the editor does', async () => {
    const text = 'ü bad';
    const editor = await opened(text, { ...FULL, general: { positionEncodings: ['utf-8'] } });
    const [fix] = await editor.actions(A, range(0, 3, 3));
    expect(applied(text, fix?.edit, A, 'utf-8')).toBe('ü good');
  });

  it('gives plain changes to an editor that cannot check versions', async () => {
    const editor = await opened('bad', { ...FULL, workspace: {} });
    const [fix] = await editor.actions(A, range(0, 0, 0));
    expect(Object.keys(fix?.edit?.changes ?? {})).toEqual([A]);
    expect(applied('bad', fix?.edit, A)).toBe('good');
  });
});

describe('all fixes of a file', () => {
  const text = 'bad worse bad\n';

  it('fixes all of one rule', async () => {
    const editor = await opened(text);
    const action = (await editor.actions(A, range(0, 0, 0))).find(({ title }) => title === 'fix all `no-bad` in this file');
    if (!action) throw new Error('the action is missing');
    expect(action.edit).toBeUndefined();
    expect(applied(text, (await editor.resolve(action)).edit, A)).toBe('good worse good\n');
  });

  it.each([
    ['source.fixAll.ffi-lint', 'good worse good\n'],
    ['source.fixAllUnsafe.ffi-lint', 'good good good\n'],
  ])('%s', async (kind, expected) => {
    const editor = await opened(text);
    const [action, ...others] = await editor.actions(A, range(0, 0, 0), { only: [kind] });
    if (!action) throw new Error('the action is missing');
    expect([action.kind, others]).toEqual([kind, []]);
    expect(applied(text, (await editor.resolve(action)).edit, A)).toBe(expected);
  });

  it('answers to `source.fixAll`, which editors send on save, with safe fixes only', async () => {
    const editor = await opened(text);
    expect((await editor.actions(A, range(0, 0, 0), { only: ['source.fixAll'] })).map(({ kind }) => kind)).toEqual([
      'source.fixAll.ffi-lint',
    ]);
  });

  it('carries the edit at once for an editor that does not resolve', async () => {
    const editor = await opened(text, { ...FULL, textDocument: { diagnostic: {} } });
    const [action] = await editor.actions(A, range(0, 0, 0), { only: ['source.fixAll'] });
    expect(applied(text, action?.edit, A)).toBe('good worse good\n');
  });

  it('resolves after the text changed, for the text as it is then', async () => {
    const editor = await opened(text);
    const [action] = await editor.actions(A, range(0, 0, 0), { only: ['source.fixAll'] });
    if (!action) throw new Error('the action is missing');
    editor.change(A, 2, [{ range: range(0, 0, 10), text: '' }]);
    expect(applied('bad\n', (await editor.resolve(action)).edit, A)).toBe('good\n');
  });

  it('leaves an action as it is that it did not make', async () => {
    const editor = await opened(text);
    const foreign = { title: 'foreign', data: { uri: 7 } };
    expect(await editor.resolve(foreign)).toEqual(foreign);
  });
});

describe('comments that hide a finding', () => {
  it('adds one behind the line, and extends one that is there', async () => {
    const text = 'let x = bad;\nlet y = bad; // ffi-lint: ignore[other]\n';
    const editor = await opened(text);
    const ignore = async (line: number) =>
      (await editor.actions(A, range(line, 8, 8))).find(({ title }) => title === 'ignore `no-bad` for this line');
    expect(applied(text, (await ignore(0))?.edit, A).split('\n')[0]).toBe('let x = bad; // ffi-lint: ignore[no-bad]');
    expect(applied(text, (await ignore(1))?.edit, A).split('\n')[1]).toBe('let y = bad; // ffi-lint: ignore[other, no-bad]');
  });

  it('adds one for the file at its top', async () => {
    const editor = await opened('bad\n');
    const action = (await editor.actions(A, range(0, 0, 0))).find(({ title }) => title === 'ignore `no-bad` for this file');
    expect(applied('bad\n', action?.edit, A)).toBe('// ffi-lint: file-ignore[no-bad]\nbad\n');
  });
});

describe('explaining a rule', () => {
  it('offers the command, which opens the page of the rule', async () => {
    const editor = await opened('bad');
    const action = (await editor.actions(A, range(0, 0, 0))).find(({ title }) => title === 'explain `no-bad`');
    expect(action?.command).toMatchObject({ command: 'ffi-lint.explain', arguments: ['no-bad'] });
    const shown = new Promise((resolve) => {
      editor.connection.onRequest('window/showDocument', (params) => {
        resolve(params);
        return { success: true };
      });
    });
    await editor.connection.sendRequest('workspace/executeCommand', action?.command ?? {});
    expect(await shown).toMatchObject({ uri: expect.stringMatching(/\/no-bad\.md$/), external: true });
  });

  it("hands the page to this project's own client, and a list of rules", async () => {
    const editor = await edit(fakeEngine(control({})), { initializationOptions: { ruleView: true } });
    const page = new Promise((resolve) => editor.connection.onNotification('ffi-lint/showRule', resolve));
    await editor.connection.sendRequest('workspace/executeCommand', { command: 'ffi-lint.explain', arguments: ['no-worse'] });
    expect(await page).toMatchObject({ rule: 'no-worse', markdown: expect.stringContaining('## Why') });
    expect(await editor.connection.sendRequest('ffi-lint/rules')).toContainEqual({ id: 'no-bad', group: 'types', summary: 'Finds `bad`.' });
  });
});

describe('hover', () => {
  it('tells the rule of a finding, and of a name in an `ffi-lint:` comment', async () => {
    const editor = await opened('bad\nx // ffi-lint: ignore[no-worse]\n');
    expect(await editor.hover(A, { line: 0, character: 1 })).toMatchObject({
      contents: { kind: 'markdown', value: expect.stringContaining('**no-bad** (types): Finds `bad`.') },
      range: range(0, 0, 3),
    });
    expect(await editor.hover(A, { line: 1, character: 25 })).toMatchObject({
      contents: { value: expect.stringContaining('**no-worse**') },
      range: range(1, 22, 30),
    });
    expect(await editor.hover(A, { line: 1, character: 0 })).toBeNull();
  });
});
