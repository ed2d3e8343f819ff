/** Shapes of what the standard library and libc define, by path. Layouts are those that their documentation guarantees. */
import type { CFloatName, CIntName, IntBits, Shape } from './shape.ts';
import { VOID, unknownShape } from './shape.ts';

const C_INTS: Readonly<Record<string, CIntName>> = {
  c_char: 'char',
  c_schar: 'signed char',
  c_uchar: 'unsigned char',
  c_short: 'short',
  c_ushort: 'unsigned short',
  c_int: 'int',
  c_uint: 'unsigned int',
  c_long: 'long',
  c_ulong: 'unsigned long',
  c_longlong: 'long long',
  c_ulonglong: 'unsigned long long',
  c_size_t: 'size_t',
  c_ssize_t: 'ssize_t',
  c_ptrdiff_t: 'ptrdiff_t',
};

/** Of libc alone: plain aliases on every target. */
const LIBC_INTS: Readonly<Record<string, CIntName>> = {
  size_t: 'size_t',
  ssize_t: 'ssize_t',
  ptrdiff_t: 'ptrdiff_t',
  intptr_t: 'intptr_t',
  uintptr_t: 'uintptr_t',
};

const C_FLOATS: Readonly<Record<string, CFloatName>> = { c_float: 'float', c_double: 'double' };

function own<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

/** A primitive type; unknown for `str`. */
export function primitiveShape(name: string): Shape {
  const [, sign, bits] = /^([iu])(8|16|32|64|128)$/.exec(name) ?? [];
  if (sign !== undefined) return { kind: 'int', bits: Number(bits) as IntBits, signed: sign === 'i' };
  const float = /^f(16|32|64|128)$/.exec(name)?.[1];
  if (float !== undefined) return { kind: 'float', bits: Number(float) as 16 | 32 | 64 | 128 };
  if (name === 'usize') return { kind: 'c-int', name: 'uintptr_t' };
  if (name === 'isize') return { kind: 'c-int', name: 'intptr_t' };
  if (name === 'bool') return { kind: 'bool' };
  if (name === 'char') return { kind: 'unicode-scalar' };
  return unknownShape(`${name} has no size`);
}

/** A C type of core::ffi, std::os::raw or libc; null for anything else. */
export function cShape(path: readonly string[]): Shape | null {
  const name = path[path.length - 1] ?? '';
  if (path[0] !== 'std' && path[0] !== 'libc') return null;
  const int = own(C_INTS, name) ?? (path[0] === 'libc' ? own(LIBC_INTS, name) : null);
  if (int) return { kind: 'c-int', name: int };
  const float = own(C_FLOATS, name);
  if (float) return { kind: 'c-float', name: float };
  if (name === 'c_void') return VOID;
  const [, unsigned, bits] = (path[0] === 'libc' && /^(u?)int(8|16|32|64)_t$/.exec(name)) || [];
  return bits === undefined ? null : { kind: 'int', bits: Number(bits) as IntBits, signed: unsigned === '' };
}

/** A type of std without arguments whose layout is documented; null for the rest. */
export function stdShape(name: string): Shape | null {
  if (name === 'PhantomPinned') return { kind: 'unit' };
  if (name === 'Infallible') return { kind: 'never' };
  if (name === 'AtomicBool') return { kind: 'no-niche', inner: { kind: 'bool' } };
  const [, atomic, integer] = /^(Atomic|NonZero)([IU](?:8|16|32|64|128|size))$/.exec(name) ?? [];
  if (integer === undefined) return null;
  const inner = primitiveShape(integer.toLowerCase());
  // Atomic integers have the alignment of their size, where the plain integer has less.
  return atomic === 'Atomic' ? { kind: 'aligned', inner, align: 'size' } : { kind: 'nonzero', inner };
}

/** Types of std without a size: a pointer to one carries a length. */
export const UNSIZED_STD: ReadonlySet<string> = new Set(['OsStr', 'Path', 'CStr']);

/** Crates of C declarations: no type of theirs is unsized, so that a pointer to one is one word. */
export function isDeclarations(path: readonly string[]): boolean {
  const crate = path[0] ?? '';
  return crate === 'libc' || crate === 'winapi' || crate.endsWith('_sys') || path.slice(1, -1).includes('ffi');
}
