/** Which expression of a body surely runs: the target is the `*p` of each case. */
import { expect, test } from 'vitest';
import { alwaysRuns } from '../../server/src/analysis/always-runs.ts';
import { findExpr } from '../../server/src/analysis/walk.ts';
import { boundaryOf } from './boundary.ts';

async function runs(body: string): Promise<boolean> {
  const { functions } = await boundaryOf(`#[no_mangle]\npub unsafe extern "C" fn f(p: *const i32, n: i32) -> i32 {\n${body}\n}`);
  const block = functions[0]?.ast.body;
  const target = block ? findExpr(block, (expr) => expr.kind === 'unary' && expr.operator === '*') : null;
  if (!block || !target) throw new Error('no dereference in the body');
  return alwaysRuns(block, target);
}

test.each([
  '*p',
  'unsafe { let v = *p; v }',
  'if n > 0 { g(); } *p',
  'if *p > 0 { 1 } else { 2 }',
  'match *p { 0 => 1, _ => return 2 }',
  'println!("{}", n); g(*p)',
  'for _ in 0..n { g(); } *p',
  'while *p > 0 { g(); } 0',
  'std::panic::catch_unwind(|| *p).unwrap_or(0)',
  'let x = Some(n).map(|x| x + 1); *p',
])('%s', async (body) => {
  expect(await runs(body)).toBe(true);
});

test.each([
  'if n > 0 { *p } else { 0 }',
  'if n > 0 { return 1; } *p',
  'let x = g()?; *p',
  'let Some(x) = g() else { return 0 }; *p',
  'n > 0 && *p > 0',
  'for _ in 0..n { g(*p); } 0',
  'match n { 0 => 0, _ => *p }',
  'assert!(n > 0); *p',
  'own!(n); *p',
  'std::process::abort(); *p',
  'let f = || *p; 0',
  '#[cfg(unix)] g(*p); 0',
  'n.checked_add(1).map(|x| x + *p)',
])('%s: not surely', async (body) => {
  expect(await runs(body)).toBe(false);
});
