/** Expanding macro_rules: what is matched, what is written, and where it comes from. */
import { describe, expect, it } from 'vitest';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import type { MacroDefinition } from '../../server/src/model/extract/rust/macro-definition.ts';
import { isUnknown, macroContains, parseMacroRules } from '../../server/src/model/extract/rust/macro-definition.ts';
import type { Expansion } from '../../server/src/model/extract/rust/macro-expand.ts';
import { expandMacro } from '../../server/src/model/extract/rust/macro-expand.ts';

function define(rules: string, offset = 0): MacroDefinition {
  const definition = parseMacroRules(rules, offset);
  if (isUnknown(definition)) throw new Error(definition.unknown);
  return definition;
}

function expand(rules: string, args: string, offset = 0, crateRoot?: string): Expansion | null {
  const expansion = expandMacro(define(rules), args, offset, crateRoot);
  return isUnknown(expansion) ? null : expansion;
}

/** The expansion in one line, null where it is unknown. */
function text(rules: string, args: string): string | null {
  return expand(rules, args)?.text.replace(/\s+/g, ' ').trim() ?? null;
}

describe('fragments', () => {
  /** What a fragment takes from the front of a text, up to a marker that cannot be part of it. */
  const takes = (fragment: string, args: string): string | null => text(`($x:${fragment} $($rest:tt)*) => { [$x] [$($rest)*] }`, args);
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['ident', 'a b', '[a] [b]'],
    ['ident', 'r#type;', '[r#type] [;]'],
    ['ident', '_', null],
    ['lifetime', "'a x", "['a] [x]"],
    ['tt', '(a b) c', '[(a b)] [c]'],
    ['tt', '=> c', '[=>] [c]'],
    ['tt', ':: c', '[::] [c]'],
    ['literal', '-1 x', '[-1] [x]'],
    ['literal', '"s", 1', '["s"] [, 1]'],
    ['literal', 'true', '[true] []'],
    ['literal', 'x', null],
    ['vis', 'pub fn', '[pub] [fn]'],
    ['vis', 'pub(crate) fn', '[pub(crate)] [fn]'],
    ['vis', 'pub (u8)', '[pub] [(u8)]'],
    ['vis', 'fn', '[] [fn]'],
    ['block', '{ a; b } c', '[{ a; b }] [c]'],
    ['meta', 'a::b(c) x', '[a::b(c)] [x]'],
    ['meta', 'doc = "x", y', '[doc = "x"] [, y]'],
    ['path', 'a::b::<C> => x', '[a::b::<C>] [=> x]'],
    ['ty', 'u8 = 1', '[u8] [= 1]'],
    ['ty', "&'a mut Vec<Vec<u8>>, x", "[&'a mut Vec<Vec<u8>>] [, x]"],
    ['ty', '*const *mut a::B; x', '[*const *mut a::B] [; x]'],
    ['ty', 'unsafe extern "C" fn(u8, &T) -> i32 => x', '[unsafe extern "C" fn(u8, &T) -> i32] [=> x]'],
    ['ty', "for<'a> fn(&'a u8), x", "[for<'a> fn(&'a u8)] [, x]"],
    ['ty', '[u8; 4] as x', '[[u8; 4]] [as x]'],
    ['ty', '(A, B), x', '[(A, B)] [, x]'],
    ['ty', "dyn A<B = C> + 'a + ?Sized, x", "[(dyn A<B = C> + 'a + ?Sized)] [, x]"],
    ['ty', 'impl Fn(A) -> B where x', '[impl Fn(A) -> B] [where x]'],
    ['ty', '<A as B>::C | x', '[<A as B>::C] [| x]'],
    ['ty', '! , x', '[!] [, x]'],
    ['ty', '_ , x', '[_] [, x]'],
    ['ty', 'm!(x) , y', '[m!(x)] [, y]'],
    ['ty', 'struct', null],
    ['expr', '1 + 2 => x', '[(1 + 2)] [=> x]'],
    ['expr', 'a.b::<C, D>(e)?.f[0] , x', '[a.b::<C, D>(e)?.f[0]] [, x]'],
    ['expr', '|a, b| a + b, c', '[(|a, b| a + b)] [, c]'],
    ['expr', 'move || -> u8 { 1 }, c', '[(move || -> u8 { 1 })] [, c]'],
    ['expr', 'if a { b } else if let C { d } = e { f } else { g }; h', '[(if a { b } else if let C { d } = e { f } else { g })] [; h]'],
    ['expr', 'match a { b => c, d => e }, f', '[(match a { b => c, d => e })] [, f]'],
    ['expr', 'unsafe { a } as *const u8, b', '[(unsafe { a } as *const u8)] [, b]'],
    ['expr', '&raw const a, b', '[(&raw const a)] [, b]'],
    ['expr', 'A { b: 1, ..c }; d', '[(A { b: 1, ..c })] [; d]'],
    ['expr', 'vec![1, 2], x', '[vec![1, 2]] [, x]'],
    ['expr', '1.., x', '[(1..)] [, x]'],
    ['expr', '-a != !b && *c || d, x', '[(-a != !b && *c || d)] [, x]'],
    ['expr', 'return a, x', '[(return a)] [, x]'],
    ['expr', "'l: loop { break 'l 1 }, x", "[('l: loop { break 'l 1 })] [, x]"],
    ['expr', '<A as B<C, D>>::e(), x', '[<A as B<C, D>>::e()] [, x]'],
    ['expr', 'fn', null],
    ['pat', 'A { b, .. } | C(d) => x', '[A { b, .. } | C(d)] [=> x]'],
    ['pat_param', 'A | B', '[A] [| B]'],
    ['pat', '&Some(ref a) if x', '[&Some(ref a)] [if x]'],
    ['item', 'pub fn a() {} struct B;', '[pub fn a() {}] [struct B;]'],
    ['item', '#[x] impl A for B { } c', '[#[x] impl A for B { }] [c]'],
    ['item', 'a', null],
    ['stmt', 'let a = b; c', '[let a = b;] [; c]'],
    ['stmt', 'a.b(); c', '[a.b()] [; c]'],
  ];
  it.each(cases)('%s from %s', (fragment, args, expected) => {
    expect(takes(fragment, args)).toBe(expected);
  });
});

