/** One real crate, its boundary, and the parts of it about which nothing is said: what mistakes are planted into. */
import { sliceSpan } from '../../server/src/base/text.ts';
import type { Span } from '../../server/src/base/text.ts';
import type { FileEdit } from '../../server/src/base/edit.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Type } from '../../server/src/model/rust/ast-type.ts';
import type { BoundaryFn, Surface } from '../../server/src/model/surface/surface.ts';
import { isForeignAbi } from '../../server/src/model/surface/surface.ts';
import type { RustItem, Workspace } from '../../server/src/model/workspace.ts';

export interface World {
  readonly workspace: Workspace;
  readonly surface: Surface;
  /** By path; a finding at warning or above makes the code around it unclean. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
}

export interface Mutation {
  readonly edits: readonly FileEdit[];
  /** The name of what was changed. */
  readonly where: string;
  /** The finding may stand in another file: the whole crate has to be checked. */
  readonly wide?: boolean;
}

/** One way to make one mistake. */
export interface Mutator {
  readonly rule: string;
  /** What is done, for the page: `removes the null check`. */
  readonly does: string;
  /** It brings its own piece of code along, the same everywhere: a stand-in for code of a shape that hardly any crate has. */
  readonly planted?: boolean;
  mutations(world: World): readonly Mutation[];
}

export const text = (item: RustItem, span: Span, world: World): string => sliceSpan(world.workspace.text(item.file), span);

export function edit(item: RustItem, span: Span, replacement: string): FileEdit {
  return { file: item.file.path, span, text: replacement };
}

export const at = (offset: number): Span => ({ start: offset, end: offset });

/** Whether an item stands in a real file, is compiled outside of tests, and has no finding inside. */
export function isClean(item: RustItem, world: World): boolean {
  if (item.test || item.inUnknownMacro || item.entry.inMacro || item.file.origin || item.file.index.generated) return false;
  if (!world.workspace.editable(item.file, item.entry.span)) return false;
  return !(world.findings.get(item.file.path) ?? []).some(
    ({ at: place, severity }) =>
      (severity === 'error' || severity === 'warning') &&
      place.span.start >= item.entry.span.start &&
      place.span.end <= item.entry.span.end,
  );
}

/** The clean fns of a role whose calls follow C's rules and that no macro changes. */
export function functions(world: World, ...roles: readonly BoundaryFn['role'][]): readonly BoundaryFn[] {
  return world.surface.functions.filter(
    (fn) =>
      roles.includes(fn.role) && !fn.rewritten && !fn.unwinds && isForeignAbi(fn.abi) && fn.ast.self === null && isClean(fn.item, world),
  );
}

/** Names that stand for a macro or fn that handles panics or null in one go. */
const HANDLED = /catch_unwind|guard|wrap|boundary|ffi_|try_|panic|abort/;

/** Exports with a plain body: nothing in it stands around the code that is put at its top. */
export function bodies(world: World, ...roles: readonly BoundaryFn['role'][]): readonly BoundaryFn[] {
  return functions(world, ...(roles.length > 0 ? roles : (['export'] as const))).filter(({ ast, item }) => {
    if (!ast.body || ast.const || ast.async || ast.result?.kind === 'never' || item.module.crate.noStd || item.owner) return false;
    if (/abort|panic|fatal|die/.test(ast.name)) return false;
    const own = text(item, ast.body.span, world);
    return !/^\{\s*#!\[/.test(own) && !HANDLED.test(own) && !/^\{\s*(todo|unimplemented|unreachable|panic)!/.test(own);
  });
}

/** Puts statements at the top of a body. */
export function atTop(fn: BoundaryFn, statements: string): FileEdit {
  const start = fn.ast.body?.span.start ?? 0;
  return edit(fn.item, at(start + 1), ` ${statements} `);
}

/** Puts items at the end of a file. */
export function atEnd(item: RustItem, items: string, world: World): FileEdit {
  return edit(item, at(world.workspace.text(item.file).length), `\n${items}\n`);
}

/** Whether an item stands directly in its file's module, where what is put at the end of the file can be named. */
export function isAtFileLevel(item: RustItem): boolean {
  return item.module.file === item.file && item.owner === null && item.entry.parent < 0;
}

/** Whether a fn asks for null anywhere: a use before that is another rule's finding. */
export function asksForNull(fn: BoundaryFn, name: string, world: World): boolean {
  const own = text(fn.item, fn.ast.body?.span ?? at(0), world);
  const asked = new RegExp(
    `\\b${name}\\b\\s*\\.\\s*(is_null|as_ref|as_mut)|[!=]=\\s*${name}\\b|\\b${name}\\s*[!=]=|NonNull|\\w+!\\s*[({\\[][^;]*\\b${name}\\b`,
  );
  return asked.test(own);
}

export interface PointerParam {
  readonly name: string;
  /** `c_char`, `u8`, the last name of what is pointed to; empty for what is no plain path. */
  readonly pointee: string;
  readonly mutable: boolean;
}

/** The parameters that are written as raw pointers. */
export function pointerParams({ ast }: BoundaryFn): readonly PointerParam[] {
  return ast.params.flatMap(({ name, type }) => {
    if (name === null || type.kind !== 'pointer') return [];
    return [{ name, mutable: type.mutable, pointee: lastNameOf(type.pointee) }];
  });
}

export function lastNameOf(type: Type): string {
  return type.kind === 'path' && !type.self ? (type.path.segments.at(-1)?.name ?? '') : '';
}

/** The parameters that are written as one of these types, by their last name. */
export function paramsOf({ ast }: BoundaryFn, types: RegExp): readonly { readonly name: string; readonly type: Type }[] {
  return ast.params.flatMap(({ name, type }) => (name !== null && types.test(lastNameOf(type)) ? [{ name, type }] : []));
}

export const INTEGER = /^(u8|u16|u32|u64|usize|i8|i16|i32|i64|isize|c_int|c_uint|c_long|c_ulong|size_t|uint32_t|int32_t)$/;

/** A statement at the top of a body, and a module `mutant` with what it names at the end of the file; the fn must stand at file level. */
export function withItems(fn: BoundaryFn, statement: string, items: string, world: World, visibility: '' | 'pub ' = ''): Mutation {
  const blocks =
    fn.item.module.crate.target.edition === '2024' ? items.replaceAll(/^(\s*)extern "C" \{/gm, '$1unsafe extern "C" {') : items;
  const module = `${visibility}mod mutant {\n    ${blocks}\n}`;
  return { edits: [atEnd(fn.item, module, world), ...(statement === '' ? [] : [atTop(fn, statement)])], where: fn.ast.name };
}
