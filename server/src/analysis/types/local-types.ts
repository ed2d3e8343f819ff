/** Light local type inference for the fns of a workspace: bodies are inferred on demand and kept for the snapshot. */
import { span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { GenericArg, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, ScopedType, Workspace } from '../../model/workspace.ts';
import type { Body } from './local-types-body.ts';
import { inferBody } from './local-types-body.ts';
import type { MaybeTy } from './local-types-ty.ts';
import type { TypeFacts } from './type-facts.ts';

/** The inferred body of a fn; null for what is no fn, has no body or cannot be parsed. */
export type Bodies = (item: RustItem) => Body | null;

const byWorkspace = new WeakMap<Workspace, Bodies>();

/** One table of inferred bodies a workspace, shared by all that ask. */
export function bodiesOf(workspace: Workspace): Bodies {
  const known = byWorkspace.get(workspace);
  if (known) return known;
  const bodies = new Map<RustItem, Body | null>();
  const made: Bodies = (item) => {
    let body = bodies.get(item);
    if (body === undefined) {
      const ast = item.kind === 'fn' ? workspace.ast(item) : null;
      body = ast?.kind === 'fn' && ast.body ? inferBody(item, ast, workspace) : null;
      bodies.set(item, body);
    }
    return body;
  };
  byWorkspace.set(workspace, made);
  return made;
}

/** The type of an expression inside a fn as a type that could have been written; null where it is not known. */
export function createTypeOf(workspace: Workspace): TypeFacts['typeOf'] {
  const bodies = bodiesOf(workspace);
  return (expr: Expr, inside: RustItem): ScopedType | null => {
    const body = bodies(inside);
    const ty = body?.typeOf(expr) ?? null;
    const scope: Scope = { module: inside.module, item: ty?.kind === 'generic' ? inside : null };
    const type = ty ? toWritten(ty, scope, expr) : null;
    return type ? { type, scope, file: inside.file } : null;
  };
}

/** Writes a type with absolute paths; its spans are those of the expression. */
function toWritten(ty: MaybeTy, scope: Scope, at: Expr): Type | null {
  const place = span(at.span.start, at.span.end);
  if (!ty) return null;
  switch (ty.kind) {
    case 'primitive':
    case 'generic':
      return path([ty.name], [], false);
    case 'external':
      return path(ty.path.split('::'), ty.args, true);
    case 'item': {
      const local = ty.item.module.crate === scope.module.crate;
      return local ? path(['crate', ...ty.item.module.path, ty.item.name], ty.args, false) : null;
    }
    case 'reference': {
      const referent = toWritten(ty.to, scope, at);
      return referent && { kind: 'reference', mutable: ty.mutable, lifetime: null, referent, span: place };
    }
    case 'slice': {
      const element = toWritten(ty.element, scope, at);
      return element && { kind: 'slice', element, span: place };
    }
    case 'tuple': {
      const elements = ty.elements.map((e) => toWritten(e, scope, at) ?? ({ kind: 'infer', span: place } as const));
      return { kind: 'tuple', elements, span: place };
    }
    default:
      return null;
  }

  function path(names: readonly string[], args: readonly MaybeTy[], global: boolean): Type {
    const generic: readonly GenericArg[] = args.map((arg) => ({
      kind: 'type',
      type: toWritten(arg, scope, at) ?? { kind: 'infer', span: place },
    }));
    const segments = names.map((name, i) => ({ name, span: place, args: i === names.length - 1 ? generic : [] }));
    return { kind: 'path', path: { global, segments, span: place }, self: null, span: place };
  }
}
