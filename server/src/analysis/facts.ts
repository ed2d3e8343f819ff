/** The one interface through which rules ask for facts about code inside functions. */
import type { NullFacts } from './nullness/null-facts.ts';
import type { PanicFacts } from './unwinding/panic-facts.ts';
import type { CompiledFacts } from './compiled/compiled-facts.ts';
import type { GilFacts } from './gil/gil-facts.ts';
import type { LockFacts } from './locks/lock-facts.ts';
import type { ApiFacts } from './pyo3-api/api-facts.ts';
import type { OwnershipFacts } from './ownership/ownership-facts.ts';
import type { ClassFacts } from './python-classes/class-facts.ts';
import type { ErrorFacts } from './python-errors/error-facts.ts';
import type { ModuleFacts } from './python-module/module-facts.ts';
import type { TypeFacts } from './types/type-facts.ts';

/** Each is made on demand per fn and kept for the snapshot. */
export interface Facts {
  readonly nullness: NullFacts;
  readonly unwinding: PanicFacts;
  readonly gil: GilFacts;
  readonly locks: LockFacts;
  readonly pythonClasses: ClassFacts;
  readonly pythonErrors: ErrorFacts;
  readonly types: TypeFacts;
  readonly ownership: OwnershipFacts;
  readonly pyo3Api: ApiFacts;
  readonly pythonModule: ModuleFacts;
  /** null where no compiler was asked. */
  readonly compiled: CompiledFacts | null;
}
