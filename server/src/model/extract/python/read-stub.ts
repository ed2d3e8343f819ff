/** Reads a stub file: functions, classes with their methods, and the names at the top level. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import type { PyStub, StubClass, StubFn, StubParam } from '../../python/stub.ts';

const GENERATED = /pyo3[-_]stub[-_]gen|automatically generated|@generated|do not edit/i;

export function readStub(file: string, text: string, parsers: Parsers): PyStub {
  const tree = parsers.parse('python', text, 0);
  const functions: StubFn[] = [];
  const classes: StubClass[] = [];
  const names = new Set<string>();
  let open = tree.hasError(0) || GENERATED.test(text.slice(0, 600));
  top(0, false);
  return { file, functions: merged(functions), classes, names, open: open || names.has('__getattr__') };

  function top(parent: NodeId, conditional: boolean): void {
    for (const node of children(tree, parent)) {
      const { item, decorated } = plain(tree, node);
      switch (tree.kind(item)) {
        case 'function_definition': {
          const fn = readFn(tree, item, conditional || isOverload(tree, decorated), false);
          if (fn) {
            functions.push(fn);
            names.add(fn.name);
          }
          break;
        }
        case 'class_definition': {
          const name = childOf(tree, item, 'name');
          const body = childOf(tree, item, 'body');
          if (name < 0) break;
          names.add(tree.textOf(name));
          classes.push({ name: tree.textOf(name), nameSpan: tree.span(name), methods: body < 0 ? [] : methodsOf(tree, body) });
          break;
        }
        case 'if_statement':
        case 'else_clause':
        case 'elif_clause':
        case 'block':
        case 'try_statement':
          top(item, true);
          break;
        case 'expression_statement':
        case 'type_alias_statement':
          for (const at of below(tree, item)) if (tree.kind(at) === 'identifier') names.add(tree.textOf(at));
          break;
        case 'import_from_statement':
        case 'import_statement':
          if (/\*/.test(tree.textOf(item))) open = true;
          for (const at of below(tree, item)) if (tree.kind(at) === 'identifier') names.add(tree.textOf(at));
          break;
      }
    }
  }
}

function methodsOf(tree: FlatTree, body: NodeId): readonly StubFn[] {
  const found: StubFn[] = [];
  for (const node of children(tree, body)) {
    const { item, decorated } = plain(tree, node);
    if (tree.kind(item) !== 'function_definition') continue;
    const isStatic = decorators(tree, decorated).includes('staticmethod');
    const isOther = decorators(tree, decorated).some((name) => !/^(staticmethod|classmethod|override|final)$/.test(name));
    const fn = readFn(tree, item, isOther, !isStatic);
    if (fn) found.push(fn);
  }
  return merged(found);
}

/** Several declarations of a name are one that says not all. */
function merged(found: readonly StubFn[]): readonly StubFn[] {
  const byName = new Map<string, StubFn>();
  for (const fn of found) byName.set(fn.name, byName.has(fn.name) ? { ...fn, several: true } : fn);
  return [...byName.values()];
}

function readFn(tree: FlatTree, node: NodeId, several: boolean, dropFirst: boolean): StubFn | null {
  const name = childOf(tree, node, 'name');
  const list = childOf(tree, node, 'parameters');
  if (name < 0 || list < 0) return null;
  const params = readParams(tree, list);
  // `__init__(value: int)` forgets `self`: such methods are never static.
  const mayBeStatic = !/^__/.test(tree.textOf(name)) && !OBJECT.test(params[0]?.name ?? '');
  const drops = dropFirst && !(mayBeStatic && isStaticByMistake(tree, list));
  return { name: tree.textOf(name), nameSpan: tree.span(name), params: drops ? params.slice(1) : params, several };
}

const OBJECT = /^_*(self|cls|mcs|slf|this)$/;

/** A method whose first parameter has a type and is not called `self`: somebody forgot `@staticmethod`. */
function isStaticByMistake(tree: FlatTree, list: NodeId): boolean {
  const [first] = children(tree, list).filter((at) => /parameter$|^identifier$/.test(tree.kind(at)));
  return first !== undefined && /^typed_(default_)?parameter$/.test(tree.kind(first));
}

/** What stands before a `/` goes by its place, what stands behind a `*` or `*args` by its name. */
function readParams(tree: FlatTree, list: NodeId): readonly StubParam[] {
  let params: StubParam[] = [];
  let by: StubParam['by'] = 'either';
  for (const at of children(tree, list)) {
    if (tree.kind(at) === 'positional_separator') params = params.map((param) => ({ ...param, by: 'place' }));
    else if (tree.kind(at) === 'keyword_separator') by = 'name';
    const param = readParam(tree, at, by);
    if (param) params.push(param);
    if (param?.kind === 'args') by = 'name';
  }
  return params;
}

function readParam(tree: FlatTree, node: NodeId, by: StubParam['by']): StubParam | null {
  const kind = tree.kind(node);
  if (kind === 'keyword_separator' || kind === 'positional_separator' || kind === 'comment') return null;
  const splat = [node, ...children(tree, node)].find((at) => /^(list|dictionary)_splat_pattern$/.test(tree.kind(at)));
  const name = below(tree, splat ?? node).find((at) => tree.kind(at) === 'identifier') ?? (kind === 'identifier' ? node : -1);
  if (name < 0) return null;
  const value = childOf(tree, node, 'value');
  return {
    name: tree.textOf(name),
    kind: splat === undefined ? 'plain' : tree.kind(splat) === 'list_splat_pattern' ? 'args' : 'kwargs',
    by,
    hasDefault: /default/.test(kind),
    defaultText: value < 0 ? null : tree.textOf(value),
    span: tree.span(node),
  };
}

/** A definition behind its decorators. */
function plain(tree: FlatTree, node: NodeId): { readonly item: NodeId; readonly decorated: NodeId } {
  if (tree.kind(node) !== 'decorated_definition') return { item: node, decorated: -1 };
  const item = childOf(tree, node, 'definition');
  return { item: item < 0 ? node : item, decorated: node };
}

function decorators(tree: FlatTree, node: NodeId): readonly string[] {
  if (node < 0) return [];
  return children(tree, node).flatMap((at) =>
    tree.kind(at) === 'decorator' ? [tree.textOf(at).replace(/^@\s*/, '').replace(/^.*\./, '')] : [],
  );
}

function isOverload(tree: FlatTree, node: NodeId): boolean {
  return decorators(tree, node).length > 0;
}

function children(tree: FlatTree, node: NodeId): readonly NodeId[] {
  const out: NodeId[] = [];
  for (let at = tree.firstChild(node); at >= 0; at = tree.nextSibling(at)) if (tree.named(at)) out.push(at);
  return out;
}

function childOf(tree: FlatTree, node: NodeId, field: string): NodeId {
  return children(tree, node).find((at) => tree.field(at) === field) ?? -1;
}

function below(tree: FlatTree, node: NodeId): readonly NodeId[] {
  return children(tree, node).flatMap((at) => [at, ...below(tree, at)]);
}
