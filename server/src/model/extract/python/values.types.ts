/** What an expression of a Python module is, as far as foreign libraries are concerned. */
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { PyType } from '../../python/ctypes.ts';
import type { TypeContext } from './read-type.ts';
import type { Binding, Scopes } from './scopes.ts';

export interface NamedSymbol {
  readonly name: string;
  readonly span: Span;
}

/** `sites`: the expressions that make the library; several where a condition chooses. */
export type Value =
  | { readonly kind: 'library'; readonly sites: readonly NodeId[] }
  | { readonly kind: 'function'; readonly sites: readonly NodeId[]; readonly symbols: readonly NamedSymbol[]; readonly dynamic: boolean }
  /** A name of another module, with the attributes behind it; `()` where it is called. */
  | { readonly kind: 'imported'; readonly module: string; readonly path: readonly string[]; readonly span: Span }
  | { readonly kind: 'ctypes'; readonly name: string }
  | { readonly kind: 'ffi' }
  | { readonly kind: 'def'; readonly node: NodeId /** Called on an instance: the first parameter is given. */; readonly bound: boolean }
  | { readonly kind: 'class'; readonly node: NodeId }
  | { readonly kind: 'instance'; readonly node: NodeId }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

/** An expression that makes a library. */
export interface Site {
  readonly node: NodeId;
  readonly loader: 'ctypes' | 'cffi';
  readonly stdcall: boolean;
  readonly names: readonly string[];
  /** A parameter that is annotated as a library: where it comes from is not seen. */
  readonly given: boolean;
}

export interface Evaluator {
  readonly scopes: Scopes;
  readonly types: TypeContext;
  readonly sites: ReadonlyMap<NodeId, Site>;
  value(node: NodeId): Value;
  /** The name that ctypes has for an expression; null for what is not of ctypes, or shadowed. */
  ctypes(node: NodeId): string | null;
  type(node: NodeId): PyType;
  /** The one expression that a name stands for; null where there are several or none. */
  single(node: NodeId): NodeId | null;
  /** What a name is bound to there. */
  bound(binding: Binding): Value;
  /** What a function of the module returns. */
  returned(fn: NodeId): Value;
}
