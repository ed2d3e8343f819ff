/** C string literals: whether a crate may write them, and how a Rust literal reads as one. */
import { rustAtLeast } from '../model/cargo/rust-version.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { Crate } from '../model/workspace.ts';

type Literal = Extract<Expr, { kind: 'literal' }>;

/**
 * Whether `c"…"` compiles in the crate: edition 2021 and Rust 1.77 (Reference, "C string literals").
 * A package that names no rust-version is taken to follow the current compiler.
 */
export function mayWriteCStrings(crate: Crate): boolean {
  if (crate.target.edition === '2015' || crate.target.edition === '2018') return false;
  return rustAtLeast(crate.package, 77) ?? true;
}

/** The text between a plain literal's quotes, as written; null for raw and other literals. */
export function contentOf(literal: Literal): string | null {
  if (literal.literal !== 'string' && literal.literal !== 'byte-string') return null;
  return /^b?"([\s\S]*)"$/.exec(literal.text)?.[1] ?? null;
}

/** Where a NUL stands in a literal's content: nowhere, only at its end, or before it. */
export function nulIn(content: string): 'none' | 'end' | 'inside' {
  const nul = /(?<!\\)(?:\\\\)*(\\0|\\x00|\\u\{0+\})/g;
  const first = nul.exec(content);
  if (!first) return 'none';
  return first.index + first[0].length === content.length ? 'end' : 'inside';
}

/** `c"…"` for a literal that ends in its only NUL, or has none; null where it cannot be written so. */
export function asCLiteral(literal: Literal): string | null {
  const content = contentOf(literal);
  if (content === null) return null;
  const nul = nulIn(content);
  if (nul === 'inside') return null;
  return `c"${nul === 'end' ? content.replace(/(\\0|\\x00|\\u\{0+\})$/, '') : content}"`;
}
