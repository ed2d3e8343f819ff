/** The scopes of a Python module and what is bound in them (Python reference, "Naming and binding"). */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, children, namedChildren } from './context.ts';

export type Binding =
  | { readonly kind: 'value'; readonly node: NodeId }
  /** One of several things that an expression gives: `a, b = load()`. */
  | { readonly kind: 'part'; readonly node: NodeId; readonly index: number }
  /** An element of a list that is written out. */
  | { readonly kind: 'each'; readonly list: NodeId }
  | { readonly kind: 'def'; readonly node: NodeId }
  | { readonly kind: 'class'; readonly node: NodeId }
  | { readonly kind: 'parameter'; readonly fn: NodeId; readonly index: number; readonly node: NodeId }
  /** `name` null for `import module`. */
  | { readonly kind: 'import'; readonly module: string; readonly name: string | null }
  | { readonly kind: 'opaque' };

export interface Scope {
  readonly node: NodeId;
  readonly kind: 'module' | 'function' | 'class' | 'inner';
  readonly parent: Scope | null;
  readonly names: Map<string, Binding[]>;
  readonly globals: Set<string>;
}

export interface Scopes {
  readonly tree: FlatTree;
  readonly module: Scope;
  /** The scope in which the names of a node are looked up. */
  of(node: NodeId): Scope;
  /** The scope that a function or class opens. */
  opened(node: NodeId): Scope | null;
  /** Null where nothing binds it: a builtin, or a star import. */
  lookup(name: string, scope: Scope): { readonly scope: Scope; readonly bindings: readonly Binding[] } | null;
}

const OPENS: Readonly<Record<string, Scope['kind']>> = {
  function_definition: 'function',
  lambda: 'function',
  class_definition: 'class',
  list_comprehension: 'inner',
  set_comprehension: 'inner',
  dictionary_comprehension: 'inner',
  generator_expression: 'inner',
};

export function readScopes(tree: FlatTree): Scopes {
  const module: Scope = { node: 0, kind: 'module', parent: null, names: new Map(), globals: new Set() };
  const openedBy = new Map<NodeId, Scope>([[0, module]]);
  const inner: Scope[] = [module];
  const around: Scope[] = [module];
  // Preorder: a node's parent has been seen.
  for (let node = 1; node < tree.count; node++) {
    const outside = inner[tree.parent(node)] ?? module;
    around.push(outside);
    const kind = Object.hasOwn(OPENS, tree.kind(node)) ? OPENS[tree.kind(node)] : undefined;
    if (kind === undefined) {
      inner.push(outside);
      continue;
    }
    const scope: Scope = { node, kind, parent: outside, names: new Map(), globals: new Set() };
    openedBy.set(node, scope);
    inner.push(scope);
  }
  for (let node = 1; node < tree.count; node++) {
    if (tree.kind(node) !== 'global_statement') continue;
    for (const name of namedChildren(tree, node)) (around[node] ?? module).globals.add(tree.textOf(name));
  }
  for (let node = 1; node < tree.count; node++) bindNode(tree, node, around[node] ?? module, openedBy.get(node) ?? null, module);
  return {
    tree,
    module,
    of: (node) => around[node] ?? module,
    opened: (node) => openedBy.get(node) ?? null,
    lookup(name, from) {
      for (let scope: Scope | null = from; scope; scope = scope.parent) {
        if (scope.globals.has(name)) {
          const bindings = module.names.get(name);
          return bindings ? { scope: module, bindings } : null;
        }
        // What a class binds is not seen by the functions in it.
        if (scope.kind === 'class' && scope !== from) continue;
        const bindings = scope.names.get(name);
        if (bindings) return { scope, bindings };
      }
      return null;
    },
  };
}

function add(scope: Scope, module: Scope, name: string, binding: Binding): void {
  let at = scope.globals.has(name) ? module : scope;
  // A comprehension's `:=` binds outside of it; its own variables are bound by its `for`.
  while (at.kind === 'inner' && binding.kind === 'value' && at.parent) at = at.parent;
  const known = at.names.get(name);
  if (known) known.push(binding);
  else at.names.set(name, [binding]);
}

