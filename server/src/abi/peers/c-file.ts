/** What one C header says, in the terms that all languages share: its own declarations, typed by all that it includes. */
import type { Location } from '../../base/text.ts';
import type { CDefinition, CFnType, CSymbol, CType, CTypedef, CUnit } from '../../model/c/ast.ts';
import { cTypeText } from '../../model/c/type-text.ts';
import { cShapes } from '../c-shapes.ts';
import type { CShapes } from '../c-shapes.ts';
import { VOID } from '../shape.ts';
import type { Resolve, Shape, TypeDef, UnknownShape } from '../shape.ts';
import type { Target } from '../targets.ts';
import type { PeerConst, PeerFile, PeerFn, PeerType, Signature, WrittenShape } from './peers.ts';

/** A header as it was read for one target. */
export interface CReading {
  readonly target: Target;
  readonly unit: CUnit;
}

interface Side extends CReading {
  readonly shapes: CShapes;
  /** As declarations under a condition see it, or with one meaning of a name, by the condition or the meaning. */
  readonly under: Map<string, Side>;
  /** The first typedef of each name. */
  readonly typedefs: ReadonlyMap<string, CTypedef>;
}

type Def = { readonly def: TypeDef | UnknownShape; readonly resolve: Resolve };

/** `readings`: of the same file, one for each target. `generatedBy`: what its first lines say of a tool. */
export function cPeerFile(
  path: string,
  readings: readonly CReading[],
  generatedBy: string | null,
  constants: readonly PeerConst[],
): PeerFile {
  const sides = readings.map(sideOf);
  return {
    language: 'c',
    path,
    functions: functionsOf(path, sides, generatedBy),
    types: typesOf(path, sides),
    constants: [...constants, ...unnamedConstants(path, sides[0] ?? null)],
    libraries: [],
    generatedBy,
    dropped: Math.max(0, ...readings.map(({ unit }) => unit.dropped.filter(({ at }) => at.file === path).length)),
  };
}

/** Many headers are read through the one that includes them all: what its declarations mean is worked out once. */
const sidesByUnit = new WeakMap<CUnit, Side>();

function sideOf(reading: CReading): Side {
  const known = sidesByUnit.get(reading.unit);
  if (known && known.target === reading.target) return known;
  const side = sideFor({ ...reading, unit: settledFor(reading.unit, null) });
  sidesByUnit.set(reading.unit, side);
  return side;
}

function sideFor(reading: CReading): Side {
  return {
    ...reading,
    shapes: cShapes(reading.unit, reading.target),
    under: new Map(),
    // Backwards, so that the first one stays.
    typedefs: new Map(reading.unit.typedefs.toReversed().map((typedef) => [typedef.name, typedef])),
  };
}

function functionsOf(path: string, sides: readonly Side[], generatedBy: string | null): readonly PeerFn[] {
  const out = new Map<string, { readonly first: CSymbol; defined: boolean; internal: boolean; readonly signatures: Signature[] }>();
  for (const side of sides) {
    for (const symbol of side.unit.symbols) {
      const fn = fnOf(symbol.type, side);
      if (symbol.at.file !== path || !fn) continue;
      const known = out.get(symbol.name) ?? { first: symbol, defined: false, internal: false, signatures: [] };
      known.defined ||= symbol.defined;
      known.internal ||= symbol.internal;
      known.signatures.push(...meanings(fn, under(side, symbol.doubt)).map((meant) => signatureOf(symbol, fn, meant)));
      out.set(symbol.name, known);
    }
  }
  return [...out].map(([symbol, { first, defined, internal, signatures }]) => ({
    language: 'c',
    symbol,
    at: first.at,
    file: path,
    defined,
    internal,
    mangled: false,
    signatures,
    generatedBy,
    handle: null,
  }));
}

/** The function that a type is, directly or over typedefs; null for an object. */
function fnOf(type: CType, { typedefs }: Side): CFnType | null {
  let at = type;
  for (let i = 0; i < 32 && at.kind === 'named'; i++) {
    const one = typedefs.get(at.name);
    if (!one) return null;
    at = one.type;
  }
  return at.kind === 'function' ? at.fn : null;
}

/**
 * What is declared under the same condition as a function is there whenever the function is; and typedefs of the system's own headers mean
 * the same under all.
 */
