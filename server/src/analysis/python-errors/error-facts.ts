/** How errors go between Rust and Python: dropped, flattened to text, or converted in a way that is gone. */
import type { Span } from '../../base/text.ts';
import type { EditPlan } from '../gil/gil-facts.ts';
import type { RustItem } from '../../model/workspace.ts';

/** The result of a call of Python that is thrown away with its exception. */
export interface SwallowedError {
  /** The Python call: `call0`, `import`, `run`. */
  readonly call: string;
  /** `.ok()`, `let _ =`, `if let Ok`. */
  readonly how: string;
  /** The fn gives an `Option`: `None` may well be what its author means by the error. */
  readonly optional: boolean;
  readonly span: Span;
  readonly edits: readonly EditPlan[];
}

/** An error that PyO3 converts by itself is turned into a text. */
export interface FlattenedError {
  /** `io::Error` */
  readonly error: string;
  /** The exception that is raised instead: `PyException`. */
  readonly raised: string;
  /** What `?` would raise: `FileNotFoundError and the like`. */
  readonly better: string;
  readonly span: Span;
  readonly edits: readonly EditPlan[];
}

/** `?` on an error for which PyO3 0.29 has no conversion any more. */
export interface LostConversion {
  /** `Utf8Error` */
  readonly error: string;
  readonly span: Span;
  readonly edits: readonly EditPlan[];
}

export interface ErrorFacts {
  swallowed(item: RustItem): readonly SwallowedError[];
  flattened(item: RustItem): readonly FlattenedError[];
  lostConversions(item: RustItem): readonly LostConversion[];
}
