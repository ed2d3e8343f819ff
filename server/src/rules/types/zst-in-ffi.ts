/** A type without bytes is a parameter of a foreign fn. */
import type { Type } from '../../model/rust/ast-type.ts';
import { isUnit } from '../../model/rust/ast-type.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { atUse, whereUsed } from '../type-use.ts';
import { peel, stdName } from '../written-type.ts';

export default defineRule({
  id: 'zst-in-ffi',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'none',
  messages: { param: '{where} has type `{type}`, which has no bytes: C has no such parameter' },
  docs: {
    what: 'A zero-sized type (`()`, a unit struct, `PhantomData`) is passed by value to or from a foreign function',
    why: 'C has no types without bytes. Some platforms leave such an argument out, others pass a pointer for it: on these every later argument is read from the wrong place.',
    bad: `#[repr(C)]
pub struct Marker;

extern "C" {
    pub fn begin(marker: Marker, depth: i32);
}
`,
    good: `extern "C" {
    pub fn begin(depth: i32);
}
`,
    exceptions: [
      '`()` as a result, which is `void`',
      'pointers to such types: opaque types are often written so',
      'fields without bytes in a struct that has others',
      'generic types and types of other crates',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, type layout', url: 'https://doc.rust-lang.org/reference/type-layout.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      if (use.position !== 'param' && use.position !== 'fn-pointer-param') continue;
      if (!isZeroSized(use.type, use.scope, ctx.workspace, DEPTH)) continue;
      ctx.report('param', {
        at: atUse(use),
        data: { where: whereUsed(use), type: ctx.workspace.slice(use.file, use.type.span) },
        help: 'leave the parameter out',
        item: use.item,
      });
    }
  },
});

/** Types in types that are followed. */
const DEPTH = 8;

/** Whether it certainly has no bytes; a type that `repr-c-missing` reports is not asked. */
function isZeroSized(written: Type, where: Scope, workspace: Workspace, depth: number): boolean {
  if (depth === 0) return false;
  const at = peel(written, where, workspace);
  const { type, scope, found } = at;
  if (isUnit(type)) return true;
  if (type.kind === 'array')
    return (type.length.kind === 'literal' && type.length.text === '0') || isZeroSized(type.element, scope, workspace, depth - 1);
  const name = stdName(at);
  if (name === 'PhantomData' || name === 'PhantomPinned') return true;
  if (found?.kind !== 'item' || found.item.inUnknownMacro) return false;
  const ast = workspace.ast(found.item);
  if (ast?.kind !== 'struct' || isRewritten(ast.attributes)) return false;
  if (ast.fields.length > 0 && !hasDefinedLayout(ast)) return false;
  const inside: Scope = { module: found.item.module, item: found.item };
  return ast.fields.every((field) => isZeroSized(field.type, inside, workspace, depth - 1));
}
