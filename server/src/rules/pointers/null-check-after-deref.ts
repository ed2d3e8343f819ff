/** A pointer is checked for null after it was used, so that the check comes too late. */
import { fnsWith } from '../../analysis/ownership/fn-bodies.ts';
import type { Span } from '../../base/text.ts';
import type { FnBody } from '../../analysis/nullness/null-facts.ts';
import { indentAt, wholeLines } from '../indent.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'null-check-after-deref',
  group: 'pointers',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { late: '`{fn}` checks `{name}` for null after it has used it' },
  docs: {
    what: 'A pointer is checked for null after its first use',
    why: `The use before the check is undefined behaviour where the pointer is null, so that the compiler may take the check for always false and
remove it: it protects nothing, neither before nor after. Somebody thought that null can come here, and it does.`,
    bad: `pub struct Device {
    pub id: u32,
    pub open: bool,
}

/// # Safety
/// \`device\` is null or comes from \`device_new\`.
#[no_mangle]
pub unsafe extern "C" fn device_close(device: *mut Device) -> u32 {
    let id = unsafe { (*device).id };
    if device.is_null() {
        return 0;
    }
    unsafe { (*device).open = false };
    id
}
`,
    good: `pub struct Device {
    pub id: u32,
    pub open: bool,
}

/// # Safety
/// \`device\` is null or comes from \`device_new\`.
#[no_mangle]
pub unsafe extern "C" fn device_close(device: *mut Device) -> u32 {
    if device.is_null() {
        return 0;
    }
    unsafe { (*device).open = false };
    unsafe { (*device).id }
}
`,
    exceptions: [
      'a use that does not run on every path to the check',
      'a variable that is set between use and check, such as the cursor of a linked list',
      'addresses that are only computed: `&raw const (*p).x`',
      'a second check behind a first one, and `debug_assert!`',
    ],
    fixSafety: 'It moves the check to the front: what ran before it no longer runs where the pointer is null.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of fnsWith(ctx.unit.items, /\bis_null\b|\bnull(_mut)?\s*\(\s*\)/, ctx.workspace)) {
      for (const { name, origin, use, check } of ctx.facts.nullness.lateChecks(fn)) {
        ctx.report('late', {
          at: { file: fn.item.file, span: check },
          data: { fn: fn.ast.name, name: origin === 'param' ? name : `${name}()` },
          related: [{ at: { file: fn.item.file, span: use }, message: 'used here, on every path to the check' }],
          help: 'move the check in front of the first use',
          item: fn.item,
          claims: [{ kind: 'follows-pointer', at: { file: fn.item.file, span: use }, callees: null }],
          fixes: moveUp(ctx, fn, use, check),
        });
      }
    }
  },
});

/** The `if p.is_null() { return …; }` in front of the statement that uses the pointer, where both stand in the fn's own block. */
function moveUp(ctx: RuleContext, { item, ast }: FnBody, use: Span, check: Span): readonly Fix[] {
  const around = (at: Span) => ast.body?.statements.find(({ span }) => span.start <= at.start && span.end >= at.end);
  const first = around(use);
  const last = around(check);
  if (!first || first === last || last?.kind !== 'expr' || last.expr.kind !== 'if' || last.expr.else) return [];
  const { condition, then } = last.expr;
  // Other names in the condition or the block may not be there yet.
  const plain = condition.kind === 'method' && condition.nameSpan.start === check.start && /^\w+$/.test(text(condition.receiver.span));
  const leaves = text(then.span).replace(/\/\/[^\n]*/g, '');
  if (!plain || !/^\{\s*return\b[^;\n]*;?\s*\}$/.test(leaves) || /\breturn\s+[^;]*[a-z]\w*\s*[;}]/.test(leaves)) return [];
  const { path } = item.file;
  const indent = indentAt(ctx.workspace.text(item.file), first.span.start);
  return [
    {
      title: 'move the check in front of the first use',
      safe: false,
      edits: [
        { file: path, span: { start: first.span.start, end: first.span.start }, text: `${text(last.span)}\n${indent}` },
        { file: path, span: wholeLines(ctx.workspace.text(item.file), last.span), text: '' },
      ],
    },
  ];

  function text(at: Span): string {
    return ctx.workspace.slice(item.file, at);
  }
}
