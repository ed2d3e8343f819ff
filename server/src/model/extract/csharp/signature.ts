/** Parameters, texts and conventions of imports and delegates. */
import type { Location } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindParam, BindType, TextEncoding } from '../../bindings/bindings.ts';
import { attributesOf, lastName } from './attributes.ts';
import type { CsAttribute } from './attributes.ts';
import type { CsTypeReader, Marshalling } from './types.ts';

/** Rust's names of the conventions, by those of CallingConvention and CallConv. */
export const CONVENTIONS: Readonly<Record<string, string>> = {
  Cdecl: 'C',
  StdCall: 'stdcall',
  Stdcall: 'stdcall',
  ThisCall: 'thiscall',
  Thiscall: 'thiscall',
  FastCall: 'fastcall',
  Fastcall: 'fastcall',
  Winapi: 'system',
};

/** Parameters with their names and directions; shared by imports and delegates. */
export function parameters(
  tree: FlatTree,
  list: NodeId,
  types: CsTypeReader,
  how: Marshalling,
  place: (node: NodeId) => Location,
): readonly BindParam[] {
  const out: BindParam[] = [];
  let open = -1;
  for (const one of namedChildren(tree, list)) {
    // `params T[] x` stands in the list without a node of its own.
    if (tree.kind(one) !== 'parameter') {
      if (tree.field(one) === 'type') open = one;
      else if (tree.field(one) === 'name' && open >= 0) {
        out.push({ name: tree.textOf(one), type: types.typeOf(open, [], how, 'value'), text: lineOf(tree, open), at: place(open) });
        open = -1;
      }
      continue;
    }
    const attributes = attributesOf(tree, one);
    const type = byField(tree, one, 'type');
    const modifiers = namedChildren(tree, one).filter((part) => tree.kind(part) === 'modifier');
    const direction = modifiers.map((part) => tree.textOf(part)).find((text) => /^(?:ref|out|in)$/.test(text)) ?? null;
    const inner = types.typeOf(type, attributes, how, direction === null ? 'value' : 'field');
    const passed: BindType =
      direction === null || inner.kind === 'unknown' ? inner : { kind: 'pointer', to: inner, const: direction === 'in' };
    const name = byField(tree, one, 'name');
    out.push({
      name: name < 0 ? null : tree.textOf(name),
      type: passed,
      text: `${marshalText(tree, attributes)}${direction === null ? '' : `${direction} `}${lineOf(tree, type)}`,
      at: place(one),
    });
  }
  return out;
}

/** The conversion that is asked for, as it is written. */
export function marshalText(tree: FlatTree, attributes: readonly CsAttribute[]): string {
  const as = attributes.find(({ name }) => name === 'MarshalAs')?.args[0];
  return as === undefined ? '' : `[MarshalAs(${lineOf(tree, as)})] `;
}

/** Without a word, texts are ANSI; `Auto` depends on the platform. */
export function charSet(tree: FlatTree, attribute: CsAttribute | undefined): TextEncoding | null {
  const written = attribute?.named.get('CharSet');
  if (written === undefined) return 'ansi';
  const name = lastName(tree.textOf(written));
  return name === 'Unicode' ? 'utf16' : name === 'Auto' ? null : 'ansi';
}

/** Of a delegate; without a word it is that of the platform's own API. */
export function delegateConvention(tree: FlatTree, attributes: readonly CsAttribute[]): string {
  const written = attributes.find(({ name }) => name === 'UnmanagedFunctionPointer')?.args[0];
  return (written === undefined ? undefined : CONVENTIONS[lastName(tree.textOf(written))]) ?? 'system';
}
