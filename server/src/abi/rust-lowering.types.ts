/** What the parts of the lowering of Rust types hand to each other. */
import type { Type } from '../model/rust/ast-type.ts';
import type { KnownOptions } from '../model/rust/cfg.ts';
import type { RustItem, Scope, Workspace } from '../model/workspace.ts';
import type { ConstArgs } from './rust-const.ts';
import type { Shape, UnknownShape } from './shape.ts';

/** Deepest nesting of types that is followed. */
export const TYPE_DEPTH = 24;

/** What a pointer to a type carries beside the address; null for nothing. */
export type Fat = 'slice' | 'str' | 'dyn' | null;

/** What a pointer points to; unknown where it may have no size. */
export type Pointee = { readonly kind: 'pointee'; readonly fat: Fat; readonly shape: Shape | null } | UnknownShape;

/** What the generic parameters of an item stand for. */
export interface Bindings {
  readonly types: ReadonlyMap<string, { readonly shape: Shape; readonly pointee: Pointee }>;
  readonly consts: ConstArgs;
}

export const NO_BINDINGS: Bindings = { types: new Map(), consts: new Map() };

/** Where a type is written. */
export interface Where {
  readonly scope: Scope;
  readonly bindings: Bindings;
  readonly depth: number;
}

export interface Lowering {
  readonly workspace: Pick<Workspace, 'ast' | 'resolve'>;
  readonly known: KnownOptions;
  /** What the names of other crates stand for, by path, where somebody has seen through them. */
  readonly externals: ReadonlyMap<string, Type>;
  shape(type: Type, where: Where): Shape;
  pointee(type: Type, where: Where): Pointee;
  /** A reference to a struct, union or enum. */
  refer(item: RustItem, bindings: Bindings): Shape;
}
