/** Shapes as a person of the language would write them. */
import type { LayoutLanguageName } from './layout-entries.ts';
import type { CIntName, Shape } from './shape.ts';

export function shapeText(shape: Shape, language: LayoutLanguageName): string {
  switch (shape.kind) {
    case 'int':
      return language === 'rust'
        ? `${shape.signed ? 'i' : 'u'}${shape.bits}`
        : `${language === 'python' ? 'c_' : ''}${shape.signed ? '' : 'u'}int${shape.bits}${language === 'c' ? '_t' : ''}`;
    case 'c-int':
      return language === 'c' ? shape.name : ctypesName(shape.name);
    case 'float':
      return language === 'rust' ? `f${shape.bits}` : shape.bits === 32 ? 'float' : shape.bits === 64 ? 'double' : `_Float${shape.bits}`;
    case 'c-float':
      return language === 'c' ? shape.name : `c_${shape.name.replace(' ', '')}`;
    case 'complex':
      return `${shapeText(shape.element, language)} _Complex`;
    case 'bool':
      return language === 'python' ? 'c_bool' : 'bool';
    case 'unicode-scalar':
      return 'char';
    case 'pointer':
      return pointerText(shape, language);
    case 'fat-pointer':
      return shape.to === 'str' ? '&str' : shape.to === 'slice' ? '&[_]' : '&dyn _';
    case 'array':
      return arrayText(shape, language);
    case 'ref':
      return shape.name;
    case 'inline':
      return shape.def.name ?? `${shape.def.kind} { … }`;
    case 'aligned':
    case 'no-niche':
      return shapeText(shape.inner, language);
    case 'nonzero':
      return `NonZero<${shapeText(shape.inner, language)}>`;
    case 'option':
      return `Option<${shapeText(shape.inner, language)}>`;
    case 'unit':
      return '()';
    case 'void':
      return language === 'rust' ? 'c_void' : 'void';
    case 'never':
      return '!';
    case 'opaque':
      return shape.name;
    case 'unknown':
      return '?';
  }
}

function pointerText({ pointee, const: isConst, fn }: Extract<Shape, { kind: 'pointer' }>, language: LayoutLanguageName): string {
  if (language === 'rust')
    return fn ? `extern "${fn.abi}" fn` : `*${isConst ? 'const' : 'mut'} ${pointee ? shapeText(pointee, language) : '_'}`;
  if (language === 'python') return fn ? 'CFUNCTYPE' : pointee ? `POINTER(${shapeText(pointee, language)})` : 'c_void_p';
  return fn ? 'function pointer' : `${isConst ? 'const ' : ''}${pointee ? shapeText(pointee, language) : 'void'} *`;
}

function arrayText({ element, length }: Extract<Shape, { kind: 'array' }>, language: LayoutLanguageName): string {
  const inner = shapeText(element, language);
  if (language === 'rust') return `[${inner}; ${length ?? 0}]`;
  return language === 'python' ? `${inner} * ${length ?? 0}` : `${inner}[${length ?? ''}]`;
}

/** Names of core::ffi and of ctypes are the same. */
function ctypesName(name: CIntName): string {
  switch (name) {
    case 'char':
      return 'c_char';
    case 'signed char':
      return 'c_schar';
    case 'unsigned char':
      return 'c_uchar';
    case 'unsigned short':
      return 'c_ushort';
    case 'unsigned int':
      return 'c_uint';
    case 'unsigned long':
      return 'c_ulong';
    case 'long long':
      return 'c_longlong';
    case 'unsigned long long':
      return 'c_ulonglong';
    case 'short':
    case 'int':
    case 'long':
      return `c_${name}`;
    case 'size_t':
      return 'usize';
    case 'uintptr_t':
      return 'usize';
    case 'ssize_t':
    case 'ptrdiff_t':
    case 'intptr_t':
      return 'isize';
    default:
      return name;
  }
}
