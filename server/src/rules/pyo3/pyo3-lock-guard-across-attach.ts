/** A lock is kept while Python runs, or while the interpreter is taken: whoever waits for it with the interpreter held never gets it. */
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { collectExprs, someExpr } from '../../analysis/walk.ts';
import { contains } from '../../base/text.ts';
import { tokenOf } from '../../analysis/gil/token.ts';
import { parentExpr, parentsOf } from '../../analysis/ownership/parents.ts';
import { isPlainValue } from '../pyo3-class-edits.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { indentAt } from '../indent.ts';
import type { HeldLock } from '../../analysis/locks/lock-facts.ts';
import { LOCKING } from '../claim.ts';
import type { Fix } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';
import { lockFns, lockSteps } from '../pyo3-locks.ts';

export default defineRule({
  id: 'pyo3-lock-guard-across-attach',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: {
    attach: '`{what}` takes the interpreter while `{guard}` keeps `{lock}` locked: a deadlock',
    release: '`{what}` releases the interpreter while `{guard}` keeps `{lock}` locked: a deadlock',
    python: '`{what}` can run Python code while `{guard}` keeps `{lock}` locked: a deadlock',
  },
  docs: {
    what: 'The guard of a `Mutex` or `RwLock` lives while the interpreter is taken, released, or Python code runs',
    why: `Thread A holds the lock and wants the interpreter: it attaches, a \`detach\` closure ends, or Python code that it calls lets another thread
run. Thread B has the interpreter and waits for the lock. Neither goes on, and the whole process stands still. It needs two threads at
the right moment, so tests rarely show it.`,
    bad: `use pyo3::prelude::*;
use std::sync::Mutex;

static LISTENERS: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

#[pyfunction]
fn emit(py: Python<'_>) -> PyResult<()> {
    let listeners = LISTENERS.lock().unwrap();
    for listener in listeners.iter() {
        listener.call0(py)?;
    }
    Ok(())
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

static LISTENERS: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

#[pyfunction]
fn emit(py: Python<'_>) -> PyResult<()> {
    let listeners: Vec<Py<PyAny>> = {
        let guard = LISTENERS.lock().unwrap();
        guard.iter().map(|one| one.clone_ref(py)).collect()
    };
    for listener in listeners {
        listener.call0(py)?;
    }
    Ok(())
}
`,
    exceptions: [
      'guards that are temporaries, that are dropped or given away before, and locks of local variables',
      'locks that nobody waits for with the interpreter held: taken inside of `detach`, or with `lock_py_attached`',
      'fields of classes that are `unsendable`, and of `self` in `&mut self` methods, which PyO3 runs one at a time',
      'reading and writing native lists and dicts, which runs no code of others',
    ],
    fixSafety: 'Others may change what the lock protects before the function goes on.',
    references: [
      { title: 'PyO3 guide, free-threading: locks and the interpreter', url: 'https://pyo3.rs/latest/free-threading' },
      { title: 'PyO3 issue 4771', url: 'https://github.com/PyO3/pyo3/issues/4771' },
    ],
  },
  check(ctx) {
    for (const item of lockFns(ctx)) {
      for (const held of ctx.facts.locks.heldAcross(item)) {
        const { over, waiter } = held;
        ctx.report(over.kind, {
          at: { file: item.file, span: over.span },
          data: { what: over.what, guard: held.guard, lock: held.lock },
          related: [
            { at: { file: item.file, span: held.span }, message: 'it is locked here' },
            ...lockSteps(over.steps, over.what),
            ...(waiter.item === item
              ? []
              : [{ at: { file: waiter.file, span: waiter.span }, message: 'waited for here, with the interpreter held' }]),
          ],
          help: helpOf(held),
          fixes: orNone(dropFix(held, item, ctx.workspace) ?? snapshotFix(held, item, ctx.workspace)),
          item,
          claims: [{ kind: 'calls', at: { file: item.file, span: held.span }, callees: LOCKING }],
        });
      }
    }
  },
});

