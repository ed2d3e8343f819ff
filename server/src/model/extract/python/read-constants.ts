/** Reads the numbers that a Python module gives names: constants in capitals, and classes of `enum`. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { PyConstant, PyEnum } from '../../python/ctypes.ts';
import { byField, namedChildren } from './context.ts';
import { readNumber } from './read-type.ts';
import type { TypeContext } from './read-type.ts';

/** Names that are assigned once. */
export function readConstants(file: string, context: TypeContext): readonly PyConstant[] {
  const { tree, names } = context;
  return [...names.assigned].flatMap(([name, node]) => {
    const value = /^[A-Z_][A-Z0-9_]+$/.test(name) ? readNumber(context, node) : null;
    if (value === null) return [];
    const left = byField(tree, tree.parent(node), 'left');
    return [{ name, value: BigInt(value), at: { file, span: tree.span(left < 0 ? node : left) } }];
  });
}

const BASES = /(?:^|\.)(?:Enum|IntEnum|Flag|IntFlag)$/;

/** Classes whose only base is one of `enum`. A class of this name that comes again makes both unknown. */
export function readEnums(file: string, context: TypeContext): readonly PyEnum[] {
  const { tree } = context;
  const out = new Map<string, PyEnum | null>();
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'class_definition') continue;
    const [name, bases, body] = ['name', 'superclasses', 'body'].map((field) => byField(tree, node, field));
    const [base, ...others] = bases === undefined || bases < 0 ? [] : namedChildren(tree, bases);
    if (name === undefined || body === undefined || body < 0 || base === undefined || others.length > 0) continue;
    const text = tree.textOf(base);
    if (!BASES.test(text)) continue;
    const key = tree.textOf(name);
    const constants = membersOf(body, text.endsWith('Flag'), file, context);
    out.set(key, out.has(key) ? null : { name: key, constants, at: { file, span: tree.span(name) } });
  }
  return [...out.values()].flatMap((one) => one ?? []);
}

/** `auto()` is one more than the value before, from 1, and of flags the next power of two (Python library reference, "enum"). */
function membersOf(body: NodeId, flags: boolean, file: string, context: TypeContext): readonly PyConstant[] {
  const { tree } = context;
  const out: PyConstant[] = [];
  for (const statement of namedChildren(tree, body)) {
    const [inner] = namedChildren(tree, statement);
    if (tree.kind(statement) !== 'expression_statement' || inner === undefined || tree.kind(inner) !== 'assignment') continue;
    const [left, right] = [byField(tree, inner, 'left'), byField(tree, inner, 'right')];
    if (left < 0 || right < 0 || tree.kind(left) !== 'identifier' || tree.textOf(left).startsWith('_')) continue;
    const number = readNumber(context, right);
    const value = /^(?:enum\.)?auto\(\)$/.test(tree.textOf(right)) ? next(out, flags) : number === null ? null : BigInt(number);
    out.push({ name: tree.textOf(left), value, at: { file, span: tree.span(left) } });
  }
  return out;
}

function next(before: readonly PyConstant[], flags: boolean): bigint | null {
  const last = before.length === 0 ? 0n : (before.at(-1)?.value ?? null);
  return last === null || last < 0n ? null : flags ? 1n << BigInt(last.toString(2).length - (last === 0n ? 1 : 0)) : last + 1n;
}