describe('rules', () => {
  const cases: readonly (readonly [string, string, string, string | null])[] = [
    ['the first that matches', '(a) => { one } (b) => { two }', 'b', 'two'],
    ['semicolons between them, any brackets', '[a] => [one]; {b} => (two);', 'b', 'two'],
    ['separators', '($($x:ident),*) => { $(fn $x();)* }', 'a, b, c', 'fn a(); fn b(); fn c();'],
    ['a trailing separator', '($($x:ident),* $(,)?) => { $($x)+* }', 'a, b,', 'a b*'],
    ['no round', '($($x:ident),*) => { [$($x),*] }', '', '[]'],
    ['one or more', '($($x:ident)+) => { $($x)* }', '', null],
    ['optional parts', '($a:ident $(: $t:ty)?) => { let $a $(: $t)?; }', 'x: u8', 'let x : u8;'],
    ['optional parts left out', '($a:ident $(: $t:ty)?) => { let $a $(: $t)?; }', 'x', 'let x;'],
    [
      'nested repetitions',
      '($($n:ident: [$($x:expr),*]);*) => { $(fn $n() { $(f($x);)* })* }',
      'a: [1, 2]; b: []',
      'fn a() { f(1); f(2); } fn b() { }',
    ],
    ['an outer variable inside a repetition', '($t:ty: $($x:ident)*) => { $(const $x: $t;)* }', 'u8: A B', 'const A: u8; const B: u8;'],
    [
      'two variables side by side',
      '($($k:ident = $v:expr),*) => { $(const $k: u8 = $v;)* }',
      'A = 1, B = 2 + 3',
      'const A: u8 = 1; const B: u8 = (2 + 3);',
    ],
    ['groups of all kinds', '({ $a:ident } [$b:ident] ($c:ident)) => { $a $b $c }', '{ x } [y] (z)', 'x y z'],
    ['half of a >>', '(Option<$t:ty>) => { $t }', 'Option<Vec<u8>>', 'Vec<u8>'],
    ['operators as written', '($a:ident => $b:ident) => { $b }', 'a = b', null],
    [
      'doc comments as attributes',
      '($(#[$m:meta])* $n:ident) => { $(#[$m])* struct $n; }',
      '/// Say "hi"\n#[repr(C)] A',
      '#[doc=" Say \\"hi\\""] #[repr(C)] struct A;',
    ],
    [
      'doc comments matched token by token',
      '($(#[doc = $d:literal])* #[repr($r:ty)] $n:ident) => { $n $r $($d)* }',
      '/// a\n/** b */\n#[repr(u8)] A',
      'A u8 " a" " b "',
    ],
    ['doc comments in a matcher mean nothing', '(/// about a\n $n:ident) => { $n }', 'x', 'x'],
    ['a doc comment at the end', '($n:ident #[$m:meta]) => { #[$m] struct $n; }', 'A /** b */', '#[doc=" b "] struct A;'],
    ['a type in front of a shift', '($t:ty) => { const A: $t = 1 as $t << 2; }', 'u8', 'const A: u8 = 1 as (u8) << 2;'],
    ['a dollar sign alone', '($) => { one } ($x:tt) => { two }', '$', 'one'],
    ['words do not run together', '($a:ident$b:ident) => { $a$b }', 'x y', 'x y'],
    [
      'a variable that is not bound',
      '($n:ident) => { macro_rules! $n { ($x:expr) => { $x } } }',
      'm',
      'macro_rules! m { ($x:expr) => { $x } }',
    ],
    ['repetitions of different length', '($($a:ident)*; $($b:ident)*) => { $($a $b)* }', 'x y; z', null],
    ['a repeated variable outside of its repetition', '($($a:ident)*) => { $a }', 'x', null],
    [
      'what rustc would not read as an expression goes on to the next rule',
      '($e:expr) => { one } ($a:ident : $b:ty) => { two }',
      'a: u8',
      'two',
    ],
  ];
  it.each(cases)('%s', (_, rules, args, expected) => {
    expect(text(rules, args)).toBe(expected);
  });

  it('$crate is written as the given root', () => {
    expect(expand('() => { $crate::a!() }', '', 0)?.text.trim()).toBe('crate::a!()');
    expect(expand('() => { $crate::a!() }', '', 0, '::other')?.text.trim()).toBe('::other::a!()');
  });

  it.each(['(', '() => ', '($x) => {}', '($x:expr => {}', '() => { $[count(x)] }', 'x', '($(a) => {}'])('%s is unknown', (rules) => {
    expect(isUnknown(parseMacroRules(rules, 0))).toBe(true);
  });

  it('mentions of a name in what is written, not in what is matched', () => {
    const definition = define('($p:expr, is_null) => { if $p.is_null() { return; } } (catch_unwind) => {}');
    expect(macroContains(definition, ['is_null', 'x'])).toBe(true);
    expect(macroContains(definition, ['catch_unwind'])).toBe(false);
  });
});

