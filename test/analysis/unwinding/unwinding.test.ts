/** Which panics leave a boundary fn: one small fn body a case, with the sites that are found. */
import { describe, expect, test } from 'vitest';
import { createPanicFacts } from '../../../server/src/analysis/unwinding/create-panic-facts.ts';
import { boundaryOf } from '../boundary.ts';

const PRELUDE = `
use std::ffi::{c_char, c_void, CStr, CString};
use std::panic::{self, catch_unwind, AssertUnwindSafe};
use std::sync::Mutex;
fn wrap<R: Default>(f: impl FnOnce() -> R + panic::UnwindSafe) -> R { catch_unwind(f).unwrap_or_default() }
fn wrap_twice<R: Default>(f: impl FnOnce() -> R + panic::UnwindSafe) -> R { wrap(f) }
fn straight<R>(f: impl FnOnce() -> R) -> R { f() }
fn stored(f: impl FnOnce() + 'static) { std::mem::forget(f) }
macro_rules! boundary { ($($t:tt)*) => { match catch_unwind(|| { $($t)* }) { Ok(v) => v, Err(_) => 0 } } }
macro_rules! boundary2 { ($e:expr) => { wrap(|| $e) } }
macro_rules! own { ($e:expr) => { $e } }
struct AbortOnDrop;
struct State<F: FnMut(i32)> { handler: F, plain: extern "C" fn(i32) }
pub trait Handler { fn event(&mut self, x: i32); }
`;

/** `unwrap expect`, `macro panic!` … */
async function sites(
  body: string,
  head = '#[no_mangle]\npub unsafe extern "C" fn f(p: *const i32, s: *const c_char, data: *mut c_void, n: i32) -> i32',
): Promise<string[]> {
  const { workspace, functions } = await boundaryOf(`${PRELUDE}\n${head} {\n${body}\n}\n`);
  const fn = functions.find((candidate) => candidate.role !== 'import');
  if (!fn) throw new Error('the fn is not at the boundary');
  return createPanicFacts(workspace)
    .sites(fn)
    .map((site) => `${site.kind} ${site.what}`);
}

const opt = 'let o = (n > 0).then_some(n);';

