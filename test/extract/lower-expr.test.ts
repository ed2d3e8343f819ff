/** Lowering of types, expressions, patterns and statements: Rust in, a printed AST out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseFileItems } from '../../server/src/model/extract/rust/parse-item.ts';
import type { BlockExpr } from '../../server/src/model/rust/ast-expr.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import { testParsers } from '../support/parsers.ts';
import { printExpr, printPattern, printStatement, printType } from './print-ast.ts';

let parsers: Parsers;
beforeAll(async () => {
  parsers = await testParsers();
});

function body(source: string): BlockExpr {
  const [item] = parseFileItems(parsers, `fn f() { ${source} }`);
  if (item?.kind !== 'fn' || !item.body) throw new Error(`no body in ${source}`);
  return item.body;
}

function expr(source: string): string {
  const { tail } = body(source);
  return tail ? printExpr(tail) : 'no tail';
}

function type(source: string): string {
  const [item] = parseFileItems(parsers, `type T = ${source};`);
  return item?.kind === 'type' && item.type ? printType(item.type) : 'no type';
}

function pattern(source: string): string {
  const [first] = body(`let ${source} = x;`).statements;
  return first?.kind === 'let' ? printPattern(first.pattern) : 'no let';
}

function table(what: string, lower: (source: string) => string, rows: readonly (readonly [source: string, printed: string])[]): void {
  describe(what, () => {
    for (const [source, printed] of rows) it(source, () => expect(lower(source)).toBe(printed));
  });
}

table('types', type, [
  ['u8', 'u8'],
  ["::a::B<'a, T, 3, { N }, Item = u8>", "::a::B<'a, T, =3, ={ N }, Item = u8>"],
  ['*const *mut c_void', '*const *mut c_void'],
  ["&'a mut [T]", "&'a mut [T]"],
  ['[[u8; 4]; N + 1]', '[[u8; 4]; (+ N 1)]'],
  ['()', '()'],
  ['(u8,)', '(u8)'],
  ['(u8)', 'u8'],
  ['!', '!'],
  ['_', '_'],
  ['fn()', 'fn()'],
  [
    'Option<unsafe extern "C" fn(*mut c_void, n: usize, _: u8, ...) -> i32>',
    'Option<unsafe extern "C" fn(*mut c_void, n: usize, u8, ...) -> i32>',
  ],
  ['extern fn(u8)', 'extern "C" fn(u8)'],
  ["for<'a> extern \"system\" fn(&'a u8) -> &'a u8", "for<'a> extern \"system\" fn(&'a u8) -> &'a u8"],
  ["Box<dyn Fn(i32, u8) -> u8 + Send + 'static>", 'Box<dyn{Fn<(i32, u8), Output = u8> + Send}>'],
  ["dyn for<'a> Fn(&'a u8)", "dyn{Fn<(&'a u8)>}"],
  ["&(dyn A + 'a)", '&dyn{A}'],
  ["impl Iterator<Item = u8> + ?Sized + use<'a>", 'impl{Iterator<Item = u8>}'],
  ['<Vec<T> as IntoIterator>::Item', '<Vec<T> as IntoIterator>::Item'],
  ['<T>::X', '<T>::X'],
  ['T::A::B', 'T::A::B'],
  ['Vec::<u8>', 'Vec<u8>'],
  ['m![u8]', 'm!'],
]);

table('expressions', expr, [
  ['a::b::<T>::c', 'a::b<T>::c'],
  ['<T as U>::f(x)', '(call <T as U>::f x)'],
  ['<[u8]>::len(x)', '(call <[u8]>::len x)'],
  ['size_of::<*const u8>()', '(call size_of<*const u8>)'],
  ['a.b.c(d)?.0.1', '(field 1 (field 0 (? (.c (field b a) d))))'],
  ['a.collect::<Vec<_>>()', '(.collect<Vec<_>> a)'],
  ['(self.f)(x)', '(call (field f self) x)'],
  ['((a + b)) * c', '(* (+ a b) c)'],
  ['(-a as u8) << 2 == !b && *c || d', '(|| (&& (== (<< (as (- a) u8) 2) (! b)) (* c)) d)'],
  ['&raw const *p', '(&raw (* p))'],
  ['&raw mut x.y', '(&raw mut (field y x))'],
  ['&mut *x', '(&mut (* x))'],
  ['a = b += c', '(= a (+= b c))'],
  ['x[1..]', '(index x (.. 1 -))'],
  ['(1..=2, ..3, ..=4, ..)', '(tuple (..= 1 2) (.. - 3) (..= - 4) (.. - -))'],
  ['2..*n', '(.. 2 (* n))'],
  ['(2..*n, ..-x, 1..&y)', '(tuple (.. 2 (* n)) (.. - (- x)) (.. 1 (& y)))'],
  [
    '(2..*n + 1, a..*b as usize, 2..-n * 3, 1..*p == q)',
    '(tuple (.. 2 (+ (* n) 1)) (.. a (as (* b) usize)) (.. 2 (* (- n) 3)) (.. 1 (== (* p) q)))',
  ],
  ['(2..*n.len() - 1, (2..) * n, a..b * c)', '(tuple (.. 2 (- (* (.len n)) 1)) (* (.. 2 -) n) (.. a (* b c)))'],
  ['[1, 2]', '(array 1 2)'],
  ['[0u8; N]', '(repeat 0u8 N)'],
  ['()', '(tuple)'],
  ['(a,)', '(tuple a)'],
  ['S { a, b: 1, 0: c, ..d }', '(struct S a: a b: 1 0: c ..d)'],
  ['a::S::<T> { x }', '(struct a::S<T> x: x)'],
  [
    `(1, 1.5f32, true, 'a', b'a', "s", r#"r"#, b"b", br"c", c"d", cr"e")`,
    `(tuple 1 float:1.5f32 true 'a' byte:b'a' "s" r#"r"# byte-string:b"b" byte-string:br"c" c-string:c"d" c-string:cr"e")`,
  ],
  ['|a, &b: &u8| -> u8 { a }', '(closure |a, &b: &u8| -> u8 (block => a))'],
  ['async move || x.await', '(async move closure || (await x))'],
  ['move |_| ()', '(move closure |_| (tuple))'],
  ['if a { 1 } else if b { 2 } else { 3 }', '(if a (block => 1) else (if b (block => 2) else (block => 3)))'],
  ['if let Some(x) = a && x > 1 && let D = b {}', '(if (&& (&& (let Some(x) = a) (> x 1)) (let D = b)) (block))'],
  ['while let Some(x) = y.pop() { continue }', '(while (let Some(x) = (.pop y)) (block => (continue)))'],
  ["'o: for (i, x) in y { break 'o }", "('o for (i, x) in y (block => (break 'o)))"],
  ["'l: loop { break 'l 5; }", "('l loop (block (break 'l 5);))"],
  ["'b: { 1 }", "('b block => 1)"],
  ['unsafe { const { a } }', '(unsafe block => (const block => a))'],
  ['async move { try { a? } }', '(async-move block => (try block => (? a)))'],
  ['gen { yield 1; }', '(async block (yield 1);)'],
  ['return Err(x)?', '(return (? (call Err x)))'],
  ['return', '(return)'],
  [
    'match x { #[a] A | B if c => 1, S { y, .. } => { 2 } 0..=9 => f(), _ => {} }',
    '(match x (arm #[a] A | B if c 1) (arm S{y: y, ..} (block => 2)) (arm 0..9 (call f)) (arm _ (block)))',
  ],
  ['match x { A if let Some(y) = z && y => 1, _ => 2 }', '(match x (arm A if (&& (let Some(y) = z) y) 1) (arm _ 2))'],
]);

table('patterns', pattern, [
  ['x', 'x'],
  ['mut x', 'mut x'],
  ['ref x', 'ref x'],
  ['ref mut x', 'ref mut x'],
  ['X', 'X'],
  ['_', '_'],
  ['a::B', 'a::B'],
  ['Some(ref mut x)', 'Some(ref mut x)'],
  ['A::<u8>::B(x, .., _)', 'A<u8>::B(x, .., _)'],
  ['S { a, ref b, mut c, d: (e, _), .. }', 'S{a: a, b: ref b, c: mut c, d: (e, _), ..}'],
  ['[a, .., b @ 1..=5]', '[a, .., b @ 1..5]'],
  ['(a)', 'a'],
  ['(a,)', '(a)'],
  ['()', '()'],
  ['&mut x', '&mut x'],
  ['&(a, b)', '&(a, b)'],
  ['(A | B | C)', 'A | B | C'],
  ['-1..=X', '(- 1)..X'],
  ['..=5', '..5'],
  ["'a'..", "'a'.."],
  ['"s"', '"s"'],
  ['const { 1 }', '(const block => 1)'],
  ['m!(x)', '?pattern?'],
]);

table('statements', (source) => body(source).statements.map(printStatement).join(' '), [
  ['let x: u8 = 1;', '(let x : u8 = 1)'],
  ['let mut x;', '(let mut x)'],
  ['let Some(x) = y else { return };', '(let Some(x) = y else (block => (return)))'],
  ['#[a] let x = 1; #[b] f(); #[c] { 1 } g()', '(let #[a] x = 1) #[b](call f); #[c](block => 1);'],
  ['if a {} match b {} c', '(if a (block)); (match b);'],
  ['fn g() {} struct S; use a::b;', '(fn g () (block)) (struct S unit) (use)'],
  ['m!(a); m! { b } m![c];;', '(m!( a); (m!{ b); (m![ c);'],
  ['unsafe { a() }; b', '(unsafe block => (call a));'],
  ['x as usize;', '(as x usize);'],
]);

describe('the tail of a block', () => {
  for (const [source, printed] of [
    ['a(); b', 'b'],
    ['a();', 'no tail'],
    ['if a { 1 } else { 2 }', '(if a (block => 1) else (block => 2))'],
    ['x; m!(a)', '(m!( a)'],
    ['m! { a }', '(m!{ a)'],
    ['#[cfg(a)] { 1 }', '(block => 1)'],
    ['a // b', 'a'],
  ] as const) {
    it(source, () => expect(expr(`${source}\n`)).toBe(printed));
  }
});

table('macro arguments', expr, [
  ['m!()', '(m!()'],
  ['println!("{} {x}", a + b, x = y,)', '(println!( "{} {x}" (+ a b) (= x y))'],
  ['vec![x; n + 1]', '(vec![ x (+ n 1))'],
  ['vec![1, 2]', '(vec![ 1 2)'],
  ['assert!(!p.is_null(), "a {}", b)', '(assert!( (! (.is_null p)) "a {}" b)'],
  ['matches!(x.y(), Some(z) if z > 1)', '(matches!( (.y x))'],
  ['write!(f, "{}", |x| x)', '(write!( f "{}" (closure |x| x))'],
  ['a::m!(unsafe { *p }, n![q])', '(a::m!( (unsafe block => (* p)) (n![ q))'],
  ['m!(a => b)', '(m!( ?)'],
  ['m!(let x = 1; x)', '(m!( ?)'],
  ['m!(u8: a)', '(m!( ?)'],
  ['m!(x // c\n)', '(m!( x)'],
  ['m!(n!(n!(n!(n!(n!(n!(n!(n!(n!(1))))))))))', `${'(m!( '}${'(n!( '.repeat(7)}(n!( ?)${')'.repeat(8)}`],
]);
