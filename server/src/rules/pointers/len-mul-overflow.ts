/** The product of two parameters becomes a length although it may overflow. */
import { LENGTHS, LENGTH_METHODS } from '../../analysis/nullness/pointer-calls.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { pointeeTy } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, unwrapBlock } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { exportsToCheck } from '../unchecked-pointer.ts';

type Context = RuleContext<'product'>;

export default defineRule({
  id: 'len-mul-overflow',
  group: 'pointers',
  since: '0.1.0',
  severity: 'off',
  languages: ['rust'],
  equivalents: ['clippy::arithmetic_side_effects'],
  fix: 'unsafe',
  messages: { product: '`{left} * {right}` may overflow in `{fn}` before it becomes a length' },
  docs: {
    what: 'The product of two parameters of an exported function becomes a length unchecked',
    why: `C passes \`width\` and \`height\` as they are. Their product wraps around in release builds: the length is then too small for what is
written later, or agrees with no buffer at all.`,
    bad: `/// # Safety
/// \`pixels\` has \`width * height\` elements.
#[no_mangle]
pub unsafe extern "C" fn image_clear(pixels: *mut u32, width: usize, height: usize) {
    if pixels.is_null() {
        return;
    }
    unsafe { std::slice::from_raw_parts_mut(pixels, width * height) }.fill(0);
}
`,
    good: `/// # Safety
/// \`pixels\` has \`width * height\` elements.
#[no_mangle]
pub unsafe extern "C" fn image_clear(pixels: *mut u32, width: usize, height: usize) {
    let Some(count) = width.checked_mul(height) else {
        return;
    };
    if pixels.is_null() {
        return;
    }
    unsafe { std::slice::from_raw_parts_mut(pixels, count) }.fill(0);
}
`,
    exceptions: [
      '`checked_mul`, `saturating_mul` and `try_from`',
      'products with a literal, a constant or `size_of`',
      'numbers that the function compares with something',
      'functions that are not exported',
    ],
    fixSafety: 'Not safe: the process ends where the product does not fit, which only the author can tell from an error of another kind.',
    references: [{ title: 'std, checked_mul', url: 'https://doc.rust-lang.org/std/primitive.usize.html#method.checked_mul' }],
  },
  check(ctx) {
    const exported = new Map(exportsToCheck(ctx).map((fn) => [fn.item, fn]));
    if (exported.size === 0) return;
    for (const body of bodiesWith([...exported.keys()], /\*/, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call' || one.kind === 'method', { items: false })) {
        for (const length of lengthsOf(expr, body, ctx)) {
          const product = unwrapBlock(givenValue(length, body));
          if (product.kind !== 'binary' || product.operator !== '*') continue;
          const left = paramOf(product.left, body);
          const right = paramOf(product.right, body);
          if (left === null || right === null || isCompared([left, right], body)) continue;
          ctx.report('product', {
            at: { file: body.item.file, span: product.span },
            data: { left, right, fn: body.ast.name },
            help: `use \`${left}.checked_mul(${right})\``,
            fixes: checkedFix(ctx, body, product),
            item: body.item,
          });
        }
      }
    }
  },
});

/** `left.checked_mul(right)`, which ends the process where there is no product. */
function checkedFix(ctx: Context, { item }: Body, { left, right, span }: Extract<Expr, { kind: 'binary' }>): readonly Fix[] {
  if (item.module.crate.noStd) return [];
  const text = ctx.workspace.text(item.file);
  const written = (side: Expr): string => text.slice(side.span.start, side.span.end);
  const receiver = left.kind === 'cast' ? `(${written(left)})` : written(left);
  const checked = `${receiver}.checked_mul(${written(right)}).unwrap_or_else(|| std::process::abort())`;
  return [{ title: 'abort where the product does not fit', safe: false, edits: [{ file: item.file.path, span, text: checked }] }];
}

/** The arguments of a call that are lengths, counts or offsets of a pointer or buffer. */
function lengthsOf(expr: Expr, body: Body, ctx: Context): readonly Expr[] {
  if (expr.kind === 'call') {
    const at = LENGTHS.get(stdCall(expr, body.scope, ctx.workspace) ?? '') ?? [];
    return at.flatMap((index) => (expr.args[index] ? [expr.args[index]] : []));
  }
  if (expr.kind !== 'method') return [];
  const index = LENGTH_METHODS.get(expr.name);
  const length = index === undefined ? undefined : expr.args[index];
  // `add` and `sub` are methods of numbers too.
  return length && pointeeTy(body.typeOf(expr.receiver)) !== null ? [length] : [];
}

function paramOf(expr: Expr, body: Body): string | null {
  const value = uncast(expr);
  const binding = value.kind === 'path' ? body.bindingOf(value) : null;
  return binding?.kind === 'param' ? binding.name : null;
}

function isCompared(names: readonly string[], body: Body): boolean {
  const root = body.ast.body;
  return (
    root !== null &&
    someExpr(
      root,
      (one) =>
        one.kind === 'binary' &&
        /^[<>]=?$/.test(one.operator) &&
        [one.left, one.right].some((side) => someExpr(side, (inner) => names.includes(paramOf(inner, body) ?? ''))),
    )
  );
}
