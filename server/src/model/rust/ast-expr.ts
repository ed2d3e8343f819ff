/** Rust expressions, statements and patterns as plain data: what the analyses walk. Parentheses are gone. */
import type { Span } from '../../base/text.ts';
import type { Attribute } from './attribute.ts';
import type { Item } from './ast-item.ts';
import type { GenericArg, Path, QualifiedSelf, Type } from './ast-type.ts';

export type LiteralKind = 'int' | 'float' | 'bool' | 'char' | 'byte' | 'string' | 'byte-string' | 'c-string';

export interface PathExpr {
  readonly kind: 'path';
  readonly path: Path;
  readonly self: QualifiedSelf | null;
  readonly span: Span;
}
/** `text` is the literal as written, prefix, quotes and suffix included. */
export interface LiteralExpr {
  readonly kind: 'literal';
  readonly literal: LiteralKind;
  readonly text: string;
  readonly span: Span;
}
export interface CallExpr {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
  readonly span: Span;
}
export interface MethodExpr {
  readonly kind: 'method';
  readonly receiver: Expr;
  readonly name: string;
  readonly nameSpan: Span;
  readonly generics: readonly GenericArg[];
  readonly args: readonly Expr[];
  readonly span: Span;
}
/** `a.name`; a tuple's field has its digits as name. */
export interface FieldExpr {
  readonly kind: 'field';
  readonly base: Expr;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
}
export interface MacroExpr {
  readonly kind: 'macro';
  readonly path: Path;
  /** The tokens between the delimiters. */
  readonly tokens: Span;
  readonly delimiter: '(' | '[' | '{';
  /**
   * The arguments where they read as a comma-separated list of expressions, else null.
   * `name = value` arguments (as of `format!`) are assign expressions; `vec![x; n]` gives both parts, `matches!` only the first.
   * Parsed when first asked for.
   */
  readonly args: readonly Expr[] | null;
  readonly span: Span;
}
export interface ClosureExpr {
  readonly kind: 'closure';
  readonly move: boolean;
  readonly async: boolean;
  readonly params: readonly { readonly pattern: Pattern; readonly type: Type | null }[];
  readonly result: Type | null;
  readonly body: Expr;
  readonly span: Span;
}
export interface BlockExpr {
  readonly kind: 'block';
  /** A `gen` block counts as `async`. */
  readonly flavor: 'plain' | 'unsafe' | 'const' | 'async' | 'async-move' | 'try';
  /** With its quote, as everywhere: `'outer`. */
  readonly label: string | null;
  readonly statements: readonly Statement[];
  /** The expression whose value is the block's, null where it ends in a statement. */
  readonly tail: Expr | null;
  /** From the label or keyword (`unsafe`, `async` …) on, where there is one, to the closing brace. */
  readonly span: Span;
}
/** `if condition { } else …`; `if let` has a let condition, let chains are binary `&&` over them. */
export interface IfExpr {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: BlockExpr;
  readonly else: Expr | null;
  readonly span: Span;
}
/** `let pattern = value` as a condition. */
export interface LetExpr {
  readonly kind: 'let';
  readonly pattern: Pattern;
  readonly value: Expr;
  readonly span: Span;
}
export interface MatchArm {
  readonly pattern: Pattern;
  readonly guard: Expr | null;
  readonly body: Expr;
  readonly attributes: readonly Attribute[];
  readonly span: Span;
}
export interface MatchExpr {
  readonly kind: 'match';
  readonly scrutinee: Expr;
  readonly arms: readonly MatchArm[];
  readonly span: Span;
}
export interface LoopExpr {
  readonly kind: 'loop';
  readonly flavor: 'loop' | 'while' | 'for';
  readonly label: string | null;
  /** Of `while`. */
  readonly condition: Expr | null;
  /** Of `for`. */
  readonly pattern: Pattern | null;
  readonly iterable: Expr | null;
  readonly body: BlockExpr;
  readonly span: Span;
}

