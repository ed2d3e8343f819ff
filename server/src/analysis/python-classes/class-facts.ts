/** What instances of `#[pyclass]` types own of Python, and how the garbage collector is told of it. */
import type { Field } from '../../model/rust/ast-item.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Span } from '../../base/text.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { AttachStep } from '../gil/attaching.ts';

/** A field that owns objects that can refer back. */
export interface OwnedField {
  readonly field: Field;
  /** How `__traverse__` visits it and `__clear__` empties it; null where that is not plain. */
  readonly visit: string | null;
  readonly clear: string | null;
}

/** A `__traverse__` that is written in the workspace. */
export interface Traverse {
  readonly item: RustItem;
  readonly ast: FnItem;
}

/** Something that `__traverse__` must not do. */
export interface TraverseFault {
  /** `attach`, `clone_ref` … */
  readonly what: string;
  readonly span: Span;
  /** Where workspace fns lead to it; empty where it is in the method itself. */
  readonly steps: readonly AttachStep[];
}

export interface ClassFacts {
  /** The fields through which an instance can be part of a cycle; what cannot be told is none. */
  owned(item: RustItem): readonly OwnedField[];
  /**
   * Those of them that matter: Python code puts objects of its own into at least one, through a setter or a fn that is given them.
   * Cells that only Rust fills are left out, and so are classes that Python never meets.
   */
  handed(item: RustItem): readonly OwnedField[];
  /** Whether Python code puts objects of its own into that very field, or nobody is seen to make the object. */
  mayFill(item: RustItem, field: string): boolean;
  /** Null where there is none, `unknown` where a macro may make it. */
  traverse(item: RustItem): Traverse | 'unknown' | null;
  /** Whether the method says something of a field: names it, or hands `self` on. */
  mentions(traverse: Traverse, field: string): boolean;
  faults(traverse: Traverse): readonly TraverseFault[];
}
