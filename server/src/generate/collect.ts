/** Gathers the types that functions need: shapes to plain types, definitions to records and enums, each after what it holds by value. */
import type { FnShape, RecordDef, Resolve, Shape, TypeDef } from '../abi/shape.ts';
import type { Location } from '../base/text.ts';
import type { ApiField, ApiType, Left, Plain, PlainFn } from './api.types.ts';
import { enumTypes } from './collect-enums.ts';

/** What is told about a type beside its definition. */
export interface TypeInfo {
  readonly docs: string;
  readonly at: Location | null;
  /** Docs of fields and variants by name. */
  readonly members: ReadonlyMap<string, string>;
}

export interface Collector {
  /** A type as a parameter, a result or a field; the types that it names are gathered. */
  plain(shape: Shape): Plain | Left;
  /** Gathers a type by the key of a `ref`; tells why where it cannot be. */
  add(key: string, name: string): ApiType | Left;
  fn(fn: FnShape): PlainFn | Left;
  /** All types gathered; those that are only pointed to and not known are opaque. */
  types(): readonly ApiType[];
}

export function left(reason: string): Left {
  return { kind: 'unknown', reason };
}

export function isLeft<T extends object>(value: T | Left): value is Left {
  return 'kind' in value && value.kind === 'unknown';
}

/** What the parts of the collector hand to each other. */
export interface Collecting {
  plain(shape: Shape): Plain | Left;
  field(name: string, shape: Shape, docs: string): ApiField | Left | null;
  /** Takes a type into the list; tells why where another has its name. */
  take(type: ApiType): ApiType | Left;
}

