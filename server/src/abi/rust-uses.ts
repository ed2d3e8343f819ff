/** Types that the boundary writes and no definition here stands for: instances of generic types, and types of other crates. */
import { scopeOf } from '../model/resolve/workspace.ts';
import type { Field } from '../model/rust/ast-item.ts';
import type { GenericArg, Path, Type } from '../model/rust/ast-type.ts';
import type { Cfg } from '../model/rust/attribute.ts';
import { and, cfgOf, evaluate } from '../model/rust/cfg.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Resolution, RustItem, ScopedType, Workspace } from '../model/workspace.ts';
import type { Location } from '../base/text.ts';
import { computeSize } from './compute.ts';
import { typeArgs } from './rust-types.ts';
import { rustShapes } from './rust-shapes.ts';
import type { RustShapes } from './rust-shapes.ts';
import type { Shape } from './shape.ts';
import { targetCfg } from './target-cfg.ts';
import type { Target } from './targets.ts';

export interface WrittenUse extends ScopedType {
  readonly type: PathType;
  /** Type arguments included: `Slice<u8>`, `libc::timespec`. */
  readonly name: string;
  readonly at: Location;
  /** In whose definition or signature it is written. */
  readonly item: RustItem;
  /** What must hold for it to be compiled. */
  readonly cfg: Cfg;
  /** The generic type; null for one of another crate. */
  readonly generic: RustItem | null;
  /** The crate that defines it, where that is not one of the workspace; null where that is not known: then a macro may as well make it. */
  readonly outside: string | null;
}

export type PathType = Extract<Type, { kind: 'path' }>;

/** Deepest nesting of types and aliases that is followed. */
const DEPTH = 12;

interface Place extends Omit<ScopedType, 'type'> {
  readonly item: RustItem;
  readonly cfg: Cfg;
}

/** Certainly what it seems to be; else a macro may make it. */
export function isCertain({ generic, outside }: WrittenUse): boolean {
  return generic !== null || outside !== null;
}

/** Each once for a crate, where it is written first; only what is compiled for the target. Types that shapes know (`c_int`, `NonNull<T>`) are left out. */
export function writtenUses(
  workspace: Workspace,
  surface: Surface,
  target: Target,
  /** Whose members are looked at as well. */
  candidates: readonly RustItem[],
): readonly WrittenUse[] {
  const known = targetCfg(target);
  const resolve = workspace.resolveUnder(known);
  const shapes = rustShapes(workspace, known);
  const seen = new Map<string, WrittenUse>();
  const add = (
    type: PathType,
    { item, scope, file, cfg }: Place,
    generic: RustItem | null,
    identity: string,
    outside: string | null,
  ): void => {
    const name = textOf(type, workspace.text(file));
    const key = `${item.module.crate.id}\n${identity}`;
    // One that is always compiled says more than one under a condition.
    if (name === null || (seen.has(key) && (seen.get(key)?.cfg.kind === 'true' || cfg.kind !== 'true'))) return;
    seen.set(key, { type, scope, file, item, cfg, name, at: workspace.place(file, type.span), generic, outside });
  };
  const visit = (type: Type, place: Place, depth: number): void => {
    if (depth === 0) return;
    for (const inner of partsOf(type)) visit(inner, place, depth - 1);
    if (type.kind !== 'path' || type.self || !isConcrete(type, (path) => resolve(path, place.scope, 'type'), depth)) return;
    const found = resolve(type.path, place.scope, 'type');
    if (found.kind === 'item' && found.variant === null) {
      const ast = workspace.ast(found.item);
      const generic = ast?.generics.some((one) => one.kind !== 'lifetime') ?? false;
      if (ast?.kind === 'type' && ast.type && !generic) {
        const { item } = found;
        visit(ast.type, { scope: scopeOf(item), file: item.file, item, cfg: item.cfg }, depth - 1);
      } else if (generic && (ast?.kind === 'struct' || ast?.kind === 'union' || ast?.kind === 'enum'))
        add(type, place, found.item, JSON.stringify(shapes.shapeOf({ type, ...place })), null);
    } else if (found.kind === 'external' && isNews(shapes.shapeOf({ type, ...place }), shapes, target))
      add(type, place, null, `${found.path.join('::')}${argumentsOf(type, workspace.text(place.file))}`, found.path[0] ?? null);
    else if (found.kind === 'unknown' && type.path.segments.length === 1 && resolve(type.path, place.scope, 'value').kind === 'unknown')
      add(type, place, null, `${type.path.segments[0]?.name}${argumentsOf(type, workspace.text(place.file))}`, null);
  };
  for (const { type, scope, file, item } of surface.typeUses) start(type, { scope, file, item, cfg: item.cfg });
  for (const item of candidates) {
    for (const { type, attributes } of fieldsOf(item, workspace))
      start(type, { scope: scopeOf(item), file: item.file, item, cfg: and(item.cfg, cfgOf(attributes)) });
  }
  return [...seen.values()];

  function start(type: Type, place: Place): void {
    const { item, cfg } = place;
    if (!item.test && !item.inUnknownMacro && evaluate(cfg, known) !== false && !isLocal(item)) visit(type, place, DEPTH);
  }
}

