/** What `ffi-lint layout` shows, as data: layouts for one or more targets, and which of them belong together. */
import type { TypeLayout, UnknownType } from './layout-entries.ts';
import type { LayoutPair } from './pairs.ts';

export interface LayoutReport {
  /** Triples, in the order asked for. */
  readonly targets: readonly string[];
  readonly types: readonly TypeLayout[];
  readonly unknown: readonly UnknownType[];
  readonly pairs: readonly LayoutPair[];
}
