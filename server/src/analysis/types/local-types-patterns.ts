/** What patterns bind, and the types of fields and elements. */
import type { Span } from '../../base/text.ts';
import type { Pattern } from '../../model/rust/ast-expr.ts';
import type { Field } from '../../model/rust/ast-item.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { meaning } from './local-types-names.ts';
import type { MaybeTy } from './local-types-ty.ts';
import { STRING, VEC, autoderef, external, primitive, reference, stripRefs } from './local-types-ty.ts';
import { tyOfWritten } from './local-types-written.ts';

/** Calls `bind` for every name of a pattern with its type and place, through match ergonomics. */
export function bindPattern(
  pattern: Pattern,
  ty: MaybeTy,
  scope: Scope,
  workspace: Workspace,
  bind: (name: string, ty: MaybeTy, at: Span) => void,
): void {
  visit(pattern, ty);

  function visit(at: Pattern, given: MaybeTy): void {
    switch (at.kind) {
      case 'binding':
        bind(at.name, at.byRef && given ? reference(given, at.mutable) : given, at.nameSpan);
        if (at.sub) visit(at.sub, given);
        return;
      case 'reference':
        visit(at.pattern, given?.kind === 'reference' ? given.to : null);
        return;
      case 'tuple': {
        const inner = stripRefs(given);
        at.elements.forEach((element, i) => void visit(element, inner?.kind === 'tuple' ? seen(given, inner.elements[i] ?? null) : null));
        return;
      }
      case 'slice': {
        const slice = autoderef(given).find((t) => t.kind === 'slice');
        for (const element of at.elements) visit(element, slice?.kind === 'slice' ? reference(slice.element) : null);
        return;
      }
      case 'tuple-struct': {
        const fields = variantFields(at.path, given);
        at.elements.forEach((element, i) => void visit(element, seen(given, fields[i] ?? null)));
        return;
      }
      case 'struct': {
        const found = meaning(at.path, scope, workspace, 'type');
        const fields = found?.kind === 'item' ? itemFields(found.item, found.variant, workspace) : [];
        for (const field of at.fields) {
          const declared = fields.find((f) => f.name === field.name);
          visit(
            field.pattern,
            declared && found?.kind === 'item' ? seen(given, tyOfWritten(declared.type, inside(found.item), workspace)) : null,
          );
        }
        return;
      }
      case 'or':
        if (at.alternatives[0]) visit(at.alternatives[0], given);
        return;
      default:
        return;
    }
  }

  function variantFields(path: Extract<Pattern, { kind: 'tuple-struct' }>['path'], given: MaybeTy): readonly MaybeTy[] {
    const inner = stripRefs(given);
    const name = path.segments.at(-1)?.name;
    if (inner?.kind === 'external' && (name === 'Some' || name === 'Ok')) return [inner.args[0] ?? null];
    if (inner?.kind === 'external' && name === 'Err') return [inner.args[1] ?? null];
    const found = meaning(path, scope, workspace, 'value');
    if (found?.kind !== 'item') return [];
    return itemFields(found.item, found.variant, workspace).map((f) => tyOfWritten(f.type, inside(found.item), workspace));
  }
}

/** A part seen through a reference is a reference itself. */
function seen(whole: MaybeTy, part: MaybeTy): MaybeTy {
  return whole?.kind === 'reference' && part && part.kind !== 'reference' ? reference(part, whole.mutable) : part;
}

function inside(item: RustItem): Scope {
  return { module: item.module, item };
}

function itemFields(item: RustItem, variant: string | null, workspace: Workspace): readonly Field[] {
  const ast = workspace.ast(item);
  if (ast?.kind === 'struct' || ast?.kind === 'union') return ast.fields;
  if (ast?.kind === 'enum') return ast.variants.find((v) => v.name === variant)?.fields ?? [];
  return [];
}

/** The type of `base.name`, through references and smart pointers. */
export function fieldType(base: MaybeTy, name: string, workspace: Workspace): MaybeTy {
  for (const ty of autoderef(base)) {
    if (ty.kind === 'tuple') return ty.elements[Number(name)] ?? null;
    if (ty.kind !== 'item') continue;
    const field = itemFields(ty.item, null, workspace).find((f) => f.name === name);
    return field ? tyOfWritten(field.type, inside(ty.item), workspace) : null;
  }
  return null;
}

/** The type of `base[i]`; with a range the slice of the same. */
export function indexType(base: MaybeTy, range: boolean): MaybeTy {
  for (const ty of autoderef(base)) {
    if (ty.kind === 'slice' || ty.kind === 'array') return range ? { kind: 'slice', element: ty.element } : ty.element;
    if (ty.kind === 'primitive' && ty.name === 'str') return primitive('str');
    if (ty.kind !== 'external') continue;
    if (ty.path === VEC || ty.path === STRING) continue;
    if (/^std::collections::(HashMap|BTreeMap)$/.test(ty.path)) return ty.args[1] ?? null;
    return ty.path === 'std::collections::VecDeque'
      ? (ty.args[0] ?? null)
      : ty.path.startsWith('pyo3::')
        ? external('pyo3::Bound', external('pyo3::PyAny'))
        : null;
  }
  return null;
}
