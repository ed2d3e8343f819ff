/** Reads how a Python module reaches C functions: libraries, signatures, calls. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import type { PyBindings, PyCdef, PyLibrary } from '../../python/bindings.ts';
import { NO_BINDINGS } from '../../python/bindings.ts';
import { byField, namedChildren } from './context.ts';
import { createCollector } from './collector.ts';
import type { Collector } from './collector.ts';
import { readCall } from './read-args.ts';
import type { TypeContext } from './read-type.ts';
import { readScopes } from './scopes.ts';
import { readCdefs } from './read-cdefs.ts';
import { literalOf } from './strings.ts';
import type { Literal } from './strings.ts';
import { readTables } from './tables.ts';
import { readTypeList, readTypeUse } from './type-lists.ts';
import { createEvaluator } from './values.ts';
import type { Evaluator } from './values.types.ts';

/** A Python function of the project that calls C functions by name; the numbers are argument positions from 0. */
export interface DispatcherCall {
  readonly callee: string;
  readonly name: number;
  readonly argtypes: number | null;
  readonly restype: number | null;
}

export function readBindings(file: string, context: TypeContext, dispatchers: readonly DispatcherCall[], parsers: Parsers): PyBindings {
  const { tree, names } = context;
  const scopes = readScopes(tree);
  const from = createEvaluator(scopes, context);
  const found = createCollector(file, from);
  const cdefs: PyCdef[] = [];
  for (let node = 0; node < tree.count; node++) if (/^(?:identifier|attribute|call)$/.test(tree.kind(node))) found.unify(node);
  for (let node = 0; node < tree.count; node++) {
    switch (tree.kind(node)) {
      case 'assignment':
        readAssignment(node, file, from, found);
        break;
      case 'augmented_assignment':
        readChanged(byField(tree, node, 'left'), from, found);
        break;
      case 'call':
        readOneCall(node, file, from, found, cdefs);
        readDispatch(node, file, from, found, dispatchers);
        found.mention(node);
        break;
      case 'decorated_definition':
        readDecorated(node, file, from, found);
        break;
      case 'identifier':
      case 'attribute':
      case 'subscript':
        found.mention(node);
        break;
    }
  }
  if (found.dynamic.size > 0) readTables(file, from, found);
  const libraries = found.libraries();
  if (libraries.length === 0 && cdefs.length === 0 && found.empty()) return NO_BINDINGS;
  return {
    libraries,
    functions: found.functions(),
    cdefs,
    declared: readCdefs(file, cdefs, parsers),
    exports: exportsOf(from, found, libraries),
    spelling: {
      modules: [...names.modules],
      imported: new Map([...names.imported].map(([local, name]) => [name, local])),
      star: names.star,
    },
  };
}

const SIGNATURE = /^(?:argtypes|restype|errcheck)$/;

function readAssignment(node: NodeId, file: string, from: Evaluator, found: Collector): void {
  const { tree } = from.scopes;
  const left = byField(tree, node, 'left');
  let right = byField(tree, node, 'right');
  if (left < 0 || right < 0) return;
  while (tree.kind(right) === 'assignment') right = byField(tree, right, 'right');
  if (/^(?:pattern_list|tuple_pattern)$/.test(tree.kind(left))) {
    const parts = namedChildren(tree, left);
    const values = /^(?:expression_list|tuple)$/.test(tree.kind(right)) ? namedChildren(tree, right) : [];
    for (const [i, part] of parts.entries()) {
      const value = values.length === parts.length ? values[i] : undefined;
      if (value === undefined) readChanged(part, from, found);
      else assign(part, value, node, file, from, found);
    }
    return;
  }
  assign(left, right, node, file, from, found);
}

/** `library.name.restype = …` */
function assign(left: NodeId, right: NodeId, statement: NodeId, file: string, from: Evaluator, found: Collector): void {
  const { tree } = from.scopes;
  if (tree.kind(left) !== 'attribute') return;
  const what = tree.textOf(byField(tree, left, 'attribute'));
  if (!SIGNATURE.test(what)) return;
  const object = byField(tree, left, 'object');
  const behind = found.behind(statement, object);
  const doubt = conditionOf(statement, from);
  for (const one of found.at(object)) {
    if (doubt !== null) one.doubt ??= doubt;
    if (what === 'errcheck') one.errcheck = true;
    else if (what === 'restype') found.setResult(one, { ...readTypeUse(right, file, from), behind });
    else if (tree.kind(right) !== 'none') {
      found.setArguments(one, { types: readTypeList(right, file, from), at: { file, span: tree.span(right) }, behind });
    }
  }
}

