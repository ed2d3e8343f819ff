/** A packed type does not say in which order its fields stand. */
import { isRewritten, reprOf } from '../../model/surface/attributes.ts';
import type { BoundaryType } from '../../model/surface/surface.ts';
import { addReprC, hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { relatedUses } from '../type-use.ts';

export default defineRule({
  id: 'packed-without-c',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::repr_packed_without_abi'],
  fix: 'safe',
  messages: { missing: '`{name}` is packed, but without `C` the order of its fields is not defined' },
  docs: {
    what: 'A type has `repr(packed)` without `C`',
    why: '`packed` takes the padding out, it does not fix the order: the compiler may still sort the fields. Whoever packs a type nearly always wants the bytes of a C struct, a file or a packet, which are then read from the wrong places.',
    bad: `#[repr(packed)]
pub struct Header {
    kind: u8,
    length: u32,
}

impl Header {
    pub fn total(&self) -> u32 {
        u32::from(self.kind).wrapping_add(self.length)
    }
}

extern "C" {
    pub fn next_header() -> *const Header;
}
`,
    good: `#[repr(C, packed)]
pub struct Header {
    kind: u8,
    length: u32,
}

impl Header {
    pub fn total(&self) -> u32 {
        u32::from(self.kind).wrapping_add(self.length)
    }
}

extern "C" {
    pub fn next_header() -> *const Header;
}
`,
    exceptions: [
      '`repr(C, packed)`, `repr(Rust, packed)`, `repr(transparent)`',
      'types with one field or none: there is no order to define',
      'types that no foreign signature mentions: reported as info only',
    ],
    fixSafety: 'Adding `C` changes only the order of the fields, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: the alignment modifiers',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-alignment-modifiers',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const atBoundary = new Map<unknown, BoundaryType>(ctx.unit.surface.types.map((type) => [type.item, type]));
    for (const item of ctx.unit.items) {
      if (item.inUnknownMacro || item.test || item.kind !== 'struct' || !item.entry.attributes.some((a) => a.path === 'repr')) continue;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct' || ast.fields.length < 2 || isRewritten(ast.attributes) || hasDefinedLayout(ast)) continue;
      const repr = reprOf(ast.attributes);
      if (!repr.packed || repr.rust) continue;
      const type = atBoundary.get(item);
      // These are findings of `repr-c-missing` and `repr-c-missing-behind-pointer`.
      if (type && (type.byValue.length > 0 || ctx.facts.types.opacity(type).kind === 'transparent')) continue;
      ctx.report('missing', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: ast.name },
        related: relatedUses(type?.behindPointer ?? []),
        help: 'write `#[repr(C, packed)]`, or `#[repr(Rust, packed)]` if the order does not matter',
        fixes: [addReprC(item, ast, ctx.workspace)],
        ...(type ? {} : { severity: 'info' as const }),
        item,
      });
    }
  },
});
