/** Which pointer uses a check dominates: one small fn body a case, with what is left unchecked. */
import { describe, expect, test } from 'vitest';
import { createNullFacts } from '../../../server/src/analysis/nullness/create-null-facts.ts';
import { boundaryOf } from '../boundary.ts';

const PRELUDE = `
use std::ffi::{c_char, c_void, CStr, CString};
use std::{ptr, slice};
use std::ptr::NonNull;
pub struct T { pub a: i32, pub next: *mut T }
fn consume<X>(_: X) {}
fn helper_is_ok(p: *const T) -> bool { !p.is_null() }
fn outer_helper(p: *const T) -> Result<(), ()> { if helper_is_ok(p) { Ok(()) } else { Err(()) } }
fn reads(p: *const T) -> i32 { unsafe { (*p).a } }
fn die() -> ! { std::process::abort() }
extern "C" { fn getenv(name: *const c_char) -> *mut c_char; fn throw_error(); fn plain(); }
macro_rules! non_null { ($p:expr) => { if $p.is_null() { return 0; } } }
macro_rules! nested_check { ($p:expr) => { non_null!($p) } }
macro_rules! twice { ($e:expr) => { ($e, $e) } }
`;

/** `deref p`, `slice p debug-only` … of the fn `f` with this body. */
async function unchecked(body: string, params = 'p: *const T, q: *mut T, n: usize, s: *const c_char, bytes: *const u8'): Promise<string[]> {
  const { workspace, functions } = await boundaryOf(
    `${PRELUDE}\n#[no_mangle]\npub unsafe extern "C" fn f(${params}) -> i32 {\n${body}\n}\n`,
  );
  const fn = functions.find((candidate) => candidate.role === 'export');
  if (!fn) throw new Error('the fn is not at the boundary');
  expect(fn.ast.body, 'the body is parsed').not.toBeNull();
  return createNullFacts(workspace)
    .uses(fn)
    .map((use) => `${use.kind} ${use.param}${use.state === 'unchecked' ? '' : ` ${use.state}`}`);
}

