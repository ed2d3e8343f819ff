/** The index of a Rust file: every item with kind, name, place, attributes and triggers, in the syntax of all editions. */
import { describe, expect, it } from 'vitest';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import type { Entry } from '../../server/src/model/rust/file-index.ts';
import { Trigger } from '../../server/src/model/rust/file-index.ts';

/** The items as lines, members indented below what they stand in. */
function outline(text: string): string[] {
  const { entries } = indexRustFile(text);
  const depth = (entry: Entry): number => {
    const parent = entries[entry.parent];
    return parent === undefined ? 0 : depth(parent) + 1;
  };
  return entries.map((entry) => `${'  '.repeat(depth(entry))}${entry.kind} ${describeItem(entry)}`.trimEnd());
}

function describeItem(entry: Entry): string {
  if (entry.kind === 'impl') return `${entry.implTrait === null ? '' : `${entry.implTrait} for `}${entry.implType ?? ''}`;
  return [entry.name, entry.abi === null ? '' : `"${entry.abi}"`, entry.unsafe ? 'unsafe' : ''].filter((part) => part !== '').join(' ');
}

function only(text: string): Entry {
  const [entry] = indexRustFile(text).entries;
  if (entry === undefined) throw new Error('no item');
  return entry;
}

describe('kinds', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['fn a() {}', ['fn a']],
    ['pub const unsafe extern "C" fn a<T>(x: T) -> u8 where T: Fn(u8) -> u8 { 1 }', ['fn a "C" unsafe']],
    ['extern fn a() {}', ['fn a "C"']],
    ['extern r"system" fn a() {}', ['fn a "system"']],
    ['async fn a() {} gen fn b() {} async gen fn c() {}', ['fn a', 'fn b', 'fn c']],
    ['fn r#match() {}', ['fn match']],
    ['fn a(x: [u8; { 1 + 2 }]) -> A<{ N > 1 }> { }\nfn b() {}', ['fn a', 'fn b']],
    ['struct A; struct B(u8, u16); struct C<T>(T) where T: Copy; struct D { a: u8 }', ['struct A', 'struct B', 'struct C', 'struct D']],
    ['struct A<F> where F: Fn(u8) -> u8 { f: F } fn b() {}', ['struct A', 'fn b']],
    ['union A { a: u8 } fn b() { let union = 1; }', ['union A', 'fn b']],
    ['enum A<T = u8> { B, C(T), D { x: u8 } = 3 }', ['enum A']],
    ['type A<T> = Vec<T>; type B;', ['type A', 'type B']],
    ['const A: u8 = { 1 }; const _: () = { fn inner() {} };', ['const A', 'const _']],
    ['static mut A: u8 = 1; static B: fn(u8) = f;', ['static A', 'static B']],
    ['trait A { fn b(&self) { } const C: u8; type D: E<F>; }', ['trait A', '  fn b', '  const C', '  type D']],
    ['unsafe auto trait A {} trait B = C + D;', ['trait A unsafe', 'trait B']],
    ['impl A { const fn b() {} } impl<T: X> a::B<T> for &mut C<T> {}', ['impl A', '  fn b', 'impl a::B for &mut C']],
    ["impl !Send for A {} unsafe impl<'a> Sync for A<'a> {}", ['impl !Send for A', 'impl Sync for A']],
    ['impl<T> From<[T; 4]> for [T; 4] {} impl Fn(u8) for A {}', ['impl From for [T; 4]', 'impl Fn(u8) for A']],
    ['impl <A as B>::C { fn d() {} } impl const A for B {}', ['impl <A as B>::C', '  fn d', 'impl A for B']],
    ['default impl A for B { default fn c() {} }', ['impl A for B', '  fn c']],
    ['mod a { mod b { fn c() {} } mod d; } mod e;', ['mod a', '  mod b', '    fn c', '  mod d', 'mod e']],
    ['extern crate a; extern crate b as c;', ['extern-crate a', 'extern-crate b']],
    ['extern { fn a(x: u8, ...); static B: u8; type C; }', ['extern-block "C"', '  fn a', '  static B', '  type C']],
    [
      'unsafe extern "C" { safe fn a(); unsafe fn b(); pub safe static C: u8; }',
      ['extern-block "C" unsafe', '  fn a', '  fn b unsafe', '  static C'],
    ],
    ['macro_rules! a { ($x:expr) => { fn $x() {} } } macro_rules! b (() => {}); fn c() {}', ['macro-rules a', 'macro-rules b', 'fn c']],
    ['pub macro a($x:expr) { $x } macro b { () => {} }', ['macro-rules a', 'macro-rules b']],
    ['a::b! { x } c!(y); d![z];', ['macro-call a::b', 'macro-call c', 'macro-call d']],
    [
      'crate::a! {} crate fn b() {} union! {} default! {} auto!();',
      ['macro-call crate::a', 'fn b', 'macro-call union', 'macro-call default', 'macro-call auto'],
    ],
    ['fn a() { let c = \'}\'; let s = "}"; let r = r#"}"#; let l: &\'static u8; loop { break \'x; } } fn b() {}', ['fn a', 'fn b']],
    ['fn a() { let p = &raw const x; if let Some(y) = z && y > 1 { } let s = c"}"; } fn b() {}', ['fn a', 'fn b']],
    ['impl A { fn a() {} } ; fn b() {}', ['impl A', '  fn a', 'fn b']],
  ];
  it.each(cases)('%s', (text, expected) => {
    // `unsafe` of an impl or trait is asked for elsewhere.
    expect(outline(text)).toEqual(expected);
    expect(indexRustFile(text).balanced).toBe(true);
  });

  it('items inside bodies are not listed', () => {
    expect(outline('fn a() { struct B; mod c { fn d() {} } }')).toEqual(['fn a']);
  });

  it('items inside bodies are listed where other languages meet them', () => {
    const text = [
      'fn install() {',
      '    struct Local;',
      '    let f: extern "C" fn(i32) = on_value;',
      '    /// Called for each value.',
      '    #[inline(never)] unsafe extern "C" fn on_value(x: i32) { extern "C" fn deeper() {} }',
      '    unsafe { extern "system" { fn GetTickCount() -> u32; } let g = 1; pub extern fn last() {} }',
      '}',
      'struct After;',
    ].join('\n');
    expect(outline(text)).toEqual([
      'fn install',
      '  fn on_value "C" unsafe',
      '    fn deeper "C"',
      '  extern-block "system"',
      '    fn GetTickCount',
      '  fn last "C"',
      'struct After',
    ]);
    const [, onValue] = indexRustFile(text).entries;
    expect(text.slice(onValue?.span.start, onValue?.span.end)).toMatch(/^\/\/\/ Called.*fn deeper\(\) \{\} \}$/s);
  });

  it('unsafe impls and blocks', () => {
    expect(only('unsafe impl Send for A {}').unsafe).toBe(true);
    expect(only('impl Send for A {}').unsafe).toBe(false);
  });

  it.each([
    ['fn a() {}', 'private'],
    ['pub fn a() {}', 'pub'],
    ['pub(crate) fn a() {}', 'restricted'],
    ['pub(in a::b) struct A;', 'restricted'],
    ['crate fn a() {}', 'restricted'],
  ])('visibility of %s', (text, visibility) => {
    expect(only(text).visibility).toBe(visibility);
  });
});