function settledFor(unit: CUnit, condition: string | null): CUnit {
  const settle = <T extends { readonly doubt: string | null; readonly at: Location }>(one: T): T =>
    one.doubt !== null && (one.doubt === condition || one.at.file.startsWith('<')) ? { ...one, doubt: null } : one;
  return { ...unit, typedefs: unit.typedefs.map((one) => (one.macro ? one : settle(one))) };
}

function under(side: Side, condition: string | null): Side {
  return condition === null ? side : made(side, condition, () => settledFor(side.unit, condition));
}

function made(side: Side, key: string, unit: () => CUnit): Side {
  const known = side.under.get(key) ?? sideFor({ target: side.target, unit: unit() });
  side.under.set(key, known);
  return known;
}

/** Signatures that are told apart by what names of types mean in them, at most. */
const MEANINGS = 8;

/**
 * A side for each combination of what the names of types in a signature may mean where macros in doubt stand for them: whoever compares has to
 * disagree with all. What a name means without any macro counts where it means something.
 */
function meanings(fn: CFnType, side: Side): readonly Side[] {
  const names = namesIn([fn.result, ...fn.params.map(({ type }) => type)], side);
  let out: readonly Side[] = [side];
  for (const name of names) {
    const macros = side.unit.typedefs.filter((one) => one.macro && one.name === name);
    if (macros.length === 0) continue;
    const all = out.flatMap((one) => [...macros, null].flatMap((macro) => meaning(name, macro, one)));
    if (all.length === 0 || all.length > MEANINGS) return [side];
    out = all;
  }
  return out;
}

/** Empty where a name means nothing without a macro. */
function meaning(name: string, macro: CTypedef | null, side: Side): readonly Side[] {
  const one = made(side, `${name} = ${macro ? cTypeText(macro.type) : ''}`, () => {
    const rest = side.unit.typedefs.filter((other) => other.name !== name || (macro === null && !other.macro));
    return { ...side.unit, typedefs: macro ? [...rest, { ...macro, doubt: null }] : rest };
  });
  return macro === null && one.shapes.shapeOf({ kind: 'named', name }).kind === 'unknown' ? [] : [one];
}

/** Names of typedefs that types are made of, those behind other typedefs and pointers included. */
function namesIn(types: readonly CType[], { typedefs }: Side): ReadonlySet<string> {
  const out = new Set<string>();
  const rest = [...types];
  for (let type = rest.pop(); type !== undefined; type = rest.pop()) {
    if (type.kind === 'pointer') rest.push(type.to);
    else if (type.kind === 'array') rest.push(type.of);
    else if (type.kind === 'function') rest.push(type.fn.result, ...type.fn.params.map((param) => param.type));
    else if (type.kind === 'named' && !out.has(type.name)) {
      out.add(type.name);
      const one = typedefs.get(type.name);
      if (one) rest.push(one.type);
    }
  }
  return out;
}

function signatureOf(symbol: CSymbol, fn: CFnType, side: Side): Signature {
  return {
    params: fn.unprototyped ? null : fn.params.map(({ name, type }) => ({ name, ...written(type, symbol.at, side) })),
    result: written(fn.result, symbol.at, side),
    variadic: fn.variadic,
    convention: fn.convention ?? 'C',
    resolve: side.shapes.resolve,
    target: side.target,
    doubt: symbol.doubt,
  };
}

function written(type: CType, at: Location, side: Side): WrittenShape {
  const shape: Shape = isVoid(type, side) ? VOID : side.shapes.shapeOf(type);
  const [nullable, pointeeNullable] = saidOfNull(type, side);
  return {
    shape,
    written: cTypeText(type),
    at,
    via: typedefChain(type, side),
    ...(nullable === undefined ? {} : { nullable }),
    ...(pointeeNullable === undefined ? {} : { pointeeNullable }),
  };
}

