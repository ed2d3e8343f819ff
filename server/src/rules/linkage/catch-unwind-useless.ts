/** Code at the boundary catches panics in a build that aborts at once. */
import { calleeOf, libraryName } from '../../analysis/callee.ts';
import { findExpr } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'catch-unwind-useless',
  group: 'linkage',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { useless: '`catch_unwind` catches nothing in release builds: the profile sets `panic = "abort"`' },
  docs: {
    what: 'A function at the boundary catches panics, but the release profile has `panic = "abort"`',
    why: 'With `panic = "abort"` a panic ends the process before anything is unwound. The error code that the function promises is only returned in debug builds and tests.',
    bad: `// Cargo.toml: [profile.release]
// Cargo.toml: panic = "abort"
#[no_mangle]
pub extern "C" fn parse(value: i32) -> i32 {
    std::panic::catch_unwind(|| 100_i32.wrapping_div(value.max(1))).unwrap_or(-1)
}
`,
    good: `#[no_mangle]
pub extern "C" fn parse(value: i32) -> i32 {
    std::panic::catch_unwind(|| 100_i32.wrapping_div(value.max(1))).unwrap_or(-1)
}
`,
    exceptions: [
      'packages where only the dev profile aborts',
      'libraries that are no cdylib, staticlib or binary: their users choose the profile',
      'code in which no function at the boundary catches panics',
    ],
    fixSafety: null,
    references: [
      { title: 'Cargo, profiles: panic', url: 'https://doc.rust-lang.org/cargo/reference/profiles.html#panic' },
      { title: 'std::panic::catch_unwind', url: 'https://doc.rust-lang.org/std/panic/fn.catch_unwind.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.crate.package?.panic.release !== 'abort') return;
    const { crate } = ctx.unit;
    if (!crate.target.crateTypes.some((t) => t === 'cdylib' || t === 'staticlib' || t === 'bin')) return;
    // One profile is one cause: the first place of the crate tells it.
    for (const fn of ctx.surface.functions) {
      if (fn.item.module.crate !== crate) continue;
      const at = catches(fn, ctx);
      if (!at) continue;
      if (fn.item.file !== ctx.unit.file) return;
      ctx.report('useless', {
        at: { file: fn.item.file, span: at.span },
        help: 'leave `panic = "abort"` out of `[profile.release]`, or leave the abort to the runtime and take `catch_unwind` out',
        item: fn.item,
      });
      return;
    }
  },
});

function catches(fn: BoundaryFn, ctx: RuleContext): Expr | null {
  if (!fn.ast.body || fn.role === 'import' || (fn.item.entry.triggers & Trigger.CatchUnwind) === 0) return null;
  return findExpr(fn.ast.body, (expr) => {
    if (expr.kind !== 'call') return false;
    const name = libraryName(calleeOf(expr.callee, fn.scope, ctx.workspace));
    return name === 'panic::catch_unwind' || name === 'catch_unwind';
  });
}
