/** A struct is passed by value on one side of the boundary only. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-by-value',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: {
    value: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: one of them by value',
  },
  docs: {
    what: 'A struct or union is passed by value on one side, and the other side has a pointer or a number there',
    why: 'By value, the bytes themselves travel in registers or on the stack. The other side takes them for an address, or an address for them.',
    bad: `// geo.h: typedef struct geo_point { double x; double y; } geo_point;
// geo.h: double geo_length(const geo_point *point);
#[repr(C)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[no_mangle]
pub extern "C" fn geo_length(point: Point) -> f64 {
    point.x.hypot(point.y)
}
`,
    good: `// geo.h: typedef struct geo_point { double x; double y; } geo_point;
// geo.h: double geo_length(const geo_point *point);
#[repr(C)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[no_mangle]
pub extern "C" fn geo_length(point: &Point) -> f64 {
    point.x.hypot(point.y)
}
`,
    exceptions: [
      'structs by value on both sides: their layouts are compared by the layout rules',
      '`repr(transparent)` structs count as what they hold',
      'a parameter that is a struct of one pointer, or of one integer of its width, is an info: it goes in the same register; `repr(transparent)` says so',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: null,
    references: [
      { title: 'Rustonomicon, foreign function interface', url: 'https://doc.rust-lang.org/nomicon/ffi.html' },
      { title: 'Rust Reference, type layout', url: 'https://doc.rust-lang.org/reference/type-layout.html' },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('by-value'))) ctx.report('value', signatureReport(ctx, chosen));
  },
});
