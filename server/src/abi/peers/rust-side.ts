/** Rust functions of the boundary in the terms in which peers are described. */
import type { FnItem } from '../../model/rust/ast-item.ts';
import { cfgOf, evaluate } from '../../model/rust/cfg.ts';
import type { KnownOptions } from '../../model/rust/cfg.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Crate, CrateState, Scope, SourceFile, Workspace } from '../../model/workspace.ts';
import { rustShapes } from '../rust-shapes.ts';
import type { RustShapes } from '../rust-shapes.ts';
import type { Shape } from '../shape.ts';
import { unknownShape, VOID } from '../shape.ts';
import { targetCfg } from '../target-cfg.ts';
import type { Target } from '../targets.ts';
import type { Peers, Signature, WrittenShape } from './peers.ts';

type RustSide = Pick<Peers, 'rustSignature' | 'rustDef'>;

/**
 * Kept for the snapshot: shapes are made once for a crate and target, signatures once for a function and target. `externals` are types that
 * names of other crates stand for.
 */
export function createRustSide(workspace: Workspace, externals?: ReadonlyMap<string, Type>): RustSide {
  return rustSide(workspace, workspace, { shapes: new WeakMap(), signatures: new WeakMap() }, externals);
}

/** The same over one picture after the other: what a crate says stays while neither it changes nor a crate that it names. */
export function createRustSides(): (workspace: Workspace) => RustSide {
  const kept: Kept = { shapes: new WeakMap(), signatures: new WeakMap() };
  let latest: Workspace | null = null;
  let side: RustSide | null = null;
  return (workspace) => {
    if (side && latest === workspace) return side;
    latest = workspace;
    // What is kept asks the latest picture, so that none of the earlier ones is held by it.
    const now = (): Workspace => latest ?? workspace;
    const asked: Asked = {
      ast: (item) => now().ast(item),
      resolve: (...path) => now().resolve(...path),
      resolveUnder:
        (known) =>
        (...path) =>
          now().resolveUnder(known)(...path),
    };
    side = rustSide(workspace, asked, kept);
    return side;
  };
}

type Asked = Pick<Workspace, 'ast' | 'resolve' | 'resolveUnder'>;

interface Kept {
  readonly shapes: WeakMap<CrateState, Map<string, RustShapes>>;
  readonly signatures: WeakMap<BoundaryFn, Map<string, Signature | null>>;
}

function rustSide(workspace: Workspace, asked: Asked, { shapes, signatures }: Kept, externals?: ReadonlyMap<string, Type>): RustSide {
  const shapesFor = (crate: Crate, target: Target): RustShapes => {
    const state = workspace.stateOf(crate);
    const own = shapes.get(state) ?? new Map<string, RustShapes>();
    shapes.set(state, own);
    const made = own.get(target.triple) ?? rustShapes(asked, targetCfg(target), externals);
    own.set(target.triple, made);
    return made;
  };
  return {
    rustSignature(fn, target) {
      const own = signatures.get(fn) ?? new Map<string, Signature | null>();
      signatures.set(fn, own);
      const before = own.get(target.triple);
      if (before !== undefined) return before;
      const made = signatureOf(fn, target, shapesFor(fn.item.module.crate, target), workspace);
      own.set(target.triple, made);
      return made;
    },
    rustDef(item, target) {
      const side = shapesFor(item.module.crate, target);
      return { def: side.defOf(item), resolve: side.resolve };
    },
  };
}

function signatureOf(fn: BoundaryFn, target: Target, shapes: RustShapes, workspace: Workspace): Signature | null {
  const { ast, item, scope } = fn;
  const known = targetCfg(target);
  if (evaluate(item.cfg, known) === false) return null;
  const text = workspace.text(item.file);
  const use = (type: Type): WrittenShape => ({
    shape: fn.rewritten ? unknownShape('a macro attribute rewrites the function') : passed(type, scope, item.file, shapes, workspace),
    written: text.slice(type.span.start, type.span.end).replace(/\s+/g, ' '),
    at: workspace.place(item.file, type.span),
    via: [],
  });
  const params = paramsOn(ast, known);
  const none: WrittenShape = { shape: VOID, written: '()', at: workspace.place(item.file, ast.nameSpan), via: [] };
  const result = ast.result ? use(ast.result) : none;
  return {
    params: params?.map((param) => ({ name: param.name, ...use(param.type) })) ?? null,
    result: { ...result, shape: asResult(result.shape) },
    variadic: ast.variadic,
    convention: (fn.abi ?? 'Rust').replace(/-unwind$/, ''),
    resolve: shapes.resolve,
    target,
    doubt: params === null ? 'a parameter has a condition that cannot be decided' : null,
  };
}

/**
 * A pointer to a type that is not known is taken for a thin one: what has no size (slices, trait objects) is written as such in a signature,
 * and rustc warns of others.
 */
function passed(type: Type, scope: Scope, file: SourceFile, shapes: RustShapes, workspace: Workspace): Shape {
  const shape = shapes.shapeOf({ type, scope, file });
  return shape.kind === 'unknown' ? (thinPointer(type, scope, workspace) ?? shape) : shape;
}

function thinPointer(type: Type, scope: Scope, workspace: Workspace): Shape | null {
  const pointer = (isConst: boolean, nullable: boolean): Shape => ({ kind: 'pointer', pointee: null, const: isConst, nullable, fn: null });
  if (type.kind === 'pointer') return isNamed(type.pointee, scope, workspace) ? pointer(!type.mutable, true) : null;
  if (type.kind === 'reference') return isNamed(type.referent, scope, workspace) ? pointer(!type.mutable, false) : null;
  if (type.kind !== 'path' || type.self) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  const name = found.kind === 'external' && found.path[0] === 'std' ? found.path.at(-1) : null;
  const inner = (type.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
  const [only] = inner;
  if (!only || inner.length > 1) return null;
  if (name === 'Box' || name === 'NonNull') return isNamed(only, scope, workspace) ? pointer(false, false) : null;
  const held = name === 'Option' ? thinPointer(only, scope, workspace) : null;
  return held?.kind === 'pointer' && !held.nullable ? { ...held, nullable: true } : null;
}

/** A type by its name, which is not that of a parameter. */
function isNamed(type: Type, scope: Scope, workspace: Workspace): boolean {
  if (type.kind === 'pointer' || type.kind === 'reference') return true;
  if (type.kind !== 'path' || type.self) return false;
  const { kind } = workspace.resolve(type.path, scope, 'type');
  return kind === 'item' || kind === 'external' || kind === 'unknown' || kind === 'ambiguous';
}

function asResult(shape: Shape): Shape {
  return shape.kind === 'unit' ? VOID : shape;
}

/** The parameters that are compiled; null where that cannot be decided for one. */
function paramsOn({ params }: FnItem, known: KnownOptions): FnItem['params'] | null {
  const out: FnItem['params'][number][] = [];
  for (const param of params) {
    const holds = evaluate(cfgOf(param.attributes), known);
    if (holds === undefined) return null;
    if (holds) out.push(param);
  }
  return out;
}
