/** Answers what classes own of Python from their fields' types, and what their `__traverse__` does from its body. */
import type { Field } from '../../model/rust/ast-item.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { createAttaching } from '../gil/attaching.ts';
import { isPyEntryItem } from '../gil/private-helpers.ts';
import { createClosures } from '../gil/closures.ts';
import { walkRegions } from '../gil/regions.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import type { ClassFacts, OwnedField, Traverse, TraverseFault } from './class-facts.ts';
import { createFilled } from './filled.ts';
import { isRunOnce } from './run-once.ts';

/** Native types whose objects can hold any other object, or are of any type. */
const CONTAINERS = /^pyo3::Py(Any|Dict|List|Tuple|Set|FrozenSet|Function|CFunction|Iterator|Sequence|Mapping)$/;
/** Types of Rust that own what they are made of. What an `Arc` shares is not one object's to visit. */
const OWNERS =
  /^(std::(option::Option|vec::Vec|boxed::Box|sync::(Mutex|RwLock)|cell::(RefCell|Cell)|collections::\w+)|parking_lot::(Mutex|RwLock))$/;
/** Cells that are filled once, mostly by Rust with what it makes itself: they count where something of Python's is seen to go in. */
const CELLS = /^(std::sync::OnceLock|std::cell::OnceCell|pyo3::(PyOnceLock|GILOnceCell))$/;
const TOUCHES =
  /^(clone_ref|clone|bind|into_bound|borrow|borrow_mut|try_borrow|try_borrow_mut|call|call0|call1|call_method\w*|getattr|setattr|extract|drop_ref|get_refcnt)$/;

