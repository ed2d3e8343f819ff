/** A type is packed on one side only. */
import { layoutFindings, layoutReport } from '../peer-layouts.ts';
import { packAlike } from '../peer-packing-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-packing',
  group: 'layout',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    packing: '`{name}` is {mine} in Rust but {theirs} in `{file}`',
    align: '`{name}` is aligned to {mine} bytes in Rust but to {theirs} in `{file}`',
  },
  docs: {
    what: 'A type is packed in Rust and not in the header or ctypes class of the same type, or the other way round',
    why: '`#pragma pack`, `__attribute__((packed))`, `_pack_` and `repr(packed)` take padding out. With it on one side only, all fields behind the first gap lie elsewhere.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: #pragma pack(push, 1)
// geo.h: typedef struct { uint8_t kind; uint32_t length; } geo_head;
// geo.h: #pragma pack(pop)
// geo.h: void geo_send(const geo_head *head);
#[repr(C)]
pub struct Head {
    pub kind: u8,
    pub length: u32,
}

extern "C" {
    pub fn geo_send(head: *const Head);
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: #pragma pack(push, 1)
// geo.h: typedef struct { uint8_t kind; uint32_t length; } geo_head;
// geo.h: #pragma pack(pop)
// geo.h: void geo_send(const geo_head *head);
#[repr(C, packed)]
pub struct Head {
    pub kind: u8,
    pub length: u32,
}

extern "C" {
    pub fn geo_send(head: *const Head);
}
`,
    exceptions: [
      'packing that changes nothing: all members lie where they would lie without it',
      'opaque types: declared without members in C, without bytes in Rust',
      'explicit padding, reserved bytes, and an anonymous union or a unit of bits against a plain field in its place',
      'types that are not known on either side: counted as unresolved',
      'generated headers and bindings',
    ],
    fixSafety:
      'One edit packs the peer as Rust does, the other Rust as the peer does; which side is right only people know. References to fields of a packed Rust type no longer compile.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
    ],
  },
  check(ctx) {
    for (const finding of layoutFindings(ctx)) {
      const { first } = finding;
      if (first.what === 'packing') {
        const help = 'pack both alike: `repr(C, packed)` is `#pragma pack(1)`, `repr(C, packed(2))` is `#pragma pack(2)`';
        // Where no byte moves, what differs is where such a value may stand.
        const severity = first.moved ? 'error' : 'warning';
        ctx.report('packing', { ...layoutReport(finding, ctx, help), severity, fixes: packAlike(finding, first, ctx) });
      }
      if (first.what === 'align')
        ctx.report('align', { ...layoutReport(finding, ctx, 'ask for the same alignment on both sides'), severity: 'warning' });
    }
  },
});
