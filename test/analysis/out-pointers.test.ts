/** What is lent to be filled, whose result is thrown away, and which types are written where values end. */
import { expect, test } from 'vitest';
import { fnsWith } from '../../server/src/analysis/ownership/fn-bodies.ts';
import { isResultIgnored, lentToFill } from '../../server/src/analysis/ownership/out-pointers.ts';
import { returnedValues, writtenTarget } from '../../server/src/analysis/ownership/written-target.ts';
import { findExpr, lastName } from '../../server/src/analysis/walk.ts';
import { isReachable } from '../../server/src/rules/reachable.ts';
import { boundaryOf } from './boundary.ts';

async function fnOf(rust: string) {
  const { workspace, text } = await boundaryOf(rust);
  const [fn] = fnsWith(workspace.items, /\bfn f\b/, workspace);
  if (!fn?.ast.body) throw new Error('there is no fn f');
  const { ast } = fn;
  const call = findExpr(fn.ast.body, (one) => one.kind === 'call' && lastName(one.callee) === 'g');
  if (!call) throw new Error('there is no call of g');
  return { ast, root: fn.ast.body, call, slice: (at: { start: number; end: number }) => text.slice(at.start, at.end) };
}

test.each([
  ['&mut x', 'x'],
  ['&raw mut x', 'x'],
  ['addr_of_mut!(x)', 'x'],
  ['x.as_mut_ptr() as *mut u8', 'x'],
  ['(&mut x as *mut T).cast()', 'x'],
  ['&x', null],
  ['x.as_ptr()', null],
  ['&mut x.field', null],
])('%s lends %s', async (arg, expected) => {
  const { call } = await fnOf(`fn f() { g(${arg}); }`);
  const given = call.kind === 'call' ? call.args[0] : undefined;
  expect(given && lentToFill(given)).toBe(expected);
});

test.each([
  ['g();', true],
  ['unsafe { g() };', true],
  ['unsafe { g(); }', true],
  ['let _ = unsafe { g() };', true],
  ['_ = g();', true],
  ['let status = g();', false],
  ['g()', false],
  ['if g() == 0 { return; }', false],
  ['h(g());', false],
  ['g()?;', false],
])('the result of %s is thrown away: %s', async (body, expected) => {
  const { call, root } = await fnOf(`fn f() -> i32 { ${body} }`);
  expect(isResultIgnored(call, root)).toBe(expected);
});

test.each([
  ['let x: A = g();', 'A'],
  ['let x: A = unsafe { g() };', 'A'],
  ['let x: A = if c { g() } else { h() };', 'A'],
  ['unsafe { g() }', 'R'],
  ['return g();', 'R'],
  ['match c { 0 => g(), _ => h() }', 'R'],
  ['let x = g();', null],
  ['h(g());', null],
  ['match g() { _ => h() }', null],
])('the type written for %s is %s', async (body, expected) => {
  const { call, ast, slice } = await fnOf(`fn f() -> R { ${body} }`);
  const type = writtenTarget(call, ast);
  expect(type && slice(type.span)).toBe(expected);
});

test('returned values are found behind branches, wrappers and early returns, not in closures', async () => {
  const { ast, slice } = await fnOf(`
    fn f(c: u8) -> Option<u8> {
      if c == 0 { return Some(a); }
      let closure = || { return b; };
      g(closure);
      match c { 1 => Some(d), _ => { if c == 2 { e } else { None } } }
    }`);
  expect(
    returnedValues(ast)
      .map(({ span }) => slice(span))
      .sort(),
  ).toEqual(['None', 'a', 'd', 'e']);
});

test('what a private module does not give out cannot be named', async () => {
  const { workspace } = await boundaryOf(`
    pub struct Open;
    struct Closed;
    mod inner { pub struct Hidden; pub struct Given; }
    pub mod shown { pub struct Seen; pub(crate) struct Own; }
    pub use inner::Given;
  `);
  const reachable = workspace.items.filter((item) => item.kind === 'struct' && isReachable(item, workspace)).map(({ name }) => name);
  expect(reachable.sort()).toEqual(['Given', 'Open', 'Seen']);
});
