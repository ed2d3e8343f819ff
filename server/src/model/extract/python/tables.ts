/** Tables of signatures: `("name", [types…], result)` rows that a loop gives to the functions of a library. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Collector } from './collector.ts';
import { byField, namedChildren } from './context.ts';
import { literalOf } from './strings.ts';
import { isType, readTypeList, readTypeUse } from './type-lists.ts';
import type { Evaluator } from './values.types.ts';

/** Of the one library of the module whose functions are looked up by names: with two it is not clear whose the table is. */
export function readTables(file: string, from: Evaluator, found: Collector): void {
  const [library, ...others] = found.dynamic;
  if (library === undefined || others.length > 0) return;
  const { tree } = from.scopes;
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (kind === 'list' || kind === 'tuple' || kind === 'set') {
      const rows = namedChildren(tree, node).map((one) => rowOf(one, from));
      if (rows.length > 0 && rows.every((one) => one !== null)) for (const row of rows) add(row, library, file, from, found);
    } else if (kind === 'dictionary') {
      const rows = namedChildren(tree, node).map((one) => pairOf(one, from));
      if (rows.length > 0 && rows.every((one) => one !== null)) for (const row of rows) add(row, library, file, from, found);
    }
  }
}

interface Row {
  readonly name: NodeId;
  /** The list of types. */
  readonly types: NodeId;
  readonly result: NodeId | null;
}

function rowOf(node: NodeId, from: Evaluator): Row | null {
  const { tree } = from.scopes;
  if (tree.kind(node) !== 'tuple' && tree.kind(node) !== 'list') return null;
  const [name, ...rest] = namedChildren(tree, node);
  return name === undefined || !literalOf(tree, name) ? null : signature(name, rest, from);
}

function pairOf(node: NodeId, from: Evaluator): Row | null {
  const { tree } = from.scopes;
  const name = byField(tree, node, 'key');
  const value = byField(tree, node, 'value');
  if (name < 0 || !literalOf(tree, name) || value < 0) return null;
  return /^(?:tuple|list)$/.test(tree.kind(value)) ? signature(name, namedChildren(tree, value), from) : null;
}

/** A list of types and at most one type, in any order; what checks the result may stand behind them. */
function signature(name: NodeId, rest: readonly NodeId[], from: Evaluator): Row | null {
  const { tree } = from.scopes;
  const types = rest.find((one) => readTypeList(one, '', from) !== null);
  if (types === undefined || rest.length > 4) return null;
  const result = rest.find((one) => one !== types && /^(?:identifier|attribute|none|call|binary_operator)$/.test(tree.kind(one)));
  if (result !== undefined && !isType(result, from)) return null;
  return { name, types, result: result ?? null };
}

function add({ name, types, result }: Row, library: string, file: string, from: Evaluator, found: Collector): void {
  const { tree } = from.scopes;
  const literal = literalOf(tree, name);
  if (!literal) return;
  const one = found.of(library, literal.text, literal.span);
  one.by = 'table';
  one.optional = false;
  found.setArguments(one, { types: readTypeList(types, file, from), at: { file, span: tree.span(types) }, behind: null });
  if (result !== null) found.setResult(one, { ...readTypeUse(result, file, from), behind: null });
}
