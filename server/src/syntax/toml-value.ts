/** A TOML document as plain values, each with the place where it is written. */
import type { Span } from '../base/text.ts';

export type TomlValue = TomlScalar | TomlArray | TomlTable;

export type TomlScalar =
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'integer' | 'float'; readonly value: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  /** Dates are kept as written; nothing here computes with them. */
  | { readonly kind: 'datetime'; readonly value: string; readonly span: Span };

export interface TomlArray {
  readonly kind: 'array';
  readonly items: readonly TomlValue[];
  /** From `[` to `]`; for an array of tables the first `[[header]]`. */
  readonly span: Span;
}

export interface TomlTable {
  readonly kind: 'table';
  readonly entries: ReadonlyMap<string, TomlEntry>;
  /** Header and body, or the braces of an inline table; for a table that only dotted keys make, the first such key. */
  readonly span: Span;
  /** `[name]` or `[[name]]` with its brackets; null for inline tables, those of dotted keys and the document itself. */
  readonly header: Span | null;
}

export interface TomlEntry {
  /** The key where it was first written, quotes included. */
  readonly key: Span;
  readonly value: TomlValue;
}

/** The entry at a path of keys, or null where one is missing or not a table. */
export function getEntry(table: TomlTable | null, ...path: readonly string[]): TomlEntry | null {
  let at: TomlValue | null = table;
  let found: TomlEntry | null = null;
  for (const key of path) {
    if (at?.kind !== 'table') return null;
    found = at.entries.get(key) ?? null;
    if (found === null) return null;
    at = found.value;
  }
  return found;
}

/** The value at a path of keys, or null where there is none. */
export function get(table: TomlTable | null, ...path: readonly string[]): TomlValue | null {
  return getEntry(table, ...path)?.value ?? null;
}

export function getTable(table: TomlTable | null, ...path: readonly string[]): TomlTable | null {
  return asTable(get(table, ...path));
}

export function getString(table: TomlTable | null, ...path: readonly string[]): string | null {
  return asString(get(table, ...path));
}

export function getBoolean(table: TomlTable | null, ...path: readonly string[]): boolean | null {
  const value = get(table, ...path);
  return value?.kind === 'boolean' ? value.value : null;
}

export function asString(value: TomlValue | null): string | null {
  return value?.kind === 'string' ? value.value : null;
}

export function asTable(value: TomlValue | null): TomlTable | null {
  return value?.kind === 'table' ? value : null;
}

/** The items of an array; empty for anything else. */
export function asArray(value: TomlValue | null): readonly TomlValue[] {
  return value?.kind === 'array' ? value.items : [];
}

/** The strings of an array; items that are none are left out. */
export function asStrings(value: TomlValue | null): readonly string[] {
  return asArray(value).flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}
