/** Shapes of ctypes classes. ctypes asks the C compiler that built Python for the basic types and lays records out itself, as C does. */
import type { PyClass, PyModule, PyType } from '../model/python/ctypes.ts';
import { computeLayout, computeSize } from './compute.ts';
import type { LayoutResult } from './layout.types.ts';
import type { FieldDef, RecordDef, Resolve, Shape, UnknownShape } from './shape.ts';
import { field, unknownShape, VOID } from './shape.ts';
import type { Target } from './targets.ts';

export interface PythonShapes {
  readonly resolve: Resolve;
  shapeOf(type: PyType): Shape;
  /** The layout on which all versions of Python agree; unknown with the reason. */
  layout(one: PyClass): LayoutResult;
}

const int = (bits: 8 | 16 | 32 | 64, signed: boolean): Shape => ({ kind: 'int', bits, signed });
const pointer = (pointee: Shape | null): Shape => ({ kind: 'pointer', pointee, const: false, nullable: true, fn: null });

/** The documentation of ctypes, "Fundamental data types". */
const SIMPLE_SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['c_bool', { kind: 'bool' }],
  ['c_byte', { kind: 'c-int', name: 'signed char' }],
  ['c_ubyte', { kind: 'c-int', name: 'unsigned char' }],
  ['c_char', { kind: 'c-int', name: 'char' }],
  ['c_wchar', { kind: 'c-int', name: 'wchar_t' }],
  ['c_short', { kind: 'c-int', name: 'short' }],
  ['c_ushort', { kind: 'c-int', name: 'unsigned short' }],
  ['c_int', { kind: 'c-int', name: 'int' }],
  ['c_uint', { kind: 'c-int', name: 'unsigned int' }],
  ['c_long', { kind: 'c-int', name: 'long' }],
  ['c_ulong', { kind: 'c-int', name: 'unsigned long' }],
  ['c_longlong', { kind: 'c-int', name: 'long long' }],
  ['c_ulonglong', { kind: 'c-int', name: 'unsigned long long' }],
  ['c_size_t', { kind: 'c-int', name: 'size_t' }],
  ['c_ssize_t', { kind: 'c-int', name: 'ssize_t' }],
  ['c_int8', int(8, true)],
  ['c_int16', int(16, true)],
  ['c_int32', int(32, true)],
  ['c_int64', int(64, true)],
  ['c_uint8', int(8, false)],
  ['c_uint16', int(16, false)],
  ['c_uint32', int(32, false)],
  ['c_uint64', int(64, false)],
  ['c_float', { kind: 'c-float', name: 'float' }],
  ['c_double', { kind: 'c-float', name: 'double' }],
  ['c_longdouble', { kind: 'c-float', name: 'long double' }],
  ['c_char_p', pointer({ kind: 'c-int', name: 'char' })],
  ['c_wchar_p', pointer({ kind: 'c-int', name: 'wchar_t' })],
  ['py_object', pointer(null)],
  ['HRESULT', { kind: 'c-int', name: 'long' }],
]);

/** The shape of a type of ctypes that is one value; null for any other name, and for `c_void_p`. */
export function ctypesShape(name: string): Shape | null {
  return SIMPLE_SHAPES.get(name) ?? null;
}

