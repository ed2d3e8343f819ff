/** A loop without an end waits and never looks for Ctrl-C. */
import { attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-missing-check-signals',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: 'this loop waits in `{what}` for ever, and Ctrl-C does not end it' },
  docs: {
    what: 'An endless `loop` in a PyO3 function waits, and nothing in it runs Python or calls `check_signals`',
    why: `Python only notes that Ctrl-C was pressed, and raises \`KeyboardInterrupt\` when its code runs next. A loop in Rust that never calls back cannot
be stopped but by killing the process. \`py.check_signals()?\` raises it.`,
    bad: `use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static DONE: AtomicBool = AtomicBool::new(false);

#[pyfunction]
fn wait(py: Python<'_>) {
    loop {
        py.detach(|| std::thread::sleep(Duration::from_millis(10)));
        if DONE.load(Ordering::Relaxed) {
            break;
        }
    }
}
`,
    good: `use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static DONE: AtomicBool = AtomicBool::new(false);

#[pyfunction]
fn wait(py: Python<'_>) -> PyResult<()> {
    loop {
        py.detach(|| std::thread::sleep(Duration::from_millis(10)));
        py.check_signals()?;
        if DONE.load(Ordering::Relaxed) {
            return Ok(());
        }
    }
}
`,
    exceptions: [
      'loops with a number of rounds or a condition, and functions that look at a time or a deadline',
      'loops that use Python objects: a call of Python raises it',
    ],
    fixSafety: 'Ctrl-C raises `KeyboardInterrupt` in the middle of what the loop does.',
    references: [{ title: 'PyO3 FAQ: Ctrl-C does nothing', url: 'https://pyo3.rs/latest/faq' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'signals') continue;
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: 'call `py.check_signals()?` in each round',
          fixes: fixesOf(ctx.facts.gil.perItemEdits(entry, one), entry.item.file),
          item: entry.item,
        });
      }
    }
  },
});