describe('unchecked uses', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['(*p).a', ['deref p']],
    ['let r = &*p; r.a', ['deref p']],
    ['let r = unsafe { &mut *q }; r.a = 1; 0', ['deref q']],
    ['(*q).a = 1; 0', ['deref q']],
    ['p.read().a', ['deref p']],
    ['ptr::read(p).a', ['deref p']],
    ['std::ptr::write(q, T { a: 1, next: ptr::null_mut() }); 0', ['deref q']],
    ['NonNull::new_unchecked(q).as_ref().a', ['deref q']],
    ['let v = p.cast::<u8>(); i32::from(*v)', ['deref p']],
    ['let v = p as *const u8 as *const i32; *v', ['deref p']],
    ['*p.cast::<i32>().add(1)', ['deref p']],
    ['CStr::from_ptr(s).to_bytes().len() as i32', ['cstr s']],
    ['std::ffi::CStr::from_ptr(s as *const _).to_bytes().len() as i32', ['cstr s']],
    ['slice::from_raw_parts(bytes, n).len() as i32', ['slice bytes']],
    ['core::slice::from_raw_parts(bytes.cast::<u16>(), n / 2).len() as i32', ['slice bytes']],
    ['drop(Box::from_raw(q)); 0', ['from-raw q']],
    ['drop(std::sync::Arc::from_raw(p)); 0', ['from-raw p']],
    ['drop(CString::from_raw(s as *mut c_char)); 0', ['from-raw s']],
    ['drop(Vec::from_raw_parts(q, n, n)); 0', ['from-raw q']],
    ['let a = (*p).a; let b = (*q).a; a + b', ['deref p', 'deref q']],
    ['let a = (*p).a; a + slice::from_raw_parts(p, n).len() as i32', ['deref p', 'slice p']],
    ['if n > 3 { (*p).a } else { 0 }', ['deref p']],
    ['if p.is_null() { println!("null"); } (*p).a', ['deref p']],
    ['if p.is_null() && n > 0 { return 0; } slice::from_raw_parts(p, n).len() as i32', ['slice p']],
    ['if p.is_null() || q.is_null() { (*p).a } else { 0 }', ['deref p']],
    ['if !p.is_null() { plain() } (*p).a', ['deref p']],
    ['if n == 0 { if p.is_null() { return 0; } } (*p).a', ['deref p']],
    ['consume(p); (*p).a', ['deref p']],
    ['if reads(p) > 0 { return 0; } (*p).a', ['deref p']],
    ['twice!((*p).a).0', ['deref p']],
    ['debug_assert!(!p.is_null()); (*p).a', ['deref p debug-only']],
    ['debug_assert_ne!(p, ptr::null()); (*p).a', ['deref p debug-only']],
    ['#[cfg(debug_assertions)] if p.is_null() { return 0; } (*p).a', ['deref p']],
    ['let f = move || (*p).a; f()', ['deref p']],
    ['std::panic::catch_unwind(|| unsafe { (*p).a }).unwrap_or(0)', ['deref p']],
    ['std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (*q).a)).unwrap_or(0)', ['deref q']],
    ['loop { if *bytes == 0 { break; } } 0', ['deref bytes']],
    ['while *bytes != 0 {} 0', ['deref bytes']],
    ['for _ in 0..n { (*q).a += 1; } 0', ['deref q']],
    ['ptr::copy_nonoverlapping(p, q, n); 0', ['deref p', 'deref q']],
    ['p.copy_to(q, n); 0', ['deref p', 'deref q']],
    ['let p = q; (*p).a', ['deref q']],
    ['{ let p = 1; consume(p); } (*p).a', ['deref p']],
    ['match n { 0 => 0, _ => (*p).a }', ['deref p']],
    ['let n = { let m = (*p).a; m }; n', ['deref p']],
  ];
  test.each(cases)('%s', async (body, expected) => {
    expect(await unchecked(body)).toEqual(expected);
  });
});

