/** An extern fn prints: the macros panic where the stream is closed. */
import type { FoundSite } from '../panic-report.ts';
import { panicSites, siteReport } from '../panic-report.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'prints'>;

export default defineRule({
  id: 'println-in-extern-fn',
  group: 'panics',
  since: '0.1.0',
  severity: 'off',
  languages: ['rust'],
  equivalents: ['clippy::print_stdout', 'clippy::print_stderr'],
  fix: 'unsafe',
  messages: { prints: '`{what}` in extern fn `{fn}`: where the stream is closed it panics, which {effect}' },
  docs: {
    what: 'A function with a foreign ABI prints with `print!`, `println!` or `eprint!`',
    why: `These macros panic when they cannot write: in a service without a console, or when the reader of a pipe has gone. A panic must not
leave a function that C calls. Off by default: most programs have an output.`,
    bad: `#[no_mangle]
pub extern "C" fn report(value: i32) {
    println!("value: {value}");
}
`,
    good: `use std::io::Write;

#[no_mangle]
pub extern "C" fn report(value: i32) {
    let _ = writeln!(std::io::stdout(), "value: {value}");
}
`,
    exceptions: [
      '`eprintln!`: a program that cannot say so there cannot say it anywhere',
      '`write!` and `writeln!`: they return the error',
      'macros of that name that the workspace defines',
      'all else that `panic-in-extern-fn` leaves out',
    ],
    fixSafety: 'Not safe: an error of the output is ignored from then on.',
    references: [{ title: 'std::println, panics', url: 'https://doc.rust-lang.org/std/macro.println.html#panics' }],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['print'])) {
      const report = siteReport(ctx, found, false);
      const written = asWrite(ctx, found);
      ctx.report('prints', { ...report, help: 'use `writeln!` and ignore its result', fixes: written ? [written] : [] });
    }
  },
});

/** `println!(…)` as a `writeln!` whose result nobody looks at; null where there is nothing to write, or no std. */
function asWrite(ctx: Context, { fn, site }: FoundSite): Fix | null {
  const { expr, what } = site;
  if (expr.kind !== 'macro' || fn.item.module.crate.noStd) return null;
  const args = ctx.workspace.slice(fn.item.file, expr.tokens).trim();
  const stream = what === 'eprint!' ? 'stderr' : 'stdout';
  const macro = what === 'println!' ? 'writeln' : 'write';
  const list = args === '' ? `std::io::${stream}()` : `std::io::${stream}(), ${args}`;
  if (macro === 'write' && args === '') return null;
  return {
    title: `use \`${macro}!\` and ignore its result`,
    safe: false,
    edits: [{ file: fn.item.file.path, span: expr.span, text: `{ use std::io::Write as _; let _ = ${macro}!(${list}); }` }],
  };
}
