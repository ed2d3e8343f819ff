/** Collects the FFI surface of a workspace: what is imported, exported, called back, and the types that are written there. */
import { isUnreached } from '../resolve/crates.ts';
import type { Span } from '../../base/text.ts';
import type { FnItem, Item } from '../rust/ast-item.ts';
import type { FnPointerType, Type } from '../rust/ast-type.ts';
import { Trigger } from '../rust/file-index.ts';
import { typesOfItem } from '../rust/item-types.ts';
import type { Crate, CrateState, RustItem, Scope, SourceFile, Workspace } from '../workspace.ts';
import { exportedSymbol, importedSymbol, isRewritten, pyo3Attribute } from './attributes.ts';
import type { BoundaryFn, BoundaryStatic, BoundaryType, PyEntry, Surface, TypeUse } from './surface.ts';
import { isForeignAbi } from './surface.ts';
import { isDead } from './dead-files.ts';
import { fnPointersIn } from './fn-pointers.ts';
import type { ReachedType } from './type-walk.ts';
import { reachedTypes } from './type-walk.ts';

interface Parts {
  readonly functions: BoundaryFn[];
  readonly statics: BoundaryStatic[];
  readonly externBlocks: RustItem[];
  readonly typeUses: TypeUse[];
  readonly pyEntries: PyEntry[];
}

/** Tests, and items of which it is not known what a macro makes of them, are not part of the surface. */
export function buildSurface(workspace: Workspace): Surface {
  const seen = new Set<string>();
  const all = workspace.crates.map((crate) => {
    const state = workspace.stateOf(crate);
    const before = known.get(state);
    const files = before?.files ?? realFiles(state);
    // A file of several crates (lib and bin) is looked at once: what the others say of it depends on the first.
    // What nothing reaches may be named by any other file.
    if (isUnreached(crate) || files.some((path) => workspace.cratesOf(path).length > 1)) return surfaceOf(state, files, workspace, seen);
    const made = before ?? surfaceOf(state, files, workspace, new Set());
    known.set(state, made);
    return made;
  });
  const surface: Surface = { ...joined(all), types: groupTypes(all) };
  parted.set(surface, all);
  return surface;
}

const parted = new WeakMap<Surface, readonly CrateSurface[]>();

/** The parts of a surface that crates with some of these files bring; all of it where that is not known. */
export function surfaceAround(surface: Surface, isWanted: (path: string) => boolean): Surface {
  const near = parted.get(surface)?.filter(({ files }) => files.some(isWanted));
  if (!near) return surface;
  const crates = new Set(near.map(({ crate }) => crate));
  return { ...joined(near), types: surface.types.filter(({ item }) => crates.has(item.module.crate)) };
}

function joined(all: readonly CrateSurface[]): Parts {
  return {
    functions: all.flatMap(({ parts }) => parts.functions),
    statics: all.flatMap(({ parts }) => parts.statics),
    externBlocks: all.flatMap(({ parts }) => parts.externBlocks),
    typeUses: all.flatMap(({ parts }) => parts.typeUses),
    pyEntries: all.flatMap(({ parts }) => parts.pyEntries),
  };
}

/** What one crate brings. */
interface CrateSurface {
  readonly crate: Crate;
  readonly files: readonly string[];
  readonly parts: Parts;
  /** For each type use what it reaches. */
  readonly reached: readonly (readonly ReachedType[])[];
}

const known = new WeakMap<CrateState, CrateSurface>();

/** The files in which a crate's items are written, expansions left out. */
function realFiles({ items }: CrateState): readonly string[] {
  return [...new Set(items.flatMap(({ file }) => (file.origin === null ? [file.path] : [])))];
}

