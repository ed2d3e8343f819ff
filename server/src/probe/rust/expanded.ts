/** Types that macros, `include!` and attribute macros make: found in the crate's expansion, and asked about in that single file. */
import type { LayoutEntries, TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { Layout } from '../../abi/layout.types.ts';
import { layoutCandidates } from '../../abi/rust-layouts.ts';
import { writtenUses } from '../../abi/rust-uses.ts';
import type { Target } from '../../abi/targets.ts';
import type { Location } from '../../base/text.ts';
import { indexRustFile } from '../../model/extract/rust/index-file.ts';
import { parseItem } from '../../model/extract/rust/parse-item.ts';
import { buildWorkspace } from '../../model/resolve/workspace.ts';
import { buildSurface } from '../../model/surface/build-surface.ts';
import type { Surface } from '../../model/surface/surface.ts';
import type { Crate, Module, RustItem, Workspace } from '../../model/workspace.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import { askRustc } from './ask.ts';
import { isMeasurable } from './candidates.ts';
import { entriesOf } from './entries.ts';
import type { CrateCompiler, CrateTools } from './measure-crate.ts';
import { planProbes } from './plan.ts';

export interface ExpansionInput {
  readonly crate: Crate;
  readonly workspace: Workspace;
  readonly surface: Surface;
  readonly target: Target;
  readonly parsers: Parsers;
  readonly compiler: CrateCompiler;
  readonly tools: CrateTools;
  /** Types that have answered already, by `module::Name`. */
  readonly known: ReadonlySet<string>;
}

/** A type that something made, wherever it stands in the sources: that is looked up anew each time. */
export interface MadeType {
  readonly module: readonly string[];
  readonly name: string;
  readonly kind: TypeLayout['kind'];
  /** Or why there is none. */
  readonly layout: Layout | string;
  readonly written: readonly (readonly [string, string])[];
}

/** Stands for the expansion in a workspace of its own. */
const FILE = '/expanded.rs';

/** Whether macro calls may make types that nobody has seen yet. */
export function hasOpaqueCalls(crate: Crate, workspace: Workspace): boolean {
  const own = workspace.items.filter(({ module }) => module.crate === crate);
  const expanded = new Set(own.flatMap(({ file }) => (file.origin ? [`${file.origin.call.file}:${file.origin.call.span.start}`] : [])));
  return own.some((item) => {
    const { entry, file } = item;
    if (!isModuleCall(item) || expanded.has(`${file.path}:${entry.span.start}`)) return false;
    return isInclude(item) || /\b(?:struct|union|enum|repr)\b/.test(workspace.text(file).slice(entry.span.start, entry.span.end));
  });
}

/** Whether files are included into it, which the sources do not show. */
export function includesFiles(crate: Crate, workspace: Workspace): boolean {
  return workspace.items.some((item) => item.module.crate === crate && isModuleCall(item) && isInclude(item));
}

function isModuleCall({ kind, owner, test, file }: RustItem): boolean {
  return kind === 'macro-call' && owner === null && !test && file.origin === null;
}

function isInclude({ entry }: RustItem): boolean {
  return /(?:^|::)include$/.test(entry.name);
}

/** Whether the boundary names types that are nowhere to be seen: then any macro call may have made them. */
export function namesUnseenTypes(crate: Crate, workspace: Workspace, surface: Surface): boolean {
  return surface.typeUses.some(({ type, scope }) => {
    if (scope.module.crate !== crate || type.kind !== 'path' || type.self || type.path.segments.length > 1) return false;
    return workspace.resolve(type.path, scope, 'type').kind === 'unknown';
  });
}

export async function measureExpanded(input: ExpansionInput): Promise<readonly MadeType[] | { readonly failure: string }> {
  const { compiler, target, tools, known } = input;
  const text = await compiler.expanded();
  if (typeof text !== 'string') return text;
  const workspace = workspaceOf(text, input.parsers);
  const surface = buildSurface(workspace);
  const items = [...layoutCandidates(workspace, surface)].filter((item) => !known.has(nameIn(item.module.path, item.name)));
  // Which crates there are is not known here: what another one defines is asked for where the sources name it.
  const uses = writtenUses(workspace, surface, target, items).filter(
    ({ generic, item, name }) => generic !== null && !known.has(nameIn(item.module.path, name)),
  );
  const plan = planProbes({ workspace, target, items, uses });
  if (plan.probes.length === 0) return [];
  const answers = await askRustc({
    plan,
    target,
    fs: tools.fs,
    reader: tools.reader,
    root: FILE,
    text: () => text,
    compile: (files) => compiler.single(files.get(FILE) ?? text),
  });
  if ('failure' in answers) return answers;
  const { entries } = entriesOf(plan, answers, workspace, target, () => null);
  const makers = new Map(plan.probes.map((probe) => [probe.at, probe]));
  const made = (at: Location, layout: MadeType['layout'], written: MadeType['written']): MadeType[] => {
    const probe = makers.get(at);
    return probe ? [{ module: probe.item.module.path, name: probe.name, kind: probe.kind, layout, written }] : [];
  };
  return [
    ...entries.types.flatMap(({ at, layout, written }) => made(at, layout, [...written])),
    ...entries.unknown.flatMap(({ at, reason }) => made(at, reason, [])),
  ];
}

/** Made types as entries, at the places where the user finds them. */
export function placeMade(all: readonly MadeType[], crate: Crate, workspace: Workspace, target: Target): LayoutEntries {
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  const named = typesByName(new Set(all.map(({ name }) => name)), crate, workspace);
  for (const { module, name, kind, layout, written } of all) {
    const at = originOf(module, name, named.get(name) ?? [], crate, workspace);
    const base = { language: 'rust', name, at, target: target.triple } as const;
    if (typeof layout === 'string') unknown.push({ ...base, reason: layout });
    else types.push({ ...base, kind, provenance: 'rustc', layout, written: new Map(written) });
  }
  return { types, unknown };
}

/** How a type is called in its crate. */
export function nameIn(module: readonly string[], name: string): string {
  return [...module, name].join('::');
}

/** The expansion as a workspace of one file; nothing in it is a macro any more. */
function workspaceOf(text: string, parsers: Parsers): Workspace {
  const index = indexRustFile(text);
  return buildWorkspace({
    cargo: { packages: [], locks: new Map() },
    files: [FILE],
    index: (path) => (path === FILE ? index : null),
    text: (path) => (path === FILE ? text : ''),
    parseItem: (_path, source, at, context) => parseItem(parsers, source, at, context),
    expand: () => null,
  });
}

/** Where the user sees a made type: its own definition if it stands in the sources, else the call that makes it, else its module. */
function originOf(module: readonly string[], name: string, named: readonly RustItem[], crate: Crate, workspace: Workspace): Location {
  const same = itsDefinition(module, name, named, crate);
  if (same) return workspace.place(same.file, workspace.ast(same)?.nameSpan ?? same.entry.nameSpan);
  const home = moduleAt(crate.root, module) ?? crate.root;
  const calls = home.items.filter(({ kind, file }) => kind === 'macro-call' && file.origin === null);
  const word = new RegExp(`\\b${name}\\b`);
  const naming = calls.find(({ file, entry }) => word.test(workspace.text(file).slice(entry.span.start, entry.span.end)));
  const call = naming ?? calls.find(isInclude) ?? calls[0];
  return call ? { file: call.file.path, span: call.entry.nameSpan } : { file: home.file.path, span: { start: 0, end: 0 } };
}

/** The types of the crate's package that have one of these names. */
function typesByName(names: ReadonlySet<string>, crate: Crate, workspace: Workspace): ReadonlyMap<string, readonly RustItem[]> {
  const out = new Map<string, RustItem[]>();
  for (const item of names.size > 0 ? workspace.items : []) {
    if (!names.has(item.name) || !isType(item) || item.module.crate.package !== crate.package) continue;
    out.set(item.name, [...(out.get(item.name) ?? []), item]);
  }
  return out;
}

/** In the crate itself, where a macro hides it; else in the only file that is included from somewhere and defines such a name. */
function itsDefinition(module: readonly string[], name: string, named: readonly RustItem[], crate: Crate): RustItem | null {
  const wanted = nameIn(module, name);
  const own = named.find((item) => item.module.crate === crate && nameIn(item.module.path, name) === wanted);
  const [only, ...others] = named.filter((item) => !isMeasurable(item.module.crate));
  return own ?? (only && others.length === 0 ? only : null);
}

function isType({ kind }: RustItem): boolean {
  return kind === 'struct' || kind === 'union' || kind === 'enum' || kind === 'type';
}

function moduleAt(root: Module, path: readonly string[]): Module | null {
  let at: Module | undefined = root;
  for (const name of path) at = at?.children.get(name)?.[0];
  return at ?? null;
}
