/** A type with a destructor crosses the boundary by value. */
import { isRewritten } from '../../model/surface/attributes.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import { hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import type { RuleContext } from '../rule.ts';
import { howUsed, relatedUses } from '../type-use.ts';
import { peel } from '../written-type.ts';
import type { RustItem } from '../../model/workspace.ts';

export default defineRule({
  id: 'drop-type-by-value',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { use: '`{name}` {use} although it implements `Drop`: C copies it and knows of no destructor' },
  docs: {
    what: 'A type with `impl Drop` is passed to C by value, or returned to it',
    why: 'C copies structs freely and runs no destructor. What the destructor frees is then never freed, or freed once for each copy that comes back.',
    bad: `use std::ffi::c_void;

extern "C" {
    fn free(memory: *mut c_void);
    pub fn fill(buffer: Buffer) -> i32;
}

#[repr(C)]
pub struct Buffer {
    data: *mut c_void,
    len: usize,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        unsafe { free(self.data) }
    }
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    fn free(memory: *mut c_void);
    pub fn fill(buffer: *mut Buffer) -> i32;
}

#[repr(C)]
pub struct Buffer {
    data: *mut c_void,
    len: usize,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        unsafe { free(self.data) }
    }
}
`,
    exceptions: [
      'pointers and references to such types',
      '`ManuallyDrop` and `MaybeUninit` of them',
      'results of exports where another export takes the type by pointer: C gives it back there',
      '`repr(transparent)` types: an owning handle that moves to the other side or comes from it',
      'types without a defined layout, which `repr-c-missing` reports',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, destructors', url: 'https://doc.rust-lang.org/reference/destructors.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const type of ctx.unit.surface.types) {
      const { item } = type;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct' || item.inUnknownMacro || isRewritten(ast.attributes) || !hasDefinedLayout(ast)) continue;
      if (ast.attributes.some((a) => a.path === 'repr' && a.args?.some((m) => m.name === 'transparent'))) continue;
      const uses = type.byValue.filter((use) => crosses(use) && isItself(use, item, ctx));
      const first = uses[0];
      // An exported fn that takes it back by pointer is how C frees what was returned to it.
      if (first?.role === 'export' && type.behindPointer.some((use) => use.role === 'export' && use.position === 'param')) continue;
      if (!first || !ctx.workspace.implsOf(item).some((i) => /(^|::)Drop$/.test(i.entry.implTrait ?? ''))) continue;
      ctx.report('use', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: ast.name, use: howUsed(first) },
        related: relatedUses(uses),
        help: 'pass a pointer to it, or a plain struct without `Drop` that a wrapper owns',
        item,
      });
    }
  },
});

function crosses(use: TypeUse): boolean {
  return use.role === 'import' ? use.position === 'param' || use.position === 'result' : use.role === 'export' && use.position === 'result';
}

/** Not in a wrapper that keeps the destructor from running. */
function isItself(use: TypeUse, item: RustItem, ctx: RuleContext): boolean {
  const { found } = peel(use.type, use.scope, ctx.workspace);
  return found?.kind === 'item' && found.item === item;
}
