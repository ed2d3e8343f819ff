/** Reduces a shape to what is passed on a target: wrappers, transparent records and niches are seen through. */
import { computeSize } from '../compute.ts';
import { enumInteger } from '../enums.ts';
import { DEFAULT_LAYOUT_OPTIONS } from '../layout.types.ts';
import type { CIntName, EnumDef, LayoutLanguage, RecordDef, Resolve, Shape, TypeDef } from '../shape.ts';
import type { Target } from '../targets.ts';
import { VA_LIST } from '../c-base-shapes.ts';
import type { Value } from './verdict.types.ts';

/** Longest chain of wrappers that is followed. */
const DEPTH = 32;

const unknown = (reason: string): Value => ({ kind: 'unknown', reason });

/** `language`: whose sizes count; every peer but Rust has those of C. Unknown with the reason. */
export function passedAs(shape: Shape, language: LayoutLanguage, resolve: Resolve, target: Target): Value {
  return reduce(shape, { language, resolve, target }, DEPTH);
}

interface Where {
  readonly language: LayoutLanguage;
  readonly resolve: Resolve;
  readonly target: Target;
}

function reduce(shape: Shape, where: Where, depth: number): Value {
  if (depth === 0) return unknown('nested too deeply');
  if (shape === VA_LIST) return { kind: 'va-list' };
  switch (shape.kind) {
    case 'int':
      return { kind: 'integer', size: shape.bits / 8, signed: shape.signed, of: 'integer' };
    case 'c-int': {
      const signed = isSigned(shape.name, where.target);
      if (signed === null) return unknown(`the sign of \`${shape.name}\` on ${where.target.triple} is not known`);
      return sized(shape, where, (size) => ({ kind: 'integer', size, signed, of: 'integer' }));
    }
    case 'float':
      return { kind: 'float', size: shape.bits / 8, long: false };
    case 'c-float':
      return sized(shape, where, (size) => ({ kind: 'float', size, long: shape.name === 'long double' }));
    case 'complex':
      return unknown('complex numbers are passed in ways of their own');
    case 'bool':
      return { kind: 'bool' };
    case 'unicode-scalar':
      return { kind: 'scalar' };
    case 'pointer':
      return { kind: 'pointer', shape };
    case 'fat-pointer':
      return { kind: 'fat-pointer' };
    case 'array':
      return { kind: 'array' };
    case 'ref': {
      const def = where.resolve(shape.key);
      return def.kind === 'unknown'
        ? def.reason === 'opaque'
          ? { kind: 'aggregate', def: null }
          : unknown(def.reason)
        : ofDef(def, where, depth);
    }
    case 'inline':
      return ofDef(shape.def, where, depth);
    case 'aligned':
    case 'no-niche':
    case 'nonzero':
      return reduce(shape.inner, where, depth - 1);
    case 'option':
      return ofOption(shape.inner, where, depth);
    case 'unit':
    case 'void':
      return { kind: 'nothing' };
    case 'never':
      return { kind: 'never' };
    case 'opaque':
      return { kind: 'aggregate', def: null };
    case 'unknown':
      return unknown(shape.reason);
  }
}

function sized(shape: Shape, { language, resolve, target }: Where, then: (size: number) => Value): Value {
  const found = computeSize(shape, language, resolve, target);
  return 'kind' in found ? unknown(found.reason) : then(found.size);
}

function isSigned(name: CIntName, { c }: Target): boolean | null {
  switch (name) {
    case 'char':
      return c?.charSigned ?? null;
    case 'wchar_t':
      return c?.wcharSigned ?? null;
    case 'wint_t':
      return c?.wintSigned ?? null;
    case 'size_t':
    case 'uintptr_t':
      return false;
    default:
      return !name.startsWith('unsigned');
  }
}

function ofDef(def: TypeDef, where: Where, depth: number): Value {
  if (def.kind === 'enum') return ofEnum(def, where, depth);
  if (!def.transparent) return { kind: 'aggregate', def };
  const inner = transparentField(def, where);
  return typeof inner === 'string' ? unknown(inner) : inner === null ? { kind: 'nothing' } : reduce(inner, where, depth - 1);
}

/** The one member that has bytes, null without; why it is not known. */
function transparentField(def: RecordDef, { resolve, target }: Where): Shape | null | string {
  const real: Shape[] = [];
  for (const { shape } of def.fields) {
    const size = computeSize(shape, 'rust', resolve, target);
    // A member without a known size cannot be told from one without bytes, unless it is alone.
    if ('kind' in size) {
      if (def.fields.length > 1) return size.reason;
      real.push(shape);
    } else if (size.size > 0 || size.align > 1) real.push(shape);
  }
  return real.length > 1 ? 'a transparent record with two members that have bytes' : (real[0] ?? null);
}

/** What the only member of a struct by value is, itself such a struct or not; null for anything else. In memory the two are the same. */
export function soleMember(value: Value, language: LayoutLanguage, resolve: Resolve, target: Target): Value | null {
  let at = value;
  for (let depth = 0; depth < DEPTH && at.kind === 'aggregate'; depth++) {
    if (at.def?.kind !== 'struct' || at.def.packed !== null || at.def.pack !== null || at.def.align !== null) return null;
    const [only, ...others] = at.def.fields.filter(({ shape }) => shape.kind !== 'unit');
    if (!only || others.length > 0 || only.bitWidth !== null || only.align !== null) return null;
    at = passedAs(only.shape, language, resolve, target);
  }
  return at === value || at.kind === 'aggregate' || at.kind === 'unknown' || at.kind === 'array' ? null : at;
}

function ofEnum(def: EnumDef, where: Where, depth: number): Value {
  if (def.variants.some(({ fields }) => fields.length > 0)) return { kind: 'aggregate', def };
  if (def.underlying) {
    const inner = reduce(def.underlying, where, depth - 1);
    return inner.kind === 'integer' ? { ...inner, of: 'enum' } : inner;
  }
  const { rust, c } = where.target;
  const short = def.language === 'rust' ? rust.enum < rust.int : c !== null && c.enums !== 'int';
  const integer = enumInteger(def, where.target, DEFAULT_LAYOUT_OPTIONS);
  if (integer.kind === 'int') return { kind: 'enum', size: integer.bits / 8, short };
  return short
    ? { kind: 'enum', size: null, short }
    : unknown(integer.kind === 'unknown' ? integer.reason : 'the size of the enum is not known');
}

/** `Option` of what Rust guarantees a niche for (std::option, "Representation"). */
function ofOption(inner: Shape, where: Where, depth: number): Value {
  const value = reduce(inner, where, depth - 1);
  if (value.kind === 'pointer' && !value.shape.nullable) return { kind: 'pointer', shape: { ...value.shape, nullable: true } };
  if (value.kind === 'integer' && isNonzero(inner, where, depth)) return value;
  if (value.kind === 'fat-pointer' || value.kind === 'unknown') return value;
  return unknown('the layout of an Option of this type is not defined');
}

function isNonzero(shape: Shape, where: Where, depth: number): boolean {
  if (depth === 0) return false;
  if (shape.kind === 'nonzero') return true;
  const def = shape.kind === 'ref' ? where.resolve(shape.key) : null;
  if (def?.kind !== 'struct' || !def.transparent) return false;
  const inner = transparentField(def, where);
  return inner !== null && typeof inner !== 'string' && isNonzero(inner, where, depth - 1);
}
