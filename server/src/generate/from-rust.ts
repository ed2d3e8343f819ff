/** The api of Rust code: what it exports, and the types with a defined layout that its boundary mentions. */
import { evaluate } from '../model/rust/cfg.ts';
import type { Item } from '../model/rust/ast-item.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../model/workspace.ts';
import { rustShapes } from '../abi/rust-shapes.ts';
import type { RustShapes } from '../abi/rust-shapes.ts';
import type { FnShape, Shape, TypeDef, UnknownShape } from '../abi/shape.ts';
import { VOID } from '../abi/shape.ts';
import { targetCfg } from '../abi/target-cfg.ts';
import type { Target } from '../abi/targets.ts';
import type { Api, ApiFn, Omitted } from './api.types.ts';
import type { TypeInfo } from './collect.ts';
import { createCollector, isLeft, left } from './collect.ts';

export interface ApiChoice {
  readonly title: string;
  /** Files whose functions and types are wanted. */
  wanted(file: string): boolean;
  /** One type or one function by its name; null for all. */
  readonly type: string | null;
  readonly fn: string | null;
}

export function apiOfRust(workspace: Workspace, surface: Surface, target: Target, choice: ApiChoice): Api {
  const known = targetCfg(target);
  const shapes = rustShapes(workspace, known);
  const byId = new Map(workspace.items.map((item) => [item.id, item]));
  const collector = createCollector(shapes.resolve, (key) => infoOf(byId.get(Number(/#(\d+)(?:<|$)/.exec(key)?.[1])), workspace));
  const omitted: Omitted[] = [];
  const functions: ApiFn[] = [];
  const here = (item: RustItem): boolean =>
    choice.wanted(workspace.place(item.file, item.entry.nameSpan).file) && !item.test && evaluate(item.cfg, known) !== false;
  const seen = new Set<string>();
  for (const fn of choice.type === null ? surface.functions : []) {
    if (fn.role !== 'export' || fn.symbol === null || !here(fn.item)) continue;
    if (choice.fn !== null && fn.symbol !== choice.fn && fn.item.name !== choice.fn) continue;
    // A module of several crates is one text.
    const at = workspace.place(fn.item.file, fn.ast.nameSpan);
    if (seen.has(`${at.file}:${at.span.start}:${fn.symbol}`)) continue;
    seen.add(`${at.file}:${at.span.start}:${fn.symbol}`);
    const doubt = doubtIn(fn) ?? (functions.some(({ name }) => name === fn.symbol) ? 'it is exported twice' : null);
    // A feature may leave it out: who links without that feature calls it in vain, and the linker says so.
    const conditional = evaluate(fn.item.cfg, known) === null ? 'Compiled under a condition only.' : '';
    const made = doubt === null ? collector.fn(fnShape(fn, shapes, workspace)) : left(doubt);
    if (isLeft(made)) omitted.push({ name: fn.symbol, at, reason: made.reason });
    else
      functions.push({
        ...made,
        name: fn.symbol,
        names: fn.ast.params.map(({ name }, i) => nameOf(name, i)),
        docs: [fn.ast.docs, conditional].filter((part) => part !== '').join('\n\n'),
        at,
      });
  }
  for (const item of choice.fn === null ? typesOf(workspace, surface) : []) {
    if (!here(item)) continue;
    const name = item.name.replace(/^r#/, '');
    if (choice.type !== null && choice.type !== name) continue;
    const def = shapes.defOf(item);
    if (def.kind !== 'unknown' && def.kind !== 'enum' && def.transparent) continue;
    const made = def.kind === 'unknown' ? left(def.reason) : collector.add(`${item.name}#${item.id}`, name);
    // A type that is only met behind pointers may keep its layout to itself.
    const needed = choice.type !== null || surface.types.some((one) => one.item === item && one.byValue.length > 0);
    if (isLeft(made) && (needed || hasMembers(def)))
      omitted.push({ name, at: workspace.place(item.file, item.entry.nameSpan), reason: made.reason });
  }
  return { title: choice.title, language: 'rust', types: collector.types(), functions, omitted };
}

/** A definition that shows something, other than a type without bytes that stands for one of which nothing is known. */
function hasMembers(def: TypeDef | UnknownShape): boolean {
  if (def.kind === 'unknown') return false;
  return def.kind === 'enum' || def.fields.some(({ shape }) => shape.kind !== 'unit' && !(shape.kind === 'array' && shape.length === 0));
}

/** Why a function is not what it looks like; null where it is. */
function doubtIn({ rewritten, abi, item, ast }: BoundaryFn): string | null {
  if (rewritten) return 'an attribute macro may rewrite it';
  if (item.inUnknownMacro) return 'it is written in a macro call';
  if (abi === null) return 'it has the ABI of Rust, not of C';
  if (ast.generics.some(({ kind }) => kind !== 'lifetime')) return 'it has type parameters';
  if (ast.self) return 'it is a method';
  return ast.params.some(({ attributes }) => attributes.length > 0) ? 'a parameter has attributes' : null;
}

/** A pointer to a named type that is not known leads to something of which only the name is. */
function handleOf(type: Type, scope: Scope, workspace: Workspace): Shape | null {
  const to = type.kind === 'pointer' ? type.pointee : type.kind === 'reference' ? type.referent : null;
  if (to?.kind !== 'path' || to.self || (type.kind !== 'pointer' && type.kind !== 'reference')) return null;
  const name = to.path.segments.at(-1)?.name ?? '';
  const { kind } = workspace.resolve(to.path, scope, 'type');
  if ((kind !== 'item' && kind !== 'external') || name === '' || (to.path.segments.at(-1)?.args ?? []).some((arg) => arg.kind === 'type'))
    return null;
  return { kind: 'pointer', pointee: { kind: 'opaque', name }, const: !type.mutable, nullable: type.kind === 'pointer', fn: null };
}

function fnShape({ ast, scope, item, abi }: BoundaryFn, shapes: RustShapes, workspace: Workspace): FnShape {
  const shapeOf = (type: Type): Shape => {
    const shape = shapes.shapeOf({ type, scope, file: item.file });
    return shape.kind === 'unknown' ? (handleOf(type, scope, workspace) ?? shape) : shape;
  };
  return {
    abi: (abi ?? 'C').replace(/-unwind$/, ''),
    params: ast.params.map(({ type }) => shapeOf(type)),
    result: ast.result ? shapeOf(ast.result) : VOID,
    variadic: ast.variadic,
  };
}

function nameOf(name: string | null, i: number): string {
  const plain = name?.replace(/^r#/, '').replace(/^_+(?=[a-z])/i, '') ?? '';
  return plain === '' || plain === '_' ? `arg${i}` : plain;
}

/** Types of the boundary, by place. Those with a layout that no function mentions are no part of the api. */
function typesOf(workspace: Workspace, { types }: Surface): readonly RustItem[] {
  const used = new Set(types.map(({ item }) => item));
  return workspace.items.filter((item) => used.has(item));
}

function infoOf(item: RustItem | undefined, workspace: Workspace): TypeInfo {
  const ast: Item | null = item ? workspace.ast(item) : null;
  if (!item || !ast) return { docs: '', at: null, members: new Map() };
  const text = workspace.text(item.file);
  const parts = ast.kind === 'struct' || ast.kind === 'union' ? ast.fields : ast.kind === 'enum' ? ast.variants : [];
  const members = new Map(parts.map(({ name, span, nameSpan }) => [name, docsIn(text.slice(span.start, nameSpan.start))]));
  return { docs: ast.docs, at: workspace.place(item.file, ast.nameSpan), members };
}

/** The `///` lines in front of a field or variant. */
function docsIn(text: string): string {
  return [...text.matchAll(/^\s*\/\/\/ ?(.*)$/gm)].map(([, line = '']) => line).join('\n');
}
