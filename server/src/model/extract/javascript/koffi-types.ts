/** What an expression means as a type of koffi, and the types that a module registers with it. */
import type { Location } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { byField, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindConstant, BindField, BindNamed, BindType } from '../../bindings/bindings.ts';
import type { CTexts } from './c-texts.ts';
import { argumentsOf, keyOf, memberOf, plainNode, stringOf } from './names.ts';
import type { JsNames } from './names.ts';

export interface KoffiTypes {
  typeOf(node: NodeId): BindType;
  /** What a call is of koffi's: `struct` for `koffi.struct(…)`; null for anything else. */
  called(call: NodeId): string | null;
  readonly registered: readonly BindNamed[];
}

/** Names after names that are followed. */
const DEPTH = 12;
const MAKERS = new Set(['struct', 'pack', 'union', 'opaque', 'handle', 'proto', 'callback', 'alias', 'pointer', 'enumeration']);
const CONVENTION = /^__(?:stdcall|fastcall|thiscall|cdecl)$/;

const unknown = (reason: string): BindType => ({ kind: 'unknown', reason });

export function createKoffiTypes(names: JsNames, file: string, texts: CTexts): KoffiTypes {
  const { tree } = names;
  const registered: BindNamed[] = [];
  const made = new Map<NodeId, BindType>();
  const place = (node: NodeId): Location => ({ file, span: tree.span(node) });

  function isKoffi(node: NodeId): boolean {
    if (tree.kind(node) !== 'identifier') return false;
    const found = names.imported.get(tree.textOf(node));
    return found?.module === 'koffi' && (found.name === 'default' || found.name === '*');
  }

  function called(call: NodeId): string | null {
    if (call < 0 || tree.kind(call) !== 'call_expression') return null;
    const fn = byField(tree, call, 'function');
    if (fn < 0) return null;
    if (tree.kind(fn) === 'identifier') {
      const found = names.imported.get(tree.textOf(fn));
      if (found) return found.module === 'koffi' ? found.name : null;
      const taken = names.declared.get(tree.textOf(fn));
      return taken && taken.member !== null && isKoffi(taken.node) ? taken.member : null;
    }
    const [object, property] = [byField(tree, fn, 'object'), byField(tree, fn, 'property')];
    return object >= 0 && property >= 0 && isKoffi(object) ? tree.textOf(property) : null;
  }

  function typeOf(given: NodeId, depth = DEPTH): BindType {
    const node = plainNode(tree, given);
    if (node < 0 || depth === 0) return unknown('it is not written out');
    const text = stringOf(tree, node);
    if (text !== null) return texts.type(text);
    switch (tree.kind(node)) {
      case 'identifier':
      case 'shorthand_property_identifier':
        return named(tree.textOf(node), depth);
      case 'null':
        return { kind: 'pointer', to: null, const: false };
      case 'member_expression': {
        const [object, property] = [byField(tree, node, 'object'), tree.textOf(byField(tree, node, 'property'))];
        if (tree.textOf(object).replace(/\s+/g, '').endsWith('.types') && isKoffi(byField(tree, object, 'object'))) {
          return { kind: 'name', name: property };
        }
        const declared = tree.kind(object) === 'identifier' ? names.declared.get(tree.textOf(object)) : undefined;
        const literal = declared && declared.member === null ? plainNode(tree, declared.node) : -1;
        const value = literal >= 0 && tree.kind(literal) === 'object' ? memberOf(tree, literal, property) : -1;
        if (value >= 0) return typeOf(value, depth - 1);
        const from = tree.kind(object) === 'identifier' ? names.imported.get(tree.textOf(object)) : undefined;
        return from?.name === '*' ? { kind: 'imported', from: from.module, name: property } : unknown(notKnown(node));
      }
      case 'call_expression': {
        const known = made.get(node);
        if (known) return known;
        made.set(node, unknown('the type contains itself'));
        const type = ofCall(node, called(node), depth);
        made.set(node, type);
        return type;
      }
      default:
        return unknown(notKnown(node));
    }
  }

  function named(name: string, depth: number): BindType {
    const declared = names.declared.get(name);
    if (declared && declared.member === null) return typeOf(declared.node, depth - 1);
    const from = names.imported.get(name);
    return from ? { kind: 'imported', from: from.module, name: from.name } : unknown(`\`${name}\` is not known here`);
  }

  function notKnown(node: NodeId): string {
    return `\`${lineOf(tree, node).slice(0, 40)}\` is not understood`;
  }

  function ofCall(node: NodeId, what: string | null, depth: number): BindType {
    const args = argumentsOf(tree, node);
    const [first = -1, second = -1] = args;
    const label = stringOf(tree, first);
    switch (what) {
      case 'struct':
      case 'pack':
      case 'union':
        return record(node, what, label, label === null ? first : second, depth);
      case 'opaque':
      case 'handle':
        return register(node, label, { kind: 'struct', fields: null, pack: null, size: null, byReference: false });
      case 'pointer': {
        const inner = label !== null && second >= 0 && tree.kind(second) !== 'number' ? second : first;
        const count = args.find((one) => tree.kind(one) === 'number');
        let type = typeOf(inner, depth - 1);
        for (let left = Math.min(count === undefined ? 1 : Number(tree.textOf(count)), 8); left > 0; left--) {
          type = { kind: 'pointer', to: type.kind === 'name' && type.name === 'void' ? null : type, const: false };
        }
        if (inner === second && label !== null) registered.push(alias(label, type, first));
        return type;
      }
      case 'out':
      case 'inout':
        return typeOf(first, depth - 1);
      case 'disposable':
        // What is freed behind the copy is no text that is lost.
        return { kind: 'pointer', to: null, const: false };
      case 'array': {
        const length = Number(second >= 0 ? tree.textOf(second) : Number.NaN);
        return Number.isInteger(length) ? { kind: 'array', of: typeOf(first, depth - 1), length } : unknown('an array without a length');
      }
      case 'alias': {
        const type = typeOf(second, depth - 1);
        if (label !== null) registered.push(alias(label, type, first));
        return type;
      }
      case 'proto':
      case 'callback':
        return proto(args, depth);
      case 'enumeration':
        return enumeration(label, args, depth);
      default:
        return unknown(notKnown(node));
    }
  }

  function alias(name: string, type: BindType, at: NodeId): BindNamed {
    return { dialect: 'koffi', name, at: place(at), what: { kind: 'alias', type } };
  }

  function register(node: NodeId, label: string | null, what: BindNamed['what']): BindType {
    const name = label ?? declaredName(node) ?? `@${tree.start(node)}`;
    const at = label === null ? node : (argumentsOf(tree, node)[0] ?? node);
    registered.push({ dialect: 'koffi', name, at: place(at), what });
    return { kind: 'name', name };
  }

  /** The variable that a nameless type is kept in. */
  function declaredName(node: NodeId): string | null {
    const parent = tree.parent(node);
    const name = parent >= 0 && tree.kind(parent) === 'variable_declarator' ? byField(tree, parent, 'name') : -1;
    return name >= 0 && tree.kind(name) === 'identifier' ? tree.textOf(name) : null;
  }

  function record(node: NodeId, what: string, label: string | null, list: NodeId, depth: number): BindType {
    const object = literal(list);
    if (object < 0) return unknown('its members are not written out');
    const fields: BindField[] = [];
    for (const one of namedChildren(tree, object)) {
      const key = tree.kind(one) === 'pair' ? keyOf(tree, byField(tree, one, 'key')) : tree.textOf(one);
      const plain = tree.kind(one) === 'pair' ? byField(tree, one, 'value') : one;
      if (key === null || (tree.kind(one) !== 'pair' && tree.kind(one) !== 'shorthand_property_identifier')) {
        return unknown('its members are not written out');
      }
      // `[8, 'int']`: with an alignment of its own.
      const value = plainNode(tree, plain);
      const [align, type] = value >= 0 && tree.kind(value) === 'array' ? namedChildren(tree, value) : [undefined, value];
      const number = align === undefined ? null : Number(tree.textOf(align));
      if (number !== null && !Number.isInteger(number)) return unknown('the alignment of a member is not written out');
      fields.push({ name: key, type: typeOf(type ?? -1, depth - 1), offset: null, align: number, at: place(one) });
    }
    return register(node, label, {
      kind: what === 'union' ? 'union' : 'struct',
      fields,
      pack: what === 'pack' ? 1 : null,
      size: null,
      byReference: false,
    });
  }

  function literal(node: NodeId): NodeId {
    const at = plainNode(tree, node);
    if (at < 0 || tree.kind(at) === 'object') return at;
    const declared = tree.kind(at) === 'identifier' ? names.declared.get(tree.textOf(at)) : undefined;
    const value = declared && declared.member === null ? plainNode(tree, declared.node) : -1;
    return value >= 0 && tree.kind(value) === 'object' ? value : -1;
  }

  function proto(args: readonly NodeId[], depth: number): BindType {
    const [first = -1] = args;
    const written = stringOf(tree, first) ?? '';
    const convention = CONVENTION.test(written) ? written.slice(2) : 'C';
    const [name = -1, result = -1, params = -1] = CONVENTION.test(written) ? args.slice(1) : args;
    const text = stringOf(tree, name) ?? '';
    if (text.includes('(')) {
      const found = texts.prototype(text);
      if (!found || found.variadic) return unknown('its prototype is not understood');
      const signature = { params: found.params.map((one) => one.type), result: found.result };
      const type: BindType = { kind: 'function', convention: found.convention ?? convention, signature };
      registered.push(alias(found.name, type, name));
      return type;
    }
    // Without a name the result comes first.
    const [from, list] = params >= 0 ? [result, params] : [name, result];
    const array = plainNode(tree, list);
    if (array < 0 || tree.kind(array) !== 'array') return unknown('its parameters are not written out');
    const signature = {
      params: namedChildren(tree, array).map((one) => typeOf(one, depth - 1)),
      result: typeOf(from, depth - 1),
    };
    const type: BindType = { kind: 'function', convention, signature };
    if (params >= 0 && text !== '') registered.push(alias(text, type, name));
    return type;
  }

  function enumeration(label: string | null, args: readonly NodeId[], depth: number): BindType {
    const [list = -1, type = -1] = label === null ? args : args.slice(1);
    const object = literal(list);
    const constants: BindConstant[] = [];
    for (const one of object < 0 ? [] : namedChildren(tree, object)) {
      const key = tree.kind(one) === 'pair' ? keyOf(tree, byField(tree, one, 'key')) : null;
      const value = key === null ? '' : tree.textOf(byField(tree, one, 'value'));
      if (key !== null)
        constants.push({ name: key, value: /^-?\d+n?$/.test(value) ? BigInt(value.replace('n', '')) : null, at: place(one) });
    }
    // koffi's own choice without a type: unsigned int, and int on Windows.
    const underlying: BindType = type >= 0 ? typeOf(type, depth - 1) : { kind: 'name', name: 'int' };
    if (label !== null) {
      registered.push({ dialect: 'koffi', name: label, at: place(args[0] ?? list), what: { kind: 'enum', underlying, constants } });
    }
    return label === null ? underlying : { kind: 'name', name: label };
  }

  // Types are known by their names to the whole program, wherever they are made.
  for (let node = 0; node < tree.count; node++) if (MAKERS.has(called(node) ?? '')) typeOf(node);
  return { typeOf: (node) => typeOf(node), called, registered };
}
