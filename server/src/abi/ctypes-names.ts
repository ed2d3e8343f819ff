/** The names that ctypes gives to C's integer types ("ctypes", "Fundamental data types"); what is not here has none. */
import type { CIntName } from './shape.ts';

export const CTYPES_INTS: Readonly<Partial<Record<CIntName, string>>> = {
  char: 'c_char',
  'signed char': 'c_byte',
  'unsigned char': 'c_ubyte',
  short: 'c_short',
  'unsigned short': 'c_ushort',
  int: 'c_int',
  'unsigned int': 'c_uint',
  long: 'c_long',
  'unsigned long': 'c_ulong',
  'long long': 'c_longlong',
  'unsigned long long': 'c_ulonglong',
  size_t: 'c_size_t',
  ssize_t: 'c_ssize_t',
  ptrdiff_t: 'c_ssize_t',
  intptr_t: 'c_ssize_t',
  uintptr_t: 'c_size_t',
  wchar_t: 'c_wchar',
};
