/** A type has another size in Rust than in C or Python. */
import { layoutFindings, layoutReport } from '../peer-layouts.ts';
import { regeneratePeer } from '../peer-layout-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-size',
  group: 'layout',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    size: '`{name}` has {mine} bytes in Rust but {theirs} in `{file}`',
    rust: 'field `{field}` at the end of `{peer}` in `{file}` is missing in Rust',
    peer: 'field `{field}` at the end of `{name}` is missing in `{file}`',
  },
  docs: {
    what: 'A type has another size in Rust than in the header or ctypes class of the same type, though all fields that both have agree',
    why: 'The side with the larger type writes past the end of what the other has made room for, and arrays have another stride.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint32_t layer; uint32_t flags; } geo_info;
// geo.h: void geo_fill(geo_info *info);
#[repr(C)]
pub struct Info {
    pub layer: u32,
}

extern "C" {
    pub fn geo_fill(info: *mut Info);
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: typedef struct { uint32_t layer; uint32_t flags; } geo_info;
// geo.h: void geo_fill(geo_info *info);
#[repr(C)]
pub struct Info {
    pub layer: u32,
    pub flags: u32,
}

extern "C" {
    pub fn geo_fill(info: *mut Info);
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
    for (const finding of layoutFindings(ctx)) {
      const { first } = finding;
      const report = { ...layoutReport(finding, ctx, 'make both definitions list the same members'), fixes: regeneratePeer(finding, ctx) };
      if (first.what === 'size') ctx.report('size', report);
      else if (first.what === 'missing' && first.prefix) ctx.report(first.in, report);
    }
  },
});
