/** The result of `mmap` is compared with null, which is not how it fails. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, isReassigned, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, lastName, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { callsC } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'null'>;

export default defineRule({
  id: 'mmap-null-check',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { null: '`mmap` fails with `MAP_FAILED`, which is not null' },
  docs: {
    what: 'The result of `mmap` is compared with null, and not with `MAP_FAILED`',
    why: `\`mmap\` returns \`MAP_FAILED\`, which is \`-1\`, where it fails. A check for null never finds that: the program goes on and reads and
writes at the end of the address space.`,
    bad: `// Cargo.toml: [dependencies]
// Cargo.toml: libc = "0.2"
pub fn reserve(size: usize) -> Option<*mut u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let memory = unsafe { libc::mmap(std::ptr::null_mut(), size, libc::PROT_READ, flags, -1, 0) };
    if memory.is_null() {
        return None;
    }
    Some(memory.cast())
}
`,
    good: `// Cargo.toml: [dependencies]
// Cargo.toml: libc = "0.2"
pub fn reserve(size: usize) -> Option<*mut u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let memory = unsafe { libc::mmap(std::ptr::null_mut(), size, libc::PROT_READ, flags, -1, 0) };
    if memory == libc::MAP_FAILED {
        return None;
    }
    Some(memory.cast())
}
`,
    exceptions: ['functions that compare with `MAP_FAILED` or `-1` as well', 'functions of Rust that are named `mmap`'],
    fixSafety: 'The comparison with null is replaced by one with `MAP_FAILED`: it was never true before.',
    references: [{ title: 'POSIX, mmap', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/mmap.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bmmap(64)?\s*\(/, ctx.workspace)) {
      const root = body.ast.body;
      if (!root || knowsFailure(root)) continue;
      for (const expr of collectExprs(root, (one) => one.kind === 'method' || one.kind === 'binary', { items: false }))
        checkExpr(ctx, body, expr);
    }
  },
});

/** `MAP_FAILED`, `-1`, `!0` or `usize::MAX` stands somewhere, but for the file that an anonymous mapping does not have. */
function knowsFailure(root: Expr): boolean {
  const files = new Set(
    collectExprs(root, (one) => one.kind === 'call' && one.args.length === 6).map((one) => (one.kind === 'call' ? one.args[4] : one)),
  );
  return someExpr(root, (one) => {
    if (one.kind === 'path') return /^(MAP_FAILED|MAX|INVALID\w*)$/.test(lastName(one) ?? '');
    if (one.kind === 'unary' && one.operand.kind === 'literal' && !files.has(one))
      return (one.operator === '-' && /^1/.test(one.operand.text)) || (one.operator === '!' && /^0/.test(one.operand.text));
    return one.kind === 'macro' && one.args === null;
  });
}

function text(ctx: Context, body: Body, expr: Expr): string {
  return ctx.workspace.slice(body.item.file, expr.span);
}

function checkExpr(ctx: Context, body: Body, expr: Expr): void {
  const pointer = nullChecked(expr);
  if (!pointer) return;
  const name = variable(uncast(pointer));
  const binding = name === null ? null : body.bindingOf(uncast(pointer));
  if (name !== null && (!binding || body.bindings.filter((one) => one.name === name).length !== 1 || isReassigned(name, body))) return;
  const called = foreignCall(unwrapBlock(givenValue(pointer, body)), body.scope, ctx.workspace);
  if (!called || !/^mmap(64)?$/.test(called.name) || called.call.args.length !== 6) return;
  ctx.report('null', {
    at: { file: body.item.file, span: expr.span },
    related: [{ at: { file: body.item.file, span: called.call.span }, message: 'returned here' }],
    help: 'compare with `MAP_FAILED`',
    item: body.item,
    claims: [callsC(body.item.file, called)],
    fixes: fixes(ctx, body, expr, pointer, called.item === null),
  });
}

/** The pointer that is asked whether it is null. */
function nullChecked(expr: Expr): Expr | null {
  if (expr.kind === 'method') return expr.name === 'is_null' && expr.args.length === 0 ? expr.receiver : null;
  if (expr.kind !== 'binary' || (expr.operator !== '==' && expr.operator !== '!=')) return null;
  if (isNull(expr.right)) return expr.left;
  return isNull(expr.left) ? expr.right : null;
}

function isNull(expr: Expr): boolean {
  const inner = uncast(expr);
  if (inner.kind === 'literal') return expr.kind === 'cast' && inner.text === '0';
  return inner.kind === 'call' && inner.args.length === 0 && /^null(_mut)?$/.test(lastName(inner.callee) ?? '');
}

function fixes(ctx: Context, body: Body, expr: Expr, pointer: Expr, libc: boolean): readonly Fix[] {
  if (variable(pointer) === null) return [];
  const left = text(ctx, body, pointer);
  const operator = expr.kind === 'binary' ? expr.operator : '==';
  // A method binds tighter than what may stand around it.
  const open = expr.kind === 'method' && /[!&|=]\s*$/.test(ctx.workspace.slice(body.item.file, { start: 0, end: expr.span.start }));
  const comparison = libc ? `${left} ${operator} libc::MAP_FAILED` : `${left} as isize ${operator} -1`;
  if (libc && body.bindingOf(pointer)?.source !== unwrapCast(body.bindingOf(pointer)?.source ?? null)) return [];
  return [
    {
      title: 'compare with `MAP_FAILED`',
      safe: true,
      edits: [{ file: body.item.file.path, span: expr.span, text: open ? `(${comparison})` : comparison }],
    },
  ];
}

/** The value itself where it still has the type that `mmap` gives it. */
function unwrapCast(source: Expr | null): Expr | null {
  if (source === null || source.kind === 'cast' || source.kind === 'method') return null;
  if (source.kind === 'block' && source.tail && unwrapCast(source.tail) === null) return null;
  return source;
}
