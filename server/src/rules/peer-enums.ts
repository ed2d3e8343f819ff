/** What the rules about enums share: places of variants, and constants that are no values of their own. */
import type { Span } from '../base/text.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';

/** Of the variant's name; of the enum's where it is not found. */
export function variantSpan(item: RustItem, name: string, workspace: Workspace): Span {
  const ast = workspace.ast(item);
  if (!ast) return item.entry.span;
  return (ast.kind === 'enum' ? ast.variants.find((one) => one.name === name)?.nameSpan : undefined) ?? ast.nameSpan;
}

/** `GEO_MODE_MAX`, `_COUNT`, `_FORCE_32_BIT`: they mark the end of a list, or widen its type. */
export function isSentinel(constant: string): boolean {
  return /(?:^|_)(?:max|min|count|last|first|begin|start|end|num|number|total|size|len|length|limit|sentinel|dummy|unused|reserved|padding|force\w*|forceint|ensure\w*|invalid|n)(?:_?(?:enum|value|int|32|32_?bit|bit))*_?$/i.test(
    constant.replace(/([a-z\d])([A-Z])/g, '$1_$2'),
  );
}