describe('checked, or not decided: silent', () => {
  const cases: readonly string[] = [
    'if p.is_null() { return 0; } (*p).a',
    'if p.is_null() { return 0 } else if n == 3 { return 1 } (*p).a',
    'if !p.is_null() { return (*p).a; } 0',
    'if p.is_null() { 0 } else { (*p).a }',
    'if p.is_null() || q.is_null() { return 0; } (*p).a + (*q).a',
    'if !p.is_null() && (*p).a > 0 { 1 } else { 0 }',
    'if p.is_null() || (*p).a == 0 { return 0; } (*p).a',
    'if !(p.is_null() || q.is_null()) { (*p).a + (*q).a } else { 0 }',
    'if p == ptr::null() { return 0; } (*p).a',
    'if q == ptr::null_mut() { return 0; } (*q).a',
    'if ptr::null() == p { return 0; } (*p).a',
    'if p != core::ptr::null() { (*p).a } else { 0 }',
    'if p as usize == 0 { return 0; } (*p).a',
    'if p == 0 as *const T { return 0; } (*p).a',
    'if (p as usize) > 0 { (*p).a } else { 0 }',
    'if ptr::eq(p, ptr::null()) { return 0; } (*p).a',
    'assert!(!p.is_null()); (*p).a',
    'assert!(!p.is_null() && !q.is_null(), "null in {}", n); (*p).a + (*q).a',
    'assert_ne!(p, ptr::null()); (*p).a',
    'assert_eq!(p.is_null(), false); (*p).a',
    'debug_assert!(!p.is_null()); if p.is_null() { return 0; } (*p).a',
    'let Some(r) = p.as_ref() else { return 0; }; r.a + (*p).a',
    'if let Some(r) = unsafe { q.as_mut() } { r.a = (*q).a; } 0',
    'let r = match unsafe { p.as_ref() } { Some(r) => r, None => return 0 }; r.a + (*p).a',
    'match unsafe { p.as_ref() } { None => return 0, _ => {} } (*p).a',
    'match p.is_null() { true => return 0, false => {} } (*p).a',
    'match p.is_null() { true => 0, _ => (*p).a }',
    'match (p.is_null(), q.is_null()) { (false, false) => (*p).a + (*q).a, _ => 0 }',
    'match (p.is_null(), q.is_null()) { (true, _) | (_, true) => return 0, _ => {} } (*p).a + (*q).a',
    'match p { p if p.is_null() => 0, p => (*p).a }',
    'p.as_ref().map(|r| r.a + (*p).a).unwrap_or(0)',
    'let r = p.as_ref().expect("not null"); r.a + (*p).a',
    'let Some(nn) = NonNull::new(q) else { return 0; }; nn.as_ref().a + (*q).a',
    'if NonNull::new(q).is_none() { return 0; } (*q).a',
    'let ok = !p.is_null(); if !ok { return 0; } (*p).a',
    'let ok = !p.is_null() && n > 0; if ok { (*p).a } else { 0 }',
    'let bad = p.is_null() || q.is_null(); if bad { return 0; } (*p).a + (*q).a',
    '(!p.is_null()).then(|| (*p).a).unwrap_or(0)',
    'while !p.is_null() { return (*p).a; } 0',
    'let mut c = q; while !c.is_null() { (*c).a = 0; c = (*c).next; } 0',
    'let mut c = q; loop { if c.is_null() { break; } c = (*c).next; } 0',
    'loop { if p.is_null() { return 0; } break; } (*p).a',
    'if p.is_null() { std::process::abort(); } (*p).a',
    'if p.is_null() { die(); } (*p).a',
    'if p.is_null() { panic!("null"); } (*p).a',
    'if p.is_null() { throw_error(); } (*p).a',
    'non_null!(p); (*p).a',
    'nested_check!(p); (*p).a',
    'some_crate::ensure_ptr!(p); (*p).a',
    'unknown_macro!(p); (*p).a',
    'if helper_is_ok(p) { (*p).a } else { 0 }',
    'if outer_helper(p).is_err() { return 0; } (*p).a',
    'if !some_crate::check_pointer(p) { return 0; } (*p).a',
    'if [p, q as *const T].iter().any(|p| p.is_null()) { return 0; } (*p).a',
    'let is_bad = |p: *const T| p.is_null(); if is_bad(p) { return 0; } (*p).a',
    'let p = if p.is_null() { &DEFAULT } else { p }; (*p).a',
    'let mut p = p; if p.is_null() { p = &DEFAULT; } (*p).a',
    'let p = &mut *{ if q.is_null() { return 0; } q }; p.a',
    'if n == 0 { return 0; } slice::from_raw_parts(bytes, n).len() as i32',
    'if n > 0 { slice::from_raw_parts(bytes, n).len() as i32 } else { 0 }',
    'let m = n as usize; if m == 0 { return 0; } slice::from_raw_parts(bytes, m).len() as i32',
    'let b = if bytes.is_null() { NonNull::dangling().as_ptr() } else { bytes }; slice::from_raw_parts(b, n).len() as i32',
    'for i in 0..n { consume(*bytes.add(i)); } 0',
    'let mut i = 0; while i < n { consume(*bytes.add(i)); i += 1; } 0',
    '(0..n).map(|i| i32::from(*bytes.add(i))).sum()',
    'let mut b = bytes; for _ in 0..n { consume(*b); b = b.add(1); } 0',
    'if n >= 8 { return 0; } i32::from(*bytes.add(n))',
    'if n == 0 { return 0; } ptr::copy_nonoverlapping(p, q, n); 0',
    'consume(&raw const (*p).a); 0',
    'consume(std::ptr::addr_of!((*p).a)); consume(ptr::addr_of_mut!((*q).a)); 0',
    'std::mem::size_of_val(&*p) as i32',
    'consume(p.is_null()); 0',
    'consume(p.cast::<u8>()); 0',
    'if p.is_null() { return 0; } let q2 = p as *mut i32; *q2',
    'let ctx = p; if ctx.is_null() { return 0; } (*p).a',
    'if p.is_null() { return 0; } std::panic::catch_unwind(|| (*p).a).unwrap_or(0)',
    "'check: { if p.is_null() { break 'check; } return (*p).a; } 0",
    'if p.is_null() { return 0; } { let p = q; consume(p); } (*p).a',
    'let v: Option<&T> = p.as_ref(); if v.is_none() { return 0; } (*p).a',
    'let r = p.as_ref(); let Some(r) = r else { return 0; }; r.a + (*p).a',
    'extern_ext!(p)',
    'p.try_ref_ext(); (*p).a',
    'fill(&mut q); (*q).a',
    'if unsafe { p.is_null() } { return 0; } (*p).a',
    'if p.is_null() { bail!("no"); } (*p).a',
    'matches!(p.as_ref(), Some(_)); (*p).a',
    'if cfg!(feature = "x") { return 0; } if p.is_null() { return 0; } (*p).a',
    'let bytes = bytes as usize; if bytes == 0 { return 0; } *(bytes as *const i32)',
  ];
  test.each(cases)('%s', async (body) => {
    expect(await unchecked(body)).toEqual([]);
  });
});

