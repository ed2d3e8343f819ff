/** Puts the fact providers together behind the one interface that rules see. */
import type { CompiledCrate } from '../model/compiled/mir.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { CompiledFacts } from './compiled/compiled-facts.ts';
import { createCompiledFacts } from './compiled/create-compiled-facts.ts';
import type { Scope, Workspace } from '../model/workspace.ts';
import type { Facts } from './facts.ts';
import { createGilFacts } from './gil/create-gil-facts.ts';
import { createLockFacts } from './locks/create-lock-facts.ts';
import { createNullFacts } from './nullness/create-null-facts.ts';
import { createApiFacts } from './pyo3-api/create-api-facts.ts';
import { createOwnershipFacts } from './ownership/create-ownership-facts.ts';
import { createClassFacts } from './python-classes/create-class-facts.ts';
import { createErrorFacts } from './python-errors/create-error-facts.ts';
import type { StubReader } from './python-module/stubs.ts';
import { createModuleFacts } from './python-module/create-module-facts.ts';
import { createSafetyOracle } from './types/ffi-safety.ts';
import { createTypeOf } from './types/local-types.ts';
import { opacityOf } from './types/opacity.ts';
import { createPanicFacts } from './unwinding/create-panic-facts.ts';

/** null where no compiler was asked. */
export function compiledFacts(workspace: Workspace, crates: readonly CompiledCrate[] | null): CompiledFacts | null {
  return crates && createCompiledFacts(workspace, crates);
}

export function createFacts(workspace: Workspace, compiled: readonly CompiledCrate[] | null = null, readStub?: StubReader): Facts {
  const oracle = createSafetyOracle(workspace, (type, scope) => writtenType(type, scope, workspace));
  const typeOf = createTypeOf(workspace);
  return {
    nullness: createNullFacts(workspace),
    unwinding: createPanicFacts(workspace),
    gil: createGilFacts(workspace),
    locks: createLockFacts(workspace),
    pythonClasses: createClassFacts(workspace),
    pythonErrors: createErrorFacts(workspace),
    ownership: createOwnershipFacts(workspace),
    types: {
      ffiSafety: (type) => oracle.ofType(type.type, type.scope),
      opacity: (type) => opacityOf(type, workspace, oracle),
      typeOf,
    },
    pyo3Api: createApiFacts(workspace, typeOf),
    pythonModule: createModuleFacts(workspace, readStub),
    compiled: compiledFacts(workspace, compiled),
  };
}

/** A type as its author wrote it, on one line. */
function writtenType(type: Type, scope: Scope, workspace: Workspace): string {
  const file = scope.item?.file ?? scope.module.file;
  return workspace.text(file).slice(type.span.start, type.span.end).replace(/\s+/g, ' ');
}