describe('origins', () => {
  const rules =
    '($(#[$m:meta])* $v:vis fn $n:ident($($a:ident: $t:ty),*) $b:block) => { $(#[$m])* #[no_mangle] $v extern "C" fn $n($($a: $t),*) { wrap(|| $b) } }';
  const args = '\n  /// doc\n  pub fn add(a: *const u8, b: u32) { unsafe { *a } }\n';
  const file = `ffi!{${args}}`;
  const offset = file.indexOf('{') + 1;
  const expansion = expand(rules, args, offset);
  const locate = (part: string): string | null => {
    const start = expansion?.text.indexOf(part) ?? -1;
    if (start < 0) throw new Error(`${part} is not in the expansion`);
    const at = expansion?.locate({ start, end: start + part.length }) ?? null;
    return at && file.slice(at.start, at.end);
  };

  it('tokens of the arguments are found in the call', () => {
    expect(locate('add')).toBe('add');
    expect(locate('*const u8')).toBe('*const u8');
    expect(locate('const')).toBe('const');
    expect(locate('unsafe { *a }')).toBe('unsafe { *a }');
    expect(locate('pub')).toBe('pub');
  });

  it('those of the definition, and spans over both, are not', () => {
    expect(locate('extern "C"')).toBe(null);
    expect(locate('wrap')).toBe(null);
    expect(locate('add(a')).toBe(null);
    expect(locate('a: *const u8')).toBe(null);
  });

  it('neighbours in the arguments are one stretch, others are not', () => {
    const whole = expand('($($t:tt)*) => { mod m { $($t)* } }', 'fn a() {} struct B;', 3);
    const start = whole?.text.indexOf('fn') ?? 0;
    expect(whole?.locate({ start, end: (whole?.text.indexOf('B;') ?? 0) + 2 })).toEqual({ start: 3, end: 22 });
    const swapped = expand('($a:ident $b:ident) => { $b $a }', 'x y');
    expect(swapped?.locate({ start: 1, end: swapped.text.length - 1 })).toBe(null);
  });

  it('pieces name the place in the definition', () => {
    const definition = define('() => { fn a() {} }', 100);
    const made = expandMacro(definition, '', 0);
    expect(isUnknown(made) ? [] : made.pieces.slice(0, 2)).toMatchObject([
      { source: 'definition', origin: { start: 108, end: 110 } },
      { source: 'definition', origin: { start: 111, end: 112 } },
    ]);
  });

  it('the expansion is indexed like a file', () => {
    const [entry] = indexRustFile(expansion?.text ?? '').entries;
    expect(entry).toMatchObject({ kind: 'fn', name: 'add', abi: 'C', visibility: 'pub' });
    expect(entry?.attributes.map(({ path, value }) => [path, value])).toEqual([
      ['doc', ' doc'],
      ['no_mangle', null],
    ]);
  });
});

