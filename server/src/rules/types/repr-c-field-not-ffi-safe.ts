/** A C struct that the other side reads has a field without a C layout. */
import type { Fix, RuleContext } from '../rule.ts';
import { addReprC } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { seenFields } from '../seen-fields.ts';
import type { UnsafeReason } from '../../model/surface/ffi-safety.types.ts';

export default defineRule({
  id: 'repr-c-field-not-ffi-safe',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    field: 'field `{field}` of `{name}` is `{type}`, whose layout C does not know',
    array: 'field `{field}` of `{name}` holds `{type}`, whose layout C does not know',
  },
  docs: {
    what: 'A `repr(C)` type that crosses the boundary has a field that is no C type',
    why: '`#[repr(C)]` orders the fields of this type only. A `String`, a tuple, an `Option` without a niche or a struct without `repr` inside of it keeps a layout that is not defined, and with it the offsets of all fields behind it. The compiler looks at fields only of types that cross by value.',
    bad: `#[repr(C)]
pub struct Config {
    pub name: String,
    pub retries: u32,
}

extern "C" {
    pub fn configure(config: *const Config) -> i32;
}
`,
    good: `use std::ffi::c_char;

#[repr(C)]
pub struct Config {
    pub name: *const c_char,
    pub retries: u32,
}

extern "C" {
    pub fn configure(config: *const Config) -> i32;
}
`,
    exceptions: [
      'private fields of types that only go behind pointers, and types that Rust makes and hands out as handles',
      '`PhantomData`, generics, types of other crates',
      'types that no foreign signature mentions',
      'fat pointers, `char`, `c_void` and Rust fn pointers, which have rules of their own',
    ],
    fixSafety: 'Giving the inner type `#[repr(C)]` changes its size where it is used for other things too.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
    ],
  },
  check(ctx) {
    for (const { item, ast, field, reason } of seenFields(ctx)) {
      const type = nameOf(reason, ctx);
      if (type === null) continue;
      ctx.report(field.type.kind === 'array' ? 'array' : 'field', {
        at: { file: item.file, span: field.nameSpan },
        data: { field: field.name, name: ast.name, type },
        help: helpFor(reason),
        fixes: fixesOf(reason, ctx),
        item,
      });
    }
  },
});

/** null where another rule tells it. */
function nameOf(reason: UnsafeReason, ctx: RuleContext): string | null {
  switch (reason.kind) {
    case 'rust-type':
    case 'option':
    case 'tuple':
      return reason.text;
    case 'no-repr':
      // Where it crosses by value too, `repr-c-missing` reports the type.
      return ctx.surface.types.some((t) => t.item === reason.item && t.byValue.length > 0) ? null : reason.item.name;
    default:
      return null;
  }
}

function helpFor(reason: UnsafeReason): string {
  if (reason.kind === 'no-repr') return `add \`#[repr(C)]\` to \`${reason.item.name}\`, or keep a pointer to it`;
  if (reason.kind === 'option') return 'use a nullable pointer, or the value and a flag';
  if (reason.kind === 'tuple') return 'use a struct with `#[repr(C)]`';
  return 'use a C type, or keep a pointer to it';
}

function fixesOf(reason: UnsafeReason, ctx: RuleContext): Fix[] {
  const ast = reason.kind === 'no-repr' ? ctx.workspace.ast(reason.item) : null;
  if (reason.kind !== 'no-repr' || !ast) return [];
  return [{ ...addReprC(reason.item, ast, ctx.workspace), safe: false }];
}
