/** A callback runs a closure that came in as user data, and lets its panics go into the foreign caller. */
import { panicSites, siteReport } from '../panic-report.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'callback-calls-closure',
  group: 'panics',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    closure: '`{fn}` calls a closure from its user data outside of `catch_unwind`',
    object: '`{fn}` calls `{what}` of a trait object or parameter from its user data outside of `catch_unwind`',
  },
  docs: {
    what: 'A callback for C runs a closure or trait object from its user data without catching panics',
    why: `What the closure does is up to its author, so it may panic. The callback is called by C: a panic that leaves it aborts the process,
or, before Rust 1.81, is undefined behaviour. Bindings to audio and database libraries had to be mended for this.`,
    bad: `use std::ffi::{c_int, c_void};

pub unsafe extern "C" fn trampoline<F: FnMut(c_int)>(value: c_int, data: *mut c_void) {
    let f = unsafe { &mut *(data as *mut F) };
    f(value);
}
`,
    good: `use std::ffi::{c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

pub unsafe extern "C" fn trampoline<F: FnMut(c_int)>(value: c_int, data: *mut c_void) {
    let f = unsafe { &mut *(data as *mut F) };
    let _ = catch_unwind(AssertUnwindSafe(|| f(value)));
}
`,
    exceptions: [
      'calls inside of `catch_unwind`, or of a function or macro of the workspace that calls it',
      '`extern "C-unwind"` callbacks',
      'callbacks that are compiled for targets where all panics abort only: WebAssembly, no operating system, ESP-IDF; they are info',
      'user data that is a plain function pointer',
      'trait objects of an `unsafe trait`, whose implementers keep a contract',
      'methods of concrete types and of private traits: only closures and the traits that users of the crate implement are the code of somebody else',
    ],
    fixSafety: 'Not safe: the body is wrapped in `catch_unwind`, and what the caller gets instead of the panic is a guess.',
    references: [
      { title: 'RUSTSEC-2019-0022, panics in callbacks of portaudio-rs', url: 'https://rustsec.org/advisories/RUSTSEC-2019-0022.html' },
      { title: 'std, catch_unwind', url: 'https://doc.rust-lang.org/std/panic/fn.catch_unwind.html' },
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['closure-call'])) {
      const { effect, note } = ctx.facts.unwinding.effect(found.fn);
      ctx.report(found.site.expr.kind === 'method' ? 'object' : 'closure', {
        ...siteReport(ctx, found, false),
        help: 'run it in `std::panic::catch_unwind(AssertUnwindSafe(|| …))` and report the panic where the library is called',
        note: note ?? `a panic that reaches the foreign caller ${effect}`,
      });
    }
  },
});