/** `drop(guard);` before the statement, where nothing needs the guard from there on. */
function dropFix({ over, guard, span }: HeldLock, item: RustItem, workspace: Workspace): Fix | null {
  const types = bodiesOf(workspace)(item);
  const body = types?.ast.body;
  if (!body || !workspace.editable(item.file, over.span)) return null;
  const block = collectExprs(body, (e) => e.kind === 'block' && contains(e.span, over.span) && contains(e.span, span)).at(-1);
  if (block?.kind !== 'block') return null;
  const at =
    block.statements.find((s) => contains(s.span, over.span)) ?? (block.tail && contains(block.tail.span, over.span) ? block.tail : null);
  const made = block.statements.find((s) => contains(s.span, span));
  if (!at || !made || made.kind !== 'let' || made === at) return null;
  const text = workspace.text(item.file);
  const after = text.slice(at.span.start, block.span.end);
  // Also in the texts of macros, and through a variable that may borrow from it.
  const named = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(after);
  const borrowed = types.bindings.some(
    ({ name, ty, source }) =>
      source !== null &&
      contains(block.span, source.span) &&
      source.span.start > span.end &&
      named(name) &&
      ty?.kind !== 'primitive' &&
      !(ty?.kind === 'external' && ty.path === 'std::string::String') &&
      someExpr(source, (e) => types.bindingOf(e)?.name === guard),
  );
  if (named(guard) || borrowed) return null;
  const line = `drop(${guard});\n${indentAt(text, at.span.start)}`;
  const edit = { file: item.file.path, span: { start: at.span.start, end: at.span.start }, text: line };
  return { title: `drop \`${guard}\` before`, safe: false, edits: [edit] };
}

/** Copies what the lock protects out of it, where it is only read: plain data, or references to Python objects. */
function snapshotFix({ guard, span }: HeldLock, item: RustItem, workspace: Workspace): Fix | null {
  const body = bodiesOf(workspace)(item);
  const root = body?.ast.body;
  const statement =
    root &&
    collectExprs(root, (e) => e.kind === 'block')
      .flatMap((e) => (e.kind === 'block' ? e.statements : []))
      .find(
        (s) =>
          s.kind === 'let' && s.value !== null && contains(s.value.span, span) && s.pattern.kind === 'binding' && s.pattern.name === guard,
      );
  if (!body || !root || statement?.kind !== 'let' || !statement.value || statement.pattern.kind !== 'binding') return null;
  const { value, pattern } = statement;
  const binding = body.bindings.find((b) => b.name === guard && b.source === value);
  const inner = binding?.ty?.kind === 'external' && /Guard$/.test(binding.ty.path) ? (binding.ty.args[0] ?? null) : null;
  // Without `mut` nothing is changed through the guard.
  if (!binding || inner?.kind !== 'external' || pattern.mutable || statement.type || !workspace.editable(item.file, span)) return null;
  const parents = parentsOf(root);
  const read = collectExprs(root, (e) => body.bindingOf(e) === binding).every((use) => {
    const around = parentExpr(parents, use);
    return (around?.kind === 'method' && around.receiver === use) || (around?.kind === 'index' && around.base === use);
  });
  const hidden = someExpr(root, (e) => e.kind === 'macro' && e.args === null && workspace.slice(item.file, e.tokens).includes(guard));
  const token = tokenOf(body);
  const objects = inner.path === 'std::vec::Vec' && inner.args[0]?.kind === 'external' && inner.args[0].path === 'pyo3::Py';
  const copy = isPlainValue(inner)
    ? '.clone()'
    : objects && token
      ? `.iter().map(|one| one.clone_ref(${token})).collect::<Vec<_>>()`
      : null;
  if (!read || hidden || copy === null) return null;
  const edit = { file: item.file.path, span: { start: value.span.end, end: value.span.end }, text: copy };
  return { title: 'copy what is needed out of it', safe: false, edits: [edit] };
}

function helpOf({ over, guard }: HeldLock): string {
  if (over.kind === 'release') return `take the lock inside of the closure, or drop \`${guard}\` before it`;
  return over.kind === 'attach'
    ? `drop \`${guard}\` before, or take the interpreter first and the lock then`
    : `take what is needed out of it and drop \`${guard}\` before`;
}
