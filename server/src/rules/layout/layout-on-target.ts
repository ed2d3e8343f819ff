/** Two sides agree on this target and differ on another one. */
import { layoutFindingsAway, layoutReport } from '../peer-layouts.ts';
import { assertPeer, isAsserted } from '../peer-layout-asserts.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-on-target',
  group: 'layout',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    offset: 'field `{field}` is at {unit} {mine} in Rust but {theirs} in `{file}` on {target}',
    field: 'field `{field}` has {mine} bytes in Rust but {theirs} in `{file}` on {target}',
    size: '`{name}` has {mine} bytes in Rust but {theirs} in `{file}` on {target}',
    other: 'the layouts of `{name}` in Rust and `{file}` differ on {target}',
  },
  docs: {
    what: 'A type has the same layout on both sides on the targets that are checked, and another one on a target in wide use',
    why: 'A `long` has 8 bytes on 64-bit Linux and 4 on Windows; a pointer has 4 on 32-bit machines. Code that agrees by chance breaks where it is built next.',
    bad: `// geo.h: typedef struct { long layer; int flags; } geo_mark;
// geo.h: void geo_put(const geo_mark *mark);
#[repr(C)]
pub struct Mark {
    pub layer: i64,
    pub flags: i32,
}

extern "C" {
    pub fn geo_put(mark: *const Mark);
}
`,
    good: `// geo.h: typedef struct { long layer; int flags; } geo_mark;
// geo.h: void geo_put(const geo_mark *mark);
#[repr(C)]
pub struct Mark {
    pub layer: std::ffi::c_long,
    pub flags: i32,
}

extern "C" {
    pub fn geo_put(mark: *const Mark);
}
`,
    exceptions: [
      'types that are compiled for some targets only, as far as their conditions say so',
      'opaque types: declared without members in C, without bytes in Rust',
      'explicit padding, reserved bytes, and an anonymous union or a unit of bits against a plain field in its place',
      'types that are not known on either side: counted as unresolved',
      'generated headers and bindings',
      'the figure that is different there is asserted in the header or module: a build for that target ends with it',
    ],
    fixSafety:
      'The edit asserts the figure in the header or module, so that a build for the target on which the two sides part fails. Code that only passes the type on may have worked there.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
    ],
  },
  check(ctx) {
    for (const finding of layoutFindingsAway(ctx)) {
      const { first, target } = finding;
      if (isAsserted(finding, ctx)) continue;
      const report = layoutReport(
        finding,
        ctx,
        'use the alias of `core::ffi` that C has, `usize` for `size_t`, or a fixed width on both sides',
      );
      const data = { ...report.data, target: target.triple };
      const message =
        first.what === 'offset'
          ? 'offset'
          : first.what === 'field-type' && first.sizes
            ? 'field'
            : first.what === 'size'
              ? 'size'
              : 'other';
      ctx.report(message, { ...report, data, fixes: assertPeer(finding, ctx) });
    }
  },
});
