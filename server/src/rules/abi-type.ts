/** What a type is to the calling convention: the little that two declarations of one symbol must agree on. */
import { reprOf } from '../model/surface/attributes.ts';
import { isRewritten } from '../model/surface/attributes.ts';
import { LAYOUT_WRAPPERS, POINTER_WRAPPERS } from '../model/surface/type-walk.ts';
import type { Type } from '../model/rust/ast-type.ts';
import { isUnit } from '../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../model/workspace.ts';
import { firstArg, peel, stdName } from './written-type.ts';

/** Bytes under LP64 (64-bit Unix), LLP64 (64-bit Windows) and ILP32 (32-bit systems). */
export type Widths = readonly [number, number, number];

export type AbiType =
  /** Signs are not compared: they only matter to what is done with a value. */
  | { readonly kind: 'int'; readonly widths: Widths }
  | { readonly kind: 'float'; readonly widths: Widths }
  /** A thin pointer of any kind; `pointee` as written. */
  | { readonly kind: 'pointer'; readonly pointee: { readonly type: Type; readonly scope: Scope } | null }
  | { readonly kind: 'void' }
  /** A `repr(C)` struct. */
  | { readonly kind: 'record'; readonly item: RustItem; readonly fields: readonly { readonly type: Type; readonly scope: Scope }[] }
  | { readonly kind: 'unknown' };

const UNKNOWN: AbiType = { kind: 'unknown' };
const int = (...widths: Widths): AbiType => ({ kind: 'int', widths });
const float = (width: number): AbiType => ({ kind: 'float', widths: [width, width, width] });

/** Rust's own; `usize` is as wide as a pointer on every system that has these data models. */
const PRIMITIVES: Readonly<Record<string, AbiType>> = {
  bool: int(1, 1, 1),
  u8: int(1, 1, 1),
  i8: int(1, 1, 1),
  u16: int(2, 2, 2),
  i16: int(2, 2, 2),
  u32: int(4, 4, 4),
  i32: int(4, 4, 4),
  u64: int(8, 8, 8),
  i64: int(8, 8, 8),
  usize: int(8, 8, 4),
  isize: int(8, 8, 4),
  f32: float(4),
  f64: float(8),
};

/** C's names, of std::ffi, std::os::raw and libc; those whose width differs between systems of one data model are left out. */
const C_NAMES: Readonly<Record<string, AbiType>> = {
  c_char: int(1, 1, 1),
  c_schar: int(1, 1, 1),
  c_uchar: int(1, 1, 1),
  c_short: int(2, 2, 2),
  c_ushort: int(2, 2, 2),
  c_int: int(4, 4, 4),
  c_uint: int(4, 4, 4),
  c_long: int(8, 4, 4),
  c_ulong: int(8, 4, 4),
  c_longlong: int(8, 8, 8),
  c_ulonglong: int(8, 8, 8),
  size_t: int(8, 8, 4),
  ssize_t: int(8, 8, 4),
  intptr_t: int(8, 8, 4),
  uintptr_t: int(8, 8, 4),
  ptrdiff_t: int(8, 8, 4),
  int8_t: int(1, 1, 1),
  uint8_t: int(1, 1, 1),
  int16_t: int(2, 2, 2),
  uint16_t: int(2, 2, 2),
  int32_t: int(4, 4, 4),
  uint32_t: int(4, 4, 4),
  int64_t: int(8, 8, 8),
  uint64_t: int(8, 8, 8),
  c_float: float(4),
  c_double: float(8),
};

const own = (table: Readonly<Record<string, AbiType>>, name: string): AbiType =>
  Object.hasOwn(table, name) ? (table[name] ?? UNKNOWN) : UNKNOWN;

/** Types in types that are followed. */
const DEPTH = 12;

/** `unknown` for generics, foreign types, and whatever has no settled ABI. */
export function abiType(written: Type, where: Scope, workspace: Workspace, depth: number = DEPTH): AbiType {
  if (depth === 0) return UNKNOWN;
  const at = peel(written, where, workspace);
  const { type, scope, found } = at;
  switch (type.kind) {
    case 'pointer':
      return isThin(type.pointee, scope, workspace) ? { kind: 'pointer', pointee: { type: type.pointee, scope } } : UNKNOWN;
    case 'reference':
      return isThin(type.referent, scope, workspace) ? { kind: 'pointer', pointee: { type: type.referent, scope } } : UNKNOWN;
    case 'fn':
      return { kind: 'pointer', pointee: null };
    case 'tuple':
      return isUnit(type) ? { kind: 'void' } : UNKNOWN;
    case 'path':
      break;
    default:
      return UNKNOWN;
  }
  if (found?.kind === 'primitive') return own(PRIMITIVES, found.name);
  if (found?.kind === 'item' && found.variant === null) return ofItem(found.item, workspace, depth);
  if (found?.kind !== 'external') return UNKNOWN;
  const name = found.path.at(-1) ?? '';
  if (found.path[0] === 'libc') return own(C_NAMES, name);
  if (stdName(at) === null) return UNKNOWN;
  const arg = firstArg(type);
  if (arg && POINTER_WRAPPERS.has(name))
    return isThin(arg, scope, workspace) ? { kind: 'pointer', pointee: { type: arg, scope } } : UNKNOWN;
  if (arg && (LAYOUT_WRAPPERS.has(name) || name === 'Pin')) return abiType(arg, scope, workspace, depth - 1);
  if (arg && name === 'Option') {
    const payload = abiType(arg, scope, workspace, depth - 1);
    return payload.kind === 'pointer' ? payload : UNKNOWN;
  }
  return own(C_NAMES, name);
}

/** Whether a pointer to it is surely one word. */
function isThin(pointee: Type, scope: Scope, workspace: Workspace): boolean {
  const { type, found } = peel(pointee, scope, workspace);
  if (type.kind === 'slice' || type.kind === 'dyn' || type.kind === 'unknown' || type.kind === 'macro') return false;
  if (type.kind !== 'path') return true;
  if (!found || found.kind === 'generic') return false;
  if (found.kind === 'primitive') return found.name !== 'str';
  if (found.kind === 'external') return !/^(CStr|Path|OsStr)$/.test(found.path.at(-1) ?? '');
  return true;
}

function ofItem(item: RustItem, workspace: Workspace, depth: number): AbiType {
  const ast = item.inUnknownMacro ? null : workspace.ast(item);
  if (!ast || isRewritten(ast.attributes) || ast.generics.some((g) => g.kind !== 'lifetime')) return UNKNOWN;
  const repr = reprOf(ast.attributes);
  if (repr.packed || repr.simd) return UNKNOWN;
  const scope: Scope = { module: item.module, item };
  if (ast.kind === 'enum') {
    if (ast.variants.some((v) => v.fields.length > 0)) return UNKNOWN;
    return repr.int !== null ? own(PRIMITIVES, repr.int) : repr.c ? int(4, 4, 4) : UNKNOWN;
  }
  if (ast.kind !== 'struct') return UNKNOWN;
  const fields = ast.fields.filter((f) => stdName(peel(f.type, scope, workspace)) !== 'PhantomData').map((f) => ({ type: f.type, scope }));
  const [only] = fields;
  if (repr.transparent) return only && fields.length === 1 ? abiType(only.type, scope, workspace, depth - 1) : UNKNOWN;
  return repr.c && fields.length > 0 && fields.length === ast.fields.length ? { kind: 'record', item, fields } : UNKNOWN;
}
