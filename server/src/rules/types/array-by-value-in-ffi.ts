/** An array is a parameter or result of a foreign fn, which C has not. */
import type { TypeUse } from '../../model/surface/surface.ts';
import { isNamedInCode } from '../named-in-code.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { atUse, refused, whereUsed } from '../type-use.ts';
import { peel } from '../written-type.ts';

export default defineRule({
  id: 'array-by-value-in-ffi',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'unsafe',
  messages: { use: '{where} is the array `{type}` by value: C passes a pointer or a struct' },
  docs: {
    what: 'An array is passed or returned by value across the boundary',
    why: 'A parameter that is written `int a[4]` in C is a pointer, and a C function cannot return an array. An array by value has no calling convention in C: one side reads an address where the other puts elements.',
    bad: `extern "C" {
    pub fn norm(vector: [f64; 3]) -> f64;
}
`,
    good: `extern "C" {
    pub fn norm(vector: *const [f64; 3]) -> f64;
}
`,
    exceptions: [
      'arrays as fields and in statics, which have the layout of C arrays',
      'pointers and references to arrays',
      'structs with an array in them',
    ],
    fixSafety: 'Callers must pass a pointer then, and whether the array is only read is a guess.',
    references: [
      {
        title: 'Rust Reference, type layout: arrays',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#array-layout',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      if (use.position === 'static') continue;
      const { type } = peel(use.type, use.scope, ctx.workspace);
      // An array of what C has not either is reported for that.
      if (type.kind !== 'array' || ctx.facts.types.ffiSafety(use).kind === 'unsafe') continue;
      const result = use.position === 'result' || use.position === 'fn-pointer-result';
      ctx.report('use', {
        at: atUse(use),
        data: { where: whereUsed(use), type: ctx.workspace.slice(use.file, use.type.span) },
        help: result
          ? 'write it through an out parameter, or return a `#[repr(C)]` struct'
          : 'pass a pointer to it, or a `#[repr(C)]` struct',
        fixes: isNamedInCode(use.item, ctx.workspace) ? [] : fixOf(use),
        item: use.item,
        claims: [refused(use)],
      });
    }
  },
});

/** For declarations: the body of a fn that is defined here would have to follow. */
function fixOf(use: TypeUse): Fix[] {
  if (use.position !== 'param' || use.role !== 'import') return [];
  const { start } = use.type.span;
  return [{ title: 'pass a pointer', safe: false, edits: [{ file: use.file.path, span: { start, end: start }, text: '*const ' }] }];
}
