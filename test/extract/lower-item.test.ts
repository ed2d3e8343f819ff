/** Lowering of items: Rust in, a printed AST out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseFileItems, parseItem } from '../../server/src/model/extract/rust/parse-item.ts';
import type { ItemContext } from '../../server/src/model/extract/rust/parse-item.ts';
import type { Item } from '../../server/src/model/rust/ast-item.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import { testParsers } from '../support/parsers.ts';
import { printItem } from './print-ast.ts';

let parsers: Parsers;
beforeAll(async () => {
  parsers = await testParsers();
});

const print = (source: string) => parseFileItems(parsers, source).map(printItem);

describe('items', () => {
  const cases: Record<string, readonly [source: string, ...printed: string[]]> = {
    'a struct with fields': [
      'pub struct P { pub x: *const u8, pub(crate) y: [u8; 2 * N], #[cfg(a)] /* c */ z: T }',
      '(pub struct P named (pub x *const u8) (restricted y [u8; (* 2 N)]) (z #[cfg] T))',
    ],
    'tuple and unit structs': ['struct T(pub i32, #[a] u8); struct U;', '(struct T tuple (pub 0 i32) (1 #[a] u8))', '(struct U unit)'],
    'a union': ['union V { a: i32, b: f32 }', '(union V named (a i32) (b f32))'],
    'an enum': [
      '#[repr(u8)] enum E { A = 1, B(i32), #[x] C { d: u8 } }',
      '(enum E #[repr] (A unit = 1) (B tuple (0 i32)) (C named #[x] (d u8)))',
    ],
    'generics with bounds and where clauses': [
      "struct G<'a: 'b, T: Clone + ?Sized, const N: usize>(&'a T) where T: Into<u8> + 'a, for<'c> T: Fn(&'c u8);",
      "(struct G<'a: 'b, T: Clone + ?Sized + Into<u8> + 'a + Fn(&'c u8), const N: usize> tuple (0 &'a T))",
    ],
    'aliases, constants and statics': [
      'type A<T> = Vec<T>; pub const N: usize = 1; static mut S: u8 = 0; const _: () = ();',
      '(type A<T> Vec<T>)',
      '(pub const N usize = 1)',
      '(static S mut u8 = 0)',
      '(const _ () = (tuple))',
    ],
    'a fn with all its words': [
      '#[unsafe(no_mangle)] pub const unsafe extern "C-unwind" fn f(mut a: u8, _: *mut T, (b, c): (u8, u8), X: i32, ...) -> ! { loop {} }',
      '(pub fn f #[unsafe no_mangle] const unsafe extern:C-unwind (mut a: u8, _: *mut T, (b, c): (u8, u8), X: i32, ...) -> ! (block => (loop (block))))',
    ],
    'a bare extern is C': ['extern fn f() {} async fn g() {}', '(fn f extern:C () (block))', '(fn g async () (block))'],
    'a raw ABI string': ['extern r"system" fn f() {}', '(fn f extern:system () (block))'],
    'attributes of parameters, and those inside of the body': ['fn f(#[a] x: u8) { #![b] }', '(fn f #![b] (#[a]x: u8) (block))'],
    'kinds of self': [
      "impl S { fn a(self) {} fn b(&self) {} fn c(&mut self) {} fn d(mut self) {} fn e(self: Box<Self>) {} fn f<'a>(&'a self) {} }",
      "(impl S (fn a (self) (block)) (fn b (&self) (block)) (fn c (&mut self) (block)) (fn d (self) (block)) (fn e (self: Box<Self>) (block)) (fn f<'a> (&self) (block)))",
    ],
    'an impl of a trait': [
      'unsafe impl<T> a::Tr<T> for S<T> where T: B { type X = u8; const C: u8 = 1; m!(x); }',
      '(impl<T: B> unsafe a::Tr<T> for S<T> (type X u8) (const C u8 = 1) (macro-call m))',
    ],
    'a negative impl': ['impl !Send for S {}', '(impl ! Send for S)'],
    'a trait': [
      'pub unsafe trait T: A { type X: B; const C: u8; fn f(&self); fn g() {} }',
      '(pub trait T unsafe (type X) (const C u8) (fn f (&self)) (fn g () (block)))',
    ],
    'an extern block': [
      '#[link(name = "x")] unsafe extern "C" { #[link_name = "y"] safe fn f(x: u8, ...) -> u8; pub unsafe static X: i32; static mut Y: u8; type T; }',
      '(extern-block #[link] unsafe "C" (fn f #[link_name] safe (x: u8, ...) -> u8) (pub static X i32) (static Y mut u8) (type T))',
    ],
    'a bare extern block': ['extern { fn f(); }', '(extern-block "C" (fn f ()))'],
    'items of which the place is enough': [
      'use a::b; mod m { fn x() {} } mod n; extern crate std as s; macro_rules! m { () => {} } foo::bar! { x } #[cfg(a)] foo!(x); foo![y];',
      '(use)',
      '(mod m)',
      '(mod n)',
      '(extern-crate std)',
      '(macro-rules m)',
      '(macro-call foo::bar)',
      '(macro-call foo #[cfg])',
      '(macro-call foo)',
    ],
    'raw identifiers by their name': ['struct r#type { r#fn: u8 }', '(struct type named (fn u8))'],
    'doc comments': [
      '/// One\n///  two\n#[doc = " three"]\n/** four\n * five\n */\nstruct S;',
      '(struct S #[doc] "One\\n two\\nthree\\nfour\\nfive" unit)',
    ],
    'conditional attributes': ['#[cfg_attr(a, repr(C), b)] struct S;', '(struct S #[repr]#[b] unit)'],
  };
  for (const [what, [source, ...printed]] of Object.entries(cases)) {
    it(`lowers ${what}`, () => {
      expect(print(source)).toEqual(printed);
    });
  }
});

