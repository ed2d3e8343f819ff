/** Full names of C#'s classes, and what a written one may mean where it stands. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField } from '../../../syntax/tree-walk.ts';

const CLASSES = /^(?:class|struct|interface|record|record_struct)_declaration$/;

export interface CsNames {
  /** Of the class around a node, or of the class that it is, with namespaces and outer classes; null outside of classes. */
  classOf(node: NodeId): string | null;
  /** Of all classes that the file declares. */
  readonly classes: readonly string[];
  /** What a class's name at a node may stand for, the nearest first; with null the classes whose methods need no name there. */
  meanings(written: string | null, node: NodeId): readonly string[];
}

export function createCsNames(tree: FlatTree): CsNames {
  const classes: string[] = [];
  const usings: string[] = [];
  const statics: string[] = [];
  const aliases = new Map<string, string>();
  let fileScoped = '';
  const nodes: NodeId[] = [];
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (CLASSES.test(kind)) nodes.push(node);
    else if (kind === 'file_scoped_namespace_declaration') fileScoped = nameOf(node);
    else if (kind === 'using_directive') {
      const found = /^(?:global\s+)?using\s+(?:(static)\s+|(\w+)\s*=\s*)?(?:global::)?([\w.]+)\s*;/.exec(tree.textOf(node));
      const [, isStatic, alias, path] = found ?? [];
      if (path === undefined) continue;
      if (alias !== undefined) aliases.set(alias, path);
      else (isStatic === undefined ? usings : statics).push(path);
    }
  }
  for (const node of nodes) classes.push(around(node).join('.'));

  function nameOf(node: NodeId): string {
    const name = byField(tree, node, 'name');
    return name < 0 ? '' : tree.textOf(name).replace(/\s+/g, '');
  }

  /** Names of namespaces and classes from the outermost in, the node's own included. */
  function around(node: NodeId): readonly string[] {
    const out: string[] = [];
    for (let at = node; at > 0; at = tree.parent(at))
      if (CLASSES.test(tree.kind(at)) || tree.kind(at) === 'namespace_declaration') out.unshift(nameOf(at));
    return fileScoped === '' ? out : [fileScoped, ...out];
  }

  function enclosing(node: NodeId): readonly string[] {
    const names = around(node).join('.').split('.').filter(Boolean);
    return names.map((_, i) => names.slice(0, names.length - i).join('.'));
  }

  return {
    classes,
    classOf(node) {
      let at = node;
      while (at > 0 && !CLASSES.test(tree.kind(at))) at = tree.parent(at);
      return at > 0 ? around(at).join('.') : null;
    },
    meanings(written, node) {
      if (written === null) return [...enclosing(node), ...statics];
      const [first = '', ...rest] = written.replace(/^global::/, '').split('.');
      const alias = aliases.get(first);
      if (alias !== undefined) return [[alias, ...rest].join('.')];
      const path = [first, ...rest].join('.');
      if (written.startsWith('global::')) return [path];
      return [...enclosing(node).map((name) => `${name}.${path}`), path, ...usings.map((name) => `${name}.${path}`)];
    },
  };
}
