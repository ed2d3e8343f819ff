/** A closure that another thread will call is boxed for C without `Send`. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { sliceSpan } from '../../base/text.ts';
import { closuresGivenToC } from '../boxed-closures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'callback-closure-not-send',
  group: 'ownership',
  since: '0.1.0',
  severity: 'off',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { threads: '`{fn}` gives a `{param}` to `{callee}`, which calls it on another thread, without `Send`' },
  docs: {
    what: 'A generic closure without `Send` is boxed for a C function whose name says that it calls back on another thread',
    why: `The closure may hold an \`Rc\` or a reference to a \`Cell\`. Called on a thread of C these are data races, in safe code of the caller. Off by
default: only the name of the C function tells of threads.`,
    bad: `use std::ffi::c_void;

extern "C" {
    fn task_spawn(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn call<F: FnOnce()>(data: *mut c_void) {
    let _ = data.cast::<F>();
}

pub fn spawn<F: FnOnce() + 'static>(f: F) {
    let data = Box::into_raw(Box::new(f));
    unsafe { task_spawn(call::<F>, data.cast()) };
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    fn task_spawn(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn call<F: FnOnce()>(data: *mut c_void) {
    let _ = data.cast::<F>();
}

pub fn spawn<F: FnOnce() + Send + 'static>(f: F) {
    let data = Box::into_raw(Box::new(f));
    unsafe { task_spawn(call::<F>, data.cast()) };
}
`,
    exceptions: [
      'bounds with `Send`',
      'C functions without `thread`, `async`, `spawn`, `worker` or `pool` in their names',
      'names that say that it is the same thread: `…_local`, `…_same_thread`, `main_thread`',
      'a `from_raw` in the same function: the closure is taken back before it returns',
    ],
    fixSafety: 'Not safe: callers whose closures are not `Send` no longer compile.',
    references: [{ title: 'Rustonomicon, Send and Sync', url: 'https://doc.rust-lang.org/nomicon/send-and-sync.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\binto_raw\b/, ctx.workspace)) {
      for (const { move, generic, callee } of closuresGivenToC(ctx, body)) {
        if (!THREADS.test(callee) || SAME.test(callee) || generic.bounds.some((one) => /(^|::)Send$/.test(one))) continue;
        const text = ctx.workspace.text(body.item.file);
        const { end } = generic.span;
        const plain = /:\s*\S/.test(sliceSpan(text, generic.span));
        ctx.report('threads', {
          at: { file: body.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.nameSpan },
          data: { fn: body.ast.name, param: generic.name, callee },
          related: [{ at: { file: body.item.file, span: generic.span }, message: 'this closure needs `Send`' }],
          help: 'add `+ Send` to its bound',
          item: body.item,
          fixes: plain
            ? [{ title: 'add `Send`', safe: false, edits: [{ file: body.item.file.path, span: { start: end, end }, text: ' + Send' }] }]
            : [],
        });
      }
    }
  },
});

const THREADS = /thread|async|spawn|worker|pool/i;
const SAME = /local|same_?thread|main_?thread|sync_/i;
