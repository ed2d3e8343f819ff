/** Shapes of C's own types and of the typedefs that every C library has. */
import type { CBaseName } from '../model/c/ast.ts';
import type { CIntName, IntBits, Shape, UnknownShape } from './shape.ts';
import { unknownShape, VOID } from './shape.ts';

const int = (bits: IntBits, signed: boolean): Shape => ({ kind: 'int', bits, signed });
const named = (name: CIntName): Shape => ({ kind: 'c-int', name });

/** Known by identity: it is no size that is missing, but a type that no other language has. */
export const VA_LIST: UnknownShape = unknownShape('`va_list` is laid out as the compiler likes');

export function baseShape(name: CBaseName): Shape {
  switch (name) {
    case 'void':
      return VOID;
    case '_Bool':
      return { kind: 'bool' };
    case '__int128':
      return int(128, true);
    case 'unsigned __int128':
      return int(128, false);
    case 'float':
    case 'double':
    case 'long double':
      return { kind: 'c-float', name };
    case 'float _Complex':
      return { kind: 'complex', element: { kind: 'c-float', name: 'float' } };
    case 'double _Complex':
      return { kind: 'complex', element: { kind: 'c-float', name: 'double' } };
    case 'long double _Complex':
      return { kind: 'complex', element: { kind: 'c-float', name: 'long double' } };
    case '_Float16':
      return { kind: 'float', bits: 16 };
    case '__float128':
      return { kind: 'float', bits: 128 };
    case '__builtin_va_list':
      return VA_LIST;
    default:
      return named(name);
  }
}

/** Typedefs of the standard headers whose meaning is known for every target (C17 7.19, 7.20; POSIX sys/types.h). */
export const BUILT_IN: ReadonlyMap<string, Shape> = new Map([
  ...(['size_t', 'ssize_t', 'ptrdiff_t', 'intptr_t', 'uintptr_t', 'wchar_t', 'wint_t'] as const).map(
    (name) => [name, named(name)] as const,
  ),
  ...([8, 16, 32, 64] as const).flatMap((bits) => [
    [`int${bits}_t`, int(bits, true)] as const,
    [`uint${bits}_t`, int(bits, false)] as const,
  ]),
]);

/** Words that C23 and compilers know without any header. */
export const FALLBACK: ReadonlyMap<string, Shape> = new Map([['bool', { kind: 'bool' } as const]]);