function surfaceOf({ crate, items }: CrateState, files: readonly string[], workspace: Workspace, seen: Set<string>): CrateSurface {
  const parts: Parts = { functions: [], statics: [], externBlocks: [], typeUses: [], pyEntries: [] };
  for (const item of isDead(crate, workspace) ? [] : items) {
    if (item.test || item.inUnknownMacro) continue;
    // Members of an extern block or a pymethods impl are at the boundary through their owner.
    if (item.entry.triggers === 0 && (item.owner?.entry.triggers ?? 0) === 0) continue;
    const key = `${item.file.path}:${item.entry.span.start}:${item.kind}`;
    if (seen.has(key)) continue;
    seen.add(key);
    collect(item, workspace, parts);
  }
  return { crate, files, parts, reached: parts.typeUses.map((use) => reachedTypes(use.type, use.scope, workspace)) };
}

function collect(item: RustItem, workspace: Workspace, parts: Parts): void {
  const has = (bits: number): boolean => (item.entry.triggers & bits) !== 0;
  switch (item.kind) {
    case 'extern-block':
      if (isForeignAbi(item.entry.abi)) parts.externBlocks.push(item);
      return;
    case 'fn':
      if (item.owner?.kind === 'extern-block') {
        importFn(item, item.owner, workspace, parts);
        return;
      }
      if (item.owner?.kind === 'trait') return;
      if (has(Trigger.Extern | Trigger.ExportAttribute)) definedFn(item, workspace, parts);
      if (has(Trigger.PyAttribute) || (item.owner && (item.owner.entry.triggers & Trigger.PyAttribute) !== 0)) pyFn(item, workspace, parts);
      return;
    case 'static':
      staticItem(item, workspace, parts);
      return;
    case 'struct':
    case 'union':
    case 'enum':
    case 'type':
      if (has(Trigger.Extern)) {
        writtenFnPointers(item, workspace, parts);
        return;
      }
      return;
    default:
      return;
  }
}

function scopeOf(item: RustItem): Scope {
  return { module: item.module, item };
}

function importFn(item: RustItem, block: RustItem, workspace: Workspace, parts: Parts): void {
  const abi = block.entry.abi;
  if (!isForeignAbi(abi)) return;
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn') return;
  const fn: BoundaryFn = {
    role: 'import',
    item,
    ast,
    scope: scopeOf(item),
    symbol: importedSymbol(item.entry.attributes, item.name),
    abi,
    unwinds: abi.endsWith('-unwind'),
    rewritten: isRewritten(item.entry.attributes) || isRewritten(block.entry.attributes),
  };
  parts.functions.push(fn);
  // `#[wasm_bindgen] extern "C"` and the like: the macro declares something else.
  if (!fn.rewritten) signatureUses(fn, parts);
}

function definedFn(item: RustItem, workspace: Workspace, parts: Parts): void {
  const symbol = exportedSymbol(item.entry.attributes, item.name);
  if (symbol === null && !isForeignAbi(item.entry.abi)) return;
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn') return;
  const abi = ast.abi;
  if (symbol === null && !isForeignAbi(abi)) return;
  const fn: BoundaryFn = {
    role: symbol === null ? 'callback' : 'export',
    item,
    ast,
    scope: scopeOf(item),
    symbol,
    abi,
    unwinds: abi?.endsWith('-unwind') ?? false,
    rewritten: isRewritten(item.entry.attributes) || (item.owner !== null && isRewritten(item.owner.entry.attributes)),
  };
  parts.functions.push(fn);
  if (isForeignAbi(abi) && !fn.rewritten) signatureUses(fn, parts);
}

function staticItem(item: RustItem, workspace: Workspace, parts: Parts): void {
  const block = item.owner?.kind === 'extern-block' ? item.owner : null;
  if (block && !isForeignAbi(block.entry.abi)) return;
  const symbol = block ? importedSymbol(item.entry.attributes, item.name) : exportedSymbol(item.entry.attributes, item.name);
  if (symbol === null) {
    if ((item.entry.triggers & Trigger.Extern) !== 0) writtenFnPointers(item, workspace, parts);
    return;
  }
  const ast = workspace.ast(item);
  if (ast?.kind !== 'static') return;
  const role = block ? 'import' : 'export';
  parts.statics.push({ role, item, ast, scope: scopeOf(item), symbol });
  if (!ast.type) return;
  // `#[used]` sections and interrupt tables are statics with a symbol that no C code reads as data.
  if (item.entry.attributes.some((a) => a.path === 'link_section')) return;
  parts.typeUses.push({
    type: ast.type,
    scope: scopeOf(item),
    file: item.file,
    position: 'static',
    name: item.name,
    item,
    role,
    abi: block?.entry.abi ?? 'C',
  });
  pointerUses(ast.type, item, parts);
}

