/** Finds the calls that turn owners into raw pointers and back. */
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { calleeOf } from '../callee.ts';
import type { Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { collectExprs, lastName, variable } from '../walk.ts';
import { bodiesWith } from './fn-bodies.ts';
import { ownerOf, uncast } from './owners.ts';
import type { MoveKind, OwnershipFacts, RawMove } from './ownership-facts.ts';
import { parentsOf } from './parents.ts';

const FREES = /\b(from_raw|from_raw_parts|from_raw_in|drop_in_place|decrement_strong_count|into_raw|dealloc)\b/;

const KINDS: ReadonlySet<string> = new Set(['Box', 'Arc', 'Rc', 'CString', 'Vec', 'String']);

export function createOwnershipFacts(workspace: Workspace): OwnershipFacts {
  let moves: readonly RawMove[] | null = null;
  let inMacros: boolean | null = null;
  return {
    moves: () => (moves ??= bodiesWith(workspace.items, FREES, workspace).flatMap((body) => movesIn(body, workspace))),
    freesInMacros: () =>
      (inMacros ??= workspace.items.some(
        (item) =>
          (item.kind === 'macro-rules' || item.kind === 'macro-call' || item.inUnknownMacro) &&
          /\b(from_raw|from_raw_parts|from_raw_in|drop_in_place|decrement_strong_count|dealloc)\b/.test(
            workspace.slice(item.file, item.entry.span),
          ),
      )),
  };
}

/** The moves of one fn, nested items left out, in source order. */
export function movesIn(body: Body, workspace: Workspace): readonly RawMove[] {
  if (!body.ast.body) return [];
  const found: RawMove[] = [];
  for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call' || one.kind === 'method', { items: false })) {
    const move =
      expr.kind === 'call' ? moveOfCall(expr, body, workspace) : expr.kind === 'method' ? moveOfMethod(expr, body, workspace) : null;
    if (move) found.push(move);
  }
  return found;
}

function moveOfCall(expr: CallExpr, body: Body, workspace: Workspace): RawMove | null {
  const name = lastName(expr.callee) ?? '';
  if (name === 'drop_in_place' || name === 'dealloc') return { direction: 'from', kind: null, pointee: null, body, expr };
  if (!/^(into_raw|from_raw|from_raw_in|from_raw_parts|decrement_strong_count)$/.test(name)) return null;
  const callee = calleeOf(expr.callee, body.scope, workspace);
  if (callee.kind === 'items') return null;
  if (callee.kind === 'external' && callee.path[0] !== 'std') return null;
  const type = callee.kind === 'computed' ? '' : (callee.path.at(-2) ?? '');
  // The slice that a pointer and a length make does not own anything.
  if (type === 'slice' || (name === 'from_raw_parts' && !KINDS.has(type))) return null;
  const kind = KINDS.has(type) ? (type as MoveKind) : null;
  const argument = expr.args[0];
  if (name === 'into_raw') {
    const pointee = argument && (kind === 'Box' || kind === 'Arc' || kind === 'Rc') ? insideOf(body.typeOf(argument)) : null;
    return { direction: 'into', kind, pointee, body, expr };
  }
  return { direction: 'from', kind, pointee: argument ? pointeeOf(expr, argument, body, workspace) : null, body, expr };
}

function moveOfMethod(expr: MethodExpr, body: Body, workspace: Workspace): RawMove | null {
  if (expr.name === 'drop_in_place') return { direction: 'from', kind: null, pointee: null, body, expr };
  if (expr.name !== 'into_raw' || expr.args.length > 0) return null;
  const owner = ownerOf(expr.receiver, body, workspace);
  return { direction: 'into', kind: owner === 'CString' ? 'CString' : null, pointee: null, body, expr };
}

/** The type that a Box, Arc or Rc holds. */
function insideOf(ty: MaybeTy): string | null {
  if (ty?.kind !== 'external' || !/^std::(boxed::Box|sync::Arc|rc::Rc)$/.test(ty.path)) return null;
  const inner = ty.args[0];
  if (inner?.kind === 'item') return `item ${inner.item.id}`;
  return inner?.kind === 'primitive' ? inner.name : null;
}

/** What the pointer that is taken back points to: a turbofish, a cast, a declared variable or the parameter's type. */
function pointeeOf(call: CallExpr, argument: Expr, body: Body, workspace: Workspace): string | null {
  const generic = call.callee.kind === 'path' ? call.callee.path.segments.at(-2)?.args[0] : undefined;
  if (generic?.kind === 'type') return typeKey(generic.type, body.scope, workspace);
  const declared = body.ast.body ? parentsOf(body.ast.body).get(call) : undefined;
  if (declared?.kind === 'statement' && declared.statement.kind === 'let' && declared.statement.type) {
    const type = declared.statement.type;
    const inner = type.kind === 'path' ? type.path.segments.at(-1)?.args[0] : undefined;
    const key = inner?.kind === 'type' ? typeKey(inner.type, body.scope, workspace) : null;
    if (key) return key;
  }
  return pointerKey(argument, body, workspace);
}

/** The key of what a pointer expression points to; null where casts and declarations do not tell. */
export function pointerKey(pointer: Expr, body: Body, workspace: Workspace): string | null {
  const type = pointerType(pointer, body);
  return type?.kind === 'pointer' ? typeKey(type.pointee, body.scope, workspace) : null;
}

/** The written type of a pointer expression: of its cast, or of the parameter that it names. */
export function pointerType(pointer: Expr, body: Body): Type | null {
  if (pointer.kind === 'cast') return pointer.type.kind === 'infer' ? null : pointer.type;
  if (pointer.kind === 'method' && pointer.name === 'cast') {
    const to = pointer.generics[0];
    return to?.kind === 'type' && to.type.kind !== 'infer'
      ? { kind: 'pointer', mutable: true, pointee: to.type, span: pointer.span }
      : null;
  }
  if (pointer.kind === 'method' && /^cast_(mut|const)$/.test(pointer.name)) return pointerType(pointer.receiver, body);
  if (variable(pointer) === null) {
    const inner = uncast(pointer);
    return inner !== pointer && pointer.kind === 'block' ? pointerType(inner, body) : null;
  }
  const binding = body.bindingOf(pointer);
  if (binding?.kind === 'param') return body.ast.params.find((param) => param.name === binding.name)?.type ?? null;
  return binding?.kind === 'let' && binding.source ? pointerType(binding.source, body) : null;
}

/** One key for each type: items by identity, aliases followed; null for generics and what does not resolve. */
export function typeKey(type: Type, scope: Scope, workspace: Workspace, depth = 4): string | null {
  if (type.kind !== 'path' || type.self || depth === 0) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'primitive') return found.name;
  if (found.kind === 'external') return found.path.join('::');
  if (found.kind !== 'item') return null;
  const ast = found.item.kind === 'type' ? workspace.ast(found.item) : null;
  if (ast?.kind === 'type') {
    return ast.type ? typeKey(ast.type, { module: found.item.module, item: found.item }, workspace, depth - 1) : null;
  }
  return `item ${found.item.id}`;
}