/** What is changed in place, or set to a part of something: nothing is known of it. */
function readChanged(left: NodeId, from: Evaluator, found: Collector): void {
  const { tree } = from.scopes;
  if (left < 0 || tree.kind(left) !== 'attribute' || !SIGNATURE.test(tree.textOf(byField(tree, left, 'attribute')))) return;
  for (const one of found.at(byField(tree, left, 'object'))) one.doubt ??= 'its signature is changed in place';
}

/** Why what a statement sets may not hold: it stands under a condition about the platform. */
function conditionOf(statement: NodeId, { scopes: { tree } }: Evaluator): string | null {
  for (let at = tree.parent(statement); at >= 0; at = tree.parent(at)) {
    const kind = tree.kind(at);
    if (kind === 'function_definition' || kind === 'class_definition') return null;
    if (kind !== 'if_statement' && kind !== 'elif_clause') continue;
    const condition = tree.textOf(byField(tree, at, 'condition'));
    if (/platform|os\.name|maxsize|architecture|version|sizeof|machine|uname|is_?win|windows|linux|darwin|64/i.test(condition)) {
      return 'its signature is set under a condition';
    }
  }
  return null;
}

function readOneCall(node: NodeId, file: string, from: Evaluator, found: Collector, cdefs: PyCdef[]): void {
  const { tree } = from.scopes;
  const fn = byField(tree, node, 'function');
  const args = namedChildren(tree, byField(tree, node, 'arguments'));
  const text = tree.textOf(fn).replace(/\s+/g, '');
  if (text === 'setattr' && args[0] !== undefined) {
    for (const one of found.at(args[0])) one.doubt ??= 'its signature is set by `setattr`';
    return;
  }
  if (tree.kind(fn) === 'attribute' && tree.textOf(byField(tree, fn, 'attribute')) === 'cdef') {
    if (from.value(byField(tree, fn, 'object')).kind === 'ffi') readCdef(args, file, from, cdefs);
    return;
  }
  const [first] = args;
  if (first !== undefined && tree.kind(first) === 'tuple') {
    const type = from.type(fn);
    if (type.kind === 'function') {
      for (const one of found.at(node)) {
        one.by = 'prototype';
        const at = { file, span: tree.span(fn) };
        found.setResult(one, { type: type.result, text: tree.textOf(fn), at, behind: null });
        found.setArguments(one, { types: type.params.map((param) => ({ type: param, text: tree.textOf(fn), at })), at, behind: null });
      }
      return;
    }
  }
  if (from.value(fn).kind === 'function' || from.value(fn).kind === 'imported') {
    const call = readCall(node, file, from);
    for (const one of found.at(fn)) one.calls.push(call);
  }
}

function readCdef(args: readonly NodeId[], file: string, { scopes: { tree }, single }: Evaluator, out: PyCdef[]): void {
  const [first] = args;
  if (first === undefined) return;
  const pack = packOf(args, tree);
  const node = single(first) ?? first;
  const parts = tree.kind(node) === 'concatenated_string' ? namedChildren(tree, node) : [node];
  const texts = parts.flatMap((part) => {
    const literal = literalOf(tree, part);
    const text = literal && withoutEscapes(literal);
    return literal && text !== null ? [{ at: { file, span: literal.span }, text, pack }] : [];
  });
  if (texts.length === parts.length) out.push(...texts);
}

/** `packed=True` is `pack=1`. */
function packOf(args: readonly NodeId[], tree: Evaluator['scopes']['tree']): PyCdef['pack'] {
  for (const one of args) {
    if (tree.kind(one) !== 'keyword_argument') continue;
    const [name, value] = [tree.textOf(byField(tree, one, 'name')), tree.textOf(byField(tree, one, 'value'))];
    if (name === 'packed' && value !== 'False') return value === 'True' ? 1 : '`packed` is not written here';
    if (name === 'pack' && value !== 'None') return /^\d+$/.test(value) ? Number(value) : '`pack` is not written here';
  }
  return null;
}

