/** A variant and the C constant of its name have different values. */
import { enumPairs, enumVariants } from '../../abi/peers/enum-pairs.ts';
import { basename } from '../../base/paths.ts';
import { variantSpan } from '../peer-enums.ts';
import { foreignFiles } from '../foreign-files.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'enum-value',
  group: 'enums',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'none',
  messages: { value: '`{rust}` is {mine} in Rust but `{constant}` is {theirs} in `{file}`' },
  docs: {
    what: 'A variant of a Rust enum and the constant of the same name in C, Python, JavaScript or C# have different values',
    why: 'Only the number crosses the boundary. One side says one thing and the other understands another, mostly since somebody put a constant in the middle of one list.',
    bad: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_WIDE, GEO_MODE_FAR } geo_mode;
// geo.h: void geo_set_mode(geo_mode mode);
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Far,
    Wide,
}

extern "C" {
    pub fn geo_set_mode(mode: Mode);
}
`,
    good: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_WIDE, GEO_MODE_FAR } geo_mode;
// geo.h: void geo_set_mode(geo_mode mode);
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Wide,
    Far,
}

extern "C" {
    pub fn geo_set_mode(mode: Mode);
}
`,
    exceptions: [
      'enums of which less than half of the names are found on the other side',
      'constants whose value is not known, or is this one where a macro is defined that nothing defines; variants under a condition',
      'enums of headers that declare nothing of the crate, of generated headers, and of files in other languages that use none of its functions',
    ],
    fixSafety: null,
    references: [
      { title: 'Rust Reference, enumerations', url: 'https://doc.rust-lang.org/reference/items/enumerations.html#discriminants' },
    ],
  },
  check(ctx) {
    const { unit } = ctx;
    if (unit.kind !== 'rust') return;
    for (const { rust, peer, rustDef, peerDef, matched } of enumPairs(ctx.workspace, ctx.surface, ctx.peers, foreignFiles(ctx))) {
      if (ctx.workspace.place(rust.file, rust.entry.span).file !== unit.file.path) continue;
      const differing = rustDef.variants.flatMap((variant) => {
        const constant = peerDef.variants.find(({ name }) => name === matched.get(variant.name));
        if (!constant || variant.value === null || constant.value === null || variant.value === constant.value) return [];
        const elsewhere = enumVariants(peer, ctx.peers).flatMap(({ variants }) => variants.filter(({ name }) => name === constant.name));
        return elsewhere.some(({ value }) => value === null || value === variant.value) ? [] : [{ variant, constant }];
      });
      const [first, ...rest] = differing;
      if (!first) continue;
      const others = rest.map(({ variant, constant }) => `\`${variant.name}\` is ${variant.value} here and ${constant.value} there`);
      const at = peer.places.get(first.constant.name) ?? peer.at;
      ctx.report('value', {
        at: { file: rust.file, span: variantSpan(rust, first.variant.name, ctx.workspace) },
        data: {
          rust: `${rust.name}::${first.variant.name}`,
          mine: `${first.variant.value}`,
          constant: first.constant.name,
          theirs: `${first.constant.value}`,
          file: basename(peer.file),
        },
        related: [{ at, message: `\`${first.constant.name}\` is this` }],
        mirror: at,
        ...(others.length > 0 ? { note: `also ${others.slice(0, 8).join('; ')}` } : {}),
        help: 'bring both lists into the same order, or write the values out',
        item: rust,
      });
    }
  },
});
