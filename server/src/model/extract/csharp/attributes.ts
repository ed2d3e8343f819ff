/** The attributes of a C# declaration. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, byKind, children, namedChildren } from '../../../syntax/tree-walk.ts';

export interface CsAttribute {
  /** Without namespaces and the ending `Attribute`. */
  readonly name: string;
  /** `[return: …]` */
  readonly ofResult: boolean;
  readonly args: readonly NodeId[];
  readonly named: ReadonlyMap<string, NodeId>;
}

export function attributesOf(tree: FlatTree, node: NodeId): readonly CsAttribute[] {
  const out: CsAttribute[] = [];
  for (const list of children(tree, node)) {
    if (tree.kind(list) !== 'attribute_list') continue;
    const target = byKind(tree, list, 'attribute_target_specifier');
    const ofResult = target >= 0 && /^return\b/.test(tree.textOf(target));
    for (const one of namedChildren(tree, list)) if (tree.kind(one) === 'attribute') out.push(attribute(tree, one, ofResult));
  }
  return out;
}

function attribute(tree: FlatTree, node: NodeId, ofResult: boolean): CsAttribute {
  const args: NodeId[] = [];
  const named = new Map<string, NodeId>();
  const list = byKind(tree, node, 'attribute_argument_list');
  for (const one of list < 0 ? [] : namedChildren(tree, list)) {
    const name = byField(tree, one, 'name');
    const value = namedChildren(tree, one).find((part) => part !== name);
    if (value === undefined) continue;
    if (name < 0) args.push(value);
    else named.set(tree.textOf(name), value);
  }
  return { name: lastName(tree.textOf(byField(tree, node, 'name'))).replace(/Attribute$/, ''), ofResult, args, named };
}

/** `B` of `A.B`, without arguments of generics. */
export function lastName(path: string): string {
  const plain = path.replace(/<.*$/s, '').replace(/\s+/g, '');
  return plain.slice(Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(':')) + 1).replace(/^@/, '');
}
