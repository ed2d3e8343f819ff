/** A signed parameter of an exported fn becomes a length although it may be negative. */
import { alwaysRuns } from '../../analysis/always-runs.ts';
import type { SignedLength } from '../../analysis/nullness/null-facts.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { defaultResult, insertAtBodyStart } from '../edits.ts';
import { isHidden } from '../hidden.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { exportsToCheck } from '../unchecked-pointer.ts';

export default defineRule({
  id: 'signed-length-cast',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::cast_sign_loss'],
  fix: 'sometimes',
  messages: { unchecked: '`{param}` is used as a length in `{fn}`, and is huge there where it is negative' },
  docs: {
    what: 'A signed parameter of an exported function becomes a length although it may be negative',
    why: `C code says "failed" or "unknown" with \`-1\`, and \`as usize\` makes 18446744073709551615 of it. A slice of that length is undefined
behaviour, a copy of it writes over everything, and an allocation of it aborts the process.`,
    bad: `/// # Safety
/// \`data\` has \`len\` bytes.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, len: i32) -> u32 {
    if data.is_null() {
        return 0;
    }
    let bytes = unsafe { std::slice::from_raw_parts(data, len as usize) };
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}
`,
    good: `/// # Safety
/// \`data\` has \`len\` bytes.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, len: i32) -> u32 {
    let Ok(len) = usize::try_from(len) else {
        return 0;
    };
    if data.is_null() {
        return 0;
    }
    let bytes = unsafe { std::slice::from_raw_parts(data, len) };
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}
`,
    exceptions: [
      'numbers that a comparison, `try_from`, `is_negative`, `max` or `clamp` looked at before, in whatever shape the flow takes',
      'a length that is compared with an upper bound after the cast: a negative one is huge there',
      'numbers that were given to a macro or function that may check them',
      'functions that are not exported, and callbacks: their lengths come from the library that calls them',
    ],
    fixSafety:
      'Returns early where the result is `()`, a pointer (null), `bool` (false) or `Option` (None), which is safe where the length is used on every path. Elsewhere callers may rely on passing a negative number, and for numbers, and for results that hold an error, the value is a guess: there the fix is offered only.',
    references: [
      { title: 'std, slice::from_raw_parts', url: 'https://doc.rust-lang.org/std/slice/fn.from_raw_parts.html' },
      {
        title: 'Rust Reference, numeric cast',
        url: 'https://doc.rust-lang.org/reference/expressions/operator-expr.html#numeric-cast',
      },
    ],
  },
  check(ctx) {
    for (const fn of exportsToCheck(ctx)) {
      for (const length of ctx.facts.nullness.signedLengths(fn)) {
        ctx.report('unchecked', {
          at: { file: fn.item.file, span: length.expr.span },
          data: { param: length.param, fn: fn.ast.name },
          related: [{ at: { file: fn.item.file, span: length.paramSpan }, message: `\`${length.param}\` is signed` }],
          help: `return early where \`${length.param} < 0\``,
          item: fn.item,
          claims: [{ kind: 'casts', at: { file: fn.item.file, span: length.expr.span }, from: /^i(?:\d+|size)$/ }],
          fixes: guard(ctx, fn, length),
          ...(isHidden(fn.item) ? { severity: 'info' as const } : {}),
        });
      }
    }
  },
});

/** `if n < 0 { return …; }` at the top of the fn, behind the guards of pointers. */
function guard(ctx: RuleContext, fn: BoundaryFn, { param, expr }: SignedLength): readonly Fix[] {
  const result = defaultResult(fn, ctx.workspace);
  const body = fn.ast.body;
  if (!result || !body) return [];
  const pointers = fn.ast.params.filter((one) => one.type.kind === 'pointer').length;
  const others = fn.ast.params.filter((one) => one.type.kind !== 'pointer').findIndex((one) => one.name === param);
  const lines = [`if ${param} < 0 {`, `\treturn${result.value === '' ? '' : ` ${result.value}`};`, '}'];
  const edit = insertAtBodyStart(fn, lines, pointers + Math.max(0, others), ctx.workspace);
  const title = `return ${result.value === '' ? 'early' : `\`${result.value}\``} where \`${param}\` is negative`;
  return edit ? [{ title, safe: result.neutral && alwaysRuns(body, expr), edits: [edit] }] : [];
}
