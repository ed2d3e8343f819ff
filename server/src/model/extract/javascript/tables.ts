/** The tables of symbols that Deno.dlopen and bun:ffi are given. */
import type { Location } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { byField, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindFn, BindParam, BindType, BindUse } from '../../bindings/bindings.ts';
import { keyOf, memberOf, plainNode, stringOf } from './names.ts';
import type { JsNames } from './names.ts';

/** Names after names that are followed. */
const DEPTH = 12;

export interface TableReader {
  /** The functions of a table. */
  functions(table: NodeId, library: string): readonly BindFn[];
}

export function createTableReader(names: JsNames, file: string, dialect: 'deno' | 'bun'): TableReader {
  const { tree } = names;
  const [paramsKey, resultKey] = dialect === 'deno' ? ['parameters', 'result'] : ['args', 'returns'];
  const place = (node: NodeId): Location => ({ file, span: tree.span(node) });

  /** What a name or a member of a literal stands for; the node itself for anything else. */
  function meant(given: NodeId, depth = DEPTH): NodeId {
    const node = plainNode(tree, given);
    if (node < 0 || depth === 0) return node;
    const kind = tree.kind(node);
    if (kind === 'identifier' || kind === 'shorthand_property_identifier') {
      const declared = names.declared.get(tree.textOf(node));
      if (!declared) return node;
      if (declared.member === null) return meant(declared.node, depth - 1);
      const object = meant(declared.node, depth - 1);
      const member = object >= 0 && tree.kind(object) === 'object' ? memberOf(tree, object, declared.member) : -1;
      return member < 0 ? node : meant(member, depth - 1);
    }
    if (kind === 'member_expression') {
      const object = meant(byField(tree, node, 'object'), depth - 1);
      const member =
        object >= 0 && tree.kind(object) === 'object' ? memberOf(tree, object, tree.textOf(byField(tree, node, 'property'))) : -1;
      return member < 0 ? node : meant(member, depth - 1);
    }
    if (kind === 'call_expression' && /^Object\.freeze$/.test(tree.textOf(byField(tree, node, 'function')))) {
      return meant(namedChildren(tree, byField(tree, node, 'arguments'))[0] ?? -1, depth - 1);
    }
    return node;
  }

  function typeOf(given: NodeId, depth = DEPTH): BindType {
    const ffiType = ffiTypeOf(plainNode(tree, given));
    if (ffiType !== null) return { kind: 'name', name: ffiType };
    const node = meant(given);
    const name = stringOf(tree, node) ?? (node >= 0 ? ffiTypeOf(node) : null);
    if (name !== null) return { kind: 'name', name };
    const members = dialect === 'deno' && node >= 0 && tree.kind(node) === 'object' ? memberOf(tree, node, 'struct') : -1;
    const list = members < 0 || depth === 0 ? null : elements(members);
    if (list) return { kind: 'struct', members: list.map((one) => typeOf(one, depth - 1)) };
    return { kind: 'unknown', reason: `\`${lineOf(tree, given).slice(0, 40)}\` is not understood` };
  }

  /** `i32` of `FFIType.i32` and `FFIType["i32"]`, and of a name that is taken out of it. */
  function ffiTypeOf(node: NodeId): string | null {
    if (dialect !== 'bun' || node < 0) return null;
    const kind = tree.kind(node);
    if (kind === 'member_expression' || kind === 'subscript_expression') {
      const object = byField(tree, node, 'object');
      const property = kind === 'member_expression' ? byField(tree, node, 'property') : byField(tree, node, 'index');
      return isFfiType(object) ? (stringOf(tree, property) ?? tree.textOf(property)) : null;
    }
    const declared = kind === 'identifier' ? names.declared.get(tree.textOf(node)) : undefined;
    return declared && declared.member !== null && isFfiType(declared.node) ? declared.member : null;
  }

  function isFfiType(node: NodeId): boolean {
    if (node < 0) return false;
    if (tree.kind(node) === 'member_expression') return /^\w+\.FFIType$/.test(tree.textOf(node));
    const found = names.imported.get(tree.textOf(node));
    return found?.module === 'bun:ffi' && found.name === 'FFIType';
  }

  /** Of an array literal, what it is spread from included; null where it is not written out. */
  function elements(given: NodeId, depth = DEPTH): readonly NodeId[] | null {
    const node = meant(given);
    if (node < 0 || depth === 0 || tree.kind(node) !== 'array') return null;
    const out: NodeId[] = [];
    for (const one of namedChildren(tree, node)) {
      const spread = tree.kind(one) === 'spread_element' ? elements(namedChildren(tree, one)[0] ?? -1, depth - 1) : [one];
      if (!spread) return null;
      out.push(...spread);
    }
    return out;
  }

  const use = (node: NodeId): BindUse => ({ type: typeOf(node), text: lineOf(tree, node), at: place(node) });

  function entry(key: NodeId, name: string, value: NodeId, library: string): BindFn | null {
    const object = meant(value);
    if (object < 0 || tree.kind(object) !== 'object') return null;
    // Deno's statics have a type, Bun's functions by address a `ptr`.
    if (memberOf(tree, object, 'type') >= 0 || memberOf(tree, object, 'ptr') >= 0) return null;
    const [list, result] = [memberOf(tree, object, paramsKey ?? ''), memberOf(tree, object, resultKey ?? '')];
    const types = list < 0 ? [] : elements(list);
    const nothing = (text: string): BindUse => ({ type: { kind: 'name', name: 'void' }, text, at: place(key) });
    const spread = namedChildren(tree, object).some((one) => tree.kind(one) === 'spread_element');
    // Deno wants both; Bun takes no parameters and no result where they are left out.
    const open = spread || (dialect === 'deno' && (list < 0 || result < 0));
    const symbol = dialect === 'deno' ? stringOf(tree, meant(memberOf(tree, object, 'name'))) : null;
    const optional = memberOf(tree, object, 'optional');
    return {
      dialect,
      symbol: symbol ?? name,
      at: place(key),
      library,
      params: types === null || open ? null : types.map((one): BindParam => ({ name: null, ...use(one) })),
      result: result >= 0 ? use(result) : open ? null : nothing('void'),
      variadic: false,
      convention: 'C',
      says: true,
      conditional: false,
      optional: optional >= 0 && tree.textOf(optional) !== 'false',
      method: null,
    };
  }

  function functions(given: NodeId, library: string, depth = DEPTH): readonly BindFn[] {
    const table = meant(given);
    if (table < 0 || depth === 0 || tree.kind(table) !== 'object') return [];
    return namedChildren(tree, table).flatMap((one): readonly BindFn[] => {
      if (tree.kind(one) === 'spread_element') return functions(namedChildren(tree, one)[0] ?? -1, library, depth - 1);
      const [key, value] = tree.kind(one) === 'pair' ? [byField(tree, one, 'key'), byField(tree, one, 'value')] : [one, one];
      const name = keyOf(tree, key);
      const made = name === null ? null : entry(key, name, value, library);
      return made ? [made] : [];
    });
  }

  return { functions };
}
