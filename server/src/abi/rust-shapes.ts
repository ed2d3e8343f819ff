/** Shapes of Rust types and definitions of Rust records: what the rest of the engine asks about the Rust side of a boundary. */
import type { KnownOptions } from '../model/rust/cfg.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { RustItem, ScopedType, Workspace } from '../model/workspace.ts';
import type { Bindings, Lowering } from './rust-lowering.types.ts';
import { NO_BINDINGS, TYPE_DEPTH } from './rust-lowering.types.ts';
import { rustDef } from './rust-records.ts';
import { pointeeIn, shapeIn } from './rust-types.ts';
import type { Resolve, Shape, TypeDef, UnknownShape } from './shape.ts';
import { unknownShape } from './shape.ts';

export interface RustShapes {
  /** The shape of a type as it is written, names resolved and aliases followed; generics of the surrounding item are unknown. */
  shapeOf(type: ScopedType): Shape;
  /** The definition of a struct, union or enum without type parameters; unknown with the reason where its layout is not defined. */
  defOf(item: RustItem): TypeDef | UnknownShape;
  /** The definitions behind the keys of all shapes that came from here. */
  readonly resolve: Resolve;
}

/** A struct, union or enum with what its parameters stand for. */
interface Instance {
  readonly item: RustItem;
  readonly bindings: Bindings;
}

const NOTHING_KNOWN: KnownOptions = () => undefined;

const NO_EXTERNALS: ReadonlyMap<string, Type> = new Map();

/**
 * `known` decides `cfg` on fields, variants and representations; what it leaves open makes a type unknown. `externals` are types that names
 * of other crates stand for.
 */
export function rustShapes(
  { ast, resolve: resolveAll, resolveUnder }: Pick<Workspace, 'ast' | 'resolve' | 'resolveUnder'>,
  known: KnownOptions = NOTHING_KNOWN,
  externals = NO_EXTERNALS,
): RustShapes {
  // Of what is defined once for each target, one remains.
  const workspace: Lowering['workspace'] = { ast, resolve: known === NOTHING_KNOWN ? resolveAll : resolveUnder(known) };
  const instances = new Map<string, Instance>();
  const defs = new Map<string, TypeDef | UnknownShape>();
  const lowering: Lowering = {
    workspace,
    known,
    externals,
    shape: (type, where) => shapeIn(type, where, lowering),
    pointee: (type, where) => pointeeIn(type, where, lowering),
    refer(item, bindings) {
      const key = keyOf(item, bindings);
      if (!instances.has(key)) instances.set(key, { item, bindings });
      return { kind: 'ref', key, name: item.name };
    },
  };

  function resolve(key: string): TypeDef | UnknownShape {
    const done = defs.get(key);
    if (done) return done;
    const instance = instances.get(key);
    const def = instance ? rustDef(instance.item, instance.bindings, lowering) : unknownShape(`${key} is not known`);
    defs.set(key, def);
    return def;
  }

  return {
    shapeOf: ({ type, scope }) => lowering.shape(type, { scope, bindings: NO_BINDINGS, depth: TYPE_DEPTH }),
    defOf(item) {
      if (workspace.ast(item)?.generics.some((one) => one.kind !== 'lifetime')) return unknownShape(`${item.name} has type parameters`);
      lowering.refer(item, NO_BINDINGS);
      return resolve(keyOf(item, NO_BINDINGS));
    },
    resolve,
  };
}

function keyOf({ name, id }: RustItem, { types, consts }: Bindings): string {
  const args = [
    ...[...types].map(([parameter, { shape }]) => `${parameter}=${JSON.stringify(shape)}`),
    ...[...consts].map(([parameter, value]) => `${parameter}=${value}`),
  ];
  return args.length === 0 ? `${name}#${id}` : `${name}#${id}<${args.join(',')}>`;
}
