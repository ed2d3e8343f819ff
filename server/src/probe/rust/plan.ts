/** What rustc is asked about one crate: its types, where the questions have to stand to see them, and how each field is named there. */
import { rustShapes } from '../../abi/rust-shapes.ts';
import type { RustShapes } from '../../abi/rust-shapes.ts';
import type { WrittenUse } from '../../abi/rust-uses.ts';
import { targetCfg } from '../../abi/target-cfg.ts';
import type { Target } from '../../abi/targets.ts';
import type { Location } from '../../base/text.ts';
import type { AliasItem, EnumItem, Field, StructItem } from '../../model/rust/ast-item.ts';
import { cfgOf, show } from '../../model/rust/cfg.ts';
import type { Attribute, Cfg } from '../../model/rust/attribute.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import { implHeader } from './generics-text.ts';

/** A field as a probe names it. */
export interface ProbeField {
  /** As layouts show it: `x`, `0`, `Variant.x`. */
  readonly name: string;
  /** As Rust writes it behind the type: `r#type`, `Variant.0`. */
  readonly code: string;
  /** Its own conditions, as they stand in `cfg(…)`; empty for none. */
  readonly cfg: string;
  /** null for a member of another crate's type, of which only the name is known. */
  readonly field: Field | null;
  /** The variant that it belongs to, as Rust writes it; null for a field of a struct or union. */
  readonly variant: string | null;
}

export interface TypeProbe {
  /** What its record starts with. */
  readonly id: number;
  /** The type itself, or what an instance of a generic type, or another crate's type, is written in. */
  readonly item: RustItem;
  readonly kind: 'struct' | 'union' | 'enum' | 'alias';
  readonly name: string;
  readonly at: Location;
  /** As Rust writes it in its module. */
  readonly code: string;
  readonly cfg: string;
  readonly fields: readonly ProbeField[];
  /** Where the question stands. */
  readonly place: ModuleEnd;
  /** For an instance of a generic type: the question's other half, in the module of that type. */
  readonly generic: GenericProbe | null;
  /** Where it is written, for an instance of a generic type or another crate's type. */
  readonly use: WrittenUse | null;
  /** It may have members that are not among its fields. */
  readonly hidden: boolean;
}

/** Its members are another crate's matter: those that are seen from here are found out by asking. */
export function isForeign({ use, generic }: TypeProbe): boolean {
  return use !== null && generic === null;
}

/** A constant of a generic type that says the layout of each of its instances. */
export interface GenericProbe {
  readonly item: RustItem;
  /** `impl<'a, T: Copy> Pair<'a, T> where …`. */
  readonly header: string;
  readonly cfg: string;
  readonly place: ModuleEnd;
  readonly fields: readonly ProbeField[];
}

/** The end of a module: a file's, or an inline module's closing brace. */
export interface ModuleEnd {
  readonly file: string;
  /** UTF-16. */
  readonly offset: number;
}

export interface PlanInput {
  readonly workspace: Workspace;
  readonly target: Target;
  readonly items: readonly RustItem[];
  /** Of the same crate. */
  readonly uses: readonly WrittenUse[];
}

export interface Plan {
  readonly probes: readonly TypeProbe[];
  readonly shapes: RustShapes;
}

/** `items`: structs, unions, enums and aliases of one crate. Those that no question can be asked about are left out. */
export function planProbes({ workspace, target, items, uses }: PlanInput): Plan {
  const probes: TypeProbe[] = [];
  const shapes = rustShapes(workspace, targetCfg(target));
  for (const item of items) {
    const ast = workspace.ast(item);
    const place = moduleEnd(item);
    if (!ast || !place || item.owner !== null || item.inUnknownMacro) continue;
    const text = workspace.text(item.file);
    const code = text.slice(ast.nameSpan.start, ast.nameSpan.end);
    const base = {
      id: probes.length,
      item,
      name: item.name.replace(/^r#/, ''),
      at: workspace.place(item.file, ast.nameSpan),
      code,
      cfg: conditions(item.cfg),
      place,
      use: null,
      hidden: false,
    };
    const generic = ast.generics.some((one) => one.kind !== 'lifetime');
    if (ast.kind === 'struct' || ast.kind === 'union' || ast.kind === 'enum') {
      if (!generic && !hasUnsizedTail(ast)) probes.push({ ...base, kind: ast.kind, fields: fieldsOf(ast, text), generic: null });
    } else if (ast.kind === 'type' && !generic) {
      const generic = aliased(ast, item, workspace);
      const half = generic && genericHalf(generic, item, workspace);
      if (half) probes.push({ ...base, kind: 'alias', fields: half.fields, generic: half });
    }
  }
  for (const use of uses) {
    const place = moduleEnd(use.item);
    if (place) probes.push(useProbe(use, probes.length, place, workspace));
  }
  return { probes, shapes };
}

/** Which lifetimes a type is written with says nothing about its layout. */
function useProbe(use: WrittenUse, id: number, place: ModuleEnd, workspace: Workspace): TypeProbe {
  const { item, generic, name, at, cfg, type } = use;
  const text = workspace.text(item.file);
  const code = text.slice(type.span.start, type.span.end).replace(/'(?!static\b)[\p{L}_][\p{L}\p{N}_]*(?!')/gu, "'static");
  const half = generic && genericHalf(generic, item, workspace);
  const ast = half && workspace.ast(half.item);
  const kind = ast?.kind === 'struct' || ast?.kind === 'union' || ast?.kind === 'enum' ? ast.kind : 'alias';
  return { id, item, kind, name, at, code, cfg: conditions(cfg), fields: half?.fields ?? [], place, generic: half, use, hidden: false };
}

