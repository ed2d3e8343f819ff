/** Reads what a JavaScript or TypeScript module says of foreign functions: through koffi, Deno.dlopen and bun:ffi. */
import type { Location } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { byField, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindFn, BindLibrary, BindModule, BindParam, BindType, BindUse } from '../../bindings/bindings.ts';
import { baseOf } from '../python/strings.ts';
import { createCTexts } from './c-texts.ts';
import type { CTexts } from './c-texts.ts';
import { createKoffiTypes } from './koffi-types.ts';
import type { KoffiTypes } from './koffi-types.ts';
import { argumentsOf, keyOf, plainNode, readJsNames, stringOf } from './names.ts';
import type { JsNames } from './names.ts';
import { createTableReader } from './tables.ts';

/** A text without one of these calls nothing foreign. */
const TRIGGER = /\bkoffi\b|\bDeno\s*\.\s*dlopen\b|\bbun:ffi\b|[@/x]plug\b/;
/** `plug`, which brings a library for Deno from a release. */
const PLUG = /^@denosaurs\/plug$|^jsr:@denosaurs\/plug\b|\/x\/plug(?:@|\/)/;

/** Whether a text is worth parsing. */
export function mayCallForeign(text: string): boolean {
  return TRIGGER.test(text);
}

const CONVENTIONS: Readonly<Record<string, string>> = {
  func: 'C',
  cdecl: 'C',
  stdcall: 'stdcall',
  fastcall: 'fastcall',
  thiscall: 'thiscall',
};

/** null for a text that calls nothing foreign. */
export function readJsModule(file: string, text: string, parsers: Parsers): BindModule | null {
  if (!mayCallForeign(text)) return null;
  const tree = parsers.parse('typescript', text, 0);
  const names = readJsNames(tree);
  const texts = createCTexts(parsers);
  const koffi = createKoffiTypes(names, file, texts);
  const libraries = new Map<string, BindLibrary>();
  const functions: BindFn[] = [];
  const place = (node: NodeId): Location => ({ file, span: tree.span(node) });

  function library(key: string, load: readonly NodeId[], at: NodeId): string {
    if (!libraries.has(key)) {
      libraries.set(key, { key, names: [...new Set(load.flatMap((one) => namesIn(names, one)))], at: place(at) });
    }
    return key;
  }

  const tables = { deno: createTableReader(names, file, 'deno'), bun: createTableReader(names, file, 'bun') };
  const usesKoffi = [...names.imported.values()].some(({ module }) => module === 'koffi');
  for (let node = 0; node < tree.count; node++) {
    if (usesKoffi && tree.kind(node) === 'object') {
      const made = tabled(names, koffi, node, place);
      if (made.length > 0) library(made[0]?.library ?? '', [], node);
      functions.push(...made);
    }
    if (tree.kind(node) !== 'call_expression' || tree.hasError(node)) continue;
    const opened = opens(names, node);
    if (opened !== null) {
      const [path = -1, table = -1] = argumentsOf(tree, node);
      functions.push(...tables[opened].functions(table, library(`${opened}@${tree.start(node)}`, [path], node)));
      continue;
    }
    const fn = koffiFunction(node);
    if (fn) functions.push(fn);
  }

  function koffiFunction(node: NodeId): BindFn | null {
    const member = byField(tree, node, 'function');
    if (member < 0 || tree.kind(member) !== 'member_expression') return null;
    const [object, property] = [byField(tree, member, 'object'), tree.textOf(byField(tree, member, 'property'))];
    const convention = Object.hasOwn(CONVENTIONS, property) ? CONVENTIONS[property] : undefined;
    if (convention === undefined || !usesKoffi) return null;
    const made = declaredFunction(names, koffi, texts, node, convention, file);
    if (!made) return null;
    const key = lineOf(tree, object);
    const loads = key === '' ? [] : koffi.called(object) === 'load' ? [object] : (names.given.get(key) ?? []);
    const paths = loads.flatMap((one) => (koffi.called(plainNode(tree, one)) === 'load' ? argumentsOf(tree, plainNode(tree, one)) : []));
    // A thing that is no library of koffi's may have a `func` too.
    if (loads.length > 0 && paths.length === 0) return null;
    return { ...made, library: library(key, paths, object) };
  }

  const exports = new Map<string, BindType>();
  if (usesKoffi) for (const [name, node] of names.exported) exports.set(name, koffi.typeOf(node));
  const constants = constantsIn(names, place);
  return { file, libraries: [...libraries.values()], functions, types: koffi.registered, exports, callbacks: [], constants, dropped: 0 };
}