describe('limits', () => {
  it('an expansion that would be too long is unknown', () => {
    const many = 'x '.repeat(3000);
    const rules = `($($a:ident)*) => { $( const $a: [u8; 3] = [ ${'1 + '.repeat(2000)} 1 ]; )* }`;
    expect(text(rules, many)).toBe(null);
  });

  it('a repetition that takes nothing ends', () => {
    expect(text('($($v:vis)*) => { a }', '')).toBe('a');
    expect(text('($($v:vis)* b) => { a }', 'b')).toBe('a');
  });

  it('long arguments do not overflow the stack', () => {
    expect(text('($($t:tt)*) => { [$($t)*] }', 'a '.repeat(50_000))?.length).toBe(100_001);
    expect(text('($e:expr) => { 1 }', `${'('.repeat(20_000)}${')'.repeat(20_000)}`)).toBe('1');
    expect(text('($e:expr) => { 1 }', `${'- '.repeat(20_000)}1`)).toBe('1');
    expect(text('($e:expr) => { 1 }', `${'if a {} else '.repeat(20_000)}{}`)).toBe('1');
    for (const nested of ['|a| ', 'return ', "'a: ", 'let a = ', 'x as fn() -> fn() -> ', '& ']) {
      expect(() => text('($e:expr) => { 1 } ($t:ty) => { 2 }', `${nested.repeat(20_000)}1`)).not.toThrow();
    }
    expect(() => text('($t:ty) => { 2 }', `${'fn() -> '.repeat(20_000)}u8`)).not.toThrow();
  });
});