export function pythonShapes(module: PyModule, target: Target): PythonShapes {
  const classes = new Map(module.classes.map((one) => [one.path, one]));
  const lowered = new Map<PyClass, RecordDef | UnknownShape>();

  const resolve: Resolve = (key) => {
    const found = classes.get(key);
    return found ? lower(found) : unknownShape(`\`${key}\` is not known here`);
  };

  const lower = (one: PyClass): RecordDef | UnknownShape => {
    const known = lowered.get(one);
    if (known) return known;
    lowered.set(one, unknownShape('the class contains itself'));
    const made = lowerClass(one);
    lowered.set(one, made);
    return made;
  };

  const lowerClass = (one: PyClass): RecordDef | UnknownShape => {
    if (one.unknown !== null) return unknownShape(one.unknown);
    if (one.fields === null && one.parent === null) return unknownShape('opaque');
    const fields: FieldDef[] = [];
    if (one.parent !== null) {
      const parent = resolve(one.parent);
      if (parent.kind === 'unknown') return unknownShape(`its base class \`${one.parent}\`: ${parent.reason}`);
      // The fields of a subclass start behind the whole base, padding included.
      if (parent.kind !== 'enum' && parent.fields.length > 0) fields.push(field(null, { kind: 'inline', def: parent }));
    }
    for (const { name, type, bitWidth } of one.fields ?? []) {
      const shape = shapeOf(type);
      if (shape.kind === 'unknown') return unknownShape(`its field \`${name}\`: ${shape.reason}`);
      const def = one.anonymous.includes(name) && shape.kind === 'ref' ? resolve(shape.key) : null;
      if (def?.kind === 'unknown') return unknownShape(`its field \`${name}\`: ${def.reason}`);
      fields.push(def ? field(null, { kind: 'inline', def }) : field(name, shape, bitWidth));
    }
    // An empty class has no bytes, as in Rust; in C that is up to the compiler.
    const language = fields.length === 0 ? 'rust' : 'c';
    const pack = one.pack === null || one.pack === 0 ? null : one.pack;
    return { kind: one.kind, name: one.path, language, fields, packed: null, align: null, pack, transparent: false };
  };

  const shapeOf = (type: PyType): Shape => {
    switch (type.kind) {
      case 'ctype':
        return SIMPLE_SHAPES.get(type.name) ?? unknownShape(`\`${type.name}\` is not the same in every Python`);
      case 'pointer': {
        const to = type.to === null ? VOID : shapeOf(type.to);
        return pointer(to.kind === 'unknown' ? null : to);
      }
      case 'array': {
        const element = shapeOf(type.of);
        return element.kind === 'unknown' ? element : { kind: 'array', element, length: type.length };
      }
      case 'class':
        return { kind: 'ref', key: type.path, name: type.path };
      case 'function': {
        const result = type.result === null ? VOID : shapeOf(type.result);
        const fn = { abi: type.stdcall ? 'stdcall' : 'C', params: type.params.map(shapeOf), result, variadic: false };
        return { kind: 'pointer', pointee: null, const: false, nullable: true, fn };
      }
      case 'unknown':
        return unknownShape(type.reason);
    }
  };

  const layout = (one: PyClass): LayoutResult => {
    const def = lower(one);
    if (def.kind === 'unknown') return def;
    const odd = oddBitFields(def, one, resolve, target);
    return odd === null ? computeLayout(def, resolve, target) : unknownShape(odd);
  };

  return { resolve, shapeOf, layout };
}

/**
 * Why the place of bit-fields depends on the version of Python, null where it does not. Before 3.14 ctypes started a new unit at the type's
 * own alignment wherever the type changed or the unit was full, even behind a plain field that left room, which no C compiler does
 * (CPython issues 97588, 84039); such a layout is taken only where C's rule gives the same.
 */
function oddBitFields(def: RecordDef, one: PyClass, resolve: Resolve, target: Target): string | null {
  for (const { shape } of def.fields) {
    const inner = innermost(shape, resolve);
    const odd = inner === null || inner === def ? null : oddBitFields(inner, one, resolve, target);
    if (odd !== null) return odd;
  }
  if (!def.fields.some(({ bitWidth }) => bitWidth !== null)) return null;
  const why = 'where ctypes puts these bit-fields depends on the version of Python';
  if (one.endian !== 'native' || target.bigEndian || def.kind === 'union' || def.pack !== null) return why;
  const computed = computeLayout(def, resolve, target);
  if (computed.kind === 'unknown') return null;
  let end = 0;
  let unit: { readonly size: number; readonly start: number; used: number } | null = null;
  for (const { shape, bitWidth, name } of def.fields) {
    const size = computeSize(shape, 'c', resolve, target);
    if ('kind' in size) return null;
    if (bitWidth === null) {
      end = Math.ceil(end / size.align) * size.align + size.size;
      unit = null;
      continue;
    }
    if (!unit || unit.size !== size.size || unit.used + bitWidth > size.size * 8) {
      unit = { size: size.size, start: Math.ceil(end / size.align) * size.align, used: 0 };
      end = unit.start + size.size;
    }
    const at = unit.start * 8 + unit.used;
    unit.used += bitWidth;
    if (computed.fields.find((other) => other.name === name)?.bitOffset !== at) return why;
  }
  return Math.ceil(end / computed.align) * computed.align === computed.size ? null : why;
}

/** The record that a field holds, itself or as the elements of an array. */
function innermost(shape: Shape, resolve: Resolve): RecordDef | null {
  let at = shape;
  while (at.kind === 'array') at = at.element;
  const def = at.kind === 'ref' ? resolve(at.key) : at.kind === 'inline' ? at.def : null;
  return def?.kind === 'struct' || def?.kind === 'union' ? def : null;
}
