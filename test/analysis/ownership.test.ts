/** Which calls make raw pointers of owners and take them back, and where a pointer's value goes. */
import { expect, test } from 'vitest';
import { createOwnershipFacts } from '../../server/src/analysis/ownership/create-ownership-facts.ts';
import { diesWith, escapeOf } from '../../server/src/analysis/ownership/escapes.ts';
import { ownerOf, pointerInto } from '../../server/src/analysis/ownership/owners.ts';
import { ownedTwice } from '../../server/src/analysis/ownership/paths.ts';
import { bodiesOf } from '../../server/src/analysis/types/local-types.ts';
import { collectExprs, findExpr, lastName } from '../../server/src/analysis/walk.ts';
import { cFunction } from '../../server/src/analysis/c-functions/table.ts';
import { boundaryOf } from './boundary.ts';

async function bodyOf(rust: string) {
  const { workspace } = await boundaryOf(rust);
  const item = workspace.items.find((one) => one.kind === 'fn' && one.name === 'f');
  const body = item ? bodiesOf(workspace)(item) : null;
  if (!body?.ast.body) throw new Error('there is no fn f');
  return { body, root: body.ast.body, workspace };
}

test('moves know their kind, their direction and what they point to', async () => {
  const { workspace } = await boundaryOf(`
    use std::sync::Arc;
    pub struct A;
    pub fn make() -> *mut A { Box::into_raw(Box::new(A)) }
    pub fn share() -> *const A { Arc::into_raw(Arc::new(A)) }
    pub unsafe fn free(p: *mut A) { drop(Box::from_raw(p)); }
    pub unsafe fn cast(p: *mut u8) { drop(Box::from_raw(p as *mut A)); }
    pub unsafe fn any<T>(p: *mut T) { std::ptr::drop_in_place(p); }
  `);
  const moves = createOwnershipFacts(workspace).moves();
  expect(moves.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual(['into Box', 'into Arc', 'from Box', 'from Box', 'from null']);
  const [made] = moves;
  expect(moves.map(({ pointee }) => pointee !== null && pointee === made?.pointee)).toEqual([true, true, true, true, false]);
});

test('macros that free are told', async () => {
  const free = 'macro_rules! free { ($p:expr) => { drop(Box::from_raw($p)) } }';
  expect(createOwnershipFacts((await boundaryOf(free)).workspace).freesInMacros()).toBe(true);
  expect(createOwnershipFacts((await boundaryOf('macro_rules! one { () => { 1 } }')).workspace).freesInMacros()).toBe(false);
});

test.each([
  ['CString::new(s).unwrap()', 'CString'],
  ['String::from("a")', 'String'],
  ['format!("{s}")', 'String'],
  ['vec![1u8]', 'Vec'],
  ['match CString::new(s) { Ok(c) => c, Err(_) => return }', 'CString'],
  ['&vec![1u8]', null],
  ['s.as_bytes()', null],
])('the owner of %s is %s', async (made, owner) => {
  const { body, root, workspace } = await bodyOf(`use std::ffi::CString; pub fn f(s: &str) { let x = ${made}; x.as_ptr(); }`);
  const pointer = collectExprs(root, (one) => pointerInto(one) !== null)
    .map(pointerInto)
    .at(-1);
  expect(pointer && ownerOf(pointer.base, body, workspace)).toBe(owner);
});

test.each([
  ['let p = x.as_ptr(); drop(p);', 'let', false],
  ['g(x.as_ptr());', 'used', false],
  ['return Some(x.as_ptr() as *const u8);', 'return', true],
  ['let q = { let x = vec![1u8]; x.as_ptr() };', 'let', true],
])('%s: %s, dies %s', async (code, way, dies) => {
  const { body, root } = await bodyOf(`pub fn f() -> Option<*const u8> { let x = vec![1u8]; ${code} None } fn g(_: *const u8) {}`);
  const pointer = findExpr(root, (one) => pointerInto(one) !== null);
  if (!pointer) throw new Error('there is no pointer');
  const outcome = escapeOf(pointer, body);
  expect([outcome.way.kind, diesWith('x', outcome, body)]).toEqual([way, dies]);
});

test.each([
  ['a(p); a(p);', true],
  ['if c { a(p); } a(p);', true],
  ['if c { a(p); return; } a(p);', false],
  ['if c { a(p); } else { a(p); }', false],
  ['a(p); p = q; a(p);', false],
])('%s runs both: %s', async (code, both) => {
  const { root } = await bodyOf(`pub fn f(mut p: u8, q: u8, c: bool) { ${code} } fn a(_: u8) {}`);
  const [first, second] = collectExprs(root, (one) => one.kind === 'call' && lastName(one.callee) === 'a');
  if (!first || !second) throw new Error('two calls are wanted');
  expect(ownedTwice(root, first, second, 'p')).toBe(both);
});

test('the table of C functions says who frees, what is null and where the format is', () => {
  expect(cFunction('strdup')).toMatchObject({ nullable: true, owner: 'caller', freedBy: 'free', strings: [0] });
  expect(cFunction('getenv')).toMatchObject({ nullable: true, owner: 'library', freedBy: null });
  expect(cFunction('snprintf')).toMatchObject({ format: 2, formatKind: 'printf', arity: 3 });
  expect(cFunction('putenv')?.keeps).toEqual([0]);
  expect(cFunction('no_such_function')).toBeNull();
});
