/** A method keeps its object borrowed while other threads run: their calls fail. */
import { callsNamed } from '../claim.ts';
import { defineRule } from '../rule.ts';
import { selfBorrow } from '../self-borrow.ts';

export default defineRule({
  id: 'pyo3-self-borrow-across-detach',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    exclusive: '`{name}` borrows its object mutably while `{what}` lets other threads run: calls fail',
    shared: '`{name}` borrows its object while `{what}` waits: `{other}` fails on other threads meanwhile',
  },
  docs: {
    what: 'A `&mut self` method blocks with the interpreter released, or a `&self` method waits so while others need `&mut self`',
    why: `PyO3 checks borrows when it calls a method, and holds them until it returns. While the interpreter is released, another Python thread may call
the same object, and gets \`RuntimeError: Already mutably borrowed\` (or \`Already borrowed\`): at random, and only under load. A class that is
\`frozen\` and keeps what changes in a \`Mutex\` or in atomics has no such borrows.`,
    bad: `use pyo3::prelude::*;
use std::sync::mpsc::Receiver;
use std::sync::Mutex;

#[pyclass]
struct Inbox {
    messages: Mutex<Receiver<String>>,
    count: usize,
}

#[pymethods]
impl Inbox {
    fn receive(&mut self, py: Python<'_>) -> Option<String> {
        let messages = &self.messages;
        let message = py.detach(|| messages.lock().unwrap().recv().ok());
        self.count += 1;
        message
    }

    fn count(&self) -> usize {
        self.count
    }
}
`,
    good: `use pyo3::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::Mutex;

#[pyclass(frozen)]
struct Inbox {
    messages: Mutex<Receiver<String>>,
    count: AtomicUsize,
}

#[pymethods]
impl Inbox {
    fn receive(&self, py: Python<'_>) -> Option<String> {
        let messages = &self.messages;
        let message = py.detach(|| messages.lock().unwrap().recv().ok());
        self.count.fetch_add(1, Ordering::Relaxed);
        message
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}
`,
    exceptions: [
      'classes that are `frozen`, and classes that are `unsendable`, which no other thread may call',
      '`#[new]`, static and class methods, and methods that take `Py<Self>` or `&Bound<Self>` and borrow for a moment',
      '`&self` methods of classes without `&mut self` methods and setters',
      '`&self` methods whose detached work ends by itself, such as reading a file',
    ],
    fixSafety: null,
    references: [{ title: 'PyO3 guide, class thread safety', url: 'https://pyo3.rs/latest/class/thread-safety' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.facts.gil.distinct(ctx.unit.surface.pyEntries)) {
      const work = entry.kind === 'method' ? ctx.facts.gil.detachedWork(entry.item) : [];
      const borrow = work.length > 0 ? selfBorrow(entry, ctx.workspace) : null;
      if (!borrow) continue;
      const at = borrow.kind === 'shared' ? work.find((one) => one.waits) : work[0];
      if (!at) continue;
      ctx.report(borrow.kind, {
        at: { file: entry.item.file, span: at.span },
        data: { name: entry.ast.name, what: at.what, other: borrow.kind === 'shared' ? borrow.other : '' },
        related: [
          { at: { file: entry.item.file, span: entry.ast.self?.span ?? entry.ast.nameSpan }, message: 'borrowed until the method returns' },
        ],
        help: 'make the class `frozen` and keep what changes in a `Mutex` or atomics, or take `slf: Py<Self>` and borrow for a moment',
        item: entry.item,
        claims: callsNamed(at.call, at.what),
      });
    }
  },
});
