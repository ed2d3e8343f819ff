/** The words of C's own types, in whatever order they are written (C17 6.7.2p2). */
import { words } from '../../../base/words.ts';
import type { CBaseName } from '../../c/ast.ts';

export const TYPE_WORDS: ReadonlySet<string> = words(`
  void char short int long signed unsigned float double _Bool _Complex __int8 __int16 __int32 __int64 __int128 __int128_t __uint128_t
  _Float16 __float128 _Float128 _Float32 _Float64 __builtin_va_list __gnuc_va_list nullptr_t
`);

const PLAIN: Readonly<Record<string, CBaseName>> = {
  void: 'void',
  char: 'char',
  'char signed': 'signed char',
  'char unsigned': 'unsigned char',
  short: 'short',
  'short unsigned': 'unsigned short',
  int: 'int',
  unsigned: 'unsigned int',
  long: 'long',
  'long unsigned': 'unsigned long',
  'long long': 'long long',
  'long long unsigned': 'unsigned long long',
  __int128: '__int128',
  '__int128 unsigned': 'unsigned __int128',
  __int128_t: '__int128',
  __uint128_t: 'unsigned __int128',
  _Bool: '_Bool',
  float: 'float',
  double: 'double',
  'double long': 'long double',
  _Float16: '_Float16',
  _Float32: 'float',
  _Float64: 'double',
  __float128: '__float128',
  _Float128: '__float128',
  '_Complex float': 'float _Complex',
  '_Complex double': 'double _Complex',
  '_Complex double long': 'long double _Complex',
  __int8: 'char',
  '__int8 unsigned': 'unsigned char',
  __int16: 'short',
  '__int16 unsigned': 'unsigned short',
  __int32: 'int',
  '__int32 unsigned': 'unsigned int',
  __int64: 'long long',
  '__int64 unsigned': 'unsigned long long',
  __builtin_va_list: '__builtin_va_list',
  __gnuc_va_list: '__builtin_va_list',
};

/** The type that a set of words names; null for one that is none. */
export function baseType(written: readonly string[]): CBaseName | null {
  const has = (word: string): boolean => written.includes(word);
  // `signed` and `int` add nothing but to `char`, `__int8` and to themselves.
  const rest = written.filter((word) => word !== 'signed' && word !== 'int').sort();
  if (has('char') && has('signed')) rest.push('signed');
  const key = rest.length === 0 && (has('int') || has('signed')) ? 'int' : rest.join(' ');
  const name = Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
  if (name === undefined || (has('signed') && has('unsigned'))) return null;
  return name === 'char' && has('__int8') && has('signed') ? 'signed char' : name;
}
