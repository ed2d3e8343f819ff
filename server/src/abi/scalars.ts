/** Size and alignment of everything that is no record: the basic types of C and Rust, pointers, arrays, wrappers. */
import type { Context, TypeSize } from './context.ts';
import { bounded, cOf, isUnknown, unknown } from './context.ts';
import { nichePayload } from './niches.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { CFloatName, CIntName, LayoutLanguage, Shape } from './shape.ts';
import type { AlignBySize, CAbi, RustAbi, SizeAlign } from './targets.ts';

type Size = TypeSize | UnknownLayout;

/** How a type is laid out as a member of a record of the language; unknown with the reason where nothing is defined. */
export function sizeOf(shape: Shape, language: LayoutLanguage, context: Context): Size {
  switch (shape.kind) {
    case 'int':
      return integer(shape.bits / 8, language, context);
    case 'c-int':
      return namedInteger(shape.name, language, context);
    case 'float':
      return float(shape.bits / 8, language, context);
    case 'c-float':
      return namedFloat(shape.name, language, context);
    case 'complex':
      return complex(sizeOf(shape.element, language, context), language, context);
    case 'bool':
      return plain({ size: 1, align: 1 });
    case 'unicode-scalar':
      return integer(4, language, context);
    case 'pointer':
      return pointer(1, language, context);
    case 'fat-pointer':
      return pointer(2, language, context);
    case 'array':
      return array(sizeOf(shape.element, language, context), shape.length);
    case 'ref': {
      const def = context.find(shape.key);
      return def.kind === 'unknown' ? def : context.lay(def);
    }
    case 'inline':
      return context.lay(shape.def);
    case 'aligned': {
      const inner = sizeOf(shape.inner, language, context);
      if (isUnknown(inner)) return inner;
      const align = shape.align === 'size' ? inner.size : shape.align;
      return { size: inner.size, align, required: Math.max(inner.required, align) };
    }
    case 'no-niche':
    case 'nonzero':
      return sizeOf(shape.inner, language, context);
    case 'option': {
      const payload = nichePayload(shape.inner, context);
      return isUnknown(payload) ? payload : sizeOf(payload, language, context);
    }
    case 'unit':
    case 'never':
      return plain({ size: 0, align: 1 });
    case 'void':
      return unknown('void has no size');
    case 'opaque':
      return unknown('opaque');
    case 'unknown':
      return unknown(shape.reason);
  }
}

function plain({ size, align }: SizeAlign): TypeSize {
  return { size, align, required: 1 };
}

function aligned(size: number, aligns: AlignBySize, what: string): Size {
  const align = size === 1 || size === 2 || size === 4 || size === 8 || size === 16 ? aligns[size] : 0;
  return align === 0 ? unknown(what) : plain({ size, align });
}

function integer(size: number, language: LayoutLanguage, context: Context): Size {
  if (language === 'rust') return rustInteger(size, context);
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  return aligned(size, c.ints, `C has no ${size * 8}-bit integer on ${context.target.triple}`);
}

function rustInteger(size: number, context: Context): Size {
  const { rust, triple } = context.target;
  const { rustVersion } = context.options;
  if (size === 16 && rust.int128Since && rustVersion && older(rustVersion, rust.int128Since)) {
    // Before 1.77 the largest alignment that LLVM's data layout of x86 gave to any integer was that of 64 bits.
    if (rust.int128Since[1] === 77) return plain({ size, align: rust.ints[8] });
    return unknown(`how rustc ${rustVersion.join('.')} aligned 128-bit integers on ${triple} is not known`);
  }
  return aligned(size, rust.ints, `Rust has no ${size * 8}-bit integer`);
}

function older(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

function namedInteger(name: CIntName, language: LayoutLanguage, context: Context): Size {
  const { rust, c } = context.target;
  if (language === 'rust') {
    const size = rustIntegerSize(name, rust, c);
    return size === null ? unknown(`the size of ${name} on ${context.target.triple} is not known`) : rustInteger(size, context);
  }
  const abi = cOf(context.target);
  return isUnknown(abi) ? abi : integer(cIntegerSize(name, abi), language, context);
}

/** The size of a named integer in C, bytes. */
export function cIntegerSize(name: CIntName, c: CAbi): number {
  switch (name) {
    case 'char':
    case 'signed char':
    case 'unsigned char':
      return 1;
    case 'short':
    case 'unsigned short':
      return c.short;
    case 'int':
    case 'unsigned int':
      return c.int;
    case 'long':
    case 'unsigned long':
      return c.long;
    case 'long long':
    case 'unsigned long long':
      return 8;
    case 'size_t':
    case 'ssize_t':
      return c.sizeT;
    case 'ptrdiff_t':
      return c.ptrdiff;
    case 'intptr_t':
    case 'uintptr_t':
      return c.pointer.size;
    case 'wchar_t':
      return c.wchar;
    case 'wint_t':
      return c.wint;
  }
}

/** The size that core::ffi gives a C integer, bytes; null where only C knows and does not say. */
export function rustIntegerSize(name: CIntName, rust: RustAbi, c: CAbi | null): number | null {
  switch (name) {
    case 'char':
    case 'signed char':
    case 'unsigned char':
      return 1;
    case 'short':
    case 'unsigned short':
      return 2;
    case 'int':
    case 'unsigned int':
      return rust.int;
    case 'long':
    case 'unsigned long':
      return rust.long;
    case 'long long':
    case 'unsigned long long':
      return 8;
    case 'wchar_t':
      return c?.wchar ?? null;
    case 'wint_t':
      return c?.wint ?? null;
    default:
      return rust.pointer.size;
  }
}

function float(size: number, language: LayoutLanguage, context: Context): Size {
  if (language === 'rust') return aligned(size, context.target.rust.floats, 'Rust has no such float');
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  const named = [c.float, c.double].find((one) => one.size === size);
  if (named) return plain(named);
  const align = size === 2 ? c.float16 : size === 16 ? c.float128 : 0;
  return align === 0 ? unknown(`C has no ${size * 8}-bit float on ${context.target.triple}`) : plain({ size, align });
}

function namedFloat(name: CFloatName, language: LayoutLanguage, context: Context): Size {
  if (language === 'rust') {
    if (name === 'long double') return unknown('Rust has no long double');
    return float(name === 'float' ? 4 : context.target.rust.double, language, context);
  }
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  return plain(name === 'float' ? c.float : name === 'double' ? c.double : c.longDouble);
}

function complex(element: Size, language: LayoutLanguage, { target }: Context): Size {
  if (isUnknown(element)) return element;
  if (language === 'rust') return unknown('Rust has no complex numbers');
  if (target.c?.bitFields === 'msvc') return unknown('MSVC has no _Complex');
  return plain({ size: 2 * element.size, align: element.align });
}

function pointer(words: number, language: LayoutLanguage, context: Context): Size {
  const c = language === 'c' ? cOf(context.target) : null;
  if (c && isUnknown(c)) return c;
  const one = c ? c.pointer : context.target.rust.pointer;
  return plain({ size: words * one.size, align: one.align });
}

function array(element: Size, length: number | null): Size {
  if (!isUnknown(element) && element.size % element.align !== 0)
    return unknown('an array of elements that are aligned to more than their size is no C');
  return isUnknown(element) ? element : bounded({ ...element, size: element.size * (length ?? 0) });
}
