/** The edit that gives a declaration the parameters and result of another one. */
import { sliceSpan } from '../base/text.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Scope, Workspace } from '../model/workspace.ts';
import type { Fix } from './rule.ts';

/** Null where a type of the other cannot be written here by the same name, or where either is more than parameters and a result. */
export function copySignature(from: BoundaryFn, to: BoundaryFn, workspace: Workspace): Fix | null {
  const { params, result, variadic } = from.ast;
  const types = [...params.map((param) => param.type), ...(result ? [result] : [])];
  if ([from, to].some(({ ast, abi }) => ast.self || ast.generics.length > 0 || abi !== from.abi)) return null;
  if (params.some((param) => param.attributes.length > 0) || to.ast.params.some((param) => param.attributes.length > 0)) return null;
  if (!types.every((type) => meansTheSame(type, from.scope, to.scope, workspace))) return null;
  const text = workspace.text(from.item.file);
  const written = params.map(({ name, type }, i) => `${name ?? to.ast.params[i]?.name ?? '_'}: ${sliceSpan(text, type.span)}`);
  const list = [...written, ...(variadic ? ['...'] : [])].join(', ');
  return {
    title: 'declare it with the signature of the other',
    // Calls must follow.
    safe: false,
    edits: [
      {
        file: to.item.file.path,
        span: { start: to.ast.paramsSpan.start, end: to.ast.result?.span.end ?? to.ast.paramsSpan.end },
        text: `(${list})${result ? ` -> ${sliceSpan(text, result.span)}` : ''}`,
      },
    ],
  };
}

/** Whether all names of a written type are the same things at another place. */
function meansTheSame(type: Type, from: Scope, to: Scope, workspace: Workspace): boolean {
  const next = (inner: Type): boolean => meansTheSame(inner, from, to, workspace);
  switch (type.kind) {
    case 'path': {
      if (type.self || !type.path.segments.every(({ args }) => args.every((arg) => arg.kind === 'type' && next(arg.type)))) return false;
      const here = workspace.resolve(type.path, from, 'type');
      const there = workspace.resolve(type.path, to, 'type');
      if (here.kind === 'primitive') return there.kind === 'primitive' && there.name === here.name;
      if (here.kind === 'external') return there.kind === 'external' && there.path.join('::') === here.path.join('::');
      return here.kind === 'item' && there.kind === 'item' && here.item === there.item;
    }
    case 'pointer':
      return next(type.pointee);
    case 'array':
      return type.length.kind === 'literal' && next(type.element);
    case 'fn':
      return (
        type.forLifetimes.length === 0 && [...type.params.map((param) => param.type), ...(type.result ? [type.result] : [])].every(next)
      );
    case 'tuple':
      return type.elements.every(next);
    case 'never':
      return true;
    default:
      return false;
  }
}
