/** A struct, union or enum crosses the boundary by value without a defined layout. */
import { isRewritten } from '../../model/surface/attributes.ts';
import { addReprC, hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { howUsed, refused, relatedUses } from '../type-use.ts';

export default defineRule({
  id: 'repr-c-missing',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'safe',
  messages: { missing: '{kind} `{name}` {use} but has no `repr(C)`' },
  docs: {
    what: 'A struct, union or enum is used by value in a foreign function, callback or static although its layout is not defined',
    why: 'Without `#[repr(C)]` the compiler may reorder fields and choose padding as it likes, and differently in every version. The other side reads the fields at the places that C rules give them: silent memory corruption.',
    bad: `pub struct Pair {
    pub x: f64,
    pub y: u8,
}

#[no_mangle]
pub extern "C" fn pair_sum(pair: Pair) -> f64 {
    pair.x + f64::from(pair.y)
}
`,
    good: `#[repr(C)]
pub struct Pair {
    pub x: f64,
    pub y: u8,
}

#[no_mangle]
pub extern "C" fn pair_sum(pair: Pair) -> f64 {
    pair.x + f64::from(pair.y)
}
`,
    exceptions: [
      'types behind pointers, references and `Box`: they may be opaque (see `repr-c-missing-behind-pointer`)',
      'types with `repr(C)`, `repr(transparent)` or, for enums, an integer `repr`, also through `cfg_attr`',
      'types that an attribute macro rewrites, and types of other crates: what they become is not known',
      'functions with a Rust ABI',
    ],
    fixSafety: 'Adding `repr(C)` changes only the layout, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: the Rust representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-rust-representation',
      },
      { title: 'Rustonomicon, other reprs', url: 'https://doc.rust-lang.org/nomicon/other-reprs.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const type of ctx.unit.surface.types) {
      const use = type.byValue[0];
      const ast = ctx.workspace.ast(type.item);
      if (!use || !ast || type.item.inUnknownMacro || isRewritten(ast.attributes) || hasDefinedLayout(ast)) continue;
      // No value of these ever crosses: empty enums stand for opaque types, unit structs have nothing to lay out.
      if (ast.kind === 'enum' ? ast.variants.length === 0 : (ast.kind !== 'struct' && ast.kind !== 'union') || ast.fields.length === 0)
        continue;
      ctx.report('missing', {
        at: { file: type.item.file, span: ast.nameSpan },
        data: { kind: ast.kind, name: ast.name, use: howUsed(use) },
        related: relatedUses(type.byValue),
        help: 'give it the layout that C expects: add `#[repr(C)]` above the definition',
        fixes: [addReprC(type.item, ast, ctx.workspace)],
        item: type.item,
        // The compiler speaks where the type is used.
        lintedAt: type.byValue.map(({ item }) => item),
        claims: [refused(use)],
      });
    }
  },
});
