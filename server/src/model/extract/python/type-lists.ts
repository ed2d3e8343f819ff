/** Lists of ctypes types, as they are given to `argtypes`. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { PyTypeUse } from '../../python/bindings.ts';
import { byField, namedChildren } from './context.ts';
import { readNumber } from './read-type.ts';
import type { Evaluator } from './values.types.ts';

/** Names and sums that are followed. */
const DEPTH = 16;
/** No function has more parameters. */
const MOST = 1000;

/** null where the list is not written out. */
export function readTypeList(node: NodeId, file: string, from: Evaluator, depth = DEPTH): readonly PyTypeUse[] | null {
  const { tree } = from.scopes;
  if (node < 0 || depth === 0) return null;
  const inner = (one: NodeId): readonly PyTypeUse[] | null => readTypeList(one, file, from, depth - 1);
  switch (tree.kind(node)) {
    case 'list':
    case 'tuple': {
      const parts = namedChildren(tree, node);
      if (parts.some((one) => /splat/.test(tree.kind(one)))) return null;
      return parts.map((one) => readTypeUse(one, file, from));
    }
    case 'parenthesized_expression':
      return inner(namedChildren(tree, node)[0] ?? -1);
    case 'identifier': {
      const value = from.single(node);
      return value === null ? null : inner(value);
    }
    case 'binary_operator': {
      const [left, right] = [byField(tree, node, 'left'), byField(tree, node, 'right')];
      const operator = tree.textOf(byField(tree, node, 'operator'));
      if (operator === '+') {
        const [a, b] = [inner(left), inner(right)];
        return a && b ? [...a, ...b] : null;
      }
      if (operator !== '*') return null;
      const behind = inner(left);
      const types = behind ?? inner(right);
      const times = readNumber(from.types, behind ? right : left);
      if (types === null || times === null || times < 0 || types.length * times > MOST) return null;
      return Array.from({ length: times }, () => types).flat();
    }
    default:
      return null;
  }
}

export function readTypeUse(node: NodeId, file: string, from: Evaluator): PyTypeUse {
  const { tree } = from.scopes;
  return {
    type: tree.kind(node) === 'none' ? null : from.type(node),
    text: tree.textOf(node).replace(/\s+/g, ' '),
    at: { file, span: tree.span(node) },
  };
}

/** Whether an expression is a type of ctypes, or None: what may stand as a result in a table. */
export function isType(node: NodeId, from: Evaluator): boolean {
  return from.scopes.tree.kind(node) === 'none' || from.type(node).kind !== 'unknown';
}
