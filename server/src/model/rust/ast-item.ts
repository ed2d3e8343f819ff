/** Rust items as plain data, lowered from the parser's tree when somebody asks for them. */
import type { Span } from '../../base/text.ts';
import type { Attribute } from './attribute.ts';
import type { BlockExpr, Expr, Pattern } from './ast-expr.ts';
import type { GenericParam, Path, Type } from './ast-type.ts';

export type Visibility = 'private' | 'pub' | 'restricted';

interface ItemBase {
  readonly name: string;
  /** The name alone; the item's first token where it has none. */
  readonly nameSpan: Span;
  readonly visibility: Visibility;
  readonly attributes: readonly Attribute[];
  /** Doc comments joined, without the comment signs; empty where there are none. */
  readonly docs: string;
  readonly generics: readonly GenericParam[];
  /** From the first attribute or doc comment to the last token. */
  readonly span: Span;
  /** From the visibility or keyword on, attributes and docs left out. */
  readonly signatureSpan: Span;
}

export interface Param {
  readonly pattern: Pattern;
  /** The parameter's name where the pattern is a plain binding. */
  readonly name: string | null;
  readonly type: Type;
  readonly attributes: readonly Attribute[];
  readonly span: Span;
}

export interface SelfParam {
  readonly kind: 'value' | 'ref' | 'ref-mut';
  /** Of `self: Type`. */
  readonly type: Type | null;
  readonly span: Span;
}

export interface FnItem extends ItemBase {
  readonly kind: 'fn';
  readonly self: SelfParam | null;
  readonly params: readonly Param[];
  readonly variadic: boolean;
  /** null where none is written: `()`. */
  readonly result: Type | null;
  /** As written: null for a Rust fn, `'C'` also for a bare `extern fn`. */
  readonly abi: string | null;
  /** `extern "C"`, null without it. */
  readonly abiSpan: Span | null;
  readonly unsafe: boolean;
  /** `safe fn` in an `unsafe extern` block. */
  readonly safe: boolean;
  readonly const: boolean;
  readonly async: boolean;
  /** The `fn` keyword. */
  readonly keywordSpan: Span;
  /** From `(` to `)` of the parameters. */
  readonly paramsSpan: Span;
  /** null for a declaration. */
  readonly body: BlockExpr | null;
}

export interface Field {
  /** The digits of its place for a tuple field. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: Type;
  readonly visibility: Visibility;
  readonly attributes: readonly Attribute[];
  readonly span: Span;
}

export interface StructItem extends ItemBase {
  readonly kind: 'struct' | 'union';
  readonly shape: 'named' | 'tuple' | 'unit';
  readonly fields: readonly Field[];
}

export interface Variant {
  readonly name: string;
  readonly nameSpan: Span;
  readonly shape: 'named' | 'tuple' | 'unit';
  readonly fields: readonly Field[];
  readonly discriminant: Expr | null;
  readonly attributes: readonly Attribute[];
  readonly span: Span;
}

export interface EnumItem extends ItemBase {
  readonly kind: 'enum';
  readonly variants: readonly Variant[];
}

export interface AliasItem extends ItemBase {
  readonly kind: 'type';
  /** null for an associated or foreign type without a definition. */
  readonly type: Type | null;
}

export interface ValueItem extends ItemBase {
  readonly kind: 'const' | 'static';
  readonly mutable: boolean;
  readonly type: Type | null;
  readonly value: Expr | null;
}

export interface ImplItem extends ItemBase {
  readonly kind: 'impl';
  readonly selfType: Type;
  readonly trait: Path | null;
  readonly negative: boolean;
  readonly unsafe: boolean;
  readonly members: readonly Item[];
}

export interface TraitItem extends ItemBase {
  readonly kind: 'trait';
  readonly unsafe: boolean;
  readonly members: readonly Item[];
}

export interface ExternBlockItem extends ItemBase {
  readonly kind: 'extern-block';
  readonly abi: string;
  readonly unsafe: boolean;
  /** The `extern` keyword. */
  readonly keywordSpan: Span;
  readonly members: readonly Item[];
}

/** Items of which only place and name are needed here: modules, uses, macros and what could not be parsed. */
export interface OtherItem extends ItemBase {
  readonly kind: 'mod' | 'use' | 'extern-crate' | 'macro-rules' | 'macro-call' | 'unknown';
}

export type Item = FnItem | StructItem | EnumItem | AliasItem | ValueItem | ImplItem | TraitItem | ExternBlockItem | OtherItem;
