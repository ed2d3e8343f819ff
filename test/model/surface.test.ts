/** The FFI surface: what crosses the boundary in each direction, and which types it mentions. */
import { expect, test } from 'vitest';
import { snapshotOf } from './snapshot.ts';

/** The surface as lines that people can read. */
async function surface(files: Record<string, string>): Promise<string> {
  const { workspace, surface: found } = await snapshotOf(files);
  const place = (path: string) => path.replace(/^\/w\//, '').replace(/#\d+$/, '#');
  const lines = [
    ...found.functions.map(
      (fn) =>
        `${fn.role} ${fn.item.name} as ${fn.symbol ?? '-'} ${fn.abi ?? 'Rust'}${fn.rewritten ? ' rewritten' : ''} @${place(fn.item.file.path)}`,
    ),
    ...found.statics.map((one) => `${one.role} static ${one.item.name} as ${one.symbol}`),
    ...found.types.map((type) => `type ${type.item.name} by value ${type.byValue.length}, behind pointers ${type.behindPointer.length}`),
    ...found.pyEntries.map((entry) => `python ${entry.kind} ${entry.className === null ? '' : `${entry.className}.`}${entry.item.name}`),
  ];
  expect(workspace.crates.length).toBeGreaterThan(0);
  return lines.join('\n');
}

test('imports, exports, callbacks and statics', async () => {
  const source = `
use std::ffi::c_int;
pub struct Opaque; pub struct Value(u8); pub type Alias = Value; pub struct Wrap<T>(T);
extern "C" { pub fn plain(it: *mut Opaque) -> Alias; #[link_name = "real"] fn named(); pub static ERRNO: c_int; }
extern "Rust" { fn not_foreign(); }
#[no_mangle] pub extern "C" fn exported(it: Option<&Opaque>, b: Box<Opaque>) {}
#[export_name = "other"] pub unsafe extern "system" fn renamed() {}
#[cfg_attr(not(test), no_mangle)] pub fn rust_abi() {}
pub extern "C-unwind" fn callback(data: *mut std::ffi::c_void) {}
pub fn ordinary(v: Value) {}
pub extern "rust-intrinsic" fn intrinsic();
impl Value { pub extern "C" fn method(&self) {} }
#[no_mangle] pub static TABLE: [Value; 2] = [Value(0), Value(1)];
#[wasm_bindgen] pub extern "C" fn made(s: String) {}
#[cfg(test)] mod tests { #[no_mangle] pub extern "C" fn in_tests() {} }
`;
  expect(await surface({ 'src/lib.rs': source })).toBe(
    [
      'import plain as plain C @src/lib.rs',
      'import named as real C @src/lib.rs',
      'export exported as exported C @src/lib.rs',
      'export renamed as other system @src/lib.rs',
      'export rust_abi as rust_abi Rust @src/lib.rs',
      'callback callback as - C-unwind @src/lib.rs',
      'callback method as - C @src/lib.rs',
      'callback made as - C rewritten @src/lib.rs',
      'import static ERRNO as ERRNO',
      'export static TABLE as TABLE',
      'type Opaque by value 0, behind pointers 3',
      'type Value by value 2, behind pointers 0',
    ].join('\n'),
  );
});

test('what macros of the workspace make is part of it, arguments of unknown macros are not', async () => {
  const source = `
macro_rules! export { ($name:ident => $body:expr) => { #[no_mangle] pub extern "C" fn $name(x: i32) -> i32 { $body } }; }
export!(made => 1);
unknown::wrap! { #[no_mangle] pub extern "C" fn hidden() {} }
cfg_if::cfg_if! { if #[cfg(unix)] { #[no_mangle] pub extern "C" fn on_unix() {} } }
`;
  expect(await surface({ 'src/lib.rs': source })).toBe(
    ['export made as made C @src/lib.rs#', 'export on_unix as on_unix C @src/lib.rs'].join('\n'),
  );
});

test('what Python calls', async () => {
  const source = `
use pyo3::prelude::*;
#[pyfunction] fn free() {}
#[pyo3::pyfunction] fn qualified() {}
#[cfg_attr(feature = "python", pyfunction)] fn conditional() {}
#[pyclass] struct Thing;
#[pymethods] impl Thing { #[new] fn new() -> Self { Thing } fn work(&self) {} }
impl Thing { fn internal(&self) {} }
#[pymodule] fn module(m: &Bound<'_, PyModule>) -> PyResult<()> { Ok(()) }
`;
  expect(await surface({ 'src/lib.rs': source })).toBe(
    [
      'python function free',
      'python function qualified',
      'python function conditional',
      'python method Thing.new',
      'python method Thing.work',
      'python module module',
    ].join('\n'),
  );
});
