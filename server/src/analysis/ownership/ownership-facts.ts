/** Who turns owners into raw pointers and back, in a whole workspace. */
import type { CallExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';

/** The owner's type; null where it is not known. */
export type MoveKind = 'Box' | 'Arc' | 'Rc' | 'CString' | 'Vec' | 'String' | null;

/** One call that gives an owner up as a raw pointer (`into`) or takes it back (`from`). */
export interface RawMove {
  readonly direction: 'into' | 'from';
  readonly kind: MoveKind;
  /** What is pointed to: one key for each type, only to be compared; null where it is not known. */
  readonly pointee: string | null;
  readonly body: Body;
  readonly expr: CallExpr | MethodExpr;
}

export interface OwnershipFacts {
  /** All such calls of the workspace but those in tests, made once. */
  moves(): readonly RawMove[];
  /** A macro of the workspace mentions `from_raw`, `drop_in_place` or the like: what is freed there is not known. */
  freesInMacros(): boolean;
}
