/** Gathers what is said of libraries and their functions, under one key where several expressions may be the same library. */
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Place, PyArgTypes, PyCall, PyFunction, PyLibrary, PyResType } from '../../python/bindings.ts';
import { byField, namedChildren } from './context.ts';
import type { Evaluator, Site, Value } from './values.types.ts';

export interface Growing {
  readonly symbol: string;
  readonly library: string;
  by: PyFunction['by'];
  readonly at: Span;
  argtypes: PyArgTypes | null;
  restype: PyResType | null;
  doubt: string | null;
  errcheck: boolean;
  optional: boolean;
  readonly calls: PyCall[];
}

export interface Collector {
  /** Keys of libraries whose functions are looked up by names that are not written there. */
  readonly dynamic: ReadonlySet<string>;
  /** The functions that an expression is. */
  at(node: NodeId): readonly Growing[];
  named(library: NodeId, symbol: string, span: Span): Growing | null;
  /** Of the library with this key. */
  of(library: string, symbol: string, span: Span): Growing;
  dispatched(callee: string, symbol: string, span: Span): Growing;
  setArguments(one: Growing, types: PyArgTypes): void;
  setResult(one: Growing, type: PyResType): void;
  /** Finds out which expressions are the same library: done for all of a module before anything is gathered. */
  unify(node: NodeId): void;
  /** Looks whether a library or function gets out of sight here. */
  mention(node: NodeId): void;
  behind(statement: NodeId, object: NodeId): Place | null;
  keyOf(sites: readonly NodeId[]): string | null;
  /** The key of the library that a function of the module returns. */
  returned(fn: NodeId): string | null;
  libraries(): readonly PyLibrary[];
  functions(): readonly PyFunction[];
  empty(): boolean;
}

/** Calls that do nothing to a library or function. */
const HARMLESS = new Set([
  'getattr',
  'hasattr',
  'setattr',
  'print',
  'id',
  'repr',
  'str',
  'len',
  'bool',
  'isinstance',
  'callable',
  'cast',
  'addressof',
  'wrap_dll_function',
]);

/** Packages that everybody imports, none of which is a module of the project. */
const COMMON = new Set(
  'asyncio ctypes datetime functools itertools json logging matplotlib np numpy os pandas pathlib platform pytest random re scipy shutil struct \
subprocess sys tempfile threading time torch typing unittest'.split(' '),
);

interface ImportedLibrary {
  readonly module: string;
  readonly name: string;
  readonly span: Span;
}

type Imported = Extract<Value, { kind: 'imported' }>;

interface ImportedKey {
  readonly module: string;
  readonly name: string;
  readonly symbol: string;
  readonly library: string;
  readonly key: string;
}

/** `lib.f` where `lib` comes from another module; `native.lib.f` where the module does. */
function importedKey({ module, path }: Imported): ImportedKey | null {
  const symbol = path.at(-1);
  const name = path.at(-2);
  if (symbol === undefined || name === undefined || symbol.endsWith(')') || COMMON.has(module.split('.')[0] ?? '')) return null;
  const inner = path.slice(0, -2).join('.');
  const whole = inner === '' ? module : module.endsWith('.') ? `${module}${inner}` : `${module}.${inner}`;
  const library = `${whole}:${name}`;
  return { module: whole, name, symbol, library, key: keyFor(library, symbol) };
}

function keyFor(library: string, symbol: string): string {
  return `${library}\0${symbol}`;
}

