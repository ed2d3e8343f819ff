/** A foreign fn that takes a raw pointer is declared as safe to call. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

export default defineRule({
  id: 'safe-extern-fn-with-pointer',
  group: 'linkage',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { safe: '`{name}` is declared `safe` but takes the raw pointer `{param}`' },
  docs: {
    what: 'A `safe fn` in an `unsafe extern` block has a raw pointer parameter',
    why: 'A raw pointer can be null or dangling, and safe code can make one. `safe fn` says that no argument whatever can do harm, and nobody has to think before calling it.',
    bad: `use std::ffi::c_char;

unsafe extern "C" {
    pub safe fn strlen(text: *const c_char) -> usize;
}
`,
    good: `use std::ffi::c_char;

unsafe extern "C" {
    pub fn strlen(text: *const c_char) -> usize;
}
`,
    exceptions: [
      'functions whose only pointers are in the result',
      'references and `Option` of references: these are valid or null',
      'parameters without a pointer',
      'functions without `safe`',
    ],
    fixSafety: 'Safe where nothing else names the function; elsewhere the calls need an `unsafe` block.',
    references: [
      {
        title: 'Rust Reference, functions in extern blocks',
        url: 'https://doc.rust-lang.org/reference/items/external-blocks.html#functions',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'import' || fn.rewritten || !fn.ast.safe) continue;
      const at = fn.ast.params.findIndex((param) => isRawPointer(param.type, fn, ctx));
      const param = fn.ast.params[at];
      if (!param) continue;
      const { start } = fn.ast.signatureSpan;
      const head = ctx.workspace.slice(fn.item.file, { start: start, end: fn.ast.keywordSpan.start });
      const safe = /\bsafe\s+$/.exec(head);
      const span = safe ? { start: start + safe.index, end: fn.ast.keywordSpan.start } : null;
      ctx.report('safe', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: fn.ast.name, param: param.name ?? String(at + 1) },
        help: 'leave `safe` out, or take a reference',
        fixes: span
          ? [
              {
                title: 'remove `safe`',
                safe: !ctx.workspace.mentions(fn.ast.name, fn.item),
                edits: [{ file: fn.item.file.path, span, text: '' }],
              },
            ]
          : [],
        item: fn.item,
      });
    }
  },
});

function isRawPointer(type: Type, fn: BoundaryFn, ctx: RuleContext): boolean {
  const at = peel(type, fn.scope, ctx.workspace);
  if (at.type.kind === 'pointer') return true;
  const name = stdName(at);
  if (name === 'NonNull') return true;
  const arg = name === 'Option' ? firstArg(at.type) : null;
  return arg !== null && stdName(peel(arg, at.scope, ctx.workspace)) === 'NonNull';
}
