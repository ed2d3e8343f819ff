/** Finds out which expressions of a Python module are foreign libraries and their functions. What is not sure is unknown. */
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { parameterName, readCalls } from './calls.ts';
import { byField, isOfCtypes, namedChildren, WINTYPES } from './context.ts';
import { readType } from './read-type.ts';
import type { TypeContext } from './read-type.ts';
import type { Binding, Scopes } from './scopes.ts';
import { literalOf, libraryNames } from './strings.ts';
import type { Evaluator, Site, NamedSymbol, Value } from './values.types.ts';

/** Expressions in expressions that are followed. */
const DEPTH = 400;
const UNKNOWN: Value = { kind: 'unknown' };
const NONE: Value = { kind: 'none' };
const LOADERS = new Set(['CDLL', 'PyDLL', 'WinDLL', 'OleDLL']);
const GROUPS = new Set(['cdll', 'pydll', 'windll', 'oledll']);
/** Attributes of a library object that are no functions of the library. */
const OWN = /^(?:_name|_handle|_FuncPtr|_func_\w+|__\w+__|LoadLibrary|close)$/;

export function createEvaluator(scopes: Scopes, base: TypeContext): Evaluator {
  const { tree } = scopes;
  const { names } = base;
  const memo = new Map<NodeId, Value>();
  let depth = 0;
  const returned = new Map<NodeId, Value>();
  const sites = new Map<NodeId, Site>();
  const attributes = readAttributes();
  const calls = readCalls(tree);

  const types: TypeContext = { ...base, local: (node) => single(node), ctypes: (node) => ctypes(node) };

  function value(node: NodeId): Value {
    if (node < 0) return UNKNOWN;
    const known = memo.get(node);
    if (known) return known;
    // What is defined by itself adds nothing to itself.
    memo.set(node, NONE);
    depth++;
    const made = depth > DEPTH ? UNKNOWN : evaluate(node);
    depth--;
    memo.set(node, made);
    return made;
  }

  function evaluate(node: NodeId): Value {
    switch (tree.kind(node)) {
      case 'none':
        return NONE;
      case 'identifier':
        return identifier(node);
      case 'attribute':
        return attribute(value(byField(tree, node, 'object')), byField(tree, node, 'attribute'));
      case 'subscript': {
        const object = value(byField(tree, node, 'value'));
        const index = literalOf(tree, byField(tree, node, 'subscript'));
        if (object.kind !== 'library') return UNKNOWN;
        return index ? functionOf(object, [{ name: index.text, span: index.span }]) : { ...functionOf(object, []), dynamic: true };
      }
      case 'call':
        return call(node);
      case 'parenthesized_expression':
        return value(namedChildren(tree, node)[0] ?? -1);
      case 'named_expression':
        return value(byField(tree, node, 'value'));
      case 'conditional_expression': {
        const [yes, , no] = namedChildren(tree, node);
        return combine([value(yes ?? -1), value(no ?? -1)]);
      }
      case 'boolean_operator':
        return combine([value(byField(tree, node, 'left')), value(byField(tree, node, 'right'))]);
      default:
        return UNKNOWN;
    }
  }

  function identifier(node: NodeId): Value {
    const name = tree.textOf(node);
    const found = scopes.lookup(name, scopes.of(node));
    if (!found) {
      const known = names.imported.get(name) ?? (names.star && isOfCtypes(name) ? name : undefined);
      return known === undefined ? UNKNOWN : { kind: 'ctypes', name: known };
    }
    return combine(found.bindings.map((one) => bound(one, node)));
  }

  function bound(binding: Binding, node: NodeId): Value {
    switch (binding.kind) {
      case 'value':
        return value(binding.node);
      case 'each':
        return combine(namedChildren(tree, binding.list).map(value));
      case 'part':
        return part(binding.node, binding.index);
      case 'def':
        return { kind: 'def', node: binding.node, bound: false };
      case 'class':
        return { kind: 'class', node: binding.node };
      case 'parameter':
        return parameter(binding);
      case 'import':
        return imported(binding.module, binding.name === null ? [] : [binding.name], tree.span(node));
      case 'opaque':
        return UNKNOWN;
    }
  }

  /** What a function of the module returns at a place of a tuple. */
  function part(node: NodeId, index: number): Value {
    const called = tree.kind(node) === 'call' ? value(byField(tree, node, 'function')) : UNKNOWN;
    if (called.kind !== 'def') return UNKNOWN;
    const values = returns(called.node).map((one) => {
      if (!/^(?:expression_list|tuple)$/.test(tree.kind(one))) return UNKNOWN;
      return value(namedChildren(tree, one)[index] ?? -1);
    });
    return values.length === 0 ? UNKNOWN : combine(values);
  }

  function imported(module: string, path: readonly string[], span: Span): Value {
    if (module === 'ctypes' || module.startsWith('ctypes.')) {
      const whole = [...module.split('.').slice(1), ...path];
      const last = whole.at(-1) ?? '';
      if (whole.length > 1 && whole[0] === 'wintypes')
        return { kind: 'ctypes', name: Object.hasOwn(WINTYPES, last) ? (WINTYPES[last] ?? last) : last };
      if (whole.length > 0 && last !== 'util' && last !== 'wintypes') return { kind: 'ctypes', name: last };
    }
    if (module === 'cffi' && path.length === 1 && path[0] === 'FFI') return { kind: 'ctypes', name: 'FFI' };
    return { kind: 'imported', module, path, span };
  }

  function parameter({ fn, index, node }: Extract<Binding, { kind: 'parameter' }>): Value {
    const owner = classAround(fn);
    if (index === 0 && owner !== null && !decorators(fn).includes('staticmethod')) return { kind: 'instance', node: owner };
    const shift = owner !== null && !decorators(fn).includes('staticmethod') ? 1 : 0;
    const name = parameterName(tree, node);
    const fnName = tree.textOf(byField(tree, fn, 'name'));
    // An instance is made by calling its class.
    const makes = owner !== null && fnName === '__init__';
    const callee = makes ? tree.textOf(byField(tree, owner, 'name')) : fnName;
    const given = (calls.get(callee) ?? []).filter((one) => {
      const called = value(one.fn);
      return makes ? called.kind === 'class' && called.node === owner : called.kind === 'def' && called.node === fn;
    });
    const values = given.map(({ node: one }) => {
      const args = namedChildren(tree, byField(tree, one, 'arguments'));
      const keyword = args.find((arg) => tree.kind(arg) === 'keyword_argument' && tree.textOf(byField(tree, arg, 'name')) === name);
      if (keyword !== undefined) return value(byField(tree, keyword, 'value'));
      if (args.some((arg) => /splat/.test(tree.kind(arg)))) return UNKNOWN;
      const arg = args.filter((other) => tree.kind(other) !== 'keyword_argument')[index - shift];
      return arg === undefined ? NONE : value(arg);
    });
    const all = values.length > 0 ? combine(values) : UNKNOWN;
    if (all.kind !== 'unknown' && all.kind !== 'none') return all;
    const annotation = byField(tree, node, 'type');
    if (annotation < 0 || !LOADERS.has(ctypes(namedChildren(tree, annotation)[0] ?? annotation) ?? '')) return all;
    sites.set(node, { node, loader: 'ctypes', stdcall: false, names: [], given: true });
    return { kind: 'library', sites: [node] };
  }

  function attribute(object: Value, at: NodeId): Value {
    if (at < 0) return UNKNOWN;
    const name = tree.textOf(at);
    switch (object.kind) {
      case 'library':
        return OWN.test(name) ? UNKNOWN : functionOf(object, [{ name, span: tree.span(at) }]);
      case 'imported':
        return imported(object.module, [...object.path, name], tree.span(at));
      case 'ctypes':
        if (GROUPS.has(object.name) && name !== 'LoadLibrary') {
          const node = tree.parent(at);
          sites.set(node, { node, loader: 'ctypes', stdcall: /^(?:win|ole)/.test(object.name), names: [name], given: false });
          return { kind: 'library', sites: [node] };
        }
        return name === 'LoadLibrary' ? { kind: 'ctypes', name: /^(?:win|ole)/.test(object.name) ? 'WinDLL' : 'CDLL' } : UNKNOWN;
      case 'instance':
      case 'class':
        return member(object.node, name, object.kind === 'instance', 8);
      default:
        return UNKNOWN;
    }
  }

  function member(owner: NodeId, name: string, isInstance: boolean, depth: number): Value {
    const assigned = attributes.get(owner)?.get(name) ?? [];
    const inClass = scopes.opened(owner)?.names.get(name) ?? [];
    const values = [...assigned.map(value), ...inClass.map((one) => bound(one, owner))];
    if (values.length > 0) {
      const all = combine(values);
      if (all.kind !== 'def' || !isInstance) return all;
      return decorators(all.node).some((one) => /(?:^|\.)(?:cached_)?property$/.test(one)) ? result(all.node) : { ...all, bound: true };
    }
    const bases = byField(tree, owner, 'superclasses');
    if (bases < 0 || depth === 0) return UNKNOWN;
    for (const base of namedChildren(tree, bases)) {
      if (LOADERS.has(ctypes(base) ?? '')) return UNKNOWN;
      const made = value(base);
      if (made.kind === 'class' && made.node !== owner) {
        const found = member(made.node, name, isInstance, depth - 1);
        if (found.kind !== 'unknown') return found;
      }
    }
    return UNKNOWN;
  }

  function call(node: NodeId): Value {
    const fn = byField(tree, node, 'function');
    const args = namedChildren(tree, byField(tree, node, 'arguments'));
    const called = value(fn);
    if (called.kind === 'ctypes') {
      if (LOADERS.has(called.name)) return site(node, 'ctypes', /^(?:Win|Ole)/.test(called.name), args);
      return called.name === 'FFI' ? { kind: 'ffi' } : UNKNOWN;
    }
    if (called.kind === 'def') return result(called.node);
    if (called.kind === 'class') return instanceOf(called.node, node, args);
    if (called.kind === 'imported') {
      if (/(?:^|\.)ctypeslib$/.test([called.module, ...called.path.slice(0, -1)].join('.')) && called.path.at(-1) === 'load_library') {
        return site(node, 'ctypes', false, args.slice(0, 1));
      }
      const last = called.path.at(-1);
      return last === undefined ? UNKNOWN : { ...called, path: [...called.path.slice(0, -1), `${last}()`] };
    }
    const text = tree.textOf(fn).replace(/\s+/g, '');
    if (text === 'getattr' && args[0] !== undefined) return byName(value(args[0]), args[1] ?? -1);
    if (tree.kind(fn) === 'attribute' && value(byField(tree, fn, 'object')).kind === 'ffi') {
      return tree.textOf(byField(tree, fn, 'attribute')) === 'dlopen' ? site(node, 'cffi', false, args) : UNKNOWN;
    }
    const [first] = args;
    if (first === undefined || tree.kind(first) !== 'tuple') return UNKNOWN;
    // A prototype: `CFUNCTYPE(c_int)(("name", library))`.
    const [symbol, library] = namedChildren(tree, first);
    const name = symbol === undefined ? null : literalOf(tree, symbol);
    const object = library === undefined ? UNKNOWN : value(library);
    return name && object.kind === 'library' ? functionOf(object, [{ name: name.text, span: name.span }]) : UNKNOWN;
  }

  function instanceOf(owner: NodeId, node: NodeId, args: readonly NodeId[]): Value {
    const bases = byField(tree, owner, 'superclasses');
    const isLibrary = bases >= 0 && namedChildren(tree, bases).some((base) => LOADERS.has(ctypes(base) ?? ''));
    return isLibrary ? site(node, 'ctypes', false, args) : { kind: 'instance', node: owner };
  }

  function site(node: NodeId, loader: Site['loader'], stdcall: boolean, args: readonly NodeId[]): Value {
    const named = args.filter((one) => tree.kind(one) !== 'keyword_argument')[0] ?? -1;
    sites.set(node, { node, loader, stdcall, names: libraryNames(tree, named, meant), given: false });
    return { kind: 'library', sites: [node] };
  }

  /** What a name or call may stand for in the path of a library. */
  function meant(node: NodeId): readonly NodeId[] {
    if (tree.kind(node) === 'identifier') {
      const found = scopes.lookup(tree.textOf(node), scopes.of(node));
      return (found?.bindings ?? []).flatMap((one) => (one.kind === 'value' ? [one.node] : one.kind === 'each' ? [one.list] : []));
    }
    if (tree.kind(node) === 'attribute') {
      const object = value(byField(tree, node, 'object'));
      const name = tree.textOf(byField(tree, node, 'attribute'));
      return object.kind === 'instance' || object.kind === 'class' ? (attributes.get(object.node)?.get(name) ?? []) : [];
    }
    const called = value(byField(tree, node, 'function'));
    return called.kind === 'def' ? returns(called.node) : [];
  }

  function byName(object: Value, name: NodeId): Value {
    if (object.kind !== 'library') return UNKNOWN;
    const symbols = texts(name);
    return symbols === null ? { ...functionOf(object, []), dynamic: true } : functionOf(object, symbols);
  }

  function texts(node: NodeId): readonly NamedSymbol[] | null {
    if (node < 0) return null;
    const literal = literalOf(tree, node);
    if (literal) return [{ name: literal.text, span: literal.span }];
    if (tree.kind(node) !== 'identifier') return null;
    const bindings = scopes.lookup(tree.textOf(node), scopes.of(node))?.bindings ?? [];
    const [only] = bindings;
    if (bindings.length !== 1 || !only) return null;
    if (only.kind === 'value') return texts(only.node);
    if (only.kind !== 'each') return null;
    const all = namedChildren(tree, only.list).map((one) => literalOf(tree, one));
    return all.every((one) => one !== null) ? all.map((one) => ({ name: one.text, span: one.span })) : null;
  }

  function functionOf(
    { sites: of }: Extract<Value, { kind: 'library' }>,
    symbols: readonly NamedSymbol[],
  ): Extract<Value, { kind: 'function' }> {
    return { kind: 'function', sites: of, symbols, dynamic: false };
  }

  function result(fn: NodeId): Value {
    const known = returned.get(fn);
    if (known) return known;
    returned.set(fn, NONE);
    const all = returns(fn);
    const made = all.length === 0 ? UNKNOWN : combine(all.map(value));
    returned.set(fn, made);
    return made;
  }

  function returns(fn: NodeId): readonly NodeId[] {
    const scope = scopes.opened(fn);
    const out: NodeId[] = [];
    for (let node = fn + 1; node < tree.count && tree.start(node) < tree.end(fn); node++) {
      if (tree.kind(node) !== 'return_statement' || scopes.of(node) !== scope) continue;
      const [inner] = namedChildren(tree, node);
      if (inner !== undefined) out.push(inner);
    }
    return out;
  }

  function combine(values: readonly Value[]): Value {
    const real = values.filter(({ kind }) => kind !== 'none');
    const [first] = real;
    if (!first) return values.length > 0 ? NONE : UNKNOWN;
    if (real.length === 1) return first;
    if (first.kind === 'library' && real.every((one) => one.kind === 'library')) {
      return { kind: 'library', sites: [...new Set(real.flatMap((one) => one.sites))] };
    }
    if (first.kind === 'function' && real.every((one) => one.kind === 'function')) {
      return {
        kind: 'function',
        sites: [...new Set(real.flatMap((one) => one.sites))],
        symbols: real.flatMap((one) => one.symbols),
        dynamic: real.some((one) => one.dynamic),
      };
    }
    const text = JSON.stringify({ ...first, span: null });
    return real.every((one) => JSON.stringify({ ...one, span: null }) === text) ? first : UNKNOWN;
  }

  function ctypes(node: NodeId): string | null {
    if (node < 0) return null;
    const made = value(node);
    return made.kind === 'ctypes' ? made.name : null;
  }

  function single(node: NodeId): NodeId | null {
    if (tree.kind(node) !== 'identifier') return null;
    const bindings = scopes.lookup(tree.textOf(node), scopes.of(node))?.bindings ?? [];
    const [only] = bindings;
    return bindings.length === 1 && only?.kind === 'value' ? only.node : null;
  }

  function classAround(fn: NodeId): NodeId | null {
    const scope = scopes.of(fn);
    return scope.kind === 'class' ? scope.node : null;
  }

  function decorators(fn: NodeId): readonly string[] {
    const around = tree.parent(fn);
    if (around < 0 || tree.kind(around) !== 'decorated_definition') return [];
    return namedChildren(tree, around)
      .filter((one) => tree.kind(one) === 'decorator')
      .map((one) => tree.textOf(namedChildren(tree, one)[0] ?? one));
  }

  /** `self.name = …` and `Class.name = …`, by class. */
  function readAttributes(): ReadonlyMap<NodeId, ReadonlyMap<string, readonly NodeId[]>> {
    const out = new Map<NodeId, Map<string, NodeId[]>>();
    for (let node = 0; node < tree.count; node++) {
      if (tree.kind(node) !== 'assignment') continue;
      const left = byField(tree, node, 'left');
      const right = byField(tree, node, 'right');
      if (left < 0 || right < 0 || tree.kind(left) !== 'attribute') continue;
      const object = byField(tree, left, 'object');
      if (tree.kind(object) !== 'identifier') continue;
      const owner = ownerOf(object);
      if (owner === null) continue;
      const name = tree.textOf(byField(tree, left, 'attribute'));
      const known = out.get(owner) ?? new Map<string, NodeId[]>();
      out.set(owner, known.set(name, [...(known.get(name) ?? []), right]));
    }
    return out;
  }

  function ownerOf(object: NodeId): NodeId | null {
    const found = scopes.lookup(tree.textOf(object), scopes.of(object));
    const [only] = found?.bindings ?? [];
    if (found?.bindings.length !== 1 || !only) return null;
    if (only.kind === 'class') return only.node;
    return only.kind === 'parameter' && only.index === 0 ? classAround(only.fn) : null;
  }

  return {
    scopes,
    types,
    sites,
    value,
    ctypes,
    type: (node) => readType(types, node, null),
    single,
    bound: (binding) => bound(binding, 0),
    returned: result,
  };
}
