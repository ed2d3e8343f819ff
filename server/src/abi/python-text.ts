/** Writes a Rust type as a ctypes type, in the way in which a module names ctypes. */
import { passedAs } from './compare/value.ts';
import type { PySpelling } from '../model/python/bindings.ts';
import type { CIntName, Resolve, Shape } from './shape.ts';
import type { Target } from './targets.ts';

/** The documentation of ctypes, "Fundamental data types"; other names have no type there. */
const INTS: Readonly<Partial<Record<CIntName, string>>> = {
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

export interface TextContext {
  readonly spelling: PySpelling;
  readonly resolve: Resolve;
  readonly target: Target;
  /** Paths of the module's classes that mean a Rust record by its name; others are `c_void_p` behind pointers. */
  readonly classes: ReadonlySet<string>;
}

/** null where ctypes has no such type, or the module no name for it. */
export function ctypesText(shape: Shape, place: 'parameter' | 'result', context: TextContext): string | null {
  const name = (one: string): string | null => spelled(one, context.spelling);
  const value = passedAs(shape, 'rust', context.resolve, context.target);
  switch (value.kind) {
    case 'integer':
      if (shape.kind === 'c-int') return name(INTS[shape.name] ?? '');
      return value.size > 8 ? null : name(`c_${value.signed ? '' : 'u'}int${value.size * 8}`);
    case 'enum':
      return value.size === 4 ? name('c_int') : null;
    case 'float':
      return value.size === 4 ? name('c_float') : value.size === 8 ? name('c_double') : null;
    case 'bool':
      return name('c_bool');
    case 'scalar':
      return name('c_uint32');
    case 'nothing':
      return 'None';
    case 'pointer':
      return pointerText(value.shape, place, context, name);
    case 'aggregate':
      return shape.kind === 'ref' && context.classes.has(shape.name) ? shape.name : null;
    default:
      return null;
  }
}

function pointerText(
  { pointee, const: isConst, fn }: Extract<Shape, { kind: 'pointer' }>,
  place: 'parameter' | 'result',
  context: TextContext,
  name: (one: string) => string | null,
): string | null {
  if (fn) {
    const make = name('CFUNCTYPE');
    const parts = [ctypesText(fn.result, 'result', context), ...fn.params.map((one) => ctypesText(one, 'parameter', context))];
    return make === null || parts.some((one) => one === null) ? null : `${make}(${parts.join(', ')})`;
  }
  if (pointee === null) return name('c_void_p');
  const to = passedAs(pointee, 'rust', context.resolve, context.target);
  if (to.kind === 'integer' && to.size === 1) {
    // `c_char_p` takes `bytes`; of a result it makes `bytes` and forgets the address, which only suits a text that Rust keeps.
    const text = isConst && (place === 'parameter' || (pointee.kind === 'c-int' && pointee.name === 'char'));
    return name(text ? 'c_char_p' : 'c_void_p');
  }
  if (place === 'result' && to.kind !== 'aggregate') return name('c_void_p');
  const inner = /^(?:integer|float|bool|aggregate)$/.test(to.kind) ? ctypesText(pointee, 'parameter', context) : null;
  const make = name('POINTER');
  return inner === null || make === null ? name('c_void_p') : `${make}(${inner})`;
}

function spelled(name: string, { modules, imported, star }: PySpelling): string | null {
  if (name === '') return null;
  const local = imported.get(name);
  if (local !== undefined) return local;
  const [module] = modules;
  return module !== undefined ? `${module}.${name}` : star ? name : null;
}