test('aliases of pointer types are seen through', async () => {
  const { workspace, functions } = await boundaryOf(`
    pub type Raw = *mut i32;
    pub type Handle = Raw;
    #[no_mangle]
    pub unsafe extern "C" fn f(h: Handle) -> i32 { *h }`);
  const fn = functions[0];
  expect(
    fn &&
      createNullFacts(workspace)
        .uses(fn)
        .map(({ param }) => param),
  ).toEqual(['h']);
});

test('the place is the dereference, or the name of the call', async () => {
  const { workspace, functions, text } = await boundaryOf(`
    use std::ffi::{c_char, CStr};
    #[no_mangle]
    pub unsafe extern "C" fn f(p: *const i32, s: *const c_char) -> i32 { let n = CStr::from_ptr(s).count_bytes(); *p + n as i32 }`);
  const fn = functions[0];
  const uses = fn ? createNullFacts(workspace).uses(fn) : [];
  expect(uses.map(({ span }) => text.slice(span.start, span.end))).toEqual(['from_ptr', '*p']);
});

test('undecided uses are counted', async () => {
  const { workspace, functions } = await boundaryOf(`
    #[no_mangle]
    pub unsafe extern "C" fn f(p: *const i32) -> i32 { other::check!(p); *p + *p }`);
  const fn = functions[0];
  expect(fn && createNullFacts(workspace).undecided(fn)).toBe(2);
});

describe('results of C functions that may be null', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['CStr::from_ptr(getenv(s)).to_bytes().len() as i32', ['getenv']],
    ['let e = getenv(s); CStr::from_ptr(e).to_bytes().len() as i32', ['getenv']],
    ['CStr::from_ptr(libc::dlerror()).to_bytes().len() as i32', ['dlerror']],
    ['let e = getenv(s); if e.is_null() { return 0; } CStr::from_ptr(e).to_bytes().len() as i32', []],
    ['CStr::from_ptr(local_getenv()).to_bytes().len() as i32', []],
  ];
  test.each(cases)('%s', async (body, expected) => {
    const { workspace, functions } = await boundaryOf(
      `${PRELUDE}\nfn local_getenv() -> *const c_char { c"x".as_ptr() }\n#[no_mangle]\npub unsafe extern "C" fn f(s: *const c_char) -> i32 {\n${body}\n}\n`,
      '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nlibc = "0.2"\n',
    );
    const fn = functions.find((candidate) => candidate.role === 'export');
    expect(
      fn &&
        createNullFacts(workspace)
          .nullableResults(fn)
          .map(({ param }) => param),
    ).toEqual(expected);
  });
});
