/** Whether the other side of a pointer may look into a Rust type, or only hands it around. */
import type { Workspace } from '../../model/workspace.ts';
import type { BoundaryType, TypeUse } from '../../model/surface/surface.ts';
import type { Opacity } from './type-facts.ts';
import type { SafetyOracle } from './ffi-safety.ts';

const opaque = (reason: string): Opacity => ({ kind: 'opaque', reason });

/**
 * A pointee is taken to be read by the other side only where everything speaks for it: all fields public and C-compatible,
 * no Drop, no generics, and never made, boxed or handed out by Rust itself (such a pointer is a handle).
 */
export function opacityOf(type: BoundaryType, workspace: Workspace, oracle: SafetyOracle): Opacity {
  const { item } = type;
  const ast = workspace.ast(item);
  if (ast?.kind !== 'struct' && ast?.kind !== 'union') return opaque('not a struct or union');
  if (item.inUnknownMacro) return opaque('written in a macro call');
  if (ast.fields.length === 0) return opaque('no fields');
  if (ast.generics.some((g) => g.kind !== 'lifetime')) return opaque('generic');
  if (ast.attributes.some((a) => a.path === 'non_exhaustive')) return opaque('non-exhaustive');
  if (ast.fields.some((f) => f.visibility !== 'pub')) return opaque('private fields');
  for (const field of ast.fields) {
    if (oracle.ofType(field.type, { module: item.module, item }).kind !== 'safe') return opaque(`field ${field.name} is no C type`);
  }
  if (workspace.implsOf(item).some((i) => i.entry.implTrait === 'Drop' || (i.entry.implTrait?.endsWith('::Drop') ?? false)))
    return opaque('implements Drop');
  const handle = handleReason(type, workspace);
  if (handle) return opaque(handle);
  const by = type.behindPointer[0];
  return by ? { kind: 'transparent', evidence: 'all its fields are public C types' } : opaque('not used');
}

/** Whether Rust makes what the pointer points to: the other side only carries it. */
export function isHandle(type: BoundaryType, workspace: Workspace): boolean {
  return handleReason(type, workspace) !== null;
}

function handleReason(type: BoundaryType, workspace: Workspace): string | null {
  // C makes what it passes to an export; what an import takes may only come back through a callback.
  const carried = type.behindPointer.some((u) => u.role === 'callback' || u.role === 'fn-pointer');
  if (carried && !type.behindPointer.some((u) => u.role === 'export')) return 'comes back through a callback';
  if (type.behindPointer.some(isHandedOut)) return 'Rust hands out the pointer';
  if (type.behindPointer.some((use) => isTakenBack(use, workspace))) return 'Rust frees it';
  return isBoxed(type.item.name, workspace) ? 'allocated by Rust' : null;
}

/** An export returns it, or stores it through a pointer to a pointer. */
function isHandedOut(use: TypeUse): boolean {
  if (use.role !== 'export') return false;
  if (use.position === 'result') return true;
  return use.type.kind === 'pointer' && use.type.pointee.kind === 'pointer';
}

/** An export makes an owner of the pointer again. */
function isTakenBack(use: TypeUse, workspace: Workspace): boolean {
  if (use.role !== 'export') return false;
  const { start, end } = use.item.entry.span;
  return /\b(?:Box|Arc|Rc)(?:::<[^;]*>)?::from_raw\b|\bdrop_in_place\b/.test(workspace.slice(use.file, { start: start, end: end }));
}

/** Somewhere a Box, Arc or Rc of the type is made or named: coarse on purpose, since it only makes silent. */
function isBoxed(name: string, workspace: Workspace): boolean {
  const pattern = new RegExp(
    `\\b(?:Box|Arc|Rc)(?:::<|<|::new\\(|::into_raw\\(|::from_raw\\()[^;{}]{0,120}\\b${name.replace(/[^\w]/g, '')}\\b`,
  );
  for (const file of workspace.filesNaming(name)) {
    const text = workspace.text(file);
    if (text.includes(name) && pattern.test(text)) return true;
  }
  return false;
}
