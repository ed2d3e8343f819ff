/** What the rules about types without `C` in their `repr` share. */
import { isRewritten } from '../model/surface/attributes.ts';
import type { StructItem } from '../model/rust/ast-item.ts';
import type { BoundaryType } from '../model/surface/surface.ts';
import { addReprC, hasDefinedLayout } from './repr-fix.ts';
import type { RuleContext } from './rule.ts';
import { relatedUses } from './type-use.ts';

/** Reports the types of a kind that have several fields and no layout, as info where no foreign signature mentions them. */
export function reportWithoutC(
  ctx: RuleContext<'missing'>,
  kind: 'struct' | 'union',
  isMeant: (ast: StructItem) => boolean,
  help: string,
): void {
  if (ctx.unit.kind !== 'rust') return;
  const atBoundary = new Map<unknown, BoundaryType>(ctx.unit.surface.types.map((type) => [type.item, type]));
  for (const item of ctx.unit.items) {
    if (item.inUnknownMacro || item.test || item.kind !== kind) continue;
    // A struct without any repr is not parsed for this.
    if (kind === 'struct' && !item.entry.attributes.some((one) => one.path === 'repr')) continue;
    const ast = ctx.workspace.ast(item);
    if (ast?.kind !== kind || ast.fields.length < 2 || isRewritten(ast.attributes) || hasDefinedLayout(ast) || !isMeant(ast)) continue;
    const type = atBoundary.get(item);
    // These are findings of `repr-c-missing` and `repr-c-missing-behind-pointer`.
    if (type && (type.byValue.length > 0 || ctx.facts.types.opacity(type).kind === 'transparent')) continue;
    ctx.report('missing', {
      at: { file: item.file, span: ast.nameSpan },
      data: { name: ast.name },
      related: relatedUses(type?.behindPointer ?? []),
      help,
      fixes: [addReprC(item, ast, ctx.workspace)],
      ...(type ? {} : { severity: 'info' as const }),
      item,
    });
  }
}