function signatureUses(fn: BoundaryFn, parts: Parts): void {
  const base = { scope: fn.scope, file: fn.item.file, item: fn.item, role: fn.role, abi: fn.abi ?? 'C' } as const;
  for (const param of fn.ast.params) {
    parts.typeUses.push({ ...base, type: param.type, position: 'param', name: param.name });
    pointerUses(param.type, fn.item, parts);
  }
  if (fn.ast.result) {
    parts.typeUses.push({ ...base, type: fn.ast.result, position: 'result', name: null });
    pointerUses(fn.ast.result, fn.item, parts);
  }
}

/** The signatures of foreign fn pointers written inside a type. */
function pointerUses(type: Type, item: RustItem, parts: Parts): void {
  for (const pointer of fnPointersIn(type)) fnPointerUses(pointer, item, item.file, parts);
}

function fnPointerUses(pointer: FnPointerType, item: RustItem, file: SourceFile, parts: Parts): void {
  if (!isForeignAbi(pointer.abi)) return;
  const base = { scope: scopeOf(item), file, item, role: 'fn-pointer', abi: pointer.abi } as const;
  for (const param of pointer.params) parts.typeUses.push({ ...base, type: param.type, position: 'fn-pointer-param', name: param.name });
  if (pointer.result) parts.typeUses.push({ ...base, type: pointer.result, position: 'fn-pointer-result', name: null });
}

function writtenFnPointers(item: RustItem, workspace: Workspace, parts: Parts): void {
  const ast = workspace.ast(item);
  if (!ast || ast.kind === 'fn' || isRewritten(item.entry.attributes)) return;
  for (const type of typesOfItem(ast)) pointerUses(type, item, parts);
}

function pyFn(item: RustItem, workspace: Workspace, parts: Parts): void {
  const attributes = item.entry.attributes;
  const owner = item.owner;
  if (isUnreached(item.module.crate)) return;
  let kind: PyEntry['kind'];
  if (owner?.kind === 'impl') {
    if (!pyo3Attribute(owner.entry.attributes, 'pymethods')) return;
    kind = 'method';
  } else if (pyo3Attribute(attributes, 'pyfunction') ?? pyo3Attribute(attributes, 'pyfn')) {
    kind = 'function';
  } else if (pyo3Attribute(attributes, 'pymodule') ?? pyo3Attribute(attributes, 'pymodule_init')) {
    kind = 'module';
  } else {
    return;
  }
  const ast: Item | null = workspace.ast(item);
  if (ast?.kind !== 'fn' || !isDefinition(ast)) return;
  parts.pyEntries.push({ kind, item, ast, scope: scopeOf(item), className: owner?.entry.implType ?? null });
}

function isDefinition(ast: FnItem): boolean {
  return ast.body !== null;
}

function groupTypes(all: readonly CrateSurface[]): BoundaryType[] {
  const groups = new Map<RustItem, { byValue: TypeUse[]; behindPointer: TypeUse[] }>();
  for (const { parts, reached } of all) {
    for (const [i, use] of parts.typeUses.entries()) {
      for (const { item, behindPointer } of reached[i] ?? []) {
        let group = groups.get(item);
        if (!group) {
          group = { byValue: [], behindPointer: [] };
          groups.set(item, group);
        }
        (behindPointer ? group.behindPointer : group.byValue).push(use);
      }
    }
  }
  return [...groups].map(([item, group]) => ({ item, ...group }));
}

/** Where a type use is written, for messages and related places. */
export function useSpan(use: TypeUse): Span {
  return use.type.span;
}
