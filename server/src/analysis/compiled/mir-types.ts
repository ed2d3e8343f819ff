/** From types as MIR prints them to the types of local inference, so that both providers answer in the same words. */
import { splitTop, topLevel } from '../../base/brackets.ts';
import { words } from '../../base/words.ts';
import type { Crate, RustItem, Workspace } from '../../model/workspace.ts';
import { canonicalName } from '../types/local-types-names.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { external, pointer, primitive } from '../types/local-types-ty.ts';

const PRIMITIVES = words('bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128');

/** null for closures, projections, and what has no name in the workspace: a type parameter looks like a type of the crate's root. */
export function tyOfMir(text: string, crate: Crate, workspace: Workspace): MaybeTy {
  const reference = /^&(?:'\w+ )?(mut )?/.exec(text);
  if (reference)
    return { kind: 'reference', mutable: reference[1] !== undefined, to: tyOfMir(text.slice(reference[0].length), crate, workspace) };
  const raw = /^\*(?:const|mut) /.exec(text);
  if (raw) return pointer(tyOfMir(text.slice(raw[0].length), crate, workspace));
  if (text.startsWith('[') && text.endsWith(']')) {
    const length = topLevel(text, ';', 1);
    const element = tyOfMir(text.slice(1, length < 0 ? -1 : length), crate, workspace);
    return { kind: length < 0 ? 'slice' : 'array', element };
  }
  if (text.startsWith('(') && text.endsWith(')')) {
    return { kind: 'tuple', elements: splitTop(text.slice(1, -1)).map((part) => tyOfMir(part, crate, workspace)) };
  }
  if (/^(?:dyn|impl|fn|for<|unsafe |extern )/.test(text)) return { kind: 'opaque', bounds: [], pointer: false };
  if (PRIMITIVES.has(text)) return primitive(text);
  return named(text, crate, workspace);
}

function named(text: string, crate: Crate, workspace: Workspace): MaybeTy {
  const open = text.indexOf('<');
  const path = (open < 0 ? text : text.slice(0, open)).replace(/::$/, '');
  if (!/^\w+(?:::\w+)*$/.test(path)) return null;
  const names = path.split('::');
  const given = open < 0 || !text.endsWith('>') ? [] : splitTop(text.slice(open + 1, -1));
  const args = given.flatMap((arg) => (arg.startsWith("'") ? [] : [tyOfMir(arg, crate, workspace)]));
  const item = itemOfMir(names, crate, workspace, 'type');
  if (item) return item.kind === 'struct' || item.kind === 'enum' || item.kind === 'union' ? { kind: 'item', item, args } : null;
  const [first = ''] = names;
  if (names.length < 2 || crate.root.children.has(first)) return null;
  return external(canonicalName([/^(?:core|alloc)$/.test(first) ? 'std' : first, ...names.slice(1)]), ...args);
}

/** The item of the workspace that a path of MIR names: those of the crate itself are printed without its name. */
export function itemOfMir(names: readonly string[], crate: Crate, workspace: Workspace, namespace: 'type' | 'value'): RustItem | null {
  const scope = { module: crate.root, item: null };
  const own = workspace.resolve(['crate', ...names], scope, namespace);
  if (own.kind === 'item') return own.item;
  const other = names.length > 1 ? workspace.resolve(names, scope, namespace) : null;
  return other?.kind === 'item' ? other.item : null;
}
