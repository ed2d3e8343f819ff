/** `c_void` stands where only a pointer to it has a meaning. */
import { isNamedInCode } from '../named-in-code.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { seenFields } from '../seen-fields.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import { atUse, whereUsed } from '../type-use.ts';
import type { Peeled } from '../written-type.ts';
import { peel } from '../written-type.ts';

export default defineRule({
  id: 'c-void-by-value',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    result: "{where} is `c_void`, which is a byte and not C's `void`",
    use: '{where} is `c_void` by value, which C cannot pass',
    reference: '{where} is a reference to `c_void`: it promises a byte that may not be there',
    field: 'field `{field}` of `{name}` is `c_void`, which has no size in C',
  },
  docs: {
    what: '`c_void` is used by value or by reference: only pointers to it mean something',
    why: 'Rust declares `c_void` as an enum of one byte so that pointers to it work. A function that returns `void` in C returns `()` in Rust; with `-> c_void` the caller reads a byte that was never written, and an enum value outside of its variants is undefined behaviour.',
    bad: `use std::ffi::c_void;

extern "C" {
    pub fn reset(handle: *mut c_void) -> c_void;
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    pub fn reset(handle: *mut c_void);
}
`,
    exceptions: [
      '`*const c_void`, `*mut c_void`, `NonNull<c_void>` and `Option` of it',
      "aliases and types of one's own with that name that are something else",
      'foreign statics of this type, of which usually only the address is taken: reported as info only',
    ],
    fixSafety: 'In a declaration, leaving out the result is what C means. A parameter changes what callers pass, so that is offered only.',
    references: [{ title: 'std::ffi::c_void', url: 'https://doc.rust-lang.org/std/ffi/enum.c_void.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const at = atUse(use);
      const data = { where: whereUsed(use) };
      const answer = ctx.facts.types.ffiSafety(use);
      if (answer.kind === 'unsafe' && answer.reason.kind === 'void-by-value' && answer.through.length === 0) {
        const result = use.position === 'result' || use.position === 'fn-pointer-result';
        ctx.report(result ? 'result' : 'use', {
          at,
          data,
          help: result ? 'leave the result out: `void` is `()`' : 'use `*mut c_void` or `*const c_void`',
          fixes: isNamedInCode(use.item, ctx.workspace) ? [] : fixOf(ctx, use),
          ...(use.position === 'static' ? { severity: 'info' as const } : {}),
          item: use.item,
        });
        continue;
      }
      const { type, scope } = peel(use.type, use.scope, ctx.workspace);
      if (type.kind !== 'reference' || !isVoid(peel(type.referent, scope, ctx.workspace))) continue;
      ctx.report('reference', { at, data, help: 'use a raw pointer', severity: 'warning', item: use.item });
    }
    for (const { item, ast, field, reason } of seenFields(ctx)) {
      if (reason.kind !== 'void-by-value') continue;
      ctx.report('field', {
        at: { file: item.file, span: field.type.span },
        data: { field: field.name, name: ast.name },
        help: 'use `*mut c_void`, or `[u8; 0]` for an opaque tail',
        item,
      });
    }
  },
});

function isVoid({ found }: Peeled): boolean {
  return found?.kind === 'external' && found.path.at(-1) === 'c_void' && (found.path[0] === 'std' || found.path[0] === 'libc');
}

function fixOf(ctx: RuleContext, use: TypeUse): Fix[] {
  const file = use.file.path;
  const text = ctx.workspace.text(use.file);
  const { start, end } = use.type.span;
  if (use.position === 'result' && use.role === 'import') {
    const arrow = /\s*->\s*$/.exec(text.slice(0, start));
    if (!arrow) return [];
    return [{ title: 'leave the result out', safe: true, edits: [{ file, span: { start: start - arrow[0].length, end }, text: '' }] }];
  }
  if (use.position !== 'param' || use.role !== 'import') return [];
  return [{ title: 'pass a pointer', safe: false, edits: [{ file, span: { start, end: start }, text: '*mut ' }] }];
}