/** Names in capitals that are given one whole number. */
function constantsIn({ tree, given }: JsNames, place: (node: NodeId) => Location): BindModule['constants'] {
  return [...given].flatMap(([name, [node, ...others]]) => {
    const text = node === undefined || others.length > 0 || !/^[A-Z][A-Z0-9_]+$/.test(name) ? '' : tree.textOf(node).replace(/_|n$/g, '');
    return node !== undefined && /^-?(?:0x[\da-f]+|\d+)$/i.test(text)
      ? [{ name, value: text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text), at: place(node) }]
      : [];
  });
}

/** `Deno.dlopen(…)`, and `dlopen` of bun:ffi and of plug. */
function opens({ tree, imported }: JsNames, call: NodeId): 'deno' | 'bun' | null {
  const fn = byField(tree, call, 'function');
  const text = fn < 0 ? '' : tree.textOf(fn).replace(/\s+/g, '');
  if (text === 'Deno.dlopen') return 'deno';
  const [object = '', property] = text.split('.');
  const found = imported.get(object);
  const runtime = found?.module === 'bun:ffi' ? 'bun' : PLUG.test(found?.module ?? '') ? 'deno' : null;
  if (!found || runtime === null) return null;
  const name = property === undefined ? found.name : found.name === '*' || found.name === 'default' ? property : null;
  return name === 'dlopen' ? runtime : null;
}

/** `lib.func('int f(int)')`, `lib.func('f', 'int', ['int'])`, both with a convention in front. */
function declaredFunction({ tree }: JsNames, koffi: KoffiTypes, texts: CTexts, call: NodeId, own: string, file: string): BindFn | null {
  let args = argumentsOf(tree, call);
  let convention = own;
  const first = stringOf(tree, args[0] ?? -1);
  const written = /^__(stdcall|fastcall|thiscall|cdecl)$/.exec(first ?? '')?.[1];
  if (written !== undefined) {
    convention = written === 'cdecl' ? 'C' : written;
    args = args.slice(1);
  }
  const [head = -1, second = -1, third = -1] = args;
  const text = stringOf(tree, head);
  if (text === null) return null;
  const place = (node: NodeId): Location => ({ file, span: tree.span(node) });
  const base = {
    dialect: 'koffi',
    at: place(head),
    library: '',
    says: true,
    conditional: isConditional(tree, call),
    optional: false,
    method: null,
  } as const;
  if (text.includes('(')) {
    const found = texts.prototype(text);
    if (!found) return null;
    const use = { at: place(head) };
    return {
      ...base,
      symbol: found.name,
      params: found.params.map((one): BindParam => ({ ...one, ...use })),
      result: { type: copied(found.result), text: found.resultText, ...use },
      variadic: found.variadic,
      convention: found.convention ?? convention,
    };
  }
  if (second < 0 || !/^[A-Za-z_$][\w$]*$/.test(text)) return null;
  const use = (node: NodeId, type: BindType): BindUse => ({ type, text: stringOf(tree, node) ?? lineOf(tree, node), at: place(node) });
  const list = plainNode(tree, third);
  const all = list >= 0 && tree.kind(list) === 'array' ? namedChildren(tree, list) : null;
  const variadic = all?.some((one) => stringOf(tree, one) === '...') ?? false;
  const params = all?.some((one) => tree.kind(one) === 'spread_element')
    ? null
    : (all?.filter((one) => stringOf(tree, one) !== '...').map((one): BindParam => ({ name: null, ...use(one, koffi.typeOf(one)) })) ??
      null);
  return { ...base, symbol: text, params, result: use(second, copied(koffi.typeOf(second))), variadic, convention };
}

/**
 * A table of signatures that a loop hands to `lib.func`: `{ f: [result, [parameters]], … }`, all entries alike and at least two. Which library
 * it is for is not seen: its symbols tell.
 */