describe('places', () => {
  const text = '#![inner]\n/// Doc\n#[a]\n// note\npub unsafe fn größe(x: u8) -> u8 { "😀"; x }\n\nstruct B;\n';
  const [fn, struct] = indexRustFile(text).entries;
  const slice = (span: { start: number; end: number } | null | undefined) => span && text.slice(span.start, span.end);

  it('span from the doc comment, signature from the visibility, body inside the braces', () => {
    expect(slice(fn?.span)).toBe(text.slice(text.indexOf('/// Doc'), text.indexOf('\n\nstruct')));
    expect(slice(fn?.signatureSpan)).toBe('pub unsafe fn größe(x: u8) -> u8 { "😀"; x }');
    expect(slice(fn?.nameSpan)).toBe('größe');
    expect(slice(fn?.bodySpan)).toBe(' "😀"; x ');
    expect(slice(struct?.span)).toBe('struct B;');
    expect(struct?.bodySpan).toBe(null);
  });

  it('macro calls with and without semicolon', () => {
    const calls = 'a!(x); b!{y} c!(z);';
    expect(
      indexRustFile(calls).entries.map(({ span, bodySpan }) => [
        calls.slice(span.start, span.end),
        bodySpan && calls.slice(bodySpan.start, bodySpan.end),
      ]),
    ).toEqual([
      ['a!(x);', 'x'],
      ['b!{y}', 'y'],
      ['c!(z);', 'z'],
    ]);
  });

  it('CRLF does not shift them', () => {
    const crlf = '/// d\r\nfn a() {\r\n}\r\nfn b() {}\r\n';
    expect(indexRustFile(crlf).entries.map(({ span }) => crlf.slice(span.start, span.end))).toEqual([
      '/// d\r\nfn a() {\r\n}',
      'fn b() {}',
    ]);
  });

  it('inner attributes belong to the file, the module or the fn', () => {
    const index = indexRustFile('#![a]\nmod b { #![c] fn d() { #![e] #![f] } }');
    expect(index.innerAttributes.map(({ path }) => path)).toEqual(['a']);
    expect(index.entries.map(({ attributes }) => attributes.map(({ path, inner }) => `${path} ${inner}`))).toEqual([
      ['c true'],
      ['e true', 'f true'],
    ]);
  });
});

