/** A field has another type in Rust than in C or Python. */
import { layoutFindings, layoutReport } from '../peer-layouts.ts';
import { regeneratePeer } from '../peer-layout-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-field-type',
  group: 'layout',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    size: 'field `{field}` has {mine} bytes in Rust but {theirs} in `{file}`',
    class: 'field `{field}` is `{mine}` in Rust but `{theirs}` in `{file}`',
  },
  docs: {
    what: 'A field has another size, or is a number of another class, in Rust than in the header or ctypes class of the same type',
    why: 'The other side reads a part of the value, or bytes that do not belong to it, or takes the bits of a float for an integer.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint32_t layer; float weight; } geo_item;
// geo.h: float geo_weigh(const geo_item *item);
#[repr(C)]
pub struct Item {
    pub layer: u32,
    pub weight: i32,
}

extern "C" {
    pub fn geo_weigh(item: *const Item) -> f32;
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint32_t layer; float weight; } geo_item;
// geo.h: float geo_weigh(const geo_item *item);
#[repr(C)]
pub struct Item {
    pub layer: u32,
    pub weight: f32,
}

extern "C" {
    pub fn geo_weigh(item: *const Item) -> f32;
}
`,
    exceptions: [
      'opaque types: declared without members in C, without bytes in Rust',
      'explicit padding, reserved bytes, and an anonymous union or a unit of bits against a plain field in its place',
      'types that are not known on either side: counted as unresolved',
      'signs, `bool` against one byte, enums against integers and pointers against integers of their width',
      'generated headers and bindings',
    ],
    fixSafety:
      'The edit writes the members of the peer anew from the Rust type. Where the Rust type is what is wrong, it is the wrong edit.',
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
      if (first.what !== 'field-type') continue;
      const report = layoutReport(finding, ctx, 'give the field the same type on both sides');
      ctx.report(first.sizes ? 'size' : 'class', { ...report, fixes: regeneratePeer(finding, ctx) });
    }
  },
});
