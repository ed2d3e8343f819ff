/** Headers and Rust in the editor: an edit on either side is seen on both. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createEngine } from '../../server/src/lsp/workbench.ts';
import { testParsers } from '../support/parsers.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { edit, range } from './support/client.ts';

const RUST = '#[no_mangle]\npub extern "C" fn geo_load(layer: i32) -> i32 {\n    layer\n}\n';
const HEADER = 'int geo_load(int layer);\n';

async function open(rust: string, header: string) {
  const folder = tempFolder({
    'Cargo.toml': '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    'src/lib.rs': rust,
    'include/geo.h': header,
  });
  const editor = await edit(createEngine('0.0.0', await testParsers(), process.cwd()), { folders: [pathToFileURL(folder).href] });
  const uris = { rust: pathToFileURL(`${folder}/src/lib.rs`).href, header: pathToFileURL(`${folder}/include/geo.h`).href };
  /** An editor asks for the changed document first; the other is answered from the same check. */
  const told = async (first: 'rust' | 'header') => {
    await editor.items(uris[first]);
    const codes = async (uri: string) => (await editor.items(uri)).map(({ code }) => code);
    return { rust: await codes(uris.rust), header: await codes(uris.header) };
  };
  return { editor, uris, told };
}

it('an edit of a header changes what is said of the Rust file, and shows on the header', async () => {
  const { editor, uris, told } = await open(RUST, HEADER);
  editor.open(uris.rust, RUST);
  editor.open(uris.header, HEADER, 'c');
  expect(await told('header')).toEqual({ rust: [], header: [] });
  editor.change(uris.header, 2, [{ range: range(0, 13, 16), text: 'double' }]);
  expect(await told('header')).toEqual({ rust: ['signature-class'], header: ['signature-class'] });
  const [mirrored] = await editor.items(uris.header);
  expect(mirrored).toMatchObject({ range: range(0, 4, 12), relatedInformation: [{ location: { uri: uris.rust } }] });
  editor.change(uris.header, 3, [{ range: range(0, 13, 19), text: 'int' }]);
  expect(await told('header')).toEqual({ rust: [], header: [] });
});

it('an edit of the Rust file changes what is said on the header', async () => {
  const { editor, uris, told } = await open(RUST, HEADER);
  editor.open(uris.rust, RUST);
  editor.open(uris.header, HEADER, 'c');
  expect(await told('rust')).toEqual({ rust: [], header: [] });
  editor.change(uris.rust, 2, [{ range: range(1, 34, 37), text: 'i64' }]);
  expect(await told('rust')).toEqual({ rust: ['signature-width'], header: ['signature-width'] });
});

it('a header that is not open counts as it is on disk', async () => {
  const { editor, uris } = await open(RUST.replace('layer: i32', 'layer: f64'), HEADER);
  editor.open(uris.rust, RUST.replace('layer: i32', 'layer: f64'));
  expect((await editor.items(uris.rust)).map(({ code }) => code)).toEqual(['signature-class']);
});

it.each([
  [
    'geo.ts',
    'typescript',
    "export const lib = Deno.dlopen('./libgeo.so', {\n  geo_load: { parameters: ['i32'], result: 'i32' },\n});\n",
    range(1, 28, 31),
    'f64',
    'deno-signature',
  ],
  [
    'Geo.cs',
    'csharp',
    'using System.Runtime.InteropServices;\nstatic class Native {\n    [DllImport("geo", CallingConvention = CallingConvention.Cdecl)]\n    public static extern int geo_load(int layer);\n}\n',
    range(3, 38, 41),
    'double',
    'csharp-type',
  ],
] as const)('an edit of %s shows there and on the Rust function', async (name, language, text, where, better, rule) => {
  const folder = tempFolder({
    'Cargo.toml': '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    'src/lib.rs': RUST,
    [name]: text,
  });
  const editor = await edit(createEngine('0.0.0', await testParsers(), process.cwd()), { folders: [pathToFileURL(folder).href] });
  const [rust, peer] = [pathToFileURL(`${folder}/src/lib.rs`).href, pathToFileURL(`${folder}/${name}`).href];
  editor.open(rust, RUST);
  editor.open(peer, text, language);
  expect(await editor.items(peer)).toEqual([]);
  editor.change(peer, 2, [{ range: where, text: better }]);
  expect(await editor.items(peer)).toMatchObject([{ code: rule, relatedInformation: [{ location: { uri: rust } }] }]);
  expect(await editor.items(rust)).toMatchObject([{ code: rule, range: range(1, 18, 26) }]);
});

it('with only the Rust file open, tells what is wrong in the Python file that calls it', async () => {
  const folder = tempFolder({
    'Cargo.toml': '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
    'src/lib.rs': RUST.replace('-> i32', '-> f64').replace('    layer\n', '    f64::from(layer)\n'),
    'use.py': 'import ctypes\nlib = ctypes.CDLL("libgeo.so")\nprint(lib.geo_load(1))\n',
  });
  const editor = await edit(createEngine('0.0.0', await testParsers(), process.cwd()), { folders: [pathToFileURL(folder).href] });
  const rust = pathToFileURL(`${folder}/src/lib.rs`).href;
  const python = pathToFileURL(`${folder}/use.py`).href;
  editor.open(rust, readFileSync(`${folder}/src/lib.rs`, 'utf8'));
  expect((await editor.items(rust)).map(({ code }) => code)).toEqual(['ctypes-missing-restype']);
  const report = await editor.pullWorkspace();
  expect(report.items.map(({ uri, kind }) => [uri, kind])).toContainEqual([python, 'full']);
});

it('tells in the configuration that a target does not exist', async () => {
  const folder = tempFolder({ 'ffi-lint.toml': 'targets = ["x86_64-unknown-linux-gun"]\n', 'src/lib.rs': RUST });
  const editor = await edit(createEngine('0.0.0', await testParsers(), process.cwd()), { folders: [pathToFileURL(folder).href] });
  const { items } = await editor.pullWorkspace();
  expect(items.find(({ uri }) => uri.endsWith('ffi-lint.toml'))).toMatchObject({
    items: [{ message: 'there is no target `x86_64-unknown-linux-gun`; did you mean `x86_64-unknown-linux-gnu`?' }],
  });
});
