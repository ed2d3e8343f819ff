/** Names of a JavaScript module: what they are imported as, and the expressions that they are declared with. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, byKind, children, namedChildren } from '../../../syntax/tree-walk.ts';

/** `name` is `*` for a module as a whole, `default` for its default export. */
export interface Imported {
  readonly module: string;
  readonly name: string;
}

interface Declared {
  readonly node: NodeId;
  /** The member of it, where it is taken apart. */
  readonly member: string | null;
}

export interface JsNames {
  readonly tree: FlatTree;
  readonly imported: ReadonlyMap<string, Imported>;
  /** Names with one value in the whole module. */
  readonly declared: ReadonlyMap<string, Declared>;
  /** All values that a variable or a member (`this.lib`) is given. */
  readonly given: ReadonlyMap<string, readonly NodeId[]>;
  /** Names under which other modules find names of this one. */
  readonly exported: ReadonlyMap<string, NodeId>;
}

export function readJsNames(tree: FlatTree): JsNames {
  const imported = new Map<string, Imported>();
  const declared = new Map<string, Declared>();
  const given = new Map<string, NodeId[]>();
  const exported = new Map<string, NodeId>();
  const twice = new Set<string>();
  const add = (name: string, node: NodeId, member: string | null): void => {
    if (declared.has(name)) twice.add(name);
    declared.set(name, { node, member });
    if (member === null) given.set(name, [...(given.get(name) ?? []), node]);
  };
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (kind === 'import_statement') readImport(tree, node, imported);
    else if (kind === 'variable_declarator') readDeclarator(tree, node, imported, add);
    else if (kind === 'assignment_expression') {
      const [left, right] = [byField(tree, node, 'left'), byField(tree, node, 'right')];
      const name = left < 0 ? '' : tree.textOf(left);
      if (right >= 0 && tree.kind(left) === 'identifier') {
        // A variable that is declared without a value and given one later has that one.
        add(name, right, null);
      } else if (right >= 0 && tree.kind(left) === 'member_expression') {
        given.set(name, [...(given.get(name) ?? []), right]);
        const own = /^(?:module\.)?exports\.(\w+)$/.exec(name)?.[1];
        if (own !== undefined) exported.set(own, right);
        if (name === 'module.exports') exportObject(tree, right, exported);
      }
    } else if (kind === 'public_field_definition' || kind === 'field_definition') {
      const [name, value] = [byField(tree, node, 'name'), byField(tree, node, 'value')];
      if (name >= 0 && value >= 0) given.set(`this.${tree.textOf(name)}`, [...(given.get(`this.${tree.textOf(name)}`) ?? []), value]);
    } else if (kind === 'export_statement') readExport(tree, node, exported);
  }
  for (const name of twice) declared.delete(name);
  return { tree, imported, declared, given, exported };
}

/** The text of a string without substitutions; null for any other expression. */
export function stringOf(tree: FlatTree, node: NodeId): string | null {
  if (node < 0 || (tree.kind(node) !== 'string' && tree.kind(node) !== 'template_string')) return null;
  const parts = namedChildren(tree, node);
  return parts.every((part) => tree.kind(part) === 'string_fragment') ? parts.map((part) => tree.textOf(part)).join('') : null;
}

/** The expression inside of parentheses, `as const`, `satisfies` and `!`. */
export function plainNode(tree: FlatTree, node: NodeId): NodeId {
  let at = node;
  while (at >= 0 && WRAPPERS.has(tree.kind(at))) at = namedChildren(tree, at)[tree.kind(at) === 'type_assertion' ? 1 : 0] ?? -1;
  return at;
}

const WRAPPERS = new Set([
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'type_assertion',
  'await_expression',
]);

/** The value of a key of an object literal; -1 without one. */
export function memberOf(tree: FlatTree, object: NodeId, name: string): NodeId {
  for (const one of namedChildren(tree, object)) {
    if (tree.kind(one) === 'pair' && keyOf(tree, byField(tree, one, 'key')) === name) return byField(tree, one, 'value');
    if (tree.kind(one) === 'shorthand_property_identifier' && tree.textOf(one) === name) return one;
  }
  return -1;
}

