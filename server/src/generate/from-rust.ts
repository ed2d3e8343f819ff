/** The api of Rust code: what it exports, and the types with a defined layout that its boundary mentions. */
import { evaluate } from '../model/rust/cfg.ts';
import type { Item } from '../model/rust/ast-item.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { rustShapes } from '../abi/rust-shapes.ts';
import type { RustShapes } from '../abi/rust-shapes.ts';
import type { FnShape, Shape } from '../abi/shape.ts';
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
    const doubt = doubtIn(fn, known) ?? (functions.some(({ name }) => name === fn.symbol) ? 'it is exported twice' : null);
    const made = doubt === null ? collector.fn(fnShape(fn, shapes)) : left(doubt);
    if (isLeft(made)) omitted.push({ name: fn.symbol, at, reason: made.reason });
    else functions.push({ ...made, name: fn.symbol, names: fn.ast.params.map(({ name }, i) => nameOf(name, i)), docs: fn.ast.docs, at });
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
    if (isLeft(made) && (needed || def.kind !== 'unknown'))
      omitted.push({ name, at: workspace.place(item.file, item.entry.nameSpan), reason: made.reason });
  }
  return { title: choice.title, language: 'rust', types: collector.types(), functions, omitted };
}

/** Why a function is not what it looks like; null where it is. */
function doubtIn({ rewritten, abi, item, ast }: BoundaryFn, known: ReturnType<typeof targetCfg>): string | null {
  if (rewritten) return 'an attribute macro may rewrite it';
  if (item.inUnknownMacro) return 'it is written in a macro call';
  if (evaluate(item.cfg, known) === null) return 'whether it is compiled depends on a configuration that is not known';
  if (abi === null) return 'it has the ABI of Rust, not of C';
  if (ast.generics.some(({ kind }) => kind !== 'lifetime')) return 'it has type parameters';
  if (ast.self) return 'it is a method';
  return ast.params.some(({ attributes }) => attributes.length > 0) ? 'a parameter has attributes' : null;
}

function fnShape({ ast, scope, item, abi }: BoundaryFn, shapes: RustShapes): FnShape {
  const shapeOf = (type: NonNullable<typeof ast.result>): Shape => shapes.shapeOf({ type, scope, file: item.file });
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
