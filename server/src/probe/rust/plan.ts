/** What rustc is asked about one crate: its types, where the questions have to stand to see them, and how each field is named there. */
import { rustShapes } from '../../abi/rust-shapes.ts';
import type { RustShapes } from '../../abi/rust-shapes.ts';
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
  readonly field: Field;
  /** The variant that it belongs to, as Rust writes it; null for a field of a struct or union. */
  readonly variant: string | null;
}

export interface TypeProbe {
  /** What its record starts with. */
  readonly id: number;
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
  /** For an alias of a generic type: the question's other half, in the module of that type. */
  readonly generic: GenericProbe | null;
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
}

export interface Plan {
  readonly probes: readonly TypeProbe[];
  readonly shapes: RustShapes;
}

/** `items`: structs, unions, enums and aliases of one crate. Those that no question can be asked about are left out. */
export function planProbes({ workspace, target, items }: PlanInput): Plan {
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
    };
    const generic = ast.generics.some((one) => one.kind !== 'lifetime');
    if (ast.kind === 'struct' || ast.kind === 'union' || ast.kind === 'enum') {
      if (!generic && !hasUnsizedTail(ast)) probes.push({ ...base, kind: ast.kind, fields: fieldsOf(ast, text), generic: null });
    } else if (ast.kind === 'type' && !generic) {
      const half = genericHalf(ast, item, workspace);
      if (half) probes.push({ ...base, kind: 'alias', fields: half.fields, generic: half });
    }
  }
  return { probes, shapes };
}

/** A type that ends in a slice, `str` or trait object as written: rustc could only refuse, and would be asked twice. */
function hasUnsizedTail(ast: StructItem | EnumItem): boolean {
  const tail = ast.kind === 'struct' ? ast.fields.at(-1)?.type : undefined;
  if (tail?.kind === 'path') return !tail.self && tail.path.segments.length === 1 && tail.path.segments[0]?.name === 'str';
  return tail?.kind === 'slice' || tail?.kind === 'dyn';
}

/** What an alias needs of the generic type that it names an instance of; null for other aliases. */
function genericHalf(alias: AliasItem, item: RustItem, workspace: Workspace): GenericProbe | null {
  if (alias.type?.kind !== 'path' || alias.type.self) return null;
  const found = workspace.resolve(alias.type.path, { module: item.module, item: null }, 'type');
  if (found.kind !== 'item' || found.variant !== null || found.item.module.crate !== item.module.crate || found.item.inUnknownMacro)
    return null;
  const ast = workspace.ast(found.item);
  if (ast?.kind !== 'struct' && ast?.kind !== 'union' && ast?.kind !== 'enum') return null;
  if (!ast.generics.some((one) => one.kind !== 'lifetime')) return null;
  const place = moduleEnd(found.item);
  const text = workspace.text(found.item.file);
  const header = implHeader(text.slice(ast.signatureSpan.start, ast.signatureSpan.end));
  if (!place || header === null) return null;
  return { item: found.item, header, cfg: conditions(found.item.cfg), place, fields: fieldsOf(ast, text) };
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
