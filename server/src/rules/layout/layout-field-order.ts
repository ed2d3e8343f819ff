/** The same fields lie in another order in Rust than in C or Python. */
import { layoutFindings, layoutReport } from '../peer-layouts.ts';
import { reorderRust } from '../peer-layout-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-field-order',
  group: 'layout',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    order: 'field `{field}` is at offset {mine} in Rust but {theirs} in `{file}`: the order differs',
  },
  docs: {
    what: 'Rust and the header or ctypes class of the same type have the same places for fields, under exchanged names',
    why: 'Sizes, offsets and types agree, so that no check of them notices: width arrives as height.',
    bad: `// geo.h: typedef struct { double width; double height; } geo_size;
// geo.h: double geo_area(geo_size size);
#[repr(C)]
pub struct Size {
    pub height: f64,
    pub width: f64,
}

extern "C" {
    pub fn geo_area(size: Size) -> f64;
}
`,
    good: `// geo.h: typedef struct { double width; double height; } geo_size;
// geo.h: double geo_area(geo_size size);
#[repr(C)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

extern "C" {
    pub fn geo_area(size: Size) -> f64;
}
`,
    exceptions: [
      'fields of other names, which may mean the same',
      'opaque types: declared without members in C, without bytes in Rust',
      'explicit padding, reserved bytes, and an anonymous union or a unit of bits against a plain field in its place',
      'types that are not known on either side: counted as unresolved',
      'generated headers and bindings',
    ],
    fixSafety:
      'The edit puts the Rust fields into the order of the other side. Code that builds the struct by field names means the same; whether the order of Rust or that of the other side is right, only people know.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
    ],
  },
  check(ctx) {
    for (const finding of layoutFindings(ctx)) {
      if (finding.first.what !== 'order') continue;
      const report = layoutReport(finding, ctx, 'give the fields the same order on both sides');
      ctx.report('order', { ...report, fixes: reorderRust(finding, ctx) });
    }
  },
});
