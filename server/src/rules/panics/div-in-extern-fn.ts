/** An extern fn divides by what its caller passed, unchecked. */
import { sliceSpan } from '../../base/text.ts';
import type { FoundSite } from '../panic-report.ts';
import { panicSites, siteReport } from '../panic-report.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'division'>;

export default defineRule({
  id: 'div-in-extern-fn',
  group: 'panics',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::arithmetic_side_effects', 'clippy::integer_division_remainder_used'],
  fix: 'unsafe',
  messages: { division: 'extern fn `{fn}` divides by `{what}` unchecked: where it is zero a panic {effect}' },
  docs: {
    what: 'A function with a foreign ABI divides by an integer parameter that nothing checks',
    why: `The caller is C, so zero can come in. Integer division by zero panics, and a panic must not leave a function that C calls: since
Rust 1.81 the process is aborted, before that it was undefined behaviour.`,
    bad: `#[no_mangle]
pub extern "C" fn average(sum: u32, count: u32) -> u32 {
    sum / count
}
`,
    good: `#[no_mangle]
pub extern "C" fn average(sum: u32, count: u32) -> u32 {
    sum.checked_div(count).unwrap_or(0)
}
`,
    exceptions: [
      'divisors that a condition, comparison, match, macro or `max` looks at before',
      'floats, `NonZero` types, literals, and sums',
      'divisors that come from anything but a parameter',
      'all else that `panic-in-extern-fn` leaves out',
    ],
    fixSafety: 'Not safe: zero is what the caller gets then, and that is a guess.',
    references: [
      {
        title: 'Rust Reference, arithmetic operators',
        url: 'https://doc.rust-lang.org/reference/expressions/operator-expr.html#arithmetic-and-logical-binary-operators',
      },
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['division'])) {
      const report = siteReport(ctx, found, true);
      const checked = checkedFix(ctx, found);
      ctx.report('division', {
        ...report,
        help: 'return an error value for zero, or use `checked_div`',
        fixes: [...(checked ? [checked] : []), ...(report.fixes ?? [])],
      });
    }
  },
});

/** `a / b` as `a.checked_div(b).unwrap_or(0)`; not for a literal, whose type the method would not know. */
function checkedFix(ctx: Context, { fn, site }: FoundSite): Fix | null {
  const { expr } = site;
  if (expr.kind !== 'binary' || expr.left.kind === 'literal') return null;
  const text = ctx.workspace.text(fn.item.file);
  const plain = /^(path|call|method|field|index)$/.test(expr.left.kind);
  const left = sliceSpan(text, expr.left.span);
  const method = expr.operator === '/' ? 'checked_div' : 'checked_rem';
  const value = `${plain ? left : `(${left})`}.${method}(${sliceSpan(text, expr.right.span)}).unwrap_or(0)`;
  return { title: `use \`${method}\``, safe: false, edits: [{ file: fn.item.file.path, span: expr.span, text: value }] };
}