/** Of a pointer and of what it points to, directly or over typedefs; what stands next to a name goes before what its typedef says. */
function saidOfNull(type: CType, { typedefs }: Side): readonly [boolean | undefined, boolean | undefined] {
  const follow = (from: CType): { readonly type: CType; readonly said: boolean | undefined } => {
    let at = from;
    let said = from.kind === 'named' ? from.nullable : undefined;
    for (let i = 0; i < 32 && at.kind === 'named'; i++) {
      const one = typedefs.get(at.name);
      if (!one) break;
      at = one.type;
      if (at.kind === 'named' || at.kind === 'pointer') said ??= at.nullable;
    }
    return { type: at, said: from.kind === 'pointer' ? from.nullable : said };
  };
  const outer = follow(type);
  return [outer.said, outer.type.kind === 'pointer' ? follow(outer.type.to).said : undefined];
}

function isVoid(type: CType, { typedefs }: Side): boolean {
  if (type.kind === 'named') {
    const one = typedefs.get(type.name);
    return one !== undefined && one.type !== type && one.type.kind === 'base' && one.type.name === 'void';
  }
  return type.kind === 'base' && type.name === 'void';
}

/** The typedefs of the workspace that a type is written with, outermost first; those behind pointers count too. */
function typedefChain(type: CType, { typedefs }: Side): WrittenShape['via'] {
  const out: { name: string; at: Location }[] = [];
  let at: CType = type;
  for (let i = 0; i < 32; i++) {
    if (at.kind === 'pointer') at = at.to;
    else if (at.kind === 'array') at = at.of;
    else if (at.kind === 'named') {
      const { name } = at;
      const one = typedefs.get(name);
      if (!one || one.at.file.startsWith('<')) break;
      out.push({ name, at: one.at });
      at = one.type;
    } else break;
  }
  return out;
}

function typesOf(path: string, sides: readonly Side[]): readonly PeerType[] {
  type Growing = { kind: PeerType['kind']; at: Location; opaque: boolean; places: Map<string, Location>; defs: Map<string, Def> };
  const out = new Map<string, Growing>();
  const add = (name: string, definition: CDefinition, at: Location, def: TypeDef | UnknownShape, { shapes, target }: Side): void => {
    const known = out.get(name) ?? { kind: definition.kind, at, opaque: false, places: new Map(), defs: new Map() };
    known.opaque = false;
    known.defs.set(target.triple, { def, resolve: shapes.resolve });
    const members = definition.kind === 'enum' ? definition.constants : definition.fields;
    for (const member of members) if (member.name !== null && !known.places.has(member.name)) known.places.set(member.name, member.at);
    out.set(name, known);
  };
  for (const side of sides) {
    const { unit, shapes, target } = side;
    for (const one of unit.definitions) {
      if (one.at.file === path && one.tag !== null) add(one.tag, one, one.at, shapes.resolve(`${one.kind} ${one.tag}`), side);
    }
    for (const one of unit.typedefs) {
      if (one.at.file !== path) continue;
      const made = one.type.kind === 'record' ? one.type.record : one.type.kind === 'enum' ? one.type.enum : null;
      if (made && made.tag === null) add(one.name, made, one.at, shapes.resolve(`typedef ${one.name}`), side);
    }
    const defined = new Set(unit.definitions.map((one) => `${one.kind} ${one.tag}`));
    for (const { tag, name, at } of unit.mentions) {
      if (at.file !== path || out.has(name) || defined.has(`${tag} ${name}`)) continue;
      const unknown: Def = { def: { kind: 'unknown', reason: 'opaque' }, resolve: shapes.resolve };
      out.set(name, { kind: tag, at, opaque: true, places: new Map(), defs: new Map([[target.triple, unknown]]) });
    }
  }
  return [...out].map(([name, { kind, at, opaque, places, defs }]) => ({
    language: 'c',
    name,
    kind,
    at,
    file: path,
    defs,
    isOpaque: opaque,
    places,
  }));
}

/** The constants of enums that have no name, as those of named ones stand in their types. */
function unnamedConstants(path: string, side: Side | null): readonly PeerConst[] {
  if (!side) return [];
  const { unit, shapes } = side;
  const named = new Set(unit.typedefs.flatMap(({ type }) => (type.kind === 'enum' ? [type.enum] : [])));
  return unit.definitions.flatMap((one): readonly PeerConst[] => {
    if (one.kind !== 'enum' || one.tag !== null || one.at.file !== path || named.has(one)) return [];
    return one.constants.map(({ name, at }) => {
      const value = shapes.constant(name);
      return { language: 'c', name, at, file: path, value: typeof value === 'bigint' ? value : null };
    });
  });
}
