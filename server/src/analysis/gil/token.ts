/** An expression by which the interpreter can be released where a fn runs attached. */
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import { givesToken } from './python-types.ts';

/** `py`, or `list.py()` of a Python parameter; null where a parameter has to be added. */
export function tokenOf(body: Body): string | null {
  const params = body.bindings.filter((b) => b.kind === 'param');
  const token = params.find((b) => isExternal(stripRefs(b.ty), 'pyo3::Python') && b.name !== '_');
  if (token) return token.name;
  const value = params.find((b) => givesToken(b.ty));
  return value ? `${value.name}.py()` : null;
}

/** How a fn names PyO3's `Python`. */
export function pythonPath(body: Body, workspace: Workspace): 'Python' | 'pyo3::Python' {
  const found = workspace.resolve(['Python'], body.scope, 'type');
  return found.kind === 'external' && found.path[0] === 'pyo3' ? 'Python' : 'pyo3::Python';
}