/** Of a variant's field its own conditions and the variant's. None of a type without any `repr`: what it is made of is not the boundary's. */
function fieldsOf(item: RustItem, workspace: Workspace): readonly Pick<Field, 'type' | 'attributes'>[] {
  const ast = workspace.ast(item);
  if (!ast?.attributes.some(({ path }) => path === 'repr')) return [];
  if (ast.kind === 'struct' || ast.kind === 'union') return ast.fields;
  if (ast.kind !== 'enum') return [];
  return ast.variants.flatMap((variant) =>
    variant.fields.map(({ type, attributes }) => ({ type, attributes: [...variant.attributes, ...attributes] })),
  );
}

/** Whether it stands inside of a fn, whose names nothing else sees. */
function isLocal({ file, entry }: RustItem): boolean {
  for (let at = file.index.entries[entry.parent]; at; at = file.index.entries[at.parent]) if (at.kind === 'fn') return true;
  return false;
}

/** The types that a type is made of, one level down. */
function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'pointer':
      return [type.pointee];
    case 'reference':
      return [type.referent];
    case 'array':
    case 'slice':
      return [type.element];
    case 'tuple':
      return type.elements;
    case 'fn':
      return [...type.params.map((param) => param.type), ...(type.result ? [type.result] : [])];
    case 'path':
      return type.self ? [] : typeArgs(type);
    default:
      return [];
  }
}

/** No parameter of what stands around it, nothing that is left to be inferred. */
function isConcrete(type: Type, resolve: (path: Path) => Resolution, depth: number): boolean {
  if (depth === 0 || type.kind === 'infer' || type.kind === 'impl' || type.kind === 'macro' || type.kind === 'unknown') return false;
  if (type.kind === 'path') {
    if (type.self || type.path.segments.some(({ name }) => name === 'Self') || resolve(type.path).kind === 'generic') return false;
    if (!type.path.segments.flatMap(({ args }) => args).every((arg) => isWritable(arg))) return false;
  }
  return partsOf(type).every((one) => isConcrete(one, resolve, depth - 1));
}

/** A const argument may be a parameter's name, which only its scope knows: literals count, and what is written like a constant. */
function isWritable(arg: GenericArg): boolean {
  return arg.kind === 'type' || arg.kind === 'lifetime' || (arg.kind === 'const' && /^-?\d\w*$|^true$|^false$/.test(arg.text));
}

/** Whether its size is a question: not of what is computed, nor of what has none. */
function isNews(shape: Shape, { resolve }: RustShapes, target: Target): boolean {
  return (
    shape.kind !== 'void' && shape.kind !== 'never' && shape.kind !== 'opaque' && 'reason' in computeSize(shape, 'rust', resolve, target)
  );
}

/** On one line; null for what is not written plainly, or with comments in it. */
function textOf({ span }: PathType, text: string): string | null {
  const written = text.slice(span.start, span.end);
  return /[{}"]|\/[/*]/.test(written) ? null : written.replace(/\s+/g, ' ');
}

function argumentsOf(type: PathType, text: string): string {
  const written = textOf(type, text) ?? '';
  return written.includes('<') ? written.slice(written.indexOf('<')) : '';
}
