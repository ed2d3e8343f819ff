/** The types that an item's own declaration writes. */
import type { Item } from './ast-item.ts';
import type { Type } from './ast-type.ts';

/** Of parameters, results, fields, aliases, statics and constants, outermost only; empty for other items. */
export function typesOfItem(ast: Item): readonly Type[] {
  switch (ast.kind) {
    case 'fn':
      return [...ast.params.map(({ type }) => type), ...(ast.result ? [ast.result] : [])];
    case 'struct':
    case 'union':
      return ast.fields.map(({ type }) => type);
    case 'enum':
      return ast.variants.flatMap(({ fields }) => fields.map(({ type }) => type));
    case 'type':
    case 'static':
    case 'const':
      return ast.type ? [ast.type] : [];
    default:
      return [];
  }
}
