/** Reads what a Python module says of foreign types and functions: its ctypes classes (Structure, Union and their kin) and its bindings. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { NO_BINDINGS } from '../../python/bindings.ts';
import type { PyClass, PyField, PyModule } from '../../python/ctypes.ts';
import { byField, ctypesName, namedChildren, readNames } from './context.ts';
import type { Names } from './context.ts';
import { readBindings } from './read-bindings.ts';
import type { DispatcherCall } from './read-bindings.ts';
import { readConstants, readEnums } from './read-constants.ts';
import { readNumber, readType } from './read-type.ts';
import type { TypeContext } from './read-type.ts';

interface Found {
  readonly node: NodeId;
  readonly path: string;
  readonly base: Base | { readonly parent: string };
}

interface Base {
  readonly kind: 'struct' | 'union';
  readonly endian: PyClass['endian'];
}

/** Texts longer than this (UTF-16 units) are not read: nobody writes that many classes by hand. */
const LONGEST = 4 << 20;

export function readPyModule(file: string, text: string, parsers: Parsers, dispatchers: readonly DispatcherCall[] = []): PyModule {
  const reaches = /\b(?:ctypes|cffi)\b/.test(text) || dispatchers.some(({ callee }) => text.includes(callee));
  if (!reaches || text.length > LONGEST) return { file, classes: [], enums: [], constants: [], bindings: NO_BINDINGS };
  const tree = parsers.parse('python', text, 0);
  const names = readNames(tree);
  const found = findClasses(tree, names);
  const context: TypeContext = { tree, names, classes: new Set(found.map(({ path }) => path)) };
  const later = laterAssignments(tree);
  const counts = new Map<string, number>();
  for (const { path } of found) counts.set(path, (counts.get(path) ?? 0) + 1);
  const first = found.filter(({ path }, i) => found.findIndex((other) => other.path === path) === i);
  return {
    file,
    classes: first.map((one) => readClass(one, file, context, later, (counts.get(one.path) ?? 0) > 1, found)),
    enums: readEnums(file, context),
    constants: readConstants(file, context),
    bindings: readBindings(file, context, dispatchers, parsers),
  };
}

/** Classes that derive from one of ctypes, or from such a class of the module. */
function findClasses(tree: FlatTree, names: Names): readonly Found[] {
  const out: Found[] = [];
  const paths = new Set<string>();
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'class_definition') continue;
    const name = byField(tree, node, 'name');
    const bases = byField(tree, node, 'superclasses');
    if (name < 0 || bases < 0) continue;
    const outer = around(tree, node);
    const path = outer === null ? tree.textOf(name) : `${outer}.${tree.textOf(name)}`;
    for (const base of namedChildren(tree, bases)) {
      const known = baseOf(ctypesName(tree, base, names));
      const written = tree.textOf(base);
      const local =
        known === null &&
        (paths.has(written) ? written : outer !== null && paths.has(`${outer}.${written}`) ? `${outer}.${written}` : null);
      if (known === null && !local) continue;
      out.push({ node, path, base: known ?? { parent: local || written } });
      paths.add(path);
      break;
    }
  }
  return out;
}

function baseOf(name: string | null): Base | null {
  const found = /^(BigEndian|LittleEndian)?(Structure|Union)$/.exec(name ?? '');
  if (!found) return null;
  return {
    kind: found[2] === 'Union' ? 'union' : 'struct',
    endian: found[1] === undefined ? 'native' : found[1] === 'BigEndian' ? 'big' : 'little',
  };
}

/** The path of the classes around a node. */
function around(tree: FlatTree, node: NodeId): string | null {
  const out: string[] = [];
  for (let at = tree.parent(node); at >= 0; at = tree.parent(at)) {
    if (tree.kind(at) === 'class_definition') out.unshift(tree.textOf(byField(tree, at, 'name')));
  }
  return out.length === 0 ? null : out.join('.');
}

/** `Point._fields_ = …` behind a class, by its left side; null where it is set twice or under a condition. */
function laterAssignments(tree: FlatTree): ReadonlyMap<string, NodeId | null> {
  const out = new Map<string, NodeId | null>();
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'assignment') continue;
    const left = byField(tree, node, 'left');
    if (left < 0 || tree.kind(left) !== 'attribute') continue;
    const text = tree.textOf(left).replace(/\s+/g, '');
    if (!/\._(fields|pack|anonymous|align|layout|swappedbytes)_$/.test(text)) continue;
    const conditional = tree.kind(tree.parent(tree.parent(node))) !== 'module';
    out.set(text, out.has(text) || conditional ? null : byField(tree, node, 'right'));
  }
  return out;
}