/** A type that ends in a slice, `str` or trait object as written: rustc could only refuse, and would be asked twice. */
function hasUnsizedTail(ast: StructItem | EnumItem): boolean {
  const tail = ast.kind === 'struct' ? ast.fields.at(-1)?.type : undefined;
  if (tail?.kind === 'path') return !tail.self && tail.path.segments.length === 1 && tail.path.segments[0]?.name === 'str';
  return tail?.kind === 'slice' || tail?.kind === 'dyn';
}

/** The generic type of which an alias names an instance; null for other aliases. */
function aliased(alias: AliasItem, { module }: RustItem, workspace: Workspace): RustItem | null {
  if (alias.type?.kind !== 'path' || alias.type.self) return null;
  const found = workspace.resolve(alias.type.path, { module, item: null }, 'type');
  return found.kind === 'item' && found.variant === null ? found.item : null;
}

/** What an instance needs of its generic type; null for types of other crates, and those without parameters. */
function genericHalf(generic: RustItem, user: RustItem, workspace: Workspace): GenericProbe | null {
  if (generic.module.crate !== user.module.crate || generic.inUnknownMacro) return null;
  const ast = workspace.ast(generic);
  if (ast?.kind !== 'struct' && ast?.kind !== 'union' && ast?.kind !== 'enum') return null;
  if (!ast.generics.some((one) => one.kind !== 'lifetime')) return null;
  const place = moduleEnd(generic);
  const text = workspace.text(generic.file);
  const header = implHeader(text.slice(ast.signatureSpan.start, ast.signatureSpan.end));
  if (!place || header === null) return null;
  return { item: generic, header, cfg: conditions(generic.cfg), place, fields: fieldsOf(ast, text) };
}

function fieldsOf(ast: StructItem | EnumItem, text: string): readonly ProbeField[] {
  if (ast.kind !== 'enum') return named(ast.fields, text, null, []);
  return ast.variants.flatMap((variant) => {
    const code = text.slice(variant.nameSpan.start, variant.nameSpan.end);
    return named(variant.fields, text, { name: variant.name, code }, variant.attributes);
  });
}

function named(
  fields: readonly Field[],
  text: string,
  variant: { readonly name: string; readonly code: string } | null,
  outer: readonly Attribute[],
): readonly ProbeField[] {
  const out: ProbeField[] = [];
  let shifted = false;
  for (const field of fields) {
    const own = cfgOf(field.attributes);
    const tuple = /^\d+$/.test(field.name);
    // The number of a tuple's field depends on which of those before it are there.
    if (!(tuple && shifted)) {
      const written = tuple ? field.name : text.slice(field.nameSpan.start, field.nameSpan.end);
      const cfg = conditions(both(cfgOf(outer), own));
      const name = variant ? `${variant.name}.${field.name}` : field.name;
      out.push({ name, code: variant ? `${variant.code}.${written}` : written, cfg, field, variant: variant?.code ?? null });
    }
    shifted ||= own.kind !== 'true';
  }
  return out;
}

function both(a: Cfg, b: Cfg): Cfg {
  if (a.kind === 'true') return b;
  return b.kind === 'true' ? a : { kind: 'all', operands: [a, b] };
}

function conditions(cfg: Cfg): string {
  if (cfg.kind === 'true') return '';
  return cfg.kind === 'false' ? 'any()' : show(cfg);
}

/** The end of the module that an item stands in; null inside of a module that a macro makes. */
export function moduleEnd(item: RustItem): ModuleEnd | null {
  let file: SourceFile = item.file;
  let parent = item.entry.parent;
  if (file.origin) {
    if (enclosing(file, parent)) return null;
    const call = file.origin.call;
    const real = realFile(item, call.file);
    if (!real) return null;
    file = real;
    parent = real.index.entries.findLastIndex(({ kind, bodySpan }) => kind === 'mod' && bodySpan !== null && inside(bodySpan, call.span));
    return { file: file.path, offset: file.index.entries[parent]?.bodySpan?.end ?? file.index.length };
  }
  const mod = enclosing(file, parent);
  return { file: file.path, offset: mod?.bodySpan?.end ?? file.index.length };
}

/** The file of an expansion's call: that of the module around it, or of one of its parents where the module is inline. */
function realFile(item: RustItem, path: string): SourceFile | null {
  for (let module: RustItem['module'] | null = item.module; module; module = module.parent)
    if (module.file.path === path) return module.file;
  return null;
}

function enclosing(file: SourceFile, parent: number) {
  for (let at = parent; at >= 0; ) {
    const entry = file.index.entries[at];
    if (!entry) return null;
    if (entry.kind === 'mod') return entry;
    at = entry.parent;
  }
  return null;
}

function inside(outer: { readonly start: number; readonly end: number }, inner: { readonly start: number; readonly end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