export type Expr =
  | PathExpr
  | LiteralExpr
  | CallExpr
  | MethodExpr
  | FieldExpr
  | MacroExpr
  | ClosureExpr
  | BlockExpr
  | IfExpr
  | LetExpr
  | MatchExpr
  | LoopExpr
  | { readonly kind: 'index'; readonly base: Expr; readonly index: Expr; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: '*' | '!' | '-'; readonly operand: Expr; readonly span: Span }
  /** `&x`, `&mut x`; raw for `&raw const x` and `&raw mut x`. */
  | { readonly kind: 'reference'; readonly mutable: boolean; readonly raw: boolean; readonly operand: Expr; readonly span: Span }
  /** Arithmetic, comparison, `&&` and `||`; `operator` as written. */
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr; readonly span: Span }
  /** `=` and the compound assignments; `operator` as written. */
  | { readonly kind: 'assign'; readonly operator: string; readonly left: Expr; readonly right: Expr; readonly span: Span }
  | { readonly kind: 'cast'; readonly operand: Expr; readonly type: Type; readonly span: Span }
  | { readonly kind: 'range'; readonly from: Expr | null; readonly to: Expr | null; readonly inclusive: boolean; readonly span: Span }
  | { readonly kind: 'try'; readonly operand: Expr; readonly span: Span }
  | { readonly kind: 'await'; readonly operand: Expr; readonly span: Span }
  | { readonly kind: 'return'; readonly value: Expr | null; readonly span: Span }
  | { readonly kind: 'break'; readonly label: string | null; readonly value: Expr | null; readonly span: Span }
  | { readonly kind: 'continue'; readonly label: string | null; readonly span: Span }
  | { readonly kind: 'yield'; readonly value: Expr | null; readonly span: Span }
  | { readonly kind: 'tuple'; readonly elements: readonly Expr[]; readonly span: Span }
  | { readonly kind: 'array'; readonly elements: readonly Expr[]; readonly span: Span }
  | { readonly kind: 'repeat'; readonly element: Expr; readonly length: Expr; readonly span: Span }
  | {
      readonly kind: 'struct';
      readonly path: Path;
      /** `value` is a path expression for the shorthand `{ x }`. */
      readonly fields: readonly { readonly name: string; readonly value: Expr }[];
      readonly base: Expr | null;
      readonly span: Span;
    }
  /** Could not be parsed: whoever meets it knows nothing about what it does. */
  | { readonly kind: 'unknown'; readonly span: Span };

export type Statement =
  | {
      readonly kind: 'let';
      readonly pattern: Pattern;
      readonly type: Type | null;
      readonly value: Expr | null;
      /** The block of `let … else { }`. */
      readonly else: BlockExpr | null;
      readonly attributes: readonly Attribute[];
      readonly span: Span;
    }
  | { readonly kind: 'expr'; readonly expr: Expr; readonly attributes: readonly Attribute[]; readonly span: Span }
  | { readonly kind: 'item'; readonly item: Item; readonly span: Span };

export type Pattern =
  | { readonly kind: 'wildcard'; readonly span: Span }
  | { readonly kind: 'rest'; readonly span: Span }
  /** `x`, `mut x`, `ref x`, `x @ p`. A lone name may also be a constant or unit variant: names that start upper-case are paths. */
  | {
      readonly kind: 'binding';
      readonly name: string;
      readonly nameSpan: Span;
      readonly mutable: boolean;
      readonly byRef: boolean;
      readonly sub: Pattern | null;
      readonly span: Span;
    }
  | { readonly kind: 'path'; readonly path: Path; readonly span: Span }
  | { readonly kind: 'tuple-struct'; readonly path: Path; readonly elements: readonly Pattern[]; readonly span: Span }
  | {
      readonly kind: 'struct';
      readonly path: Path;
      readonly fields: readonly { readonly name: string; readonly pattern: Pattern }[];
      readonly rest: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'tuple'; readonly elements: readonly Pattern[]; readonly span: Span }
  | { readonly kind: 'slice'; readonly elements: readonly Pattern[]; readonly span: Span }
  | { readonly kind: 'reference'; readonly mutable: boolean; readonly pattern: Pattern; readonly span: Span }
  | { readonly kind: 'or'; readonly alternatives: readonly Pattern[]; readonly span: Span }
  | { readonly kind: 'literal'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'range'; readonly from: Expr | null; readonly to: Expr | null; readonly span: Span }
  | { readonly kind: 'unknown'; readonly span: Span };