/** A key that is written out; null for a computed one. */
export function keyOf(tree: FlatTree, key: NodeId): string | null {
  if (key < 0 || tree.kind(key) === 'computed_property_name') return null;
  return tree.kind(key) === 'string' ? stringOf(tree, key) : tree.textOf(key);
}

/** The arguments of a call. */
export function argumentsOf(tree: FlatTree, call: NodeId): readonly NodeId[] {
  return namedChildren(tree, byField(tree, call, 'arguments'));
}

function readImport(tree: FlatTree, node: NodeId, imported: Map<string, Imported>): void {
  const required = byKind(tree, node, 'import_require_clause');
  const clause = required >= 0 ? required : byKind(tree, node, 'import_clause');
  const module = stringOf(tree, byField(tree, required >= 0 ? required : node, 'source'));
  if (module === null || clause < 0) return;
  for (const part of namedChildren(tree, clause)) {
    const kind = tree.kind(part);
    if (kind === 'identifier') imported.set(tree.textOf(part), { module, name: required >= 0 ? '*' : 'default' });
    else if (kind === 'namespace_import') imported.set(tree.textOf(byKind(tree, part, 'identifier')), { module, name: '*' });
    else if (kind === 'named_imports') {
      for (const one of namedChildren(tree, part)) {
        const name = byField(tree, one, 'name');
        const alias = byField(tree, one, 'alias');
        if (name >= 0) imported.set(tree.textOf(alias < 0 ? name : alias), { module, name: tree.textOf(name) });
      }
    }
  }
}

function readDeclarator(
  tree: FlatTree,
  node: NodeId,
  imported: Map<string, Imported>,
  add: (name: string, node: NodeId, member: string | null) => void,
): void {
  const name = byField(tree, node, 'name');
  const value = plainNode(tree, byField(tree, node, 'value'));
  if (name < 0 || value < 0) return;
  const module = requiredBy(tree, value);
  if (tree.kind(name) === 'identifier') {
    if (module !== null) imported.set(tree.textOf(name), { module, name: '*' });
    else add(tree.textOf(name), value, null);
    return;
  }
  if (tree.kind(name) !== 'object_pattern') return;
  for (const part of namedChildren(tree, name)) {
    const plain = tree.kind(part) === 'shorthand_property_identifier_pattern';
    const key = plain ? tree.textOf(part) : keyOf(tree, byField(tree, part, 'key'));
    const local = plain ? tree.textOf(part) : tree.textOf(Math.max(byField(tree, part, 'value'), 0));
    if (key === null || !/^[\w$]+$/.test(local)) continue;
    if (module !== null) imported.set(local, { module, name: key });
    else add(local, value, key);
  }
}

/** `require("x")` and `import("x")`. */
function requiredBy(tree: FlatTree, node: NodeId): string | null {
  if (tree.kind(node) !== 'call_expression') return null;
  const called = byField(tree, node, 'function');
  if (called < 0 || !/^(?:require|import)$/.test(tree.textOf(called))) return null;
  return stringOf(tree, argumentsOf(tree, node)[0] ?? -1);
}

function readExport(tree: FlatTree, node: NodeId, exported: Map<string, NodeId>): void {
  const declaration = byField(tree, node, 'declaration');
  for (const one of declaration < 0 ? [] : children(tree, declaration)) {
    const [name, value] = [byField(tree, one, 'name'), byField(tree, one, 'value')];
    if (tree.kind(one) === 'variable_declarator' && value >= 0) exported.set(tree.textOf(name), value);
  }
  const clause = byKind(tree, node, 'export_clause');
  for (const one of clause < 0 ? [] : namedChildren(tree, clause)) {
    const [name, alias] = [byField(tree, one, 'name'), byField(tree, one, 'alias')];
    if (name >= 0) exported.set(tree.textOf(alias < 0 ? name : alias), name);
  }
}

function exportObject(tree: FlatTree, node: NodeId, exported: Map<string, NodeId>): void {
  const object = plainNode(tree, node);
  for (const one of object >= 0 && tree.kind(object) === 'object' ? namedChildren(tree, object) : []) {
    if (tree.kind(one) === 'shorthand_property_identifier') exported.set(tree.textOf(one), one);
    const key = tree.kind(one) === 'pair' ? keyOf(tree, byField(tree, one, 'key')) : null;
    if (key !== null) exported.set(key, byField(tree, one, 'value'));
  }
}
