/** A struct that the other side evidently reads through a pointer has no defined layout. */
import { isRewritten } from '../../model/surface/attributes.ts';
import { missingRepr } from '../peer-layouts.ts';
import { addReprC, hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { relatedUses, whereUsed } from '../type-use.ts';

export default defineRule({
  id: 'repr-c-missing-behind-pointer',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'safe',
  messages: { missing: '{kind} `{name}` lies behind a pointer in {where} but has no `repr(C)`' },
  docs: {
    what: 'A struct whose fields are all public C types is passed by pointer across the boundary although its layout is not defined',
    why: 'Both sides look at the same bytes, but without `#[repr(C)]` Rust may place the fields elsewhere than C does. The compiler says nothing about exported functions here: its lint stops at the first pointer.',
    bad: `pub struct Point {
    pub x: f64,
    pub y: u8,
}

/// # Safety
/// \`point\` is null or points to a point.
#[no_mangle]
pub unsafe extern "C" fn point_x(point: *const Point) -> f64 {
    match unsafe { point.as_ref() } {
        Some(point) => point.x,
        None => 0.0,
    }
}
`,
    good: `#[repr(C)]
pub struct Point {
    pub x: f64,
    pub y: u8,
}

/// # Safety
/// \`point\` is null or points to a point.
#[no_mangle]
pub unsafe extern "C" fn point_x(point: *const Point) -> f64 {
    match unsafe { point.as_ref() } {
        Some(point) => point.x,
        None => 0.0,
    }
}
`,
    exceptions: [
      'opaque handles: private fields, fields that are no C types, no fields, generics, `#[non_exhaustive]`, an `impl Drop`',
      'types that Rust allocates or hands out (`Box`, `Arc`, a pointer that an export returns): the other side only carries the pointer',
      'user data that comes back through a callback',
      'types that a linked header defines: see `layout-missing-repr`',
    ],
    fixSafety: 'Adding `repr(C)` changes only the layout, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: the C representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation',
      },
      { title: 'Rustonomicon, representing opaque structs', url: 'https://doc.rust-lang.org/nomicon/ffi.html#representing-opaque-structs' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const type of ctx.unit.surface.types) {
      const use = type.behindPointer[0];
      // By value the same cause is an error of its own.
      if (!use || type.byValue.length > 0) continue;
      const ast = ctx.workspace.ast(type.item);
      if (!ast || isRewritten(ast.attributes) || hasDefinedLayout(ast)) continue;
      // Where a header defines the type, `layout-missing-repr` says so.
      if (ctx.peers.types.some((pair) => pair.rust === type.item && missingRepr(pair, ctx) !== null)) continue;
      const opacity = ctx.facts.types.opacity(type);
      if (opacity.kind === 'opaque') continue;
      ctx.report('missing', {
        at: { file: type.item.file, span: ast.nameSpan },
        data: { kind: ast.kind, name: ast.name, where: whereUsed(use) },
        related: relatedUses(type.behindPointer),
        help: `add \`#[repr(C)]\`; where only Rust looks into it, make a field private to say so`,
        note: opacity.evidence,
        fixes: [addReprC(type.item, ast, ctx.workspace)],
        item: type.item,
      });
    }
  },
});
