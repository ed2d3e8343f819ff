/** A function is variadic on one side of the boundary only. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-variadic',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    rust: '`{symbol}` is variadic in Rust but not in `{file}`',
    peer: '`{symbol}` is variadic in `{file}` but not in Rust',
  },
  docs: {
    what: 'A function is variadic on one side of the boundary only',
    why: 'Variadic arguments have rules of their own: on Apple silicon they lie on the stack, on x86-64 the caller says how many vector registers it used. A call through the other kind of declaration works on one machine and fails on the next.',
    bad: `// geo.h: int geo_log(const char *format, ...);
use std::ffi::c_char;

extern "C" {
    fn geo_log(format: *const c_char, value: i32) -> i32;
}

pub fn log() -> i32 {
    unsafe { geo_log(c"%d".as_ptr(), 1) }
}
`,
    good: `// geo.h: int geo_log(const char *format, ...);
use std::ffi::c_char;

extern "C" {
    fn geo_log(format: *const c_char, ...) -> i32;
}

pub fn log() -> i32 {
    unsafe { geo_log(c"%d".as_ptr(), 1) }
}
`,
    exceptions: [
      '`va_list`, which is no variadic parameter',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The named parameters stay: those that belong to the variadic ones must be removed by hand.',
    references: [{ title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' }],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('variadic'))) {
      ctx.report(chosen.linked.rust.ast.variadic ? 'rust' : 'peer', signatureReport(ctx, chosen));
    }
  },
});
