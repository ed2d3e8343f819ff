/** What a default of a trait gives for a type of the workspace: `Handle::as_rust(p)` is what the impl says that `Self::Object` is. */
import type { Path, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { meaning } from './local-types-names.ts';
import type { MaybeTy } from './local-types-ty.ts';
import { reference } from './local-types-ty.ts';
import { tyOfWritten } from './local-types-written.ts';

/** The type of a call `Type::name(…)` that no impl of the type defines; null where not exactly one of its traits has a body for it. */
export function defaultResult(path: Path, scope: Scope, workspace: Workspace): MaybeTy {
  const name = path.segments.at(-1)?.name;
  if (name === undefined || path.segments.length < 2) return null;
  const type = meaning({ ...path, segments: path.segments.slice(0, -1) }, scope, workspace, 'type');
  if (type?.kind !== 'item' || type.variant !== null) return null;
  const found = workspace.implsOf(type.item).flatMap((impl) => {
    const result = resultIn(impl, name, workspace);
    return result ? [{ impl, result }] : [];
  });
  const [only] = found;
  return found.length === 1 && only ? instead(only.result, only.impl, workspace) : null;
}

/** What the trait of an impl writes as the result of a fn that has a body there. */
function resultIn(impl: RustItem, name: string, workspace: Workspace): Type | null {
  const ast = impl.entry.implTrait === null ? null : workspace.ast(impl);
  if (ast?.kind !== 'impl' || !ast.trait) return null;
  const trait = workspace.resolve(ast.trait, { module: impl.module, item: impl }, 'type');
  const declared = trait.kind === 'item' ? workspace.ast(trait.item) : null;
  const fn = declared?.kind === 'trait' ? declared.members.find((member) => member.kind === 'fn' && member.name === name) : null;
  return fn?.kind === 'fn' && fn.body && !fn.async ? fn.result : null;
}

/** `Self::Object`, alone or behind references, as the impl defines it; null for everything else. */
function instead(type: Type, impl: RustItem, workspace: Workspace): MaybeTy {
  if (type.kind === 'reference') {
    const to = instead(type.referent, impl, workspace);
    return to && reference(to, type.mutable);
  }
  const [self, name, ...more] = type.kind === 'path' && !type.self ? type.path.segments : [];
  const ast = workspace.ast(impl);
  if (self?.name !== 'Self' || !name || more.length > 0 || ast?.kind !== 'impl') return null;
  const alias = ast.members.find((member) => member.kind === 'type' && member.name === name.name);
  return alias?.kind === 'type' && alias.type ? tyOfWritten(alias.type, { module: impl.module, item: impl }, workspace) : null;
}
