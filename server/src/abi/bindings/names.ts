/** What koffi, Deno, Bun and C# call the types of values (their documentation; `test/abi/type-matrix.test.ts` holds the verdicts). */
import type { BindingDialect, TextEncoding } from '../../model/bindings/bindings.ts';
import type { CFloatName, CIntName, FnShape, IntBits, PointerShape, Shape } from '../shape.ts';
import { VOID } from '../shape.ts';

const int = (bits: IntBits, signed: boolean): Shape => ({ kind: 'int', bits, signed });
const named = (name: CIntName): Shape => ({ kind: 'c-int', name });
const float = (name: CFloatName): Shape => ({ kind: 'c-float', name });

export function pointerTo(pointee: Shape | null, isConst = false): PointerShape {
  return { kind: 'pointer', pointee, const: isConst, nullable: true, fn: null };
}

/** `null`: a function of which only that is said. */
export function pointerToFn(fn: FnShape | null): PointerShape {
  return { ...pointerTo(null), fn: fn ?? { abi: 'C', params: [], result: VOID, variadic: false } };
}

/** Known by identity: a function pointer without a signature has nothing that could be compared. */
export const ANY_FUNCTION: Shape = pointerToFn(null);

/** C#'s bare `bool`, known by identity: four bytes, as BOOL of Windows, on every platform. */
export const WIN_BOOL: Shape = int(32, true);

/** Texts by the way in which they cross, known by identity. */
export const TEXTS: Readonly<Record<TextEncoding, Shape>> = {
  ansi: pointerTo(named('char'), true),
  utf8: pointerTo(named('char'), true),
  utf16: pointerTo(int(16, false), true),
  copied: pointerTo(named('char'), true),
};

const FIXED: Readonly<Record<string, Shape>> = Object.fromEntries(
  ([8, 16, 32, 64] as const).flatMap((bits) => [
    [`i${bits}`, int(bits, true)],
    [`u${bits}`, int(bits, false)],
  ]),
);

/** koffi.dev/input, "Standard C types"; `char` is signed there on every platform. */
const KOFFI: Readonly<Record<string, Shape>> = {
  void: VOID,
  bool: { kind: 'bool' },
  _Bool: { kind: 'bool' },
  char: int(8, true),
  'signed char': int(8, true),
  uchar: int(8, false),
  'unsigned char': int(8, false),
  short: int(16, true),
  ushort: int(16, false),
  'unsigned short': int(16, false),
  int: int(32, true),
  uint: int(32, false),
  'unsigned int': int(32, false),
  long: named('long'),
  ulong: named('unsigned long'),
  'unsigned long': named('unsigned long'),
  longlong: int(64, true),
  'long long': int(64, true),
  ulonglong: int(64, false),
  'unsigned long long': int(64, false),
  ...Object.fromEntries(
    ([8, 16, 32, 64] as const).flatMap((bits) => [
      [`int${bits}`, int(bits, true)],
      [`int${bits}_t`, int(bits, true)],
      [`uint${bits}`, int(bits, false)],
      [`uint${bits}_t`, int(bits, false)],
    ]),
  ),
  intptr: named('intptr_t'),
  intptr_t: named('intptr_t'),
  uintptr: named('uintptr_t'),
  uintptr_t: named('uintptr_t'),
  size_t: named('size_t'),
  // As koffi reads them; C's are unsigned.
  char16: int(16, true),
  char16_t: int(16, true),
  char32: int(32, true),
  char32_t: int(32, true),
  wchar: named('wchar_t'),
  wchar_t: named('wchar_t'),
  float: float('float'),
  float32: float('float'),
  double: float('double'),
  float64: float('double'),
  str: TEXTS.utf8,
  string: TEXTS.utf8,
  str16: TEXTS.utf16,
  string16: TEXTS.utf16,
};

/** docs.deno.com, "Foreign function interface", "Supported types". */
const DENO: Readonly<Record<string, Shape>> = {
  ...FIXED,
  void: VOID,
  bool: { kind: 'bool' },
  isize: named('intptr_t'),
  usize: named('uintptr_t'),
  f32: { kind: 'float', bits: 32 },
  f64: { kind: 'float', bits: 64 },
  pointer: pointerTo(null),
  buffer: pointerTo(null),
  function: ANY_FUNCTION,
};

/** bun.sh/docs/api/ffi, "FFIType"; `usize` is one of its 64-bit types. */
const BUN: Readonly<Record<string, Shape>> = {
  ...FIXED,
  int8_t: int(8, true),
  uint8_t: int(8, false),
  int16_t: int(16, true),
  uint16_t: int(16, false),
  int32_t: int(32, true),
  uint32_t: int(32, false),
  int64_t: int(64, true),
  uint64_t: int(64, false),
  int: int(32, true),
  char: int(8, true),
  i64_fast: int(64, true),
  u64_fast: int(64, false),
  usize: int(64, false),
  void: VOID,
  bool: { kind: 'bool' },
  float: float('float'),
  f32: float('float'),
  double: float('double'),
  f64: float('double'),
  ptr: pointerTo(null),
  pointer: pointerTo(null),
  buffer: pointerTo(null),
  cstring: TEXTS.copied,
  function: ANY_FUNCTION,
  fn: ANY_FUNCTION,
  callback: ANY_FUNCTION,
};

/** learn.microsoft.com/dotnet/standard/native-interop, "Type marshalling"; `bool`, `char` and texts depend on where they stand. */
const CSHARP: Readonly<Record<string, Shape>> = {
  void: VOID,
  bool: { kind: 'bool' },
  sbyte: int(8, true),
  byte: int(8, false),
  'ansi char': named('char'),
  short: int(16, true),
  ushort: int(16, false),
  int: int(32, true),
  uint: int(32, false),
  long: int(64, true),
  ulong: int(64, false),
  Int128: int(128, true),
  UInt128: int(128, false),
  nint: named('intptr_t'),
  nuint: named('uintptr_t'),
  CLong: named('long'),
  CULong: named('unsigned long'),
  float: float('float'),
  double: float('double'),
};

const TABLES: Readonly<Record<BindingDialect, Readonly<Record<string, Shape>>>> = { koffi: KOFFI, deno: DENO, bun: BUN, csharp: CSHARP };

/** The type of a value by the dialect's own name; null for any other name. */
export function bindingShape(dialect: BindingDialect, name: string): Shape | null {
  const table = TABLES[dialect];
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
