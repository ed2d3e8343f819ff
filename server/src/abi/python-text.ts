/** Writes a Rust type as a ctypes type, in the way in which a module names ctypes. */
import { passedAs } from './compare/value.ts';
import type { PySpelling } from '../model/python/bindings.ts';
import { CTYPES_INTS } from './ctypes-names.ts';
import type { Resolve, Shape } from './shape.ts';
import type { Target } from './targets.ts';

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
      if (shape.kind === 'c-int') return name(CTYPES_INTS[shape.name] ?? '');
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
