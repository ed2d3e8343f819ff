/** A function waits, with the interpreter held, for a lock that others keep while Python runs. */
import type { AttachedLock } from '../../analysis/locks/lock-facts.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import { LOCKING } from '../claim.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import { attachedFns } from '../pyo3-fns.ts';
import { lockFns } from '../pyo3-locks.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Since when PyO3 has traits whose methods let others have the interpreter while they wait. */
const EXTENSIONS = { Mutex: 24, RwLock: 27 } as const;

export default defineRule({
  id: 'pyo3-lock-attached',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: { waits: '`{name}` waits for `{lock}` with the interpreter held; `{holder}` keeps it while it needs that' },
  docs: {
    what: '`lock()`, `read()` or `write()` is called with the interpreter held, on a lock that is elsewhere kept while Python runs',
    why: `The one who keeps the lock waits for the interpreter, and the one who holds the interpreter waits for the lock: a deadlock. Where the other
side cannot be changed, waiting without the interpreter ends it: \`lock_py_attached\` (PyO3 0.24, for \`RwLock\` 0.27) releases it for as long
as it waits.`,
    bad: `use pyo3::prelude::*;
use std::sync::Mutex;

static QUEUE: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn worker(callback: &Py<PyAny>) {
    let queue = QUEUE.lock().unwrap();
    Python::attach(|py| callback.call1(py, (queue.len(),)).is_ok());
}

#[pyfunction]
fn start(callback: Py<PyAny>) {
    std::thread::spawn(move || worker(&callback));
}

#[pyfunction]
fn add(value: u64) {
    QUEUE.lock().unwrap().push(value);
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

static QUEUE: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn worker(callback: &Py<PyAny>) {
    let length = QUEUE.lock().unwrap().len();
    Python::attach(|py| callback.call1(py, (length,)).is_ok());
}

#[pyfunction]
fn start(callback: Py<PyAny>) {
    std::thread::spawn(move || worker(&callback));
}

#[pyfunction]
fn add(value: u64) {
    QUEUE.lock().unwrap().push(value);
}
`,
    exceptions: [
      'locks that are never kept while Python runs: short critical sections are fine',
      '`try_lock`, locks that are taken inside of `detach`, and `lock_py_attached`',
      'the function that keeps the lock itself: it has a finding of `pyo3-lock-guard-across-attach`',
    ],
    fixSafety: 'Other threads run while it waits, and may change what the function has looked at before.',
    references: [
      { title: 'PyO3, MutexExt', url: 'https://docs.rs/pyo3/latest/pyo3/sync/trait.MutexExt.html' },
      { title: 'PyO3 issue 4771', url: 'https://github.com/PyO3/pyo3/issues/4771' },
    ],
  },
  check(ctx) {
    const entries = attachedFns(ctx);
    for (const item of lockFns(ctx)) {
      for (const wait of ctx.facts.locks.attachedLocks(item)) {
        ctx.report('waits', {
          at: { file: item.file, span: wait.call.nameSpan },
          data: { name: item.name, lock: wait.lock, holder: wait.holder.item.name },
          related: [{ at: { file: wait.holder.file, span: wait.holder.span }, message: `kept while \`${wait.over.what}\` runs here` }],
          help: 'mend the other side, or wait with the interpreter released (`lock_py_attached`, or inside of `detach`)',
          fixes: fixesFor(wait, item, entries, ctx),
          item,
          claims: [{ kind: 'calls', at: { file: item.file, span: wait.call.nameSpan }, callees: LOCKING }],
        });
      }
    }
  },
});

/** `lock()` → `lock_py_attached(py)`, with the trait that has it. */
function fixesFor(wait: AttachedLock, item: RustItem, entries: readonly PyEntry[], ctx: RuleContext<string>): readonly Fix[] {
  const version = pyo3Minor(ctx.workspace, item.module.crate);
  const entry = entries.find((one) => one.item === item);
  const token = entry ? ctx.facts.gil.token(entry) : null;
  if (!wait.type || version === null || version < EXTENSIONS[wait.type] || !token || !ctx.workspace.editable(item.file, wait.call.span))
    return [];
  const trait = wait.type === 'Mutex' ? 'MutexExt' : 'RwLockExt';
  const { nameSpan, span } = wait.call;
  const edits = [
    { file: item.file.path, span: { start: nameSpan.start, end: span.end }, text: `${wait.call.name}_py_attached(${token})` },
    ...importOf(trait, item, ctx.workspace),
  ];
  return [{ title: `wait with \`${wait.call.name}_py_attached\``, safe: false, edits }];
}

/** `use pyo3::sync::TRAIT;` behind the first import of the module, if it is not there. */
function importOf(trait: string, item: RustItem, workspace: Workspace): Fix['edits'] {
  const uses = item.module.items.filter((one) => one.kind === 'use' && one.file === item.file);
  if (uses.some((one) => one.entry.uses.some((use) => use.name === trait || (use.name === '*' && use.path.at(-2) === 'sync')))) return [];
  const first = uses[0];
  if (!first || !workspace.editable(first.file, first.entry.span)) return [];
  const at = first.entry.span.end;
  return [{ file: item.file.path, span: { start: at, end: at }, text: `\nuse pyo3::sync::${trait};` }];
}
