/** Computed layouts: where the members of a record or enum lie on a target, without asking any compiler. */
import type { Context, Laid, Placed } from './context.ts';
import { cOf, isUnknown, unknown } from './context.ts';
import { layEnum } from './enums.ts';
import type { FieldLayout, LayoutOptions, LayoutResult, UnknownLayout } from './layout.types.ts';
import { DEFAULT_LAYOUT_OPTIONS } from './layout.types.ts';
import { layGnu } from './records-gnu.ts';
import { layMsvc } from './records-msvc.ts';
import { layRust } from './records-rust.ts';
import { sizeOf } from './scalars.ts';
import type { LayoutLanguage, Resolve, Shape, TypeDef } from './shape.ts';
import type { SizeAlign, Target } from './targets.ts';
import { coveredBytes } from './uncovered.ts';

/** Deepest nesting of records that is followed. */
const DEPTH = 64;

/**
 * The layout of a definition on a target; unknown with the reason where a compiler's choice is not defined, or not modelled here.
 * `resolve` gives the definitions that its members refer to.
 */
export function computeLayout(
  def: TypeDef,
  resolve: Resolve,
  target: Target,
  options: LayoutOptions = DEFAULT_LAYOUT_OPTIONS,
): LayoutResult {
  const laid = createContext(resolve, target, options).lay(def);
  if (isUnknown(laid)) return laid;
  const fields = fieldsOf(laid, '', 0, createContext(resolve, target, options));
  return { kind: 'layout', size: laid.size, align: laid.align, fields, padding: isBareEnum(def, fields) ? 0 : padding(laid) };
}

/** An enum without data is a number from its first byte to its last. */
const isBareEnum = ({ kind }: TypeDef, fields: readonly FieldLayout[]): boolean => kind === 'enum' && fields.length === 0;

/** Size and alignment of any shape as a member of a record of the language; unknown with the reason. */
export function computeSize(
  shape: Shape,
  language: LayoutLanguage,
  resolve: Resolve,
  target: Target,
  options: LayoutOptions = DEFAULT_LAYOUT_OPTIONS,
): SizeAlign | UnknownLayout {
  const found = sizeOf(shape, language, createContext(resolve, target, options));
  return isUnknown(found) ? found : { size: found.size, align: found.align };
}

function createContext(resolve: Resolve, target: Target, options: LayoutOptions): Context {
  const done = new Map<TypeDef, Laid | UnknownLayout>();
  const open = new Set<TypeDef>();
  const context: Context = {
    target,
    options,
    find: resolve,
    lay(def) {
      const known = done.get(def);
      if (known) return known;
      if (open.has(def)) return unknown(`${def.name ?? 'the type'} contains itself`);
      if (open.size >= DEPTH) return unknown('nested too deeply');
      open.add(def);
      const laid = layOnce(def, context);
      open.delete(def);
      done.set(def, laid);
      return laid;
    },
  };
  return context;
}

function layOnce(def: TypeDef, context: Context): Laid | UnknownLayout {
  if (def.kind === 'enum') return layEnum(def, context);
  if (def.language === 'rust') return layRust(def, context);
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  return c.bitFields === 'msvc' ? layMsvc(def, context) : layGnu(def, context);
}

/** Members as they are shown: those of nameless members under their own names, those of named members of a nameless type by path. */
function fieldsOf(laid: Laid, prefix: string, base: number, context: Context): FieldLayout[] {
  return laid.placed.flatMap((one, i) => {
    const name = laid.names?.[i] ?? one.field.name;
    const bits = base + one.bits;
    const inner = one.field.shape.kind === 'inline' ? context.lay(one.field.shape.def) : null;
    const below = inner && !isUnknown(inner) ? inner : null;
    if (name === null) return below ? fieldsOf(below, prefix, bits, context) : [];
    const path = `${prefix}${name}`;
    return [shown(one, path, bits), ...(below ? fieldsOf(below, `${path}.`, bits, context) : [])];
  });
}

function shown({ field, type, align }: Placed, name: string, bits: number): FieldLayout {
  const { bitWidth, shape } = field;
  const place = bitWidth === null ? { offset: bits / 8, bitOffset: null } : { offset: null, bitOffset: bits };
  return { name, shape, ...place, size: type.size, align, bitWidth };
}

/** Bytes between and behind the members. */
function padding({ placed, size }: Laid): number {
  const spans = placed.map(({ field, bits, type }) => {
    const end = field.bitWidth === null ? bits + type.size * 8 : bits + (field.name === null ? 0 : field.bitWidth);
    return [Math.floor(bits / 8), Math.ceil(end / 8)] as const;
  });
  return size - coveredBytes(spans);
}
