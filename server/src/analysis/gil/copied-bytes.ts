/** Parameters `Vec<u8>` of fns that Python calls which are only looked at: a slice would do without the copy. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Span } from '../../base/text.ts';
import { findExpr } from '../walk.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal } from '../types/local-types-ty.ts';
import { walkRegions } from './regions.ts';

export interface CopiedBytes {
  readonly name: string;
  /** The parameter's type. */
  readonly type: Span;
}

/** Methods that look at the bytes and leave them as they are. */
const LOOKS = new Set(
  `len is_empty iter as_slice as_ref get first last contains starts_with ends_with chunks chunks_exact windows to_vec split_at binary_search copied
   escape_ascii is_ascii as_ptr concat repeat split rchunks split_first split_last eq cmp`.split(/\s+/),
);

export function copiedBytes(body: Body): readonly CopiedBytes[] {
  const root = body.ast.body;
  if (!root || body.ast.async) return [];
  return body.ast.params.flatMap((param): CopiedBytes[] => {
    const binding = body.bindings.find((b) => b.kind === 'param' && b.name === param.name);
    const element = isExternal(binding?.ty ?? null, 'std::vec::Vec') && binding?.ty?.kind === 'external' ? binding.ty.args[0] : null;
    if (!binding || element?.kind !== 'primitive' || element.name !== 'u8' || param.pattern.kind !== 'binding' || param.pattern.mutable)
      return [];
    let used = false;
    let only = true;
    // Tokens that are not parsed may do anything with it.
    if (findExpr(root, (e) => e.kind === 'unknown' || (e.kind === 'macro' && e.args === null))) return [];
    walkRegions(
      body,
      root,
      () => 'inline',
      (expr, place) => {
        if (body.bindingOf(expr) !== binding) return;
        used = true;
        const parent = place.parents.at(-1);
        const moved =
          place.closures.some((closure) => closure.move) || place.parents.some((p) => p.kind === 'block' && p.flavor.startsWith('async'));
        only &&= parent !== undefined && !moved && looksAt(parent, expr);
      },
    );
    return used && only ? [{ name: binding.name, type: param.type.span }] : [];
  });
}

function looksAt(parent: Expr, expr: Expr): boolean {
  if (parent.kind === 'reference') return !parent.mutable && !parent.raw;
  if (parent.kind === 'method') return parent.receiver === expr && LOOKS.has(parent.name);
  return parent.kind === 'index' && parent.base === expr;
}
