/** A Rust `char` crosses the boundary. */
import { isNamedInCode } from '../named-in-code.ts';
import { defineRule } from '../rule.ts';
import { seenFields } from '../seen-fields.ts';
import { atUse, refused, whereUsed } from '../type-use.ts';
import { peel, pointeeOf } from '../written-type.ts';

const HELP = 'use `c_char` for a byte of a C string, `u32` for a code point';

export default defineRule({
  id: 'char-in-ffi',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'unsafe',
  messages: {
    use: '{where} is a Rust `char`: four bytes, and not every value is valid',
    pointer: '{where} points to Rust `char`s of four bytes, not to C characters',
    field: 'field `{field}` of `{name}` is a Rust `char`: four bytes, and not every value is valid',
  },
  docs: {
    what: 'A Rust `char` is used in a foreign signature or in a field that the other side sees',
    why: 'A `char` has four bytes and may only hold a Unicode scalar value. The `char` of C has one byte. A value from the other side that is a surrogate or above U+10FFFF is undefined behaviour as soon as it exists.',
    bad: `#[no_mangle]
pub extern "C" fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
`,
    good: `#[no_mangle]
pub extern "C" fn is_digit(c: u32) -> bool {
    char::from_u32(c).is_some_and(|c| c.is_ascii_digit())
}
`,
    exceptions: [
      '`c_char`, `u32`, and names that resolve to them',
      'structs that no foreign signature mentions, and private fields of types that only go behind pointers',
      'functions with the Rust ABI',
    ],
    fixSafety: 'The type changes, and with it what callers must pass; whether a byte or a code point is meant is a guess.',
    references: [
      { title: 'Rust Reference, textual types', url: 'https://doc.rust-lang.org/reference/types/textual.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const at = atUse(use);
      const { start, end } = use.type.span;
      const written = ctx.workspace.slice(use.file, { start: start, end: end });
      const fixes =
        written === 'char' && use.role === 'import' && !isNamedInCode(use.item, ctx.workspace)
          ? [{ title: 'use `u32`', safe: false, edits: [{ file: use.file.path, span: use.type.span, text: 'u32' }] }]
          : [];
      const answer = ctx.facts.types.ffiSafety(use);
      if (answer.kind === 'unsafe' && answer.reason.kind === 'char' && answer.through.length === 0) {
        ctx.report('use', { at, data: { where: whereUsed(use) }, help: HELP, fixes, item: use.item, claims: [refused(use)] });
        continue;
      }
      const peeled = peel(use.type, use.scope, ctx.workspace);
      const pointee = pointeeOf(peeled);
      const found = pointee ? peel(pointee, peeled.scope, ctx.workspace).found : null;
      if (found?.kind !== 'primitive' || found.name !== 'char') continue;
      ctx.report('pointer', { at, data: { where: whereUsed(use) }, help: HELP, severity: 'warning', item: use.item });
    }
    for (const { item, ast, field, reason } of seenFields(ctx)) {
      if (reason.kind !== 'char') continue;
      ctx.report('field', {
        at: { file: item.file, span: field.type.span },
        data: { field: field.name, name: ast.name },
        help: HELP,
        item,
      });
    }
  },
});
