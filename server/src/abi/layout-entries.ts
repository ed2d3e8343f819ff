/** Types with their layouts on one target, whatever language they are written in: what `ffi-lint layout` and the comparisons start from. */
import type { Location } from '../base/text.ts';
import type { Layout, Provenance } from './layout.types.ts';

export type LayoutLanguageName = 'rust' | 'c' | 'python';

export interface TypeLayout {
  readonly kind: 'struct' | 'union' | 'enum' | 'alias';
  readonly language: LayoutLanguageName;
  readonly name: string;
  readonly at: Location;
  readonly target: string;
  readonly provenance: Provenance;
  readonly layout: Layout;
  /** The types of its fields as they are written, by the fields' names. */
  readonly written: ReadonlyMap<string, string>;
  /** Of what is only computed though somebody was asked: why nothing was measured. For people: lower-case, no full stop. */
  readonly unmeasured?: string;
}

/** A type whose layout is not known. */
export interface UnknownType {
  readonly language: LayoutLanguageName;
  readonly name: string;
  readonly at: Location;
  readonly target: string;
  readonly reason: string;
}

export interface LayoutEntries {
  readonly types: readonly TypeLayout[];
  readonly unknown: readonly UnknownType[];
}