describe('triggers', () => {
  const bits = (text: string): string[] => {
    const { triggers } = indexRustFile(text);
    return Object.entries(Trigger)
      .filter(([, bit]) => (triggers & bit) !== 0)
      .map(([name]) => name);
  };
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['fn a() { let x = 1; }', []],
    ['extern "C" fn a() {}', ['Extern']],
    ['fn a(f: extern "C" fn()) {}', ['Extern']],
    ['extern crate a;', []],
    ['#[no_mangle] fn a() {}', ['ExportAttribute']],
    ['fn a(p: *const u8) {}', ['RawPointer']],
    ['fn a() { let p = &raw mut x; }', ['RawPointer']],
    ['fn a(x: &mut u8) { const X: u8 = 1; }', []],
    ['fn a() { if a != b && !c { } }', []],
    ['fn a() { b!(); }', ['MacroCall']],
    ["#[pyfunction] fn a(py: Python<'_>) {}", ['PyAttribute', 'PyName']],
    ['fn a(x: Py<PyAny>) {}', ['PyName']],
    ['#[repr(C)] struct A;', ['Repr']],
    ['fn a() { std::panic::catch_unwind(|| {}) }', ['CatchUnwind']],
    ['// unsafe extern repr\nfn a() { "unsafe" }', []],
    ['fn a() { r#unsafe }', []],
  ];
  it.each(cases)('%s', (text, expected) => {
    expect(bits(text)).toEqual(expected);
  });

  it('belong to the item that mentions them and to what it stands in', () => {
    const { entries } = indexRustFile('mod a { fn b() { unsafe {} } fn c() {} } fn d() {}');
    expect(entries.map(({ name, triggers }) => `${name} ${triggers}`)).toEqual([
      `a ${Trigger.Unsafe | Trigger.Module}`,
      `b ${Trigger.Unsafe}`,
      'c 0',
      'd 0',
    ]);
  });
});

describe('items in macro calls', () => {
  const cfgs = (text: string): string[] =>
    indexRustFile(text)
      .entries.filter(({ inMacro }) => inMacro)
      .map(({ name, attributes }) => [name, ...attributes.map((attribute) => `${attribute.path}(${attribute.text ?? ''})`)].join(' '));

  it('any macro whose tokens look like items', () => {
    expect(outline('bitflags! { /// d\n pub struct A: u32 { const B = 1; } }')).toEqual(['macro-call bitflags', '  struct A']);
    expect(outline('ffi_fn!(/// d\n pub extern "C" fn a(x: u8) -> u8 { 1 } ?= 0);')).toEqual(['macro-call ffi_fn', '  fn a "C"']);
    expect(outline('s! { pub struct a { x: u8 } #[repr(C)] pub union b { x: u8 } }')).toEqual(['macro-call s', '  struct a', '  union b']);
    expect(outline('lazy_static! { static ref A: u8 = 1; pub static ref B: u8 = 2; }')).toEqual([
      'macro-call lazy_static',
      '  static A',
      '  static B',
    ]);
    expect(outline('extern_c! { pub fn a(); fn b(); }')).toEqual(['macro-call extern_c', '  fn a', '  fn b']);
    expect(outline('m! { a => fn, "x" => struct Y, impl }')).toEqual(['macro-call m']);
  });

  it('their members stand in a macro too, the call itself does not', () => {
    const { entries } = indexRustFile('m! { mod a { fn b() {} } }');
    expect(entries.map(({ name, inMacro, parent }) => [name, inMacro, parent])).toEqual([
      ['m', false, -1],
      ['a', true, 0],
      ['b', true, 1],
    ]);
  });

  it('branches of cfg_if have their condition and the negation of the earlier ones', () => {
    expect(
      cfgs(
        'cfg_if::cfg_if! { if #[cfg(unix)] { mod a; #[x] fn b() {} } else if #[cfg(all(windows, feature = "q"))] { mod c; } else { mod d; } }',
      ),
    ).toEqual([
      'a cfg(unix)',
      'b cfg(unix) x()',
      'c cfg(not(unix)) cfg(all(windows, feature = "q"))',
      'd cfg(not(unix)) cfg(not(all(windows, feature = "q")))',
    ]);
  });

  it('nested ones', () => {
    expect(cfgs('cfg_if! { if #[cfg(unix)] { cfg_if! { if #[cfg(a)] { mod b; } else { mod c; } } } }')).toEqual([
      'cfg_if cfg(unix)',
      'b cfg(a)',
      'c cfg(not(a))',
    ]);
  });

  it('cfg_select and match_cfg', () => {
    expect(cfgs('cfg_select! { windows => { mod a; } all(unix, not(b)) => { mod c; } _ => { mod d; } }')).toEqual([
      'a cfg(windows)',
      'c cfg(not(windows)) cfg(all(unix, not(b)))',
      'd cfg(not(windows)) cfg(not(all(unix, not(b))))',
    ]);
    expect(cfgs('match_cfg! { #[cfg(unix)] => { mod a; } _ => { mod b; } }')).toEqual(['a cfg(unix)', 'b cfg(not(unix))']);
  });
});

describe('generated files', () => {
  it.each([
    ['/* automatically generated by rust-bindgen 0.69.4 */\npub type a = u8;', true],
    ['// @generated by x\nfn a() {}', true],
    ['// Code generated by y. DO NOT EDIT.\nfn a() {}', true],
    ['// This file was autogenerated by some hot garbage in the `uniffi` crate.\nfn a() {}', true],
    ['//! Reads generated files.\nfn a() {}', false],
    ['fn a() {} // @generated', false],
    ['// do not edit this by accident\nfn a() {}', false],
  ])('%j', (text, generated) => {
    expect(indexRustFile(text).generated).toBe(generated);
  });
});