export function createCollector(resolve: Resolve, info: (key: string) => TypeInfo): Collector {
  const made = new Map<string, ApiType | Left>();
  const order: ApiType[] = [];
  const owners = new Map<string, string>();
  const pointedTo = new Map<string, string>();

  const take = (type: ApiType): ApiType | Left => {
    const owner = owners.get(type.name);
    if (owner !== undefined && owner !== type.key) return left(`two types are called \`${type.name}\``);
    owners.set(type.name, type.key);
    order.push(type);
    made.set(type.key, type);
    return type;
  };

  const add = (key: string, name: string): ApiType | Left => {
    const known = made.get(key);
    if (known) return known;
    made.set(key, left(`\`${name}\` contains itself`));
    const def = resolve(key);
    const type = def.kind === 'unknown' ? left(def.reason) : define(def, key, name, info(key));
    made.set(key, type);
    return type;
  };

  const define = (def: TypeDef, key: string, name: string, about: TypeInfo): ApiType | Left => {
    if (def.kind === 'enum') return enumTypes(def, { key, name, ...about }, collecting);
    const made = fieldsOf(def, key, name, about);
    if ('kind' in made) return made;
    if (made.every(({ type }) => type.kind === 'array' && type.length === null))
      return left(`\`${name}\` has no members, which C does not know`);
    if (def.align === 'max') return left(`\`${name}\` is aligned as strictly as the compiler likes`);
    const packs = [def.packed, def.pack].filter((one) => one !== null);
    const { docs, at } = about;
    const pack = packs.length === 0 ? null : Math.min(...packs);
    return take({ kind: def.kind, key, name, docs, at, fields: made, pack, align: def.align });
  };

  const fieldsOf = (def: RecordDef, key: string, name: string, { members }: TypeInfo): readonly ApiField[] | Left => {
    const fields: ApiField[] = [];
    for (const [i, one] of def.fields.entries()) {
      const about = one.name === null ? 'a nameless member' : `its member \`${one.name}\``;
      if (one.packed) return left(`${about} is packed by itself`);
      if (one.name === null && one.bitWidth !== null) return left('nameless bit-fields are not generated');
      const fieldName = one.name ?? `anonymous_${i}`;
      const shape = one.shape.kind === 'inline' ? inlined(one.shape.def, `${key}.${fieldName}`, `${name}_${fieldName}`) : one.shape;
      if (shape.kind === 'unknown') return left(`${about}: ${shape.reason}`);
      const field = collecting.field(fieldName, shape, members.get(fieldName) ?? '');
      if (field === null) continue;
      if (isLeft(field)) return left(`${about}: ${field.reason}`);
      if (field.type.kind === 'array' && field.type.length === null && i < def.fields.length - 1)
        return left(`${about} has no elements and is not the last`);
      const align = Math.max(field.align ?? 0, one.align ?? 0) || null;
      fields.push({ ...field, anonymous: one.name === null, bitWidth: one.bitWidth, align });
    }
    return fields;
  };

  /** A definition without a name of its own gets one from its place. */
  const inlined = (def: TypeDef, key: string, name: string): Shape => {
    const type = made.get(key) ?? define(def, key, name, { docs: '', at: null, members: new Map() });
    return isLeft(type) ? type : { kind: 'ref', key, name };
  };

  const plain = (shape: Shape): Plain | Left => {
    switch (shape.kind) {
      case 'int':
      case 'c-int':
      case 'c-float':
      case 'bool':
        return shape;
      case 'float':
        return shape.bits === 32 || shape.bits === 64 ? { kind: 'float', bits: shape.bits } : left(`C has no f${shape.bits} everywhere`);
      case 'unicode-scalar':
        return { kind: 'int', bits: 32, signed: false };
      case 'void':
      case 'unit':
      case 'never':
        return { kind: 'void' };
      case 'no-niche':
      case 'nonzero':
      case 'aligned':
        return plain(shape.inner);
      case 'array':
        return arrayOf(shape.element, shape.length);
      case 'pointer':
        return pointer(shape);
      case 'ref':
        return byValue(shape.key, shape.name);
      case 'fat-pointer':
        return left(`a pointer to ${shape.to === 'dyn' ? 'a trait object' : `a ${shape.to}`} is no C type`);
      case 'option':
        return left('an `Option` of this type is no C type');
      case 'complex':
        return left('complex numbers are not generated');
      case 'opaque':
        return left(`\`${shape.name}\` is incomplete`);
      case 'inline':
        return left('a type without a name cannot be used here');
      case 'unknown':
        return shape;
    }
  };

  const arrayOf = (element: Shape, length: number | null): Plain | Left => {
    const of = plain(element);
    if (isLeft(of)) return of;
    return of.kind === 'void' ? left('an array of nothing') : { kind: 'array', of, length: length === 0 ? null : length };
  };

  const pointer = (shape: Extract<Shape, { kind: 'pointer' }>): Plain | Left => {
    if (shape.fn) {
      const made = fn(shape.fn);
      return isLeft(made) ? made : { kind: 'fn', fn: made, nullable: shape.nullable };
    }
    return { kind: 'pointer', to: pointee(shape.pointee), const: shape.const, nullable: shape.nullable };
  };

  /** What is not known behind a pointer is left open: the address says all. */
  const pointee = (shape: Shape | null): Plain | null => {
    if (!shape) return null;
    if (shape.kind === 'ref') {
      const def = resolve(shape.key);
      if (def.kind !== 'unknown' && def.kind !== 'enum' && def.transparent) return pointee(transparentInner(def));
      pointedTo.set(shape.key, shape.name);
      return { kind: 'named', key: shape.key };
    }
    if (shape.kind === 'opaque') {
      const name = shape.name.replace(/^(struct|union|enum) /, '');
      pointedTo.set(shape.name, name);
      return { kind: 'named', key: shape.name };
    }
    if (shape.kind === 'no-niche' || shape.kind === 'nonzero' || shape.kind === 'aligned') return pointee(shape.inner);
    const to = plain(shape);
    return isLeft(to) || to.kind === 'void' ? null : to;
  };

  const byValue = (key: string, name: string): Plain | Left => {
    const def = resolve(key);
    if (def.kind !== 'unknown' && def.kind !== 'enum' && def.transparent) return plain(transparentInner(def));
    const type = add(key, name);
    return isLeft(type) ? type : { kind: 'named', key };
  };

  const fn = (shape: FnShape): PlainFn | Left => {
    const params: Plain[] = [];
    for (const one of shape.params) {
      const param = plain(one);
      if (isLeft(param)) return param;
      if (param.kind === 'void') return left('a parameter without a size');
      // C passes arrays by the address of their first element.
      if (param.kind === 'array') return left('an array cannot be passed by value');
      params.push(param);
    }
    const result = plain(shape.result);
    if (isLeft(result)) return result;
    if (result.kind === 'array') return left('an array cannot be returned by value');
    return { abi: shape.abi, params, result, variadic: shape.variadic };
  };

  const collecting: Collecting = {
    plain,
    field(name, shape, docs) {
      if (shape.kind === 'unit') return null;
      const type = plain(shape);
      if (isLeft(type)) return type;
      if (type.kind === 'void') return null;
      return { name: /^\d/.test(name) ? `_${name}` : name, anonymous: false, type, bitWidth: null, align: alignOf(shape), docs };
    },
    take,
  };

  /** What is behind a pointer may be called as nothing else is. */
  const freeName = (name: string, key: string): string => {
    const taken = (one: string): boolean => owners.has(one) && owners.get(one) !== key;
    if (!taken(name)) return name;
    let number = 2;
    while (taken(`${name}_${number}`)) number++;
    return `${name}_${number}`;
  };

  return {
    plain,
    add,
    fn,
    types() {
      for (let before = -1; before !== pointedTo.size; ) {
        before = pointedTo.size;
        for (const [key, name] of pointedTo) {
          if (!isLeft(add(key, name)) || order.some((one) => one.key === key)) continue;
          take({ kind: 'opaque', key, name: freeName(name, key), docs: info(key).docs, at: info(key).at });
        }
      }
      return order;
    },
  };
}

/** The one member of a transparent type that has a size. */
function transparentInner({ fields }: RecordDef): Shape {
  const real = fields.filter(({ shape }) => shape.kind !== 'unit');
  return (real.length === 1 ? real[0]?.shape : undefined) ?? { kind: 'unit' };
}

/** The alignment that a wrapper asks for where it lies in a record; atomics are aligned to their size. */
function alignOf(shape: Shape): number | null {
  if (shape.kind === 'no-niche' || shape.kind === 'nonzero') return alignOf(shape.inner);
  if (shape.kind !== 'aligned') return null;
  if (shape.align !== 'size') return shape.align;
  // A pointer, and an integer of a pointer's size, are aligned to their size anyway.
  return shape.inner.kind === 'int' && shape.inner.bits > 32 ? shape.inner.bits / 8 : null;
}
