/** Shapes of what a C header declares: names looked up, typedefs followed, constant expressions evaluated for one target. */
import type { CAttributes, CDefinition, CEnum, CExpr, CField, CRecord, CType, CTypedef, CUnit } from '../model/c/ast.ts';
import { evaluate } from '../model/c/evaluate.ts';
import type { EvaluateEnv } from '../model/c/evaluate.ts';
import { cTypeText } from '../model/c/type-text.ts';
import { BUILT_IN, baseShape, FALLBACK } from './c-base-shapes.ts';
import { computeLayout, computeSize } from './compute.ts';
import { cIntegerSize } from './scalars.ts';
import type { EnumDef, FieldDef, RecordDef, Resolve, Shape, TypeDef, UnknownShape } from './shape.ts';
import { unknownShape } from './shape.ts';
import type { Target } from './targets.ts';

export interface CShapes {
  readonly unit: CUnit;
  readonly resolve: Resolve;
  /** The shape of a written type; unknown with the reason where a name in it is not known. */
  shapeOf(type: CType): Shape;
  /** The shape of a typedef's name; null where there is none. */
  typedef(name: string): Shape | null;
  /** The definition, lowered; unknown with the reason. */
  lower(definition: CDefinition): TypeDef | UnknownShape;
  /** The value of an enum's constant, or why it is not known. */
  constant(name: string): bigint | string;
}

/** MSVC, and GCC and clang with -fms-extensions, take it for a member; without, it declares none. */
const TAGGED_MEMBER = 'a type with a tag stands in it without a name, which is a member for some compilers only';

/** Longest array; no target has more memory. */
const MOST = 1n << 47n;

