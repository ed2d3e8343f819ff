/** A packed type does not say in which order its fields stand. */
import type { StructItem } from '../../model/rust/ast-item.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import { defineRule } from '../rule.ts';
import { reportWithoutC } from '../without-c.ts';

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
    const isMeant = (ast: StructItem): boolean => {
      const { packed, rust } = reprOf(ast.attributes);
      return packed && !rust;
    };
    reportWithoutC(ctx, 'struct', isMeant, 'write `#[repr(C, packed)]`, or `#[repr(Rust, packed)]` if the order does not matter');
  },
});
