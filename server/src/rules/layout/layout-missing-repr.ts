/** A type that C defines has no defined layout in Rust. */
import { basename } from '../../base/paths.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import type { RustItem } from '../../model/workspace.ts';
import { missingRepr, nameAt, pairsOf } from '../peer-layouts.ts';
import { addReprC, hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'layout-missing-repr',
  group: 'layout',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'safe',
  messages: {
    missing: '{kind} `{name}` is `{peer}` of `{file}` but has no `repr(C)`',
  },
  docs: {
    what: 'A Rust type stands for a type whose members C or Python defines, without a layout of its own being defined',
    why: 'Without `#[repr(C)]` Rust may place the fields elsewhere than the other side does, and differently with each compiler. The lint of rustc stops at the first pointer of an exported function.',
    bad: `// geo.h: typedef struct { unsigned char kind; double x; } geo_spot;
// geo.h: void geo_show(const geo_spot *spot);
pub struct Spot {
    pub kind: u8,
    pub x: f64,
}

extern "C" {
    pub fn geo_show(spot: *const Spot);
}
`,
    good: `// geo.h: typedef struct { unsigned char kind; double x; } geo_spot;
// geo.h: void geo_show(const geo_spot *spot);
#[repr(C)]
pub struct Spot {
    pub kind: u8,
    pub x: f64,
}

extern "C" {
    pub fn geo_show(spot: *const Spot);
}
`,
    exceptions: [
      'opaque types: declared without members in C, without bytes in Rust',
      'types that are passed by value: see `repr-c-missing`',
      'pairs that only their names suggest',
      'generated headers and bindings',
    ],
    fixSafety: 'Adding `repr(C)` changes only the layout, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
    ],
  },
  check(ctx) {
    const told = new Set<RustItem>();
    for (const pair of pairsOf(ctx)) {
      const ast = missingRepr(pair, ctx);
      if (!ast || told.has(pair.rust) || hasDefinedLayout(ast) || isRewritten(ast.attributes)) continue;
      // By value the same cause is an error of its own.
      if (ctx.surface.types.some(({ item, byValue }) => item === pair.rust && byValue.length > 0)) continue;
      told.add(pair.rust);
      ctx.report('missing', {
        at: nameAt(pair.rust),
        data: { kind: ast.kind, name: ast.name, peer: pair.peer.name, file: basename(pair.peer.file) },
        related: [{ at: pair.peer.at, message: `\`${pair.peer.name}\` is defined here` }],
        mirror: pair.peer.at,
        help: 'add `#[repr(C)]`',
        fixes: [addReprC(pair.rust, ast, ctx.workspace)],
        item: pair.rust,
      });
    }
  },
});
