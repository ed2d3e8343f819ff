/** Facts about the interpreter between fns: who attaches, who waits for whom, which locks are kept meanwhile. */
import { describe, expect, test } from 'vitest';
import { createFacts } from '../../server/src/analysis/create-facts.ts';
import type { Facts } from '../../server/src/analysis/facts.ts';
import type { RustItem } from '../../server/src/model/workspace.ts';
import type { PyEntry } from '../../server/src/model/surface/surface.ts';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import { boundaryOf } from './boundary.ts';

interface Known {
  readonly facts: Facts;
  item(name: string): RustItem;
  entry(name: string): PyEntry;
}

async function know(rust: string, pyo3 = '0.27'): Promise<Known> {
  const manifest = `[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "${pyo3}"\n`;
  const { workspace } = await boundaryOf(`use pyo3::prelude::*;\nuse std::sync::Mutex;\n${rust}`, manifest);
  const surface = buildSurface(workspace);
  const named = <T>(all: readonly T[], name: (one: T) => string, wanted: string): T => {
    const found = all.find((one) => name(one) === wanted);
    if (!found) throw new Error(`there is no ${wanted}`);
    return found;
  };
  return {
    facts: createFacts(workspace),
    item: (name) => named(workspace.items, (item) => item.name, name),
    entry: (name) => named(surface.pyEntries, ({ item }) => item.name, name),
  };
}

describe('who takes the interpreter', () => {
  const rust = `
    fn direct() { Python::attach(|_py| ()); }
    fn through() { direct(); }
    fn elsewhere() { std::thread::spawn(|| direct()); }
    fn deferred() -> impl Fn() { || direct() }
    fn never() {}
    fn around() { around(); }
  `;
  test.each([
    ['direct', 1],
    ['through', 2],
    ['elsewhere', null],
    ['deferred', null],
    ['never', null],
    ['around', null],
  ])('%s', async (name, steps) => {
    const { facts, item } = await know(rust);
    expect(facts.gil.attaches(item(name))?.length ?? null).toBe(steps);
  });
});

describe('who waits for a thread that takes the interpreter', () => {
  const cases: readonly (readonly [what: string, body: string, waits: readonly string[]])[] = [
    ['a handle', 'let h = std::thread::spawn(|| go()); h.join();', ['join']],
    ['a named thread', 'let h = std::thread::Builder::new().spawn(go).unwrap(); h.join();', ['join']],
    [
      'handles that are collected',
      'let all: Vec<_> = (0..3).map(|_| std::thread::spawn(go)).collect(); for h in all { h.join(); }',
      ['join'],
    ],
    ['a handle from a helper', 'start().join();', ['join']],
    ['a scope', 'std::thread::scope(|s| { s.spawn(go); });', ['thread::scope']],
    ['a released wait', 'let h = std::thread::spawn(go); py.detach(|| h.join());', []],
    ['a thread of no interest', 'let h = std::thread::spawn(|| 1); h.join();', []],
    ['a handle that is given', 'other.join();', []],
    ['a scope that is released', 'py.detach(|| std::thread::scope(|s| { s.spawn(go); }));', []],
  ];
  test.each(cases)('%s', async (_what, body, waits) => {
    const { facts, entry } = await know(`
      fn go() { Python::attach(|_py| ()); }
      fn start() -> std::thread::JoinHandle<()> { std::thread::spawn(go) }
      #[pyfunction]
      fn f(py: Python<'_>, other: std::thread::JoinHandle<()>) { ${body} }
    `);
    expect(facts.gil.joins(entry('f')).map(({ what }) => what)).toEqual(waits);
  });
});

describe('locks that are kept', () => {
  const cases: readonly (readonly [what: string, body: string, over: readonly string[]])[] = [
    ['over a call', 'let g = STATE.lock().unwrap(); callback.call0(py);', ['python']],
    ['over a release', 'let g = STATE.lock().unwrap(); py.detach(|| 1);', ['release']],
    ['over a helper', 'let g = STATE.lock().unwrap(); help(py, &callback);', ['python']],
    ['over an attach on this thread, which costs nothing', 'let g = STATE.lock().unwrap(); Python::attach(|_py| 1);', []],
    ['and dropped', 'let g = STATE.lock().unwrap(); drop(g); callback.call0(py);', []],
    ['and dropped in a branch', 'let g = STATE.lock().unwrap(); if *g > 1 { drop(g); } callback.call0(py);', []],
    ['for a statement', 'let n = *STATE.lock().unwrap(); callback.call1(py, (n,));', []],
    ['in a block', '{ let g = STATE.lock().unwrap(); } callback.call0(py);', []],
    ['in a closure that runs elsewhere', 'let g = STATE.lock().unwrap(); let later = || callback.call0(py);', []],
  ];
  test.each(cases)('%s', async (_what, body, over) => {
    const { facts, item } = await know(`
      static STATE: Mutex<u64> = Mutex::new(0);
      fn help(py: Python<'_>, callback: &Py<PyAny>) { callback.call0(py); }
      #[pyfunction]
      fn f(py: Python<'_>, callback: Py<PyAny>) { ${body} }
    `);
    expect(facts.locks.heldAcross(item('f')).map((held) => held.over.kind)).toEqual(over);
  });

  test('a lock is told from another one by what it is, not by its name', async () => {
    const { facts, item } = await know(`
      struct A { state: Mutex<u64> }
      struct B { state: Mutex<u64> }
      fn keep(a: &A) { let g = a.state.lock().unwrap(); Python::attach(|_py| ()); }
      #[pyfunction]
      fn same(py: Python<'_>, a: &A) { a.state.lock().unwrap(); }
      #[pyfunction]
      fn other(py: Python<'_>, b: &B) { b.state.lock().unwrap(); }
    `);
    expect(facts.locks.attachedLocks(item('same')).map((wait) => wait.holder.item.name)).toEqual(['keep']);
    expect(facts.locks.attachedLocks(item('other'))).toEqual([]);
  });
});

describe('what crosses a detached closure', () => {
  const cases: readonly (readonly [what: string, body: string, names: readonly string[]])[] = [
    ['a Bound', 'py.detach(|| object.is_none());', ['object']],
    ['in a tuple', 'let pair = (1, object); py.detach(|| pair.0);', ['pair']],
    ['a Py', 'let owned = object.unbind(); py.detach(move || drop(owned));', []],
    ['what was taken out of it', 'let n: u64 = object.extract().unwrap(); py.detach(|| n + 1);', []],
    ['inside of an attach', 'let owned = object.unbind(); py.detach(|| Python::attach(|py| owned.bind(py).is_none()));', []],
    ['a helper that releases', 'released(py, || object.is_none());', []],
  ];
  test.each(cases)('%s', async (_what, body, names) => {
    const { facts, item } = await know(`
      fn released<T: Send>(py: Python<'_>, f: impl FnOnce() -> T + Send) -> T { py.detach(f) }
      #[pyfunction]
      fn f(py: Python<'_>, object: Bound<'_, PyAny>) { ${body} }
    `);
    expect(facts.gil.detachedUses(item('f')).map(({ name }) => name)).toEqual(names);
  });
});