export function createCollector(file: string, from: Evaluator): Collector {
  const { scopes, sites } = from;
  const { tree } = scopes;
  const parent = new Map<NodeId, NodeId>();
  const keys = new Map<NodeId, string>();
  const taken = new Set<string>();
  const escapes = new Map<string, string>();
  const dynamic = new Set<string>();
  const imported = new Map<string, ImportedLibrary>();
  const dispatchers = new Map<string, Span>();
  const functions = new Map<string, Growing>();

  function root(site: NodeId): NodeId {
    let at = site;
    for (let next = parent.get(at); next !== undefined && next !== at; next = parent.get(at)) at = next;
    return at;
  }

  function keyOf(list: readonly NodeId[]): string | null {
    const [first] = list;
    if (first === undefined) return null;
    const one = root(first);
    const known = keys.get(one);
    if (known !== undefined) return known;
    const name = targetOf(one);
    let key = name;
    for (let i = 2; taken.has(key); i++) key = `${name}#${i}`;
    taken.add(key);
    keys.set(one, key);
    return key;
  }

  function unify(node: NodeId): void {
    const value = from.value(node);
    const [first, ...rest] = value.kind === 'library' || value.kind === 'function' ? value.sites : [];
    if (first === undefined) return;
    for (const other of rest) if (root(other) !== root(first)) parent.set(root(other), root(first));
  }

  /** What the library is assigned to. */
  function targetOf(site: NodeId): string {
    const around = statementOf(site);
    const left = around === null ? -1 : byField(tree, around, 'left');
    if (left >= 0) return tree.textOf(left).replace(/\s+/g, '');
    return sites.get(site)?.given ? tree.textOf(site).replace(/[\s:=].*$/s, '') : (sites.get(site)?.names[0] ?? 'library');
  }

  /** The assignment whose value is the library. */
  function statementOf(site: NodeId): NodeId | null {
    for (let at = tree.parent(site); at >= 0; at = tree.parent(at)) {
      const kind = tree.kind(at);
      if (kind === 'assignment') return at;
      if (!/^(?:conditional_expression|boolean_operator|parenthesized_expression|named_expression)$/.test(kind)) return null;
    }
    return null;
  }

  function fresh(library: string, symbol: string, at: Span, by: PyFunction['by']): Growing {
    return { symbol, library, by, at, argtypes: null, restype: null, doubt: null, errcheck: false, optional: true, calls: [] };
  }

  function get(library: string, symbol: string, at: Span, by: PyFunction['by']): Growing {
    const key = keyFor(library, symbol);
    const known = functions.get(key) ?? fresh(library, symbol, at, by);
    functions.set(key, known);
    return known;
  }

  function at(node: NodeId): readonly Growing[] {
    return of(from.value(node));
  }

  function of(value: Value): readonly Growing[] {
    if (value.kind === 'imported') {
      const one = importedFunction(value);
      return one ? [one] : [];
    }
    if (value.kind !== 'function') return [];
    const key = keyOf(value.sites);
    if (key === null) return [];
    if (value.dynamic) dynamic.add(key);
    return value.symbols.map(({ name, span }) => get(key, name, span, 'attributes'));
  }

  function importedFunction(value: Imported): Growing | null {
    const found = importedKey(value);
    if (!found) return null;
    if (!imported.has(found.library)) imported.set(found.library, { module: found.module, name: found.name, span: value.span });
    return get(found.library, found.symbol, value.span, 'attributes');
  }

  function doubtful(one: Growing, same: boolean): void {
    if (!same) one.doubt ??= 'its signature is set more than once, and differently';
  }

  function mention(node: NodeId): void {
    const value = from.value(node);
    if (value.kind === 'imported') {
      // Only what is called or given a signature is taken for a function.
      const one = functions.get(importedKey(value)?.key ?? '');
      if (one && !isGuarded(node)) one.optional = false;
    } else if (value.kind === 'function') {
      const seen = of(value);
      // An alias says nothing of its own.
      if (tree.kind(node) !== 'identifier' && seen.some((one) => one.optional) && !isGuarded(node))
        for (const one of seen) one.optional = false;
      if (!isSeen(node, value)) for (const one of seen) one.doubt ??= 'the function is handed to other code';
    } else if (value.kind === 'library' && !isSeen(node, value)) {
      const key = keyOf(value.sites);
      if (key !== null && !escapes.has(key)) escapes.set(key, 'the library is handed to other code');
    } else if (value.kind === 'library') keyOf(value.sites);
  }

  /** Whether what is done with a library or function where it stands is followed. */
  function isSeen(node: NodeId, value: Value): boolean {
    const around = tree.parent(node);
    if (around < 0) return true;
    switch (tree.kind(around)) {
      case 'attribute':
      case 'subscript':
        return true;
      case 'assignment': {
        const left = byField(tree, around, 'left');
        if (left === node) return true;
        if (tree.kind(left) === 'identifier') return true;
        // An attribute of something else than `self` is not followed.
        return tree.kind(left) === 'attribute' && from.value(left).kind === value.kind;
      }
      case 'call':
        return tree.field(node) === 'function';
      case 'argument_list': {
        const called = byField(tree, tree.parent(around), 'function');
        const fn = from.value(called);
        if (fn.kind === 'def') return value.kind === 'library';
        if (fn.kind === 'class') return value.kind === 'library' && scopes.opened(fn.node)?.names.has('__init__') === true;
        return HARMLESS.has(tree.textOf(called).replace(/^.*\./, ''));
      }
      case 'tuple':
        // `prototype(("name", library))`
        return /^(?:argument_list|for_statement|return_statement)$/.test(tree.kind(tree.parent(around)));
      case 'list':
      case 'expression_list':
        return /^(?:for_statement|assignment|return_statement)$/.test(tree.kind(tree.parent(around)));
      case 'pair':
      case 'dictionary':
      case 'set':
      case 'keyword_argument':
      case 'yield':
      case 'list_splat':
        return false;
      default:
        return true;
    }
  }

  /** Under a `try`, or behind a question whether the symbol is there. */
  function isGuarded(node: NodeId): boolean {
    for (let one = tree.parent(node); one >= 0; one = tree.parent(one)) {
      const kind = tree.kind(one);
      if (kind === 'try_statement') {
        const caught = namedChildren(tree, one).filter((clause) => tree.kind(clause) === 'except_clause');
        if (caught.some((clause) => /AttributeError|Exception|except\s*:/.test(tree.textOf(clause).slice(0, 120)))) return true;
      }
      if (kind === 'if_statement' && tree.textOf(byField(tree, one, 'condition')).includes('hasattr')) return true;
    }
    // `getattr(library, "name", None)`
    return tree.kind(node) === 'call' && namedChildren(tree, byField(tree, node, 'arguments')).length > 2;
  }

  function behind(statement: NodeId, object: NodeId): Place | null {
    const around = tree.parent(statement);
    if (around < 0 || tree.kind(around) !== 'expression_statement') return null;
    const start = tree.start(around);
    const line = tree.text.slice(tree.text.lastIndexOf('\n', start - 1) + 1, start);
    if (!/^[ \t]*$/.test(line)) return null;
    const after = tree.text.indexOf('\n', tree.end(around));
    const rest = tree.text.slice(tree.end(around), after < 0 ? undefined : after);
    // Something else on the line, or a comment, stays on it.
    if (!/^[ \t]*(?:#.*)?\r?$/.test(rest)) return null;
    const offset = after < 0 ? tree.text.length : after - (rest.endsWith('\r') ? 1 : 0);
    return { offset, indent: line, object: tree.textOf(object) };
  }

  function libraryOf(site: Site, key: string): PyLibrary {
    const all = [...sites.values()].filter((one) => keys.get(root(one.node)) === key);
    const statement = statementOf(site.node);
    const left = statement === null ? -1 : byField(tree, statement, 'left');
    return {
      key,
      loader: site.loader,
      stdcall: all.some((one) => one.stdcall),
      names: [...new Set(all.flatMap((one) => one.names))],
      from: null,
      escapes:
        escapes.get(key) ??
        (dynamic.has(key) ? 'its functions are looked up by names that are computed' : site.given ? 'it is a parameter' : null),
      at: { file, span: left >= 0 ? tree.span(left) : tree.span(site.node) },
      behind: statement === null || all.length > 1 || left < 0 ? null : behind(statement, left),
    };
  }

  return {
    dynamic,
    at,
    named(library, symbol, span) {
      const value = from.value(library);
      const key = value.kind === 'library' ? keyOf(value.sites) : null;
      return key === null ? null : get(key, symbol, span, 'attributes');
    },
    of: (library, symbol, span) => get(library, symbol, span, 'table'),
    dispatched(callee, symbol, span) {
      if (!dispatchers.has(callee)) dispatchers.set(callee, span);
      // Each call is a declaration of its own.
      const one = { ...fresh(`${callee}()`, symbol, span, 'dispatcher'), optional: false };
      functions.set(`${keyFor(one.library, symbol)}\0${span.start}`, one);
      return one;
    },
    setArguments(one, types) {
      const text = (list: PyArgTypes): string => JSON.stringify(list.types?.map(({ type }) => type) ?? null);
      if (one.argtypes) doubtful(one, text(one.argtypes) === text(types));
      one.argtypes ??= types;
    },
    setResult(one, type) {
      if (one.restype) doubtful(one, JSON.stringify(one.restype.type) === JSON.stringify(type.type));
      one.restype ??= type;
    },
    unify,
    mention,
    behind,
    keyOf,
    returned(fn) {
      const value = from.returned(fn);
      return value.kind === 'library' ? keyOf(value.sites) : null;
    },
    libraries() {
      const out = new Map<string, PyLibrary>();
      for (const site of sites.values()) {
        const key = keyOf([site.node]);
        if (key !== null && !out.has(key)) out.set(key, libraryOf(sites.get(root(site.node)) ?? site, key));
      }
      const rest = { stdcall: false, names: [], escapes: null, behind: null } as const;
      for (const [key, { module, name, span }] of imported) {
        out.set(key, { ...rest, key, loader: 'ctypes', from: { module, name }, at: { file, span } });
      }
      for (const [callee, span] of dispatchers) {
        out.set(`${callee}()`, { ...rest, key: `${callee}()`, loader: 'ctypes', from: null, at: { file, span } });
      }
      return [...out.values()];
    },
    functions: () => [...functions.values()].map(({ at: span, ...one }) => ({ ...one, at: { file, span } })),
    empty: () => functions.size === 0,
  };
}