export function createClassFacts(workspace: Workspace): ClassFacts {
  const bodies = bodiesOf(workspace);
  const closures = createClosures(workspace);
  const attaching = createAttaching(workspace, closures);
  const known = new Map<RustItem, boolean>();
  const filled = createFilled(workspace, holds);
  return { owned, handed, mayFill: (item, field) => filled.of(item).has(field) || !filled.isMade(item), traverse, mentions, faults };

  function owned(item: RustItem): readonly OwnedField[] {
    const ast = workspace.ast(item);
    if (ast?.kind !== 'struct') return [];
    return ast.fields.flatMap((field): OwnedField[] => {
      // Under a condition it may be another field, or none.
      if (field.attributes.some(({ path, condition }) => path === 'cfg' || condition !== null)) return [];
      const ty = tyOfWritten(field.type, { module: item.module, item }, workspace);
      const inside = ty?.kind === 'external' && CELLS.test(ty.path) ? (ty.args[0] ?? null) : ty;
      return isCyclic(inside, new Set([item])) ? [{ field, ...handling(ty, field.name) }] : [];
    });
  }

  function isCyclic(ty: MaybeTy, seen: ReadonlySet<RustItem>): boolean {
    switch (ty?.kind) {
      case 'external': {
        const [first] = ty.args;
        if (ty.path === 'pyo3::Py')
          return first?.kind === 'external' ? CONTAINERS.test(first.path) : first?.kind === 'item' && refersBack(first.item, seen);
        return OWNERS.test(ty.path) && ty.args.some((arg) => isCyclic(arg, seen));
      }
      case 'tuple':
        return ty.elements.some((element) => isCyclic(element, seen));
      case 'array':
        return isCyclic(ty.element, seen);
      case 'item':
        return !seen.has(ty.item) && ownsAny(ty.item, seen);
      default:
        return false;
    }
  }

  /**
   * Whether objects of a class can hold others: a class that is being asked about holds itself. A cycle through an enum's objects is
   * found by nobody, since these have no `__traverse__`.
   */
  function refersBack(item: RustItem, seen: ReadonlySet<RustItem>): boolean {
    return seen.has(item) || ((item.kind !== 'enum' || traverse(item) !== null) && ownsAny(item, seen));
  }

  function ownsAny(item: RustItem, seen: ReadonlySet<RustItem>): boolean {
    const before = known.get(item);
    if (before !== undefined) return before;
    const ast = workspace.ast(item);
    const fields = ast?.kind === 'struct' ? ast.fields : ast?.kind === 'enum' ? ast.variants.flatMap((variant) => variant.fields) : [];
    const inner = new Set([...seen, item]);
    const result = fields.some((field) => isCyclic(tyOfWritten(field.type, { module: item.module, item }, workspace), inner));
    // An answer that leans on the asker holds for this question only.
    if (seen.size <= 1) known.set(item, result);
    return result;
  }

  function handed(item: RustItem): readonly OwnedField[] {
    const fields = owned(item);
    if (fields.length === 0 || !isUsable(item) || isRunOnce(item, workspace)) return [];
    const names = filled.of(item);
    return fields.some(({ field }) => names.has(field.name))
      ? fields.filter(({ field }) => names.has(field.name) || isPlain(field, item))
      : [];
  }

  /** Not a cell that Rust fills once it is asked: what is in it came from Rust. */
  function isPlain(field: Field, item: RustItem): boolean {
    const ty = tyOfWritten(field.type, { module: item.module, item }, workspace);
    return !(ty?.kind === 'external' && CELLS.test(ty.path));
  }

  /** An object without a method or attribute is of no use in Python: nothing makes one. */
  function isUsable(item: RustItem): boolean {
    const methods = workspace.implsOf(item).some(({ entry }) => pyo3Attribute(entry.attributes, 'pymethods') !== null);
    const fields = workspace.ast(item);
    const attributes = [item.entry.attributes, ...(fields?.kind === 'struct' ? fields.fields.map((field) => field.attributes) : [])].flat();
    const given = new RegExp(`->[^{]*\\b${item.name}\\b`);
    const returned = (): boolean =>
      workspace
        .stateOf(item.module.crate)
        .items.some((fn) => fn.kind === 'fn' && isPyEntryItem(fn) && given.test(workspace.slice(fn.file, fn.entry.signatureSpan)));
    return methods || returned() || attributes.some((a) => a.args?.some(({ name }) => /^(get|set|get_all|set_all)$/.test(name)));
  }

  /** A type of which a parameter hands an object over that can refer back. */
  function holds(ty: MaybeTy): boolean {
    const at = ty?.kind === 'reference' ? ty.to : ty;
    if (at?.kind !== 'external') return isCyclic(at ?? null, new Set());
    if (CONTAINERS.test(at.path)) return true;
    const [first] = at.args;
    if (/^pyo3::(Py|Bound|Borrowed)$/.test(at.path))
      return first?.kind === 'external' ? CONTAINERS.test(first.path) : first?.kind !== 'item' || ownsAny(first.item, new Set());
    return at.args.some((arg) => holds(arg));
  }

  function traverse(item: RustItem): Traverse | 'unknown' | null {
    const impls = workspace.implsOf(item);
    if (impls.some(({ entry }) => /(^|::)PyGCProtocol\b/.test(entry.implTrait ?? ''))) return 'unknown';
    const blocks = impls.filter(({ entry }) => entry.implTrait === null && pyo3Attribute(entry.attributes, 'pymethods') !== null);
    const methods = blocks.flatMap(({ members }) => members);
    const found = methods.find(({ kind, name }) => kind === 'fn' && name === '__traverse__');
    if (!found) {
      const open =
        methods.some(({ kind }) => kind === 'macro-call') ||
        blocks.some(({ entry }) => entry.attributes.some((a) => !/(^|::)(pymethods|cfg|cfg_attr|allow|expect|doc)$/.test(a.path)));
      return open ? 'unknown' : null;
    }
    const ast = workspace.ast(found);
    return ast?.kind === 'fn' && ast.body && !found.file.origin ? { item: found, ast } : 'unknown';
  }

  function mentions({ item, ast }: Traverse, field: string): boolean {
    if (!ast.body) return true;
    const text = workspace.slice(item.file, ast.body.span).replace(/\/\/[^\n]*/g, '');
    const word = /^\d/.test(field) ? new RegExp(`\\bself\\s*\\.\\s*${field}\\b`) : new RegExp(`\\b${field}\\b`);
    // `self` as a whole goes to a helper, or a method of it is called.
    return word.test(text) || /\bself\s*[,)]|[^.\w]\*?self\s*;|\bself\s*\.\s*\w+\s*\(|\w+!\s*[([{][^;]*\bself\b/.test(text);
  }

  function faults({ item }: Traverse): readonly TraverseFault[] {
    const body = bodies(item);
    const found: TraverseFault[] = [];
    if (!body?.ast.body) return found;
    const steps = attaching.by(item);
    const [first, ...more] = steps ?? [];
    if (first) found.push({ what: workspace.slice(first.file, first.span).replace(/^.*(::|\.)/s, ''), span: first.span, steps: more });
    walkRegions(body, body.ast.body, closures.runOf, (expr) => {
      if (expr.kind !== 'method' || !TOUCHES.test(expr.name)) return;
      const ty = body.typeOf(expr.receiver);
      const at = ty?.kind === 'reference' ? ty.to : ty;
      if (at?.kind === 'external' && /^pyo3::(Py|Bound|PyAny)$/.test(at.path))
        found.push({ what: expr.name, span: expr.nameSpan, steps: [] });
    });
    return found;
  }
}

/** The code for fields that hold objects plainly: `Py<T>`, and one `Option`, list or map of them. */
function handling(ty: MaybeTy, name: string): Pick<OwnedField, 'visit' | 'clear'> {
  const isPy = (at: MaybeTy | undefined): boolean => at?.kind === 'external' && at.path === 'pyo3::Py';
  if (ty?.kind !== 'external') return { visit: null, clear: null };
  if (isPy(ty)) return { visit: `visit.call(&self.${name})?;`, clear: null };
  const [first, second] = ty.args;
  if (ty.path === 'std::option::Option' && isPy(first))
    return { visit: `if let Some(object) = &self.${name} {\n    visit.call(object)?;\n}`, clear: `self.${name} = None;` };
  const each = (what: string): string => `for object in ${what} {\n    visit.call(object)?;\n}`;
  if (/^std::(vec::Vec|collections::(VecDeque|HashSet|BTreeSet))$/.test(ty.path) && isPy(first))
    return { visit: each(`&self.${name}`), clear: `self.${name}.clear();` };
  if (/^std::collections::(HashMap|BTreeMap)$/.test(ty.path) && isPy(second) && !isPy(first))
    return { visit: each(`self.${name}.values()`), clear: `self.${name}.clear();` };
  return { visit: null, clear: null };
}
