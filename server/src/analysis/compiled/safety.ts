/** FFI-safety by rustc's own lint, where syntax does not know: types of other crates, macros and associated types by value. */
import type { FfiSafety } from '../../model/surface/ffi-safety.types.ts';
import type { ScopedType, Workspace } from '../../model/workspace.ts';
import type { CompiledFacts } from './compiled-facts.ts';

/**
 * What syntax knows stays; a type that it takes for safe and the lint refuses is noted. The lint also looks behind pointers, where a layout
 * that is not defined does no harm: unless the refused type is the one that is written, it says nothing here.
 */
export function settleSafety(syntax: FfiSafety, type: ScopedType, workspace: Workspace, compiled: CompiledFacts | null): FfiSafety {
  if (!compiled || syntax.kind === 'unsafe') return syntax;
  const at = { file: type.file, span: type.type.span };
  const [lint] = compiled.refusedTypes(at);
  const { item } = type.scope;
  if (!lint) return syntax.kind === 'unknown' && item && compiled.linted(item) ? { kind: 'safe' } : syntax;
  const written = workspace.slice(type.file, type.type.span).replace(/\s+/g, ' ');
  const refused = /uses type `(.+)`, which is not FFI-safe/.exec(lint.message)?.[1] ?? '';
  if (type.type.kind !== 'path' || refused === '' || lastName(refused) !== lastName(written)) return syntax;
  if (syntax.kind === 'safe') {
    compiled.disagreements.add({ at, syntax: 'FFI-safe', compiler: 'not FFI-safe' });
    return syntax;
  }
  return { kind: 'unsafe', reason: { kind: 'rust-type', text: written, canonical: refused }, through: [] };
}

/** `Foo` of `dep::Foo<T>`. */
function lastName(type: string): string {
  const path = type.replace(/<.*/s, '');
  return path.slice(path.lastIndexOf(':') + 1).trim();
}