/** Escapes for white space and quotes become as many characters as they are, so that nothing behind them moves; null for others. */
function withoutEscapes({ text, prefix }: Literal): string | null {
  if (prefix.includes('r') || !text.includes('\\')) return text;
  const known: Readonly<Record<string, string>> = { n: ' \n', t: '  ', '\n': ' \n', '"': ' "', "'": " '" };
  let whole = true;
  const made = text.replace(/\\([\s\S])/g, (_, sign: string) => {
    whole &&= known[sign] !== undefined;
    return known[sign] ?? '  ';
  });
  return whole ? made : null;
}

/** `@wrap_dll_function(library)` of Python 3.15: the annotations are the signature. */
function readDecorated(node: NodeId, file: string, from: Evaluator, found: Collector): void {
  const { tree } = from.scopes;
  const fn = byField(tree, node, 'definition');
  if (fn < 0 || tree.kind(fn) !== 'function_definition') return;
  for (const decorator of namedChildren(tree, node)) {
    const [call] = tree.kind(decorator) === 'decorator' ? namedChildren(tree, decorator) : [];
    if (call === undefined || tree.kind(call) !== 'call' || from.ctypes(byField(tree, call, 'function')) !== 'wrap_dll_function') continue;
    const [library] = namedChildren(tree, byField(tree, call, 'arguments'));
    const name = byField(tree, fn, 'name');
    const one = library === undefined ? null : found.named(library, tree.textOf(name), tree.span(name));
    if (!one) continue;
    one.by = 'decorator';
    one.optional = false;
    const params = namedChildren(tree, byField(tree, fn, 'parameters')).filter((param) => !/separator/.test(tree.kind(param)));
    const annotations = params.map((param) => byField(tree, param, 'type'));
    const list = byField(tree, fn, 'parameters');
    found.setArguments(one, {
      types: annotations.every((type) => type >= 0) ? annotations.map((type) => readTypeUse(bare(type, from), file, from)) : null,
      at: { file, span: tree.span(list) },
      behind: null,
    });
    const result = byField(tree, fn, 'return_type');
    if (result >= 0) found.setResult(one, { ...readTypeUse(bare(result, from), file, from), behind: null });
  }
}

function bare(type: NodeId, { scopes: { tree } }: Evaluator): NodeId {
  return tree.kind(type) === 'type' ? (namedChildren(tree, type)[0] ?? type) : type;
}

function readDispatch(node: NodeId, file: string, from: Evaluator, found: Collector, dispatchers: readonly DispatcherCall[]): void {
  if (dispatchers.length === 0) return;
  const { tree } = from.scopes;
  const called = tree.textOf(byField(tree, node, 'function')).replace(/\s+/g, '');
  const one = dispatchers.find(({ callee }) => called === callee || called.endsWith(`.${callee}`));
  if (!one) return;
  const args = namedChildren(tree, byField(tree, node, 'arguments'));
  const symbol = args[one.name] === undefined ? null : literalOf(tree, args[one.name] ?? -1);
  if (!symbol) return;
  const fn = found.dispatched(one.callee, symbol.text, symbol.span);
  const types = one.argtypes === null ? undefined : args[one.argtypes];
  const result = one.restype === null ? undefined : args[one.restype];
  if (types !== undefined)
    found.setArguments(fn, { types: readTypeList(types, file, from), at: { file, span: tree.span(types) }, behind: null });
  if (result !== undefined) found.setResult(fn, { ...readTypeUse(result, file, from), behind: null });
  // What is left are the arguments of the function itself.
  const taken = new Set([one.name, one.argtypes, one.restype]);
  const call = readCall(node, file, from);
  fn.calls.push({ ...call, args: call.args?.filter((_, index) => !taken.has(index)) ?? null });
}

/** What other modules can import: names at the top, and functions that return a library. */
function exportsOf({ scopes, bound }: Evaluator, found: Collector, libraries: readonly PyLibrary[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  if (libraries.length === 0) return out;
  for (const [name, bindings] of scopes.module.names) {
    for (const one of bindings) {
      const made = one.kind === 'value' || one.kind === 'part' ? bound(one) : null;
      const key = made?.kind === 'library' ? found.keyOf(made.sites) : one.kind === 'def' ? found.returned(one.node) : null;
      if (key !== null) out.set(one.kind === 'def' ? `${name}()` : name, key);
    }
  }
  return out;
}