function readClass(
  one: Found,
  file: string,
  context: TypeContext,
  later: ReadonlyMap<string, NodeId | null>,
  twice: boolean,
  all: readonly Found[],
): PyClass {
  const { tree } = context;
  const settings = new Map<string, NodeId | null>();
  const body = byField(tree, one.node, 'body');
  for (const statement of body < 0 ? [] : namedChildren(tree, body)) collect(tree, statement, settings);
  for (const [left, value] of later) {
    const cut = left.lastIndexOf('.');
    if (left.slice(0, cut) !== one.path) continue;
    const name = left.slice(cut + 1);
    settings.set(name, settings.has(name) ? null : value);
  }
  const base = rootBase(one, all);
  const problems: string[] = [];
  if (twice) problems.push('the class is defined more than once');
  if (!base) problems.push('its base class is not understood');
  for (const [name, value] of settings) {
    if (value === null) problems.push(`\`${name}\` is set more than once or under a condition`);
    else if (name === '_align_' || name === '_layout_') problems.push(`\`${name}\` is not known to every Python`);
  }
  const packed = settings.get('_pack_');
  const pack = packed == null ? null : readNumber(context, packed);
  if (packed != null && pack === null) problems.push('`_pack_` is not a number that is written here');
  const fields = settings.get('_fields_');
  const read = fields == null ? null : readFields(fields, file, one, context);
  if (typeof read === 'string') problems.push(read);
  const anonymous = settings.get('_anonymous_');
  const hoisted = anonymous == null ? [] : readStrings(tree, anonymous);
  if (hoisted === null) problems.push('`_anonymous_` is not a list that is written here');
  return {
    path: one.path,
    kind: base?.kind ?? 'struct',
    parent: 'parent' in one.base ? one.base.parent : null,
    endian: base?.endian ?? 'native',
    fields: typeof read === 'string' ? [] : read,
    pack,
    anonymous: hoisted ?? [],
    unknown: problems[0] ?? null,
    at: { file, span: tree.span(byField(tree, one.node, 'name')) },
  };
}

/** What a class derives from in the end; null where that goes in circles. */
function rootBase(one: Found, all: readonly Found[]): Base | null {
  let at: Found | undefined = one;
  for (let i = 0; at && i < 64; i++) {
    const { base }: Found = at;
    if (!('parent' in base)) return base;
    at = all.find(({ path }) => path === base.parent);
  }
  return null;
}

const SETTINGS = new Set(['_fields_', '_pack_', '_anonymous_', '_align_', '_layout_']);

/** Assignments of a class's body; what is set under a condition, in a loop or by something else than `=` is null. */
function collect(tree: FlatTree, statement: NodeId, out: Map<string, NodeId | null>): void {
  const [inner] = namedChildren(tree, statement);
  if (tree.kind(statement) === 'expression_statement' && inner !== undefined && tree.kind(inner) === 'assignment') {
    const name = tree.textOf(byField(tree, inner, 'left'));
    if (SETTINGS.has(name)) out.set(name, out.has(name) ? null : byField(tree, inner, 'right'));
    return;
  }
  if (/^(class|function)_definition$|^decorated_definition$/.test(tree.kind(statement))) return;
  for (const name of SETTINGS) if (tree.textOf(statement).includes(name)) out.set(name, null);
}

/** Lists that are added to each other. */
const DEPTH = 100;

/** The fields of a list, a tuple, or a sum of them; a text says why they are not known. */
function readFields(node: NodeId, file: string, one: Found, context: TypeContext, depth = DEPTH): readonly PyField[] | string {
  const { tree, names } = context;
  const kind = tree.kind(node);
  if (depth === 0) return '`_fields_` is too long a sum';
  const inner = (at: NodeId): readonly PyField[] | string => readFields(at, file, one, context, depth - 1);
  if (kind === 'parenthesized_expression') return inner(namedChildren(tree, node)[0] ?? -1);
  if (kind === 'binary_operator' && tree.textOf(byField(tree, node, 'operator')) === '+') {
    const left = inner(byField(tree, node, 'left'));
    const right = inner(byField(tree, node, 'right'));
    return typeof left === 'string' ? left : typeof right === 'string' ? right : [...left, ...right];
  }
  if (kind === 'identifier') {
    const value = names.assigned.get(tree.textOf(node));
    if (value !== undefined && /^(list|tuple)$/.test(tree.kind(value))) return inner(value);
  }
  if (kind !== 'list' && kind !== 'tuple') return '`_fields_` is not a list that is written here';
  const out: PyField[] = [];
  for (const item of namedChildren(tree, node)) {
    const parts = /^(tuple|list)$/.test(tree.kind(item)) ? namedChildren(tree, item) : [];
    const [nameNode, type, width] = parts;
    const name = nameNode === undefined ? null : stringValue(tree, nameNode);
    if (nameNode === undefined || type === undefined || name === null || parts.length > 3)
      return 'an entry of `_fields_` is not understood';
    const bitWidth = width === undefined ? null : readNumber(context, width);
    if (width !== undefined && bitWidth === null) return `the width of \`${name}\` is not a number that is written here`;
    out.push({
      name,
      type: readType(context, type, one.path),
      text: tree.textOf(type).replace(/\s+/g, ' '),
      bitWidth,
      at: { file, span: tree.span(nameNode) },
    });
  }
  return out;
}

function readStrings(tree: FlatTree, node: NodeId): readonly string[] | null {
  if (!/^(list|tuple)$/.test(tree.kind(node))) return null;
  const values = namedChildren(tree, node).map((one) => stringValue(tree, one));
  return values.every((value) => value !== null) ? values : null;
}

/** A plain string literal that is a name. */
function stringValue(tree: FlatTree, node: NodeId): string | null {
  return tree.kind(node) === 'string' ? (/^[uU]?(["'])(\w+)\1$/.exec(tree.textOf(node))?.[2] ?? null) : null;
}
