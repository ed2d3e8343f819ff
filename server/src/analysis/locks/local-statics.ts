/** Statics that a fn declares in its own body. */
import type { ValueItem } from '../../model/rust/ast-item.ts';
import type { Body } from '../types/local-types-body.ts';
import { walk } from '../walk.ts';

export function localStatics(body: Body): readonly ValueItem[] {
  const found: ValueItem[] = [];
  if (!body.ast.body) return found;
  walk(body.ast.body, {
    enterStatement(statement) {
      if (statement.kind === 'item' && statement.item.kind === 'static') found.push(statement.item);
    },
  });
  return found;
}