export function cShapes(unit: CUnit, target: Target): CShapes {
  const definitions = index(
    unit.definitions.filter((one) => one.tag !== null),
    (one) => `${one.kind} ${one.tag}`,
  );
  const typedefs = index(unit.typedefs, (one) => one.name);
  // In C++ a tag is a name.
  const cxxTags = new Map(unit.cxx ? [...definitions].map(([key, [one]]) => [one?.tag ?? '', key]) : []);
  const constants = new Map<string, { readonly of: CEnum; readonly at: number }>();
  for (const one of unit.definitions) {
    if (one.kind !== 'enum') continue;
    for (const [at, constant] of one.constants.entries()) if (!constants.has(constant.name)) constants.set(constant.name, { of: one, at });
  }
  const lowered = new Map<CDefinition, TypeDef | UnknownShape>();
  const open = new Set<CDefinition | CTypedef>();
  const values = new Map<CEnum, readonly (bigint | string)[]>();

  const resolve: Resolve = (key) => {
    const [kind = '', name = ''] = key.split(/ (.*)/s);
    if (kind !== 'typedef') {
      const found = definitions.get(key);
      return found ? settled(found, (one) => lower(one)) : unknownShape(`\`${name}\` is not defined`);
    }
    const found = typedefs.get(name);
    if (!found) return unknownShape(`\`${name}\` is not defined`);
    return settled(found, ({ type }) =>
      type.kind === 'record' ? lower(type.record) : type.kind === 'enum' ? lower(type.enum) : unknownShape(`\`${name}\` is no record`),
    );
  };

  const lower = (definition: CDefinition): TypeDef | UnknownShape => {
    const known = lowered.get(definition);
    if (known) return known;
    if (open.has(definition)) return unknownShape('its size depends on itself');
    open.add(definition);
    const made = definition.kind === 'enum' ? lowerEnum(definition) : lowerRecord(definition);
    open.delete(definition);
    lowered.set(definition, made);
    return made;
  };

  const lowerRecord = (record: CRecord): RecordDef | UnknownShape => {
    const why = record.doubt ?? record.attributes.unknown ?? (typeof record.pack === 'string' ? record.pack : null);
    if (why !== null) return unknownShape(why);
    if (unit.cxx && record.fields.length === 0) return unknownShape('an empty class has a byte in C++ and none in C');
    const align = strongest(record.attributes);
    if (typeof align === 'string' && align !== 'max') return unknownShape(align);
    const fields: FieldDef[] = [];
    for (const one of record.fields) {
      const made = lowerField(one);
      if ('kind' in made) return made;
      fields.push(made);
    }
    return {
      kind: record.kind,
      name: record.tag,
      language: 'c',
      fields,
      packed: record.attributes.packed ? 1 : null,
      align,
      pack: typeof record.pack === 'number' ? record.pack : null,
      transparent: false,
    };
  };

  const lowerField = (one: CField): FieldDef | UnknownShape => {
    const about = one.name === null ? 'a nameless member' : `its member \`${one.name}\``;
    if (one.attributes.unknown !== null) return unknownShape(one.attributes.unknown);
    let align = strongest(one.attributes);
    if (align === 'max') align = target.c?.maxAlign ?? null;
    if (typeof align === 'string') return unknownShape(align);
    const shape = shapeOf(one.type);
    if (shape.kind === 'unknown') return unknownShape(`${about}: ${shape.reason}`);
    if (one.name === null && one.bitWidth === null && shape.kind === 'ref') return unknownShape(TAGGED_MEMBER);
    if (shape.kind === 'opaque') return unknownShape(`${about} has the incomplete type \`${shape.name}\`${missingHint(unit)}`);
    const width = one.bitWidth === null ? null : evaluate(one.bitWidth, env);
    if (typeof width === 'string') return unknownShape(`${about}: ${width}`);
    if (width !== null && (width < 0n || width > 128n)) return unknownShape(`${about} cannot have ${width} bits`);
    return { name: one.name, shape, bitWidth: width === null ? null : Number(width), packed: one.attributes.packed, align };
  };

  const lowerEnum = (one: CEnum): EnumDef | UnknownShape => {
    const why = one.doubt ?? one.attributes.unknown;
    if (why !== null) return unknownShape(why);
    const align = strongest(one.attributes);
    if (typeof align === 'string') return unknownShape(align === 'max' ? 'an enum with the strongest alignment is not modelled' : align);
    const all = valuesOf(one);
    const failed = all.find((value) => typeof value === 'string');
    if (typeof failed === 'string') return unknownShape(failed);
    const underlying = one.underlying ? shapeOf(one.underlying) : null;
    if (underlying?.kind === 'unknown') return underlying;
    return {
      kind: 'enum',
      name: one.tag,
      language: 'c',
      c: true,
      underlying,
      packed: one.attributes.packed,
      align,
      variants: one.constants.map(({ name }, i) => ({ name, value: bigintOf(all[i]), fields: [] })),
    };
  };

  const valuesOf = (one: CEnum): readonly (bigint | string)[] => {
    const known = values.get(one);
    if (known) return known;
    const out: (bigint | string)[] = [];
    // Constants may use those before them.
    values.set(one, out);
    for (const { value } of one.constants) {
      const before = out.at(-1);
      if (value !== null) out.push(evaluate(value, env));
      else out.push(before === undefined ? 0n : typeof before === 'bigint' ? before + 1n : before);
    }
    return out;
  };

  const constant = (name: string): bigint | string => {
    const found = constants.get(name);
    if (!found) return `\`${name}\` is not known${missingHint(unit)}`;
    return found.of.doubt ?? valuesOf(found.of)[found.at] ?? `\`${name}\` depends on itself`;
  };

  /** The strongest alignment that is asked for: bytes, `max`, null for none, or why it is not known. */
  const strongest = ({ aligned }: CAttributes): number | 'max' | null | string => {
    let most: number | 'max' | null = null;
    for (const one of aligned) {
      const value = one === 'max' ? 'max' : evaluate(one, env);
      if (value === 'max') most = 'max';
      else if (typeof value === 'string') return value;
      else if (value < 0n || value > 1n << 28n || (value & (value - 1n)) !== 0n) return `${value} is no alignment`;
      else if (value > 0n && most !== 'max') most = Math.max(most ?? 1, Number(value));
    }
    return most;
  };

  const shapeOf = (type: CType): Shape => {
    switch (type.kind) {
      case 'base':
        return baseShape(type.name);
      case 'named':
        return named(type.name);
      case 'tag': {
        const key = `${type.tag} ${type.name}`;
        return definitions.has(key) ? { kind: 'ref', key, name: type.name } : { kind: 'opaque', name: key };
      }
      case 'record':
        return inPlace(type.record);
      case 'enum':
        return inPlace(type.enum);
      case 'pointer':
        return pointerTo(type.to, type.const);
      case 'array':
        return arrayOf(type.of, type.length);
      case 'function':
        return unknownShape('a function is no object');
      case 'unknown':
        return unknownShape(type.reason);
    }
  };

  const inPlace = (definition: CDefinition): Shape => {
    if (definition.tag !== null) return { kind: 'ref', key: `${definition.kind} ${definition.tag}`, name: definition.tag };
    const def = lower(definition);
    return def.kind === 'unknown' ? def : { kind: 'inline', def };
  };

  const named = (name: string): Shape => {
    const list = typedefs.get(name);
    const tagged = list ? undefined : cxxTags.get(name);
    if (tagged) return { kind: 'ref', key: tagged, name };
    if (!list) return FALLBACK.get(name) ?? unknownShape(`\`${name}\` is not known${missingHint(unit)}`);
    const macro = list.find((one) => one.macro && one.doubt !== null);
    if (macro) return unknownShape(macro.doubt ?? 'a macro may stand for it');
    return settled(list, (one): Shape => {
      const builtIn = one.at.file.startsWith('<') ? BUILT_IN.get(name) : undefined;
      if (builtIn) return builtIn;
      if (open.has(one)) return unknownShape(`\`${name}\` means itself`);
      open.add(one);
      const shape = aliased(one);
      open.delete(one);
      return shape;
    });
  };

  const aliased = ({ name, type, attributes }: CTypedef): Shape => {
    if (attributes.unknown !== null) return unknownShape(attributes.unknown);
    let align = strongest(attributes);
    if (align === 'max') align = target.c?.maxAlign ?? null;
    if (typeof align === 'string') return unknownShape(align);
    const unnamed = (type.kind === 'record' && type.record.tag === null) || (type.kind === 'enum' && type.enum.tag === null);
    const inner: Shape = unnamed ? { kind: 'ref', key: `typedef ${name}`, name } : shapeOf(type);
    return align === null || inner.kind === 'unknown' ? inner : { kind: 'aligned', inner, align };
  };

  const pointerTo = (to: CType, isConst: boolean): Shape => {
    const target = followed(to);
    if (target.kind !== 'function') {
      // A record is met through its name: pointers may lead back to the one that is being lowered.
      const pointee = to.kind === 'record' && to.record.tag === null ? null : shapeOf(to);
      return { kind: 'pointer', pointee: pointee?.kind === 'unknown' ? null : pointee, const: isConst, nullable: true, fn: null };
    }
    const { fn } = target;
    const result: Shape = fn.result.kind === 'base' && fn.result.name === 'void' ? { kind: 'void' } : shapeOf(fn.result);
    const params = fn.params.map((param) => shapeOf(param.type));
    const made = {
      abi: fn.convention ?? 'C',
      params,
      result,
      variadic: fn.variadic,
      ...(fn.unprototyped ? { unprototyped: true as const } : {}),
    };
    return { kind: 'pointer', pointee: null, const: false, nullable: true, fn: made };
  };

  /** A type behind its typedefs, as far as functions are concerned. */
  const followed = (type: CType): CType => {
    let at = type;
    for (let i = 0; i < 32 && at.kind === 'named'; i++) {
      const one: CTypedef | undefined = typedefs.get(at.name)?.[0];
      if (!one) break;
      at = one.type;
    }
    return at;
  };

  const arrayOf = (of: CType, length: CExpr | null): Shape => {
    const element = shapeOf(of);
    if (element.kind === 'unknown') return element;
    if (length === null) return { kind: 'array', element, length: null };
    const count = evaluate(length, env);
    if (typeof count === 'string') return unknownShape(count);
    return count < 0n || count > MOST
      ? unknownShape(`an array cannot have ${count} elements`)
      : { kind: 'array', element, length: Number(count) };
  };

  const env: EvaluateEnv = {
    constant,
    sizeOf(type) {
      const size = computeSize(shapeOf(type), 'c', resolve, target);
      return 'kind' in size ? size.reason : BigInt(size.size);
    },
    alignOf(type) {
      const size = computeSize(shapeOf(type), 'c', resolve, target);
      return 'kind' in size ? size.reason : BigInt(size.align);
    },
    offsetOf(type, member) {
      const shape = shapeOf(type);
      const def = shape.kind === 'ref' ? resolve(shape.key) : unknownShape(`\`${cTypeText(type)}\` is no record`);
      if (def.kind === 'unknown') return def.reason;
      const layout = computeLayout(def, resolve, target);
      if (layout.kind === 'unknown') return layout.reason;
      const found = layout.fields.find(({ name }) => name === member.join('.'));
      return found?.offset == null ? `\`offsetof\` of \`${member.join('.')}\` is not understood` : BigInt(found.offset);
    },
    integer(type) {
      const shape = shapeOf(type);
      if (shape.kind === 'int' && shape.bits <= 64) return { bits: shape.bits, unsigned: !shape.signed };
      if (shape.kind === 'c-int' && target.c)
        return { bits: 8 * cIntegerSize(shape.name, target.c), unsigned: /^(unsigned|size_t|uintptr_t)/.test(shape.name) };
      return `a cast to \`${cTypeText(type)}\` is not understood`;
    },
  };

  return { unit, resolve, shapeOf, typedef: (name) => (typedefs.has(name) ? named(name) : null), lower, constant };
}

function bigintOf(value: bigint | string | undefined): bigint | null {
  return typeof value === 'bigint' ? value : null;
}

function missingHint({ missing }: CUnit): string {
  return missing.length === 0
    ? ''
    : `: ${missing
        .slice(0, 3)
        .map((name) => `\`${name.replace(/^[<"]|[>"]$/g, '')}\``)
        .join(', ')} not found`;
}

function index<T>(list: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const out = new Map<string, T[]>();
  for (const one of list) out.set(key(one), [...(out.get(key(one)) ?? []), one]);
  return out;
}

/** Of several declarations the one that is not in doubt; a doubt where all are; and two different ones are one too many. */
function settled<T extends { readonly doubt: string | null }, R>(list: readonly T[], then: (one: T) => R): R | UnknownShape {
  const sure = list.filter(({ doubt }) => doubt === null);
  const [first, ...rest] = sure;
  if (!first) return unknownShape(list[0]?.doubt ?? 'it is not defined');
  if (rest.some((other) => textOf(other) !== textOf(first))) return unknownShape('it is defined twice, and differently');
  return then(first);
}

function textOf(one: object): string {
  return JSON.stringify(one, (key, value: unknown) => (key === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value));
}
