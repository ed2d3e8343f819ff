/** Whether a type may stand at any address, and whether its fields have an order that anybody knows. */
import { reprOf } from '../../model/surface/attributes.ts';
import type { StructItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { MaybeTy } from './local-types-ty.ts';
import { tyOfWritten } from './local-types-written.ts';

/** `one`: any address will do. `more`: the address must be a multiple of something. */
export type Alignment = 'one' | 'more' | 'unknown';

const ONE = /^(u8|i8|bool|c_char|c_schar|c_uchar|u?int8_t)$/;
const MORE =
  /^([iu](16|32|64|128|size)|f(16|32|64|128)|char|c_(u?short|u?int|u?long|u?longlong|float|double)|s?size_t|u?int(16|32|64)_t|u?intptr_t|ptrdiff_t)$/;

/** How deep fields of fields are followed. */
const DEPTH = 4;

/** Of numbers, pointers, arrays of them, and C structs of the workspace; everything else is unknown (Reference, "Type layout"). */
export function alignmentOf(ty: MaybeTy, workspace: Workspace, depth = DEPTH): Alignment {
  if (!ty || depth === 0) return 'unknown';
  switch (ty.kind) {
    case 'primitive':
      return ONE.test(ty.name) ? 'one' : MORE.test(ty.name) ? 'more' : 'unknown';
    case 'external': {
      const name = ty.path.slice(ty.path.lastIndexOf(':') + 1);
      if (!/^(std|libc)::/.test(ty.path)) return 'unknown';
      return ONE.test(name) ? 'one' : MORE.test(name) ? 'more' : 'unknown';
    }
    case 'reference':
      return 'more';
    case 'opaque':
      return ty.pointer ? 'more' : 'unknown';
    case 'array':
    case 'slice':
      return alignmentOf(ty.element, workspace, depth - 1);
    case 'item':
      return alignmentOfItem(ty.item, workspace, depth);
    default:
      return 'unknown';
  }
}

function alignmentOfItem(item: RustItem, workspace: Workspace, depth: number): Alignment {
  const ast = item.inUnknownMacro ? null : workspace.ast(item);
  if (ast?.kind !== 'struct') return 'unknown';
  const repr = reprOf(ast.attributes);
  if (repr.packed) return packing(ast) === 1 ? 'one' : 'unknown';
  const hasAlign = ast.attributes.some((one) => one.path === 'repr' && one.args?.some((arg) => arg.name === 'align'));
  const scope = { module: item.module, item };
  const fields = ast.fields.map((field) => alignmentOf(tyOfWritten(field.type, scope, workspace), workspace, depth - 1));
  if (hasAlign || fields.includes('more')) return 'more';
  return fields.includes('unknown') ? 'unknown' : 'one';
}

/** N of `repr(packed(N))`, 1 for `repr(packed)`; null where a struct is not packed, or N is not a number. */
export function packing(ast: StructItem): number | null {
  for (const attribute of ast.attributes) {
    if (attribute.path !== 'repr') continue;
    const packed = attribute.args?.find((arg) => arg.name === 'packed');
    if (!packed) continue;
    const written = packed.args?.[0]?.name ?? packed.value ?? '1';
    return /^\d+$/.test(written) ? Number(written) : null;
  }
  return null;
}

/** A struct of the workspace whose fields the compiler may put in any order: no `repr` that says otherwise, and at least two fields or one that counts. */
export function unspecifiedStruct(ty: MaybeTy, workspace: Workspace): { readonly item: RustItem; readonly ast: StructItem } | null {
  if (ty?.kind !== 'item' || ty.item.inUnknownMacro) return null;
  const ast = workspace.ast(ty.item);
  if (ast?.kind !== 'struct' || ast.fields.length === 0 || ast.generics.some((generic) => generic.kind !== 'lifetime')) return null;
  const repr = reprOf(ast.attributes);
  return repr.c || repr.transparent || repr.simd || repr.packed ? null : { item: ty.item, ast };
}
