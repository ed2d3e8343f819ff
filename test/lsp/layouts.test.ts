/** Layouts in the editor: hovers, code lenses, inlay hints, the view, and the actions on types and functions. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../server/src/lsp/workbench.ts';
import { MANIFEST } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { testParsers } from '../support/parsers.ts';
import { applied, edit, FULL, range, until } from './support/client.ts';
import type { EditorOptions } from './support/client.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const RUST = `#[repr(C)]
pub struct Spot {
    pub kind: u8,
    pub x: f64,
}

#[no_mangle]
pub extern "C" fn geo_far(spot: Spot) -> f64 {
    spot.x
}

pub struct Hidden {
    pub a: u8,
}
`;
const HEADER = `#include <stdint.h>
typedef struct geo_spot {
    uint8_t kind;
    double x;
} geo_spot;
double geo_far(geo_spot spot);
`;
const PYTHON = `import ctypes

class Spot(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint8), ("x", ctypes.c_float)]
`;
const TARGET = 'targets = ["x86_64-unknown-linux-gnu"]\n';

async function opened(options: EditorOptions = {}, files: Readonly<Record<string, string>> = {}) {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'ffi-lint.toml': TARGET, 'src/lib.rs': RUST, 'geo.h': HEADER, ...files });
  const uri = (file: string) => pathToFileURL(path.join(folder, file)).href;
  const editor = await edit(createEngine('0.0.0', await testParsers(), root), { folders: [pathToFileURL(folder).href], ...options });
  editor.open(uri('src/lib.rs'), RUST);
  return { editor, uri };
}

const text = (hover: { contents: unknown } | null): string =>
  typeof hover?.contents === 'object' && hover.contents !== null && 'value' in hover.contents ? String(hover.contents.value) : '';

describe('hover', () => {
  it('on a type shows size, alignment and padding in all languages, with target and source', async () => {
    const { editor, uri } = await opened({}, { 'geo.py': PYTHON });
    const hover = text(await editor.hover(uri('src/lib.rs'), { line: 1, character: 12 }));
    expect(hover).toContain('| x86_64-unknown-linux-gnu | Rust `lib.rs` | C `geo.h` | Python `geo.py` |');
    expect(hover).toContain('| size | 16 | 16 | 8 |');
    expect(hover).toContain('| padding | 7 | 7 | 3 |');
    expect(hover).toContain('| source | computed | computed | computed |');
    expect(hover).toContain('- size: 16 in Rust, 16 in C, 8 in Python');
  });

  it('on an instance of a generic type is about the one that is written there', async () => {
    const used = `${RUST}#[repr(C)] pub struct Of<T> { value: T, more: u8 }
#[no_mangle] pub extern "C" fn geo_of(wide: Of<u64>, narrow: Of<Of<u8>>) { let _ = Spot { kind: wide.more, x: 0.0 }; drop(narrow) }
`;
    const { editor, uri } = await opened({}, { 'src/used.rs': used, 'Cargo.toml': `${MANIFEST}path = "src/used.rs"\n` });
    editor.open(uri('src/used.rs'), used);
    const lines = used.split('\n');
    const line = lines.findIndex((one) => one.includes('geo_of'));
    const at = async (place: string): Promise<string> =>
      text(await editor.hover(uri('src/used.rs'), { line, character: lines[line]?.indexOf(place) ?? 0 }));
    expect(await at('Of<u64>')).toContain('`struct Of<u64>`');
    expect(await at('Of<Of')).toContain('`struct Of<Of<u8>>`');
    expect(await at('Of<u8>')).toContain('| size | 2 |');
    // A literal in the body is no definition.
    expect(await at('kind: ')).not.toContain('Of<');
  });

  it('on a field shows its place', async () => {
    const { editor, uri } = await opened();
    const hover = text(await editor.hover(uri('src/lib.rs'), { line: 3, character: 8 }));
    expect(hover).toContain('field `x`');
    expect(hover).toContain('| offset | 8 | 8 |');
    expect(text(await editor.hover(uri('src/lib.rs'), { line: 2, character: 9 }))).toContain('| padding behind | 7 | 7 |');
  });

  it('on a mention, and in the other language', async () => {
    const { editor, uri } = await opened();
    expect(text(await editor.hover(uri('src/lib.rs'), { line: 7, character: 33 }))).toContain('**Layout** of `struct Spot`');
    editor.open(uri('geo.h'), HEADER, 'c');
    expect(text(await editor.hover(uri('geo.h'), { line: 3, character: 11 }))).toContain('field `x`');
  });

  it('says nothing of a type whose layout is not defined', async () => {
    const { editor, uri } = await opened();
    expect(await editor.hover(uri('src/lib.rs'), { line: 11, character: 13 })).toBe(null);
  });
});

const lenses = (editor: Awaited<ReturnType<typeof opened>>['editor'], uri: string) =>
  editor.connection.sendRequest<{ range: unknown; command: { title: string; command: string; arguments: unknown[] } }[]>(
    'textDocument/codeLens',
    { textDocument: { uri } },
  );

it('a type without a defined layout is not taken for one of the same name elsewhere', async () => {
  const manifest = MANIFEST.replace('sample', 'other');
  const files = { 'other/Cargo.toml': manifest, 'other/src/lib.rs': RUST, 'Cargo.toml': `${MANIFEST}\n[workspace]\nmembers = ["other"]\n` };
  const plain = RUST.replace('#[repr(C)]\n', '');
  const { editor, uri } = await opened({}, { ...files, 'src/lib.rs': plain });
  editor.change(uri('src/lib.rs'), 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }, text: plain }]);
  for (const position of [
    { line: 0, character: 12 },
    { line: 6, character: 35 },
  ])
    expect(text(await editor.hover(uri('src/lib.rs'), position))).not.toContain('**Layout**');
  editor.open(uri('other/src/lib.rs'), RUST);
  expect(text(await editor.hover(uri('other/src/lib.rs'), { line: 1, character: 12 }))).toContain('**Layout**');
});

describe('code lenses', () => {
  it('say what a type matches', async () => {
    const { editor, uri } = await opened();
    const found = await lenses(editor, uri('src/lib.rs'));
    expect(found.map(({ command }) => command.title)).toEqual(['matches geo.h']);
    expect(found[0]).toMatchObject({
      range: range(1, 11, 15),
      command: { command: 'ffi-lint.layout', arguments: [uri('src/lib.rs'), 'Spot'] },
    });
  });

  it('count differences, and follow typing', async () => {
    const { editor, uri } = await opened();
    await lenses(editor, uri('src/lib.rs'));
    editor.change(uri('src/lib.rs'), 2, [{ range: range(3, 11, 14), text: 'f32' }]);
    expect((await lenses(editor, uri('src/lib.rs'))).map(({ command }) => command.title)).toEqual(['4 differences from geo.h']);
  });

  it('open the view of an editor that has one', async () => {
    const { editor, uri } = await opened({ initializationOptions: { layoutView: true } });
    const shown: { title: string; markdown: string; svg: string }[] = [];
    editor.connection.onNotification('ffi-lint/showLayout', (one: (typeof shown)[number]) => void shown.push(one));
    await editor.connection.sendRequest('workspace/executeCommand', { command: 'ffi-lint.layout', arguments: [uri('src/lib.rs'), 'Spot'] });
    await until('the layout is shown', () => shown.length > 0);
    expect(shown[0]?.title).toBe('Spot');
    expect(shown[0]?.markdown).toContain('Rust and C agree');
    expect(shown[0]?.svg).toContain('<svg');
  });

  it('the layout at a position, for the palette', async () => {
    const { editor, uri } = await opened();
    const at = (line: number, character: number) =>
      editor.connection.sendRequest<{ title: string } | null>('ffi-lint/layoutAt', {
        uri: uri('src/lib.rs'),
        position: { line, character },
      });
    expect((await at(1, 12))?.title).toBe('Spot');
    expect(await at(5, 0)).toBe(null);
  });
});

describe('the view', () => {
  const viewOf = async (rust: string, header: string) => {
    const { editor, uri } = await opened({}, { 'src/lib.rs': rust, 'geo.h': header });
    editor.change(uri('src/lib.rs'), 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }, text: rust }]);
    const ask = (type: unknown) =>
      editor.connection.sendRequest<{ title: string; uri: string; html: string; json: string } | null>('ffi-lint/layoutOf', {
        uri: uri('src/lib.rs'),
        type,
      });
    return { editor, uri, ask };
  };
  const cells = (html: string, style: string): readonly string[] =>
    [...html.matchAll(new RegExp(`<td class="${style}"[^>]*>\\s*([^<]*?)\\s*</td>`, 'g'))].map(([, text]) => text ?? '');

  it('draws fields and padding of both sides, and leads to the source of each', async () => {
    const { ask, uri } = await viewOf(RUST, HEADER);
    const shown = await ask('Spot');
    const html = shown?.html ?? '';
    expect(html).toContain('Rust and C agree');
    expect(cells(html, 'field')).toEqual(['kind', 'x', 'kind', 'x']);
    expect(cells(html, 'padding')).toHaveLength(2);
    expect(html).toContain('<table class="bytes" aria-hidden="true">');
    expect(html.match(/<th scope="row">/g)).toHaveLength(4);
    expect(html).toMatch(new RegExp(`data-uri="${uri('geo.h')}" data-line="3" data-column="11"`));
    expect(html).not.toMatch(/ style=| on\w+=|<script/);
    expect(JSON.parse(shown?.json ?? '')).toMatchObject({ version: 1, types: [{ name: 'Spot' }, { name: 'geo_spot' }] });
  });

  it('marks what differs, in words and in both drawings', async () => {
    const { ask } = await viewOf(RUST.replace('x: f64', 'x: f32'), HEADER);
    const html = (await ask('Spot'))?.html ?? '';
    expect(html).toContain('4 differences');
    expect(html).toContain('≠ offset of `x`: 4 in Rust, 8 in C');
    expect(cells(html, 'field wrong')).toEqual(['x', 'x']);
    expect(html.match(/<tr data-field="x" class="wrong">/g)).toHaveLength(2);
  });

  it('shows where a cache line begins, and bit-fields that share a byte', async () => {
    const bits = 'struct bits { unsigned a : 3; unsigned b : 5; };\nvoid geo_bits(struct bits *bits);\n';
    const wide = RUST.replace('    pub kind: u8,', '    pub first: [u64; 8],\n    pub kind: u8,');
    const { ask, editor, uri } = await viewOf(wide, `${HEADER}${bits}`);
    expect((await ask('Spot'))?.html).toContain('cache line 1, from byte 64');
    const of = { uri: uri('geo.h'), type: 'bits' };
    const shown = await editor.connection.sendRequest<{ html: string } | null>('ffi-lint/layoutOf', of);
    expect(cells(shown?.html ?? '', 'field')).toEqual(['a:3 b:5']);
    expect(shown?.html).toContain('bit 3');
  });

  it('follows typing, and has nothing of a type that is gone', async () => {
    const { ask, editor, uri } = await viewOf(RUST, HEADER);
    const before = await ask('Spot');
    editor.change(uri('src/lib.rs'), 3, [{ range: range(3, 11, 14), text: 'u64' }]);
    const after = await ask('Spot');
    expect(after?.html).not.toBe(before?.html);
    expect(after?.html).toContain('u64');
    expect(await ask('Gone')).toBe(null);
    expect(await ask(3)).toBe(null);
  });
});

describe('inlay hints', () => {
  const hints = (editor: Awaited<ReturnType<typeof opened>>['editor'], uri: string) =>
    editor.connection.sendRequest<{ label: string; position: unknown }[]>('textDocument/inlayHint', {
      textDocument: { uri },
      range: range(0, 0, 0),
    });

  it('are off by default', async () => {
    const { editor, uri } = await opened();
    expect(await hints(editor, uri('src/lib.rs'))).toEqual([]);
  });

  it('show offset and size behind each field', async () => {
    const { editor, uri } = await opened({ settings: { layouts: { inlayHints: true } } });
    expect(await hints(editor, uri('src/lib.rs'))).toMatchObject([
      { label: '0 +1', position: { line: 2, character: 17 } },
      { label: '8 +8', position: { line: 3, character: 15 } },
    ]);
  });
});

describe('actions', () => {
  it('add layout assertions', async () => {
    const { editor, uri } = await opened();
    const actions = await editor.actions(uri('src/lib.rs'), range(1, 12, 12));
    const found = actions.find(({ title }) => title === 'add layout assertions for `Spot`');
    const after = applied(RUST, found?.edit, uri('src/lib.rs'));
    expect(after).toContain('}\n\n#[cfg(target_pointer_width = "64")]\nconst _: () = {\n    assert!(core::mem::size_of::<Spot>() == 16);');
    editor.change(uri('src/lib.rs'), 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }, text: after }]);
    const again = await editor.actions(uri('src/lib.rs'), range(1, 12, 12));
    expect(again.map(({ title }) => title)).not.toContain('add layout assertions for `Spot`');
  });

  it('generate bindings of a function and of a type', async () => {
    const { editor, uri } = await opened({ initializationOptions: { textView: true } });
    const shown: { language: string; text: string }[] = [];
    editor.connection.onNotification('ffi-lint/showText', (one: (typeof shown)[number]) => void shown.push(one));
    for (const line of [1, 7]) {
      const actions = await editor.actions(uri('src/lib.rs'), range(line, 12, 12));
      const found = actions.find(({ title }) => title.startsWith('generate C for'));
      await editor.connection.sendRequest('workspace/executeCommand', found?.command ?? { command: 'none' });
    }
    await until('both texts are shown', () => shown.length === 2);
    expect(shown.map(({ language }) => language)).toEqual(['c', 'c']);
    expect(shown[0]?.text).toContain('struct Spot {');
    expect(shown[1]?.text).toContain('double geo_far(Spot spot);');
  });

  it('offer nothing on what is not at the boundary', async () => {
    const { editor, uri } = await opened();
    expect(await editor.actions(uri('src/lib.rs'), range(11, 13, 13))).toEqual([]);
  });
});

describe('measuring', () => {
  it('starts nothing without trust', async () => {
    const { editor, uri } = await opened({ initializationOptions: { trusted: false } });
    await lenses(editor, uri('src/lib.rs'));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(editor.lensRefreshes).toEqual([]);
  });

  it('measures in the background where the workspace is trusted, and asks the editor to ask again', async ({ skip }) => {
    skip(process.platform === 'win32', 'the C compiler of this test is gcc or clang');
    const { editor, uri } = await opened({ initializationOptions: { trusted: true }, capabilities: FULL });
    expect(text(await editor.hover(uri('src/lib.rs'), { line: 1, character: 12 }))).toContain('| source | computed | computed |');
    const deadline = Date.now() + 60_000;
    while (editor.lensRefreshes.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(editor.logged.filter((line) => line.includes('measuring'))).toEqual([]);
    expect(text(await editor.hover(uri('src/lib.rs'), { line: 1, character: 12 }))).toMatch(
      /\| source \| (rustc|computed) \| (cc|computed) \|/,
    );
    expect(editor.lensRefreshes.length).toBeGreaterThan(0);
  }, 90_000);
});