describe('broken items', () => {
  it('are unknown where the header is broken, and keep their neighbours', () => {
    expect(print('fn a() {} fn b(x y: u8) {} fn c() {}')).toEqual(['(fn a () (block))', '(unknown b)', '(fn c () (block))']);
  });

  it('have an unknown type where only that is missing', () => {
    expect(print('fn b(x: , y: u8) {}')).toEqual(['(fn b (x: ?type ?, y: u8) (block))']);
  });

  it('never lose a field silently', () => {
    const printed = print('struct S { a: u8, b: , c: u8 } struct T { d: u8 }');
    expect(printed).not.toContain('(struct S named (a u8) (c u8))');
    expect(printed).toContain('(struct T named (d u8))');
  });

  it('keep the statements around a broken one', () => {
    expect(print('fn f() { a(); let = 5; b(); }')).toEqual(['(fn f () (block (call a); ?expr?; (call b);))']);
  });

  it('never throw', () => {
    const source =
      'pub unsafe extern "C" fn f<T: A>(p: *const T, n: usize) -> Result<(), E> { match p { Some(x) if x => y![1, 2], _ => z?.a() } }';
    for (let cut = 0; cut < source.length; cut++) {
      parseFileItems(parsers, source.slice(0, cut));
      parseFileItems(parsers, source.slice(0, cut) + source.slice(cut + 7));
    }
  });

  it('become unknown where they are nested beyond all reason', () => {
    const [item] = parseFileItems(parsers, `fn f() { ${'('.repeat(3000)}1${')'.repeat(3000)} }`);
    expect(item?.kind).toBe('fn');
  });
});

describe('a single item of a file', () => {
  const at = (file: string, text: string) => ({ start: file.indexOf(text), end: file.indexOf(text) + text.length });
  const parse = (file: string, text: string, context: ItemContext) => parseItem(parsers, file, at(file, text), context);
  const slice = (file: string, span: { start: number; end: number }) => file.slice(span.start, span.end);

  it('has spans of the file', () => {
    const file = '// é😀\n/// doc\n#[no_mangle]\npub extern "C" fn f(a: u8) -> i32 { g!(a, "😀") }\nfn z() {}';
    const text = file.slice(file.indexOf('///'), file.indexOf('\nfn z'));
    const item = parse(file, text, 'module');
    if (item?.kind !== 'fn') throw new Error('not a fn');
    expect(slice(file, item.span)).toBe(text);
    expect(slice(file, item.signatureSpan).slice(0, 10)).toBe('pub extern');
    expect(slice(file, item.nameSpan)).toBe('f');
    expect(slice(file, item.keywordSpan)).toBe('fn');
    expect(slice(file, item.paramsSpan)).toBe('(a: u8)');
    expect(item.abiSpan && slice(file, item.abiSpan)).toBe('extern "C"');
    expect(item.attributes.map((attribute) => [slice(file, attribute.span), slice(file, attribute.pathSpan)])).toEqual([
      ['#[no_mangle]', 'no_mangle'],
    ]);
    const call = item.body?.tail;
    if (call?.kind !== 'macro') throw new Error('not a macro call');
    expect(slice(file, call.tokens)).toBe('a, "😀"');
    expect(call.args?.map((arg) => slice(file, arg.span))).toEqual(['a', '"😀"']);
  });

  const members: readonly (readonly [ItemContext, string, string])[] = [
    ['extern-block', 'pub safe fn f(x: u8, ...) -> u8;', '(pub fn f safe (x: u8, ...) -> u8)'],
    ['extern-block', 'static mut X: u8;', '(static X mut u8)'],
    ['extern-block', 'type Opaque;', '(type Opaque)'],
    ['impl', 'pub fn f(&self) -> u8 { 1 }', '(pub fn f (&self) -> u8 (block => 1))'],
    ['impl', 'const X: u8 = 1;', '(const X u8 = 1)'],
    ['trait', 'fn f(self: Box<Self>);', '(fn f (self: Box<Self>))'],
    ['trait', 'type X: A + B;', '(type X)'],
    ['impl', 'm! { x }', '(macro-call m)'],
  ];
  for (const [context, text, printed] of members) {
    it(`reads ${text} in ${context}`, () => {
      const file = `mod x { // é\n${text} }`;
      const item = parse(file, text, context);
      expect(item && printItem(item)).toBe(printed);
      expect(item && slice(file, item.span)).toBe(text);
    });
  }

  it('moves the arguments of attributes too', () => {
    const file = 'impl X { #[pyo3(signature = (a), name = "b")] fn f() {} }';
    const item = parse(file, '#[pyo3(signature = (a), name = "b")] fn f() {}', 'impl');
    const metas = item?.attributes[0]?.args ?? [];
    expect(metas.map((meta) => slice(file, meta.span))).toEqual(['signature = (a)', 'name = "b"']);
  });

  it('is null where there is none', () => {
    const none: readonly (Item | null)[] = [parse('   ', '   ', 'module'), parse('}}} 5', '}}} 5', 'impl')];
    expect(none).toEqual([null, null]);
  });
});