describe('sites', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['panic!("x")', ['macro panic!']],
    ['if n > 0 { todo!() } else { unimplemented!() }', ['macro todo!', 'macro unimplemented!']],
    ['match n { 0 => 1, _ => unreachable!() }', ['macro unreachable!']],
    ['std::panic!("x")', ['macro panic!']],
    ['assert!(n > 0); assert_eq!(n, 1); n', ['macro assert!', 'macro assert_eq!']],
    ['assert!(!p.is_null(), "null"); *p', ['null-assert assert!']],
    ['assert!(!p.is_null() && n > 0); *p', ['macro assert!']],
    ['debug_assert!(n > 0); n', ['debug-assert debug_assert!']],
    [`${opt} o.unwrap()`, ['unwrap unwrap']],
    [`${opt} o.expect("there")`, ['unwrap expect']],
    ['let r: Result<i32, i32> = if n > 0 { Ok(n) } else { Err(n) }; r.unwrap_err()', ['unwrap unwrap_err']],
    ['let o: Option<i32> = None; o.unwrap()', ['opaque-unwrap unwrap']],
    ['let r: Result<i32, i32> = Ok(1); r.unwrap_err()', ['opaque-unwrap unwrap_err']],
    ['println!("{}", CString::new(vec![n as u8]).unwrap().to_str().is_ok()); 0', ['print println!', 'unwrap unwrap']],
    ['print!("a"); eprint!("b"); eprintln!("c"); 0', ['print print!', 'print eprint!']],
    ['[1, 2, 3][n as usize]', ['index n']],
    ['let v = vec![1, 2]; let i = n as usize + 1; v[i]', ['index n']],
    ['let s = "abc"; s[..n as usize].len() as i32', ['index n']],
    ['let v = [1, 2]; if n < 2 { return 0; } v[n as usize]', []],
    ['let v = [1, 2]; assert!((n as usize) < v.len()); v[n as usize]', ['macro assert!']],
    ['let v = [1, 2]; v[n as usize % 2] + v[n as usize & 1] + v[0]', []],
    ['let v = [1, 2]; let mut t = 0; for i in 0..n as usize { t += v[i]; } t', []],
    ['let v = std::slice::from_raw_parts(p, n as usize); v[n as usize - 1]', []],
    ['let m = std::collections::HashMap::from([(1, 2)]); m[&n]', []],
    ['100 / n', ['division n']],
    ['let k = n as i64; (100 % k) as i32', ['division n']],
    ['let mut t = 100; t /= n; t', ['division n']],
    ['if n == 0 { return 0; } 100 / n', []],
    ['match n { 0 => 0, _ => 100 / n }', []],
    ['100 / n.max(1) + 100 / (n + 1) + 100 / 3', []],
    ['(1.0 / n as f64) as i32', []],
    ['catch_unwind(|| 1).unwrap()', ['rethrow unwrap']],
    ['let r = catch_unwind(|| 1); r.expect("no")', ['rethrow expect']],
    ['match catch_unwind(|| 1) { Ok(v) => v, Err(e) => panic::resume_unwind(e) }', ['rethrow resume_unwind']],
    ['catch_unwind(|| 1).unwrap_or_else(|e| std::panic::resume_unwind(e))', ['rethrow resume_unwind']],
    ['catch_unwind(|| 1).unwrap_or(0)', []],
    ['CString::new("a\\0b").unwrap(); 0', ['unwrap unwrap']],
    ['static M: Mutex<i32> = Mutex::new(0); *M.lock().unwrap()', ['lock-unwrap unwrap']],
    ['*p.as_ref().expect("null")', ['null-unwrap expect']],
    ['*(p as *const i32).as_ref().unwrap()', ['null-unwrap unwrap']],
    ['let t = CStr::from_ptr(s).to_str().unwrap(); t.len() as i32', ['utf8-unwrap unwrap']],
    ['let c = unsafe { CStr::from_ptr(s) }; let t = c.to_str().expect("utf-8"); t.len() as i32', ['utf8-unwrap expect']],
    ['let r = CStr::from_ptr(s).to_str(); r.unwrap().len() as i32', ['utf8-unwrap unwrap']],
    ['std::str::from_utf8(CStr::from_ptr(s).to_bytes()).unwrap().len() as i32', ['utf8-unwrap unwrap']],
    ['CStr::from_ptr(s).to_owned().into_string().unwrap().len() as i32', ['utf8-unwrap unwrap']],
    ['regex::Regex::new("a+").unwrap().captures_len() as i32', ['literal-unwrap unwrap']],
    ['"12".parse::<i32>().unwrap()', ['literal-unwrap unwrap']],
    [`${opt} [1].iter().map(|x| x + o.unwrap()).sum()`, ['unwrap unwrap']],
    [`${opt} (|| o.unwrap())()`, ['unwrap unwrap']],
    [`${opt} let g = || o.unwrap(); g()`, ['unwrap unwrap']],
    [`${opt} straight(|| o.unwrap())`, ['unwrap unwrap']],
    ['own!(panic!("x"))', ['macro panic!']],
    [`${opt} if o.is_some() { n } else { o.unwrap() }`, ['unwrap unwrap']],
    [`${opt} match catch_unwind(|| 1) { Ok(v) => v, Err(_) => o.unwrap() }`, ['unwrap unwrap']],
  ];
  test.each(cases)('%s', async (body, expected) => {
    expect(await sites(body)).toEqual(expected);
  });
});

