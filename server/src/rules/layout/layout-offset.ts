/** A field lies at another offset in Rust than in C or Python. */
import { layoutFindings, layoutReport } from '../peer-layouts.ts';
import type { LayoutFinding } from '../peer-layouts.ts';
import { regeneratePeer } from '../peer-layout-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-offset',
  group: 'layout',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    offset: 'field `{field}` is at {unit} {mine} in Rust but {theirs} in `{file}`',
    rust: 'field `{field}` is at offset {at} in `{file}` but missing in Rust',
    peer: 'field `{field}` is at offset {at} in Rust but missing in `{file}`',
  },
  docs: {
    what: 'A field lies at another offset in Rust than in the header or ctypes class of the same type',
    why: 'Both sides look at the same bytes: what one writes into this field, the other reads out of another.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint8_t kind; uint8_t layer; double x; } geo_spot;
// geo.h: void geo_show(const geo_spot *spot);
#[repr(C)]
pub struct Spot {
    pub kind: u8,
    pub x: f64,
    pub layer: u8,
}

extern "C" {
    pub fn geo_show(spot: *const Spot);
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint8_t kind; uint8_t layer; double x; } geo_spot;
// geo.h: void geo_show(const geo_spot *spot);
#[repr(C)]
pub struct Spot {
    pub kind: u8,
    pub layer: u8,
    pub x: f64,
}

extern "C" {
    pub fn geo_show(spot: *const Spot);
}
`,
    exceptions: [
      'opaque types: declared without members in C, without bytes in Rust',
      'explicit padding, reserved bytes, and an anonymous union or a unit of bits against a plain field in its place',
      'types that are not known on either side: counted as unresolved',
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
    const report = (finding: LayoutFinding) => ({
      ...layoutReport(finding, ctx, 'make both definitions list the same members in the same order'),
      fixes: regeneratePeer(finding, ctx),
    });
    for (const finding of layoutFindings(ctx)) {
      const { first } = finding;
      if (first.what === 'offset') ctx.report('offset', report(finding));
      if (first.what !== 'missing' || first.prefix) continue;
      ctx.report(first.in, report(finding));
    }
  },
});
