/** Looks through a written type for the workspace's structs, unions and enums, and tells how each is reached. */
import type { Type } from '../rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../workspace.ts';

export interface ReachedType {
  readonly item: RustItem;
  readonly behindPointer: boolean;
}

/** Longest chain of aliases and wrappers that is followed. */
const DEPTH = 16;

/** Wrappers from std that have the layout of their one argument (std docs: "same layout"). */
export const LAYOUT_WRAPPERS: ReadonlySet<string> = new Set([
  'MaybeUninit',
  'ManuallyDrop',
  'UnsafeCell',
  'Cell',
  'SyncUnsafeCell',
  'Wrapping',
  'Saturating',
]);

/** Wrappers from std that are a pointer to their argument. */
export const POINTER_WRAPPERS: ReadonlySet<string> = new Set(['Box', 'NonNull', 'AtomicPtr']);

/** Each workspace type that a type names by value or behind a pointer; fn pointers inside it are not entered. */
export function reachedTypes(type: Type, scope: Scope, workspace: Workspace): ReachedType[] {
  const out: ReachedType[] = [];
  walk(type, scope, workspace, false, DEPTH, out);
  return out;
}

function walk(type: Type, scope: Scope, workspace: Workspace, behind: boolean, depth: number, out: ReachedType[]): void {
  if (depth === 0) return;
  switch (type.kind) {
    case 'pointer':
      walk(type.pointee, scope, workspace, true, depth - 1, out);
      return;
    case 'reference':
      walk(type.referent, scope, workspace, true, depth - 1, out);
      return;
    case 'array':
    case 'slice':
      walk(type.element, scope, workspace, behind, depth - 1, out);
      return;
    case 'tuple':
      // A tuple itself has no C layout: what it holds by value is not the matter.
      for (const e of type.elements) walkPointersOnly(e, scope, workspace, behind, depth, out);
      return;
    case 'path':
      walkPath(type, scope, workspace, behind, depth, out);
      return;
    default:
      return;
  }
}

function walkPath(
  type: Extract<Type, { kind: 'path' }>,
  scope: Scope,
  workspace: Workspace,
  behind: boolean,
  depth: number,
  out: ReachedType[],
): void {
  if (type.self) return;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'item' && found.variant === null) {
    const ast = workspace.ast(found.item);
    if (ast?.kind === 'type' && ast.type) {
      walk(ast.type, { module: found.item.module, item: found.item }, workspace, behind, depth - 1, out);
    } else if (ast?.kind === 'struct' || ast?.kind === 'union' || ast?.kind === 'enum') {
      out.push({ item: found.item, behindPointer: behind });
    }
    return;
  }
  if (found.kind !== 'external') return;
  const name = found.path[found.path.length - 1] ?? '';
  if (found.path[0] !== 'std') return;
  const args = (type.path.segments[type.path.segments.length - 1]?.args ?? []).flatMap((a) => (a.kind === 'type' ? [a.type] : []));
  const pointer = POINTER_WRAPPERS.has(name);
  if (!pointer && !LAYOUT_WRAPPERS.has(name) && name !== 'Option' && name !== 'Pin') return;
  for (const arg of args) {
    if (name === 'Option') walkPointersOnly(arg, scope, workspace, behind, depth, out);
    else walk(arg, scope, workspace, behind || pointer, depth - 1, out);
  }
}

/** Of a type that is wrapped into something without a C layout only what lies behind its pointers counts. */
function walkPointersOnly(type: Type, scope: Scope, workspace: Workspace, behind: boolean, depth: number, out: ReachedType[]): void {
  const inner: ReachedType[] = [];
  walk(type, scope, workspace, behind, depth - 1, inner);
  out.push(...inner.filter((r) => r.behindPointer));
}