describe('caught, elsewhere, or cannot fail: silent', () => {
  const cases: readonly string[] = [
    'catch_unwind(|| panic!("x")).unwrap_or(0)',
    'std::panic::catch_unwind(AssertUnwindSafe(|| { let o: Option<i32> = None; o.unwrap() })).unwrap_or(1)',
    'let g = || panic!("x"); catch_unwind(g).unwrap_or(0)',
    'wrap(|| panic!("x"))',
    'wrap_twice(move || { let o: Option<i32> = None; o.unwrap() })',
    'boundary! { panic!("x") }',
    'boundary!(panic!("x"))',
    'boundary2!(panic!("x"))',
    'other_crate::ffi_try!({ panic!("x") })',
    'stored(|| panic!("x")); 0',
    'std::thread::spawn(|| panic!("x")); 0',
    'fn inner() { panic!("x") } inner as usize as i32',
    'const { assert!(true) }; n',
    'const A: i32 = { assert!(true); 1 }; A',
    '#[cfg(test)] assert!(n > 0); n',
    '#[cfg(debug_assertions)] { assert!(n > 0); } n',
    'if cfg!(debug_assertions) { assert!(n > 0); } n',
    'CString::new("abc").unwrap(); 0',
    'CString::new(b"abc".as_slice()).is_ok() as i32',
    'CStr::from_bytes_with_nul(b"abc\\0").unwrap(); 0',
    'std::num::NonZeroU32::new(3).unwrap().get() as i32',
    'let a = [0u8; 8]; i32::from_ne_bytes(a[0..4].try_into().unwrap())',
    'let a = [0u8; 8]; let i = 2; i32::from_ne_bytes(a[i..i + 4].try_into().unwrap())',
    'std::alloc::Layout::from_size_align(16, 8).unwrap().size() as i32',
    'std::alloc::Layout::from_size_align(size_of::<i32>(), align_of::<i32>()).unwrap().size() as i32',
    `${opt} o.unwrap_or(1)`,
    `${opt} o.unwrap_or_default()`,
    `${opt} if o.is_some() { o.unwrap() } else { 0 }`,
    `${opt} if o.is_none() { return 0; } o.unwrap()`,
    `${opt} if let Some(_) = o { return o.unwrap(); } 0`,
    'let r: Result<i32, i32> = Ok(n); if let Err(e) = r { raise_error(e); } r.unwrap()',
    `${opt} if o.is_some() && o.unwrap() > 0 { 1 } else { 0 }`,
    'let mut v = vec![n]; while !v.is_empty() { v.pop().unwrap(); } 0',
    'let v = vec![n]; if v.is_empty() { return 0; } *v.first().unwrap()',
    'let m = std::collections::HashMap::from([(1, n)]); if m.contains_key(&1) { *m.get(&1).unwrap() } else { 0 }',
    'let mut t = String::new(); write!(t, "{}", n).unwrap(); 0',
    'let _guard = AbortOnDrop; panic!("x")',
    'let abort_on_panic = AbortOnDrop; panic!("x")',
    'async { panic!("x") }; 0',
  ];
  test.each(cases)('%s', async (body) => {
    expect(await sites(body)).toEqual([]);
  });

  test.each([
    'extern "C-unwind" fn f(n: i32) -> i32',
    '#[no_mangle] pub fn f(n: i32) -> i32',
    'extern "C" fn f() -> !',
    '#[some_macro] extern "C" fn f() -> i32',
  ])('%s', async (head) => {
    expect(await sites('panic!("x")', `#[allow(dead_code)] ${head}`)).toEqual([]);
  });

  test('an own method named unwrap', async () => {
    const { workspace, functions } = await boundaryOf(`
      pub struct Own(i32);
      impl Own { pub fn unwrap(self) -> i32 { self.0 } }
      #[no_mangle] pub extern "C" fn f(n: i32) -> i32 { Own(n).unwrap() }`);
    const fn = functions[0];
    expect(fn && createPanicFacts(workspace).sites(fn)).toEqual([]);
  });

  test('an own macro named panic', async () => {
    const { workspace, functions } = await boundaryOf(`
      macro_rules! panic { ($($t:tt)*) => { return 0 } }
      #[no_mangle] pub extern "C" fn f(n: i32) -> i32 { panic!("x") }`);
    const fn = functions[0];
    expect(fn && createPanicFacts(workspace).sites(fn)).toEqual([]);
  });
});