function tabled({ tree }: JsNames, koffi: KoffiTypes, object: NodeId, place: (node: NodeId) => Location): readonly BindFn[] {
  const pairs = namedChildren(tree, object).filter((one) => tree.kind(one) !== 'comment');
  if (pairs.length < 2) return [];
  const use = (node: NodeId, type: BindType): BindUse => ({ type, text: stringOf(tree, node) ?? lineOf(tree, node), at: place(node) });
  const out: BindFn[] = [];
  for (const pair of pairs) {
    const key = tree.kind(pair) === 'pair' ? byField(tree, pair, 'key') : -1;
    const symbol = keyOf(tree, key);
    const value = plainNode(tree, byField(tree, pair, 'value'));
    const [result = -1, list = -1, ...others] = value >= 0 && tree.kind(value) === 'array' ? namedChildren(tree, value) : [];
    const params = plainNode(tree, list);
    if (symbol === null || !/^[A-Za-z_]\w*$/.test(symbol) || others.length > 0 || params < 0 || tree.kind(params) !== 'array') return [];
    const all = namedChildren(tree, params);
    const variadic = all.some((one) => stringOf(tree, one) === '...');
    out.push({
      dialect: 'koffi',
      symbol,
      at: place(key),
      library: `table@${tree.start(object)}`,
      params: all.some((one) => tree.kind(one) === 'spread_element')
        ? null
        : all.filter((one) => stringOf(tree, one) !== '...').map((one): BindParam => ({ name: null, ...use(one, koffi.typeOf(one)) })),
      result: use(result, copied(koffi.typeOf(result))),
      variadic,
      convention: 'C',
      says: true,
      conditional: false,
      optional: false,
      method: null,
    });
  }
  return out;
}

/** Under an `if` or a conditional expression of the same function. */
function isConditional(tree: FlatTree, node: NodeId): boolean {
  for (let at = tree.parent(node); at > 0; at = tree.parent(at)) {
    if (/^(?:if_statement|else_clause|ternary_expression|switch_statement|try_statement|catch_clause)$/.test(tree.kind(at))) return true;
  }
  return false;
}

/** As a result, koffi makes a text of its own of a C string. */
function copied(type: BindType): BindType {
  const char = (one: BindType | null): boolean => one?.kind === 'name' && one.name === 'char';
  const text = (type.kind === 'name' && /^(?:str|string)$/.test(type.name)) || (type.kind === 'pointer' && char(type.to));
  return text ? { kind: 'text', encoding: 'copied', const: true } : type;
}

/** Expressions in expressions that are followed. */
const DEPTH = 8;

/** The names of libraries in an expression that builds a path. */
function namesIn(names: JsNames, given: NodeId): readonly string[] {
  const { tree } = names;
  const out = new Set<string>();
  const collect = (at: NodeId, depth: number): void => {
    const node = plainNode(tree, at);
    if (node < 0 || depth === 0) return;
    switch (tree.kind(node)) {
      case 'string':
      case 'template_string': {
        const base = baseOf(
          tree
            .textOf(node)
            .slice(1, -1)
            .replace(/\$\{[^{}]*\}/g, ''),
        );
        if (base !== null) out.add(base);
        return;
      }
      case 'identifier': {
        const name = tree.textOf(node);
        for (const one of names.given.get(name) ?? []) collect(one, depth - 1);
        return;
      }
      case 'binary_expression':
        collect(byField(tree, node, 'left'), depth - 1);
        collect(byField(tree, node, 'right'), depth - 1);
        return;
      case 'ternary_expression':
        collect(byField(tree, node, 'consequence'), depth - 1);
        collect(byField(tree, node, 'alternative'), depth - 1);
        return;
      case 'subscript_expression':
        collect(byField(tree, node, 'object'), depth - 1);
        return;
      case 'object':
        for (const pair of namedChildren(tree, node)) if (tree.kind(pair) === 'pair') collect(byField(tree, pair, 'value'), depth - 1);
        return;
      case 'new_expression':
        collect(namedChildren(tree, byField(tree, node, 'arguments'))[0] ?? -1, depth - 1);
        return;
      case 'call_expression':
        // The last part of a path is the file.
        collect(argumentsOf(tree, node).at(-1) ?? -1, depth - 1);
        return;
      case 'member_expression':
        // `new URL(…).pathname`
        collect(byField(tree, node, 'object'), depth - 1);
        return;
      default:
        return;
    }
  };
  collect(given, DEPTH);
  return [...out];
}