function bindNode(tree: FlatTree, node: NodeId, scope: Scope, opened: Scope | null, module: Scope): void {
  const bind = (name: string, binding: Binding): void => add(scope, module, name, binding);
  switch (tree.kind(node)) {
    case 'function_definition':
      bind(tree.textOf(byField(tree, node, 'name')), { kind: 'def', node });
      if (opened) bindParameters(tree, node, opened, module);
      return;
    case 'lambda':
      if (opened) bindParameters(tree, node, opened, module);
      return;
    case 'class_definition':
      bind(tree.textOf(byField(tree, node, 'name')), { kind: 'class', node });
      return;
    case 'assignment':
    case 'named_expression': {
      const left = byField(tree, node, tree.kind(node) === 'assignment' ? 'left' : 'name');
      const right = byField(tree, node, tree.kind(node) === 'assignment' ? 'right' : 'value');
      // `name: type` alone binds nothing.
      if (left >= 0 && right >= 0) bindTarget(tree, left, { kind: 'value', node: lastValue(tree, right) }, bind);
      return;
    }
    case 'augmented_assignment':
      bindTarget(tree, byField(tree, node, 'left'), { kind: 'opaque' }, bind);
      return;
    case 'for_statement':
    case 'for_in_clause': {
      const right = byField(tree, node, 'right');
      const each: Binding = right >= 0 && /^(list|tuple|set)$/.test(tree.kind(right)) ? { kind: 'each', list: right } : { kind: 'opaque' };
      bindTarget(tree, byField(tree, node, 'left'), each, bind);
      return;
    }
    case 'as_pattern_target':
    case 'delete_statement':
      for (const one of namedChildren(tree, node)) bindTarget(tree, one, { kind: 'opaque' }, bind);
      return;
    case 'case_pattern':
      for (const one of namedChildren(tree, node)) if (tree.kind(one) === 'dotted_name') bind(tree.textOf(one), { kind: 'opaque' });
      return;
    case 'import_statement':
      for (const child of namedChildren(tree, node)) {
        const aliased = tree.kind(child) === 'aliased_import';
        const path = tree.textOf(aliased ? byField(tree, child, 'name') : child);
        if (aliased) bind(tree.textOf(byField(tree, child, 'alias')), { kind: 'import', module: path, name: null });
        else bind(path.split('.')[0] ?? path, { kind: 'import', module: path.split('.')[0] ?? path, name: null });
      }
      return;
    case 'import_from_statement': {
      const from = tree.textOf(byField(tree, node, 'module_name')).replace(/\s+/g, '');
      for (const child of children(tree, node)) {
        if (tree.field(child) !== 'name') continue;
        const aliased = tree.kind(child) === 'aliased_import';
        const name = tree.textOf(aliased ? byField(tree, child, 'name') : child);
        bind(aliased ? tree.textOf(byField(tree, child, 'alias')) : name, { kind: 'import', module: from, name });
      }
      return;
    }
  }
}

/** `a = b = c`: the value of both. */
function lastValue(tree: FlatTree, node: NodeId): NodeId {
  let at = node;
  while (tree.kind(at) === 'assignment' && byField(tree, at, 'right') >= 0) at = byField(tree, at, 'right');
  return at;
}

type Bind = (name: string, binding: Binding) => void;

/** Patterns in patterns that are followed. */
const DEPTH = 64;

function bindTarget(tree: FlatTree, target: NodeId, binding: Binding, bind: Bind, depth = DEPTH): void {
  if (target < 0 || depth === 0) return;
  if (tree.kind(target) === 'identifier') {
    bind(tree.textOf(target), binding);
    return;
  }
  if (
    !/^(pattern_list|tuple_pattern|list_pattern|list_splat_pattern|expression_list|tuple|list|parenthesized_expression)$/.test(
      tree.kind(target),
    )
  )
    return;
  const parts = namedChildren(tree, target);
  const value =
    binding.kind === 'value' && /^(expression_list|tuple|list)$/.test(tree.kind(binding.node)) ? namedChildren(tree, binding.node) : [];
  const pairs = value.length === parts.length && !value.some((one) => tree.kind(one) === 'list_splat');
  for (const [i, part] of parts.entries()) {
    const one = pairs ? value[i] : undefined;
    const unpacked: Binding =
      binding.kind === 'value' && value.length === 0 ? { kind: 'part', node: binding.node, index: i } : { kind: 'opaque' };
    bindTarget(tree, part, one === undefined ? unpacked : { kind: 'value', node: one }, bind, depth - 1);
  }
}

/** Positions count from the first parameter, `self` included; what follows `*` has none. */
function bindParameters(tree: FlatTree, fn: NodeId, scope: Scope, module: Scope): void {
  const list = byField(tree, fn, 'parameters');
  if (list < 0) return;
  let index = 0;
  for (const one of namedChildren(tree, list)) {
    const kind = tree.kind(one);
    if (kind === 'positional_separator' || kind === 'keyword_separator') continue;
    const name =
      kind === 'identifier' ? one : byField(tree, one, 'name') >= 0 ? byField(tree, one, 'name') : (namedChildren(tree, one)[0] ?? -1);
    const plain = name >= 0 && tree.kind(name) === 'identifier';
    const binding: Binding = plain && !/splat/.test(kind) ? { kind: 'parameter', fn, index, node: one } : { kind: 'opaque' };
    if (name >= 0) add(scope, module, tree.textOf(name).replace(/^\*+/, ''), binding);
    index++;
  }
}