describe('closures and objects from user data', () => {
  const head = 'unsafe extern "C" fn tramp<F: FnMut(i32)>(data: *mut c_void, x: i32)';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['let f = &mut *(data as *mut F); f(x);', ['closure-call f']],
    ['let f: &mut F = &mut *data.cast(); f(x);', ['closure-call f']],
    ['let f = data.cast::<F>(); (*f)(x);', ['closure-call closure']],
    ['(*(data as *mut F))(x);', ['closure-call closure']],
    ['let mut f = Box::from_raw(data as *mut Box<dyn FnMut(i32)>); f(x);', ['closure-call f']],
    ['if let Some(f) = (data as *mut F).as_mut() { f(x) }', ['closure-call f']],
    ['let s = &mut *(data as *mut State<F>); (s.handler)(x);', ['closure-call closure']],
    ['let h = &mut *(data as *mut Box<dyn Handler>); h.event(x);', ['closure-call event']],
    ['let i = index_of::<Box<F>>(); let f = slot(data, i).clone(); f(x);', ['closure-call f']],
    ['let n = size_of::<F>(); let f = known(data); f(x + n as i32);', []],
    ['let s = &mut *(data as *mut State<F>); (s.plain)(x);', []],
    ['let f = &mut *(data as *mut F); let _ = catch_unwind(AssertUnwindSafe(|| f(x)));', []],
    ['let f = *(data as *mut extern "C" fn(i32)); f(x);', []],
    ['let f: extern "C" fn(i32) = std::mem::transmute(data); f(x);', []],
    ['let v = &mut *(data as *mut Vec<i32>); v.push(x);', []],
  ];
  test.each(cases)('%s', async (body, expected) => {
    expect(await sites(body, head)).toEqual(expected);
  });
});

test('what a panic does is told by the rust-version and the profiles', async () => {
  const effect = async (more: string, cfg = '') => {
    const manifest = `[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
    const { workspace, functions } = await boundaryOf(`${cfg}\n#[no_mangle]\npub extern "C" fn f() {}`, manifest);
    return functions[0] && createPanicFacts(workspace).effect(functions[0]).severity;
  };
  expect(await effect('')).toBe('warning');
  expect(await effect('rust-version = "1.81"')).toBe('warning');
  expect(await effect('rust-version = "1.70"')).toBe('error');
  expect(await effect('[profile.dev]\npanic = "abort"\n[profile.release]\npanic = "abort"')).toBe('info');
  expect(await effect('[profile.release]\npanic = "abort"')).toBe('warning');
  expect(await effect('rust-version = "1.70"', '#[cfg(target_arch = "wasm32")]')).toBe('info');
  expect(await effect('rust-version = "1.70"', '#[cfg(all(target_family = "wasm", not(target_os = "wasi")))]')).toBe('info');
  expect(await effect('rust-version = "1.70"', '#[cfg(any(target_arch = "wasm32", unix))]')).toBe('error');
  expect(await effect('rust-version = "1.70"', '#[cfg(not(target_arch = "wasm32"))]')).toBe('error');
});

describe('deliberate', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['unreachable!()', true],
    ['panic!("n is {n}")', false],
    ['panic!("BUG: n is {n}")', true],
    ['unimplemented!()', false],
    ['assert!(n > 0); n', false],
    ['assert!(n > 0, "n must be positive"); n', true],
    ['assert!(n > 0, "invalid n: {n}"); n', false],
    ['assert_ne!(n, 0, "callers give a number"); n', true],
    [`${opt} o.unwrap()`, false],
    [`${opt} o.expect("there")`, false],
    [`${opt} o.expect("")`, false],
    [`${opt} o.expect("set by new")`, true],
    [`${opt} o.expect("create the state")`, false],
    [`${opt} o.expect("should not be empty")`, true],
    [`${opt} o.expect(&format!("set by {n}"))`, false],
    ['"1".repeat(n as usize).parse::<i32>().expect("digits only")', false],
    ['"1".repeat(n as usize).parse::<i32>().expect("can\'t fail: digits only")', true],
    ['CString::new(vec![n as u8]).expect("plain text should do"); n', false],
  ];
  test.each(cases)('%s', async (body, expected) => {
    const { workspace, functions } = await boundaryOf(`${PRELUDE}\n#[no_mangle]\npub extern "C" fn f(n: i32) -> i32 {\n${body}\n}\n`);
    const fn = functions.find((candidate) => candidate.role === 'export');
    expect(
      fn &&
        createPanicFacts(workspace)
          .sites(fn)
          .map((site) => site.deliberate !== null),
    ).toEqual([expected]);
  });
});

test('boundaries are followed through helpers and macros', async () => {
  const { workspace } = await boundaryOf(PRELUDE);
  const facts = createPanicFacts(workspace);
  const answer = (name: string) => workspace.items.some((item) => item.name === name && facts.catches(item, workspace));
  expect(['wrap', 'wrap_twice', 'boundary', 'boundary2', 'straight', 'own'].map(answer)).toEqual([true, true, true, true, false, false]);
});
