/** Puts the fact providers together behind the one interface that rules see. */
import type { CompiledCrate } from '../model/compiled/mir.ts';
import type { Type } from '../model/rust/ast-type.ts';
import { joinCompiler } from './compiled/compiler-types.ts';
import { createCompiledFacts } from './compiled/create-compiled-facts.ts';
import { settleSafety } from './compiled/safety.ts';
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

/** With `crates`, the compiler joins as the second provider: of a workspace whose bodies nobody has asked for yet. */
export function createFacts(workspace: Workspace, crates: readonly CompiledCrate[] | null = null, readStub?: StubReader): Facts {
  const compiled = crates && createCompiledFacts(workspace, crates);
  if (compiled) joinCompiler(workspace, compiled);
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
      ffiSafety: (type) => settleSafety(oracle.ofType(type.type, type.scope), type, workspace, compiled),
      opacity: (type) => opacityOf(type, workspace, oracle),
      typeOf,
    },
    pyo3Api: createApiFacts(workspace, typeOf),
    pythonModule: createModuleFacts(workspace, readStub),
    compiled,
  };
}

/** A type as its author wrote it, on one line. */
function writtenType(type: Type, scope: Scope, workspace: Workspace): string {
  const file = scope.item?.file ?? scope.module.file;
  return workspace.slice(file, type.span).replace(/\s+/g, ' ');
}
