/** A panicking macro stands in a fn that other languages call. */
import { panicSites, siteReport } from '../panic-report.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'panic-in-extern-fn',
  group: 'panics',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::panic', 'clippy::todo', 'clippy::unimplemented', 'clippy::unreachable'],
  fix: 'unsafe',
  messages: {
    panics: '`{what}` in extern fn `{fn}`: a panic {effect}',
    debug: '`{what}` in extern fn `{fn}`: in debug builds a panic {effect}',
  },
  docs: {
    what: 'A function with a foreign ABI can panic by `panic!`, `assert!`, `todo!`, `unimplemented!` or `unreachable!`',
    why: `A panic must not leave a function that C calls. Since Rust 1.81 the process is aborted at the boundary, so that the caller cannot
handle the error and loses everything; before, unwinding into C was undefined behaviour. Return an error, or catch the panic.`,
    bad: `#[no_mangle]
pub extern "C" fn percent(part: u32, whole: u32) -> u32 {
    assert!(whole > 0, "division by zero");
    part.saturating_mul(100) / whole
}
`,
    good: `#[no_mangle]
pub extern "C" fn percent(part: u32, whole: u32) -> u32 {
    if whole == 0 {
        return 0;
    }
    part.saturating_mul(100) / whole
}
`,
    exceptions: [
      'code inside `catch_unwind`, or inside a function or macro of the workspace that calls it',
      'code that a macro of another crate wraps: it may well catch',
      '`extern "C-unwind"` functions, functions that never return, and functions that an attribute macro rewrites',
      'closures that are stored or handed to a function that is not known, nested items, `const` blocks and `async` blocks',
      'statements under `cfg(test)` or `cfg(debug_assertions)`',
      '`debug_assert!`, `assert!(!p.is_null())` and `if p.is_null() { panic!(…) }` are reported as info only, and so is everything where each profile sets `panic = "abort"` or that is compiled for WebAssembly or targets without an operating system only',
      'a `panic!` where a lock cannot be had is info, and so is one where a static of the crate is not set up: what has to be called first was not',
      'checks of exports that only one program calls are info: `#[doc(hidden)]`, and names with two underscores in front',
      'stated invariants are info: `unreachable!`, `panic!("BUG: …")`; so are, unless the panic is undefined behaviour, preconditions: an assertion whose message says what must hold (`"callers must …"`, not `"invalid …"`) or why it is better to stop, every assertion of a callback, and its `panic!` where a value is missing (`Err(e) => panic!(…)`, `let Some(x) = y else { panic!(…) }`) or none of the numbers that it knows (`_ => panic!(…)`)',
      'callbacks whose whole body is `panic!` or `unreachable!`: nobody is meant to call them',
      'handlers whose name says that they end the process: `…_abort`, `…_panic`, `…_fatal`',
      'code after an abort guard, such as `let _guard = AbortOnDrop;`',
    ],
    fixSafety: 'Not safe: the body is wrapped in `catch_unwind`, and what the caller gets instead of the panic is a guess.',
    references: [
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
      { title: 'Rustonomicon, FFI and unwinding', url: 'https://doc.rust-lang.org/nomicon/ffi.html#ffi-and-unwinding' },
      {
        title: 'Rust 1.81, abort on uncaught panics in extern "C" functions',
        url: 'https://blog.rust-lang.org/2024/09/05/Rust-1.81.0.html',
      },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['macro', 'debug-assert', 'null-assert'])) {
      const debug = found.site.kind === 'debug-assert';
      ctx.report(debug ? 'debug' : 'panics', {
        ...siteReport(ctx, found, found.site.kind !== 'macro'),
        help: 'return an error value instead, or wrap the body in `std::panic::catch_unwind`',
      });
    }
  },
});
