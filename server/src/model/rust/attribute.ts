/** Rust attributes as plain data. */
import type { Span } from '../../base/text.ts';

/**
 * What stands in an attribute: `path`, `path = "value"` or `path(args)`.
 * `unsafe(...)` is unwrapped (`unsafe` says so); `cfg_attr(p, a, b)` yields `a` and `b` with `condition` p.
 */
export interface Attribute {
  /** `repr`, `pyo3::pyfunction`, `cfg` … without spaces. */
  readonly path: string;
  /** The value of `path = "value"`, unescaped; for a non-literal value its text. */
  readonly value: string | null;
  /** The parsed arguments of `path(…)`; null where there are no parentheses. */
  readonly args: readonly Meta[] | null;
  /** The text between the parentheses, null without them. */
  readonly text: string | null;
  /** Written as `unsafe(path)`. */
  readonly unsafe: boolean;
  /** The predicate of the `cfg_attr` that it stands in. */
  readonly condition: Cfg | null;
  readonly inner: boolean;
  /** `#` to `]`; of the whole `cfg_attr` for what stands in one. */
  readonly span: Span;
  /** The path alone, without `unsafe(`. */
  readonly pathSpan: Span;
}

/** One argument of an attribute: `name`, `name = value`, `name(args)` or a literal (name empty). */
export interface Meta {
  readonly name: string;
  readonly value: string | null;
  readonly args: readonly Meta[] | null;
  readonly span: Span;
}

/** A configuration predicate. `unknown` is neither true nor false. */
export type Cfg =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'option'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'not'; readonly operand: Cfg }
  | { readonly kind: 'all' | 'any'; readonly operands: readonly Cfg[] }
  | { readonly kind: 'unknown'; readonly text: string };
