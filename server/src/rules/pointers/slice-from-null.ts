/** `slice::from_raw_parts` gets a pointer parameter that may be null. */
import { contains } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { lastName, someExpr } from '../../analysis/walk.ts';
import { calledAs } from '../called-as.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { UncheckedUse } from '../unchecked-pointer.ts';
import { guardFixes, paramReport, uncheckedUses } from '../unchecked-pointer.ts';

type Context = RuleContext<'unchecked'>;

export default defineRule({
  id: 'slice-from-null',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { unchecked: '`{call}` gets `{param}` in `{fn}` without a null check' },
  docs: {
    what: '`slice::from_raw_parts` gets a pointer parameter of an exported function that may be null',
    why: `In C an empty array is often \`(NULL, 0)\`. A Rust slice must not be null, not even an empty one: the compiler uses null for
\`None\`, so the wrong value spreads silently before it hurts.`,
    bad: `/// # Safety
/// \`data\` points to \`len\` bytes.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, len: usize) -> u8 {
    let bytes = unsafe { std::slice::from_raw_parts(data, len) };
    bytes.iter().fold(0, |sum, b| sum ^ b)
}
`,
    good: `/// # Safety
/// \`data\` points to \`len\` bytes, or is null.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, len: usize) -> u8 {
    let bytes = unsafe { if data.is_null() { &[] } else { std::slice::from_raw_parts(data, len) } };
    bytes.iter().fold(0, |sum, b| sum ^ b)
}
`,
    exceptions: [
      'pointers that a check dominates, in all the shapes that `missing-null-check` knows',
      'an early return, or another branch, where the length is zero',
      'a `NonNull::dangling()` that stands in for null',
      'callbacks, and functions that are not exported',
    ],
    fixSafety:
      'Safe: null becomes an empty slice, where the call was undefined before. For a slice of a length that is written, the function returns early instead, which is offered only for numbers and where the call does not run on every path.',
    references: [
      { title: 'std, slice::from_raw_parts', url: 'https://doc.rust-lang.org/std/slice/fn.from_raw_parts.html#safety' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const found of uncheckedUses(ctx, 'slice')) {
      const report = paramReport(found);
      const { expr, length } = found.use;
      // With a length that is written an empty slice would only move the fault.
      const fixed = length !== null && !someExpr(length, (part) => part.kind === 'path' && /[a-z]/.test(lastName(part) ?? ''));
      ctx.report('unchecked', {
        ...report,
        data: { ...report.data, call: expr.kind === 'call' ? calledAs(expr) : 'a slice' },
        help: `${fixed ? 'return early' : 'use an empty slice'} where \`${found.use.param}.is_null()\``,
        ...(fixed ? {} : { note: 'C passes (NULL, 0) for an empty array; the pointer of a Rust slice must not be null even then' }),
        fixes: expr.kind === 'call' && !fixed ? emptySlice(ctx, found, expr) : guardFixes(ctx, found),
      });
    }
  },
});

/** `if p.is_null() { &[] } else { … }` around the call. */
function emptySlice(ctx: Context, found: UncheckedUse, call: Extract<Expr, { kind: 'call' }>): readonly Fix[] {
  const { file } = found.fn.item;
  const pointer = call.args[0];
  const body = found.fn.ast.body;
  if (
    !pointer ||
    !body ||
    !/^(path|method|field)$/.test(uncast(pointer).kind) ||
    someExpr(pointer, (expr) => expr.kind === 'call' || expr.kind === 'macro')
  )
    return [];
  const asked = uncast(pointer);
  const written = ctx.workspace.slice(file, asked.span);
  const empty = calledAs(call).endsWith('_mut') ? '&mut []' : '&[]';
  const [open, close] = isOperand(body, call) ? ['(', ')'] : ['', ''];
  return [
    {
      title: `use an empty slice where \`${found.use.param}\` is null`,
      safe: true,
      edits: [
        {
          file: file.path,
          span: { start: call.span.start, end: call.span.start },
          text: `${open}if ${written}.is_null() { ${empty} } else { `,
        },
        { file: file.path, span: { start: call.span.end, end: call.span.end }, text: ` }${close}` },
      ],
    },
  ];
}

/** The pointer without its casts, if what is left can have a method called on it. */
function uncast(pointer: Expr): Expr {
  let inner = pointer;
  while (inner.kind === 'cast' || (inner.kind === 'method' && /^cast(_mut|_const)?$/.test(inner.name))) {
    inner = inner.kind === 'cast' ? inner.operand : inner.receiver;
  }
  return inner;
}

/** Whether something is done to the call's result on the spot, so that an `if` in its place needs parentheses. */
function isOperand(body: Expr, call: Expr): boolean {
  return someExpr(body, (expr) => {
    if (!contains(expr.span, call.span)) return false;
    switch (expr.kind) {
      case 'method':
        return expr.receiver === call;
      case 'field':
      case 'index':
        return expr.base === call;
      case 'unary':
      case 'reference':
      case 'cast':
      case 'try':
        return expr.operand === call;
      case 'binary':
        return expr.left === call || expr.right === call;
      default:
        return false;
    }
  });
}
