/** Checks that come after the use, and signed parameters that become lengths: one small fn body a case. */
import { expect, test } from 'vitest';
import { createNullFacts } from '../../../server/src/analysis/nullness/create-null-facts.ts';
import { boundaryOf } from '../boundary.ts';

const PRELUDE = `
use std::ffi::{c_int, c_long};
use std::{ptr, slice};
pub struct T { pub a: i32, pub next: *mut T }
type Count = c_int;
fn check_count(n: c_int) -> bool { n >= 0 }
fn show(n: c_int) { drop(n); }
macro_rules! at_least_zero { ($n:expr) => { if $n < 0 { return 0; } } }
`;

async function factsOf(body: string) {
  const { workspace, functions, text } = await boundaryOf(
    `${PRELUDE}\n#[no_mangle]\npub unsafe extern "C" fn f(p: *mut T, q: *mut T, b: *const u8, n: c_int, m: Count, k: usize, l: c_long) -> i32 {\n${body}\n}\n`,
    '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nlibc = "0.2"\n',
  );
  const fn = functions.find((candidate) => candidate.role === 'export');
  if (!fn) throw new Error('the fn is not at the boundary');
  return { facts: createNullFacts(workspace), fn, text };
}

test.each([
  ['let a = (*p).a; if p.is_null() { return 0; } a', ['p']],
  ['let a = (*p).a; if p == ptr::null_mut() { return 0; } a', ['p']],
  ['let a = (*p).a; if k > 1 { assert!(!p.is_null()); } a', ['p']],
  ['let x = libc::malloc(4) as *mut i32; *x = 1; if x.is_null() { return 0; } 0', ['malloc']],
  ['let a = if k > 1 { (*p).a } else { (*p).a + 1 }; if p.is_null() { return 0; } a', ['p']],
  ['let s = slice::from_raw_parts(b, k); if b.is_null() { return 0; } s.len() as i32', ['b']],
])('late: %s', async (body, expected) => {
  const { facts, fn } = await factsOf(body);
  expect(facts.lateChecks(fn).map(({ name }) => name)).toEqual(expected);
});

test.each([
  'if p.is_null() { return 0; } (*p).a',
  'if k > 1 { (*p).a = 2; } if p.is_null() { return 0; } 1',
  'if p.is_null() { return 0; } (*p).a = 1; if p.is_null() { return 1; } 2',
  'let mut c = p; let a = (*c).a; c = (*c).next; if c.is_null() { return 0; } a',
  'let mut c = p; loop { let a = (*c).a; c = (*c).next; if c.is_null() { return a; } }',
  'let a = (*p).a; debug_assert!(!p.is_null()); a',
  'let a = &raw mut (*p).a; if p.is_null() { return 0; } *a',
  'let a = (*p).a; if q.is_null() { return 0; } a',
  'for i in 0..k { *b.add(i); } if b.is_null() { return 0; } 1',
  'let e = (*p).a; let p = (*p).next; if p.is_null() { return 0; } e',
  'match k { 0 => { (*p).a = 1; return 0; } _ => {} } if p.is_null() { return 0; } 1',
])('not late: %s', async (body) => {
  const { facts, fn } = await factsOf(body);
  expect(facts.lateChecks(fn)).toEqual([]);
});

test.each([
  ['slice::from_raw_parts(b, n as usize).len() as i32', 'n as usize'],
  ['let len = n as usize; slice::from_raw_parts(b, len).len() as i32', 'len'],
  ['if n == 0 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32', 'n as usize'],
  ['if n > 100 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32', 'n as usize'],
  ['Vec::<u8>::with_capacity(l as usize).len() as i32', 'l as usize'],
  ['vec![0u8; m as usize].len() as i32', 'm as usize'],
  ['*b.add(n as usize) as i32', 'n as usize'],
  ['ptr::copy_nonoverlapping(b, p as *mut u8, n as usize * 4); 0', 'n as usize * 4'],
  ['show(n); slice::from_raw_parts(b, n as usize).len() as i32', 'n as usize'],
  ['if k > 1 && n < 0 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32', 'n as usize'],
])('a length of any sign: %s', async (body, expected) => {
  const { facts, fn, text } = await factsOf(body);
  expect(facts.signedLengths(fn).map(({ expr }) => text.slice(expr.span.start, expr.span.end))).toEqual([expected]);
});

test.each([
  'if n < 0 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'if n <= 0 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'if n > 0 { slice::from_raw_parts(b, n as usize).len() as i32 } else { 0 }',
  'if n < 1 || n > 100 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'if n.is_negative() { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'let Ok(len) = usize::try_from(n) else { return 0 }; slice::from_raw_parts(b, len).len() as i32',
  'slice::from_raw_parts(b, n.max(0) as usize).len() as i32',
  'slice::from_raw_parts(b, (n as usize).min(k)).len() as i32',
  'let len = n as usize; if len > k { return 0; } slice::from_raw_parts(b, len).len() as i32',
  'if n == -1 { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'if !(0..100).contains(&n) { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'if !check_count(n) { return 0; } slice::from_raw_parts(b, n as usize).len() as i32',
  'at_least_zero!(n); slice::from_raw_parts(b, n as usize).len() as i32',
  'assert!(n >= 0); slice::from_raw_parts(b, n as usize).len() as i32',
  'match n { 0..=9 => slice::from_raw_parts(b, n as usize).len() as i32, _ => 0 }',
  'match n { 1 => slice::from_raw_parts(b, n as usize).len() as i32, _ => 0 }',
  'for i in 0..n { *b.add(i as usize); } 0',
  'if n < m { return 0; } slice::from_raw_parts(b, (n - m) as usize).len() as i32',
  'slice::from_raw_parts(b, k).len() as i32',
  'show(n); (n as usize) as i32',
])('a length that is none or cannot be negative: %s', async (body) => {
  const { facts, fn } = await factsOf(body);
  expect(facts.signedLengths(fn).map(({ param }) => param)).toEqual([]);
});

test('results of C functions are followed to every kind of use', async () => {
  const { facts, fn } = await factsOf(`
    let d = libc::opendir(c"/".as_ptr()); let e = libc::readdir(d); let t = (*e).d_ino; drop(t);
    *(libc::malloc(4) as *mut i32)`);
  expect(facts.nullableResults(fn).map(({ kind, param }) => `${kind} ${param}`)).toEqual(['deref readdir', 'deref malloc']);
});
