/** The token that an edit can use at a place, with the parameter that it needs. */
import type { TextEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import { addTokenParam } from './token-param.ts';
import { tokenOf } from './token.ts';

export interface Token {
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

/** The nearest token: that of an attach around the place, a parameter's, or a new parameter. */
export function tokenAt(body: Body, at: Span, workspace: Workspace): Token | null {
  const around = body.bindings.filter(
    (b) =>
      b.kind === 'closure-param' &&
      isExternal(stripRefs(b.ty), 'pyo3::Python') &&
      b.closure !== null &&
      b.closure.span.start <= at.start &&
      at.end <= b.closure.span.end,
  );
  const inner = around.at(-1)?.name ?? null;
  if (inner) return { text: inner, edits: [], safe: true };
  const known = tokenOf(body);
  if (known) return { text: known, edits: [], safe: known === 'py' && body.bindings.filter((b) => b.name === 'py').length === 1 };
  const added = addTokenParam(body, workspace);
  return added && { text: 'py', edits: [added.edit], safe: added.safe };
}
