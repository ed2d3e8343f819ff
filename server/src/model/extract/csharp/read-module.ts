/** Reads what a C# file says of foreign functions and of types that may cross to them. */
import type { Location } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { byField, byKind, isTooDeep, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindConstant, BindFn, BindLibrary, BindModule, BindNamed, BindUse, TextEncoding } from '../../bindings/bindings.ts';
import { baseOf } from '../python/strings.ts';
import { attributesOf, lastName } from './attributes.ts';
import type { CsAttribute } from './attributes.ts';
import { readCallbacks } from './callbacks.ts';
import { createCsNames } from './names.ts';
import { readCsTypes, wholeNumber } from './read-types.ts';
import { charSet, CONVENTIONS, marshalText, parameters } from './signature.ts';
import { createCsTypes } from './types.ts';
import type { CsTypeReader, Marshalling } from './types.ts';

const IMPORT = /\b(?:DllImport|LibraryImport)(?:Attribute)?\b/;
const TYPES = /\b(?:StructLayout|UnmanagedFunctionPointer)(?:Attribute)?\b/;

/** Whether a text imports foreign functions. */
export function mayImport(text: string): boolean {
  return IMPORT.test(text);
}

/** Whether a text lays out types for foreign code, or imports it. */
export function mayCross(text: string): boolean {
  return IMPORT.test(text) || TYPES.test(text);
}

/** `blittable`: the assembly converts nothing (DisableRuntimeMarshalling). null for a text that cannot be read. */
export function readCsModule(file: string, text: string, parsers: Parsers, blittable: boolean): BindModule | null {
  const tree = parsers.parse('csharp', text, 0);
  if (isTooDeep(tree)) return null;
  const { aliases, numbers, texts, constants } = readConstants(tree, file);
  const types = createCsTypes(tree, aliases, numbers);
  const names = createCsNames(tree);
  const libraries = new Map<string, BindLibrary>();
  const functions: BindFn[] = [];
  const named: BindNamed[] = [];
  let dropped = 0;
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (kind === 'method_declaration' || kind === 'local_function_statement') {
      const attribute = attributesOf(tree, node).find(({ name }) => name === 'DllImport' || name === 'LibraryImport');
      if (!attribute) continue;
      const made = tree.hasError(node) ? null : imported(tree, node, attribute, { file, types, texts, blittable });
      if (!made) {
        dropped++;
        continue;
      }
      const owner = names.classOf(node);
      functions.push(owner === null ? made.fn : { ...made.fn, owner });
      if (!libraries.has(made.library.key)) libraries.set(made.library.key, made.library);
    } else if (kind.endsWith('_declaration')) {
      const found = readCsTypes(tree, node, file, types, blittable);
      if (found) named.push(found);
    }
  }
  const callbacks = readCallbacks(tree, file, names);
  const exports = new Map<string, never>();
  return {
    file,
    libraries: [...libraries.values()],
    functions,
    types: named,
    exports,
    callbacks,
    classes: names.classes,
    constants,
    dropped,
  };
}

/** `using` aliases, and constants with literal values. */
function readConstants(
  tree: FlatTree,
  file: string,
): {
  readonly aliases: ReadonlyMap<string, string>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
  readonly constants: readonly BindConstant[];
} {
  const aliases = new Map<string, string>();
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const constants: BindConstant[] = [];
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (kind === 'using_directive') {
      const name = byField(tree, node, 'name');
      const value = namedChildren(tree, node).find((one) => one !== name);
      if (name >= 0 && value !== undefined) aliases.set(tree.textOf(name), tree.textOf(value));
    } else if (kind === 'field_declaration' && /\bconst\b/.test(tree.textOf(node))) {
      const declaration = byKind(tree, node, 'variable_declaration');
      for (const one of declaration < 0 ? [] : namedChildren(tree, declaration)) {
        const [name, value] = [byField(tree, one, 'name'), namedChildren(tree, one).at(-1) ?? -1];
        if (tree.kind(one) !== 'variable_declarator' || name < 0 || value < 0 || name === value) continue;
        const text = tree.textOf(value);
        const whole = wholeNumber(text);
        if (whole !== null) constants.push({ name: tree.textOf(name), value: whole, at: { file, span: tree.span(name) } });
        if (/^(?:0x[\da-f_]+|[\d_]+)$/i.test(text)) numbers.set(tree.textOf(name), Number(text.replace(/_/g, '')));
        // Of several values a condition chooses one.
        else if (text.includes('"')) texts.set(tree.textOf(name), [texts.get(tree.textOf(name)), text].filter((part) => part).join('\n'));
      }
    }
  }
  return { aliases, numbers, texts, constants };
}

/** Between `#if` and `#endif`. */
function isConditional(tree: FlatTree, node: NodeId): boolean {
  for (let at = tree.parent(node); at > 0; at = tree.parent(at)) if (tree.kind(at).startsWith('preproc_')) return true;
  return false;
}

interface Reading {
  readonly file: string;
  readonly types: CsTypeReader;
  readonly texts: ReadonlyMap<string, string>;
  readonly blittable: boolean;
}

function imported(
  tree: FlatTree,
  node: NodeId,
  attribute: CsAttribute,
  { file, types, texts, blittable }: Reading,
): { readonly fn: BindFn; readonly library: BindLibrary } | null {
  const attributes = attributesOf(tree, node);
  const place = (at: NodeId): Location => ({ file, span: tree.span(at) });
  const name = byField(tree, node, 'name');
  const entry = attribute.named.get('EntryPoint');
  const symbol = entry === undefined ? tree.textOf(name).replace(/^@/, '') : literalText(tree, entry, texts);
  if (name < 0 || symbol === null || !/^[A-Za-z_]\w*$/.test(symbol)) return null;
  const generated = attribute.name === 'LibraryImport';
  const how: Marshalling = {
    style: blittable ? 'blittable' : generated ? 'generated' : 'runtime',
    encoding: generated ? ofLibraryImport(tree, attribute) : charSet(tree, attribute),
  };
  const list = byField(tree, node, 'parameters');
  const params = list < 0 ? [] : parameters(tree, list, types, how, place);
  const returns = byField(tree, node, 'returns') >= 0 ? byField(tree, node, 'returns') : byField(tree, node, 'type');
  const onResult = attributes.filter(({ ofResult }) => ofResult);
  const result: BindUse = {
    type: types.typeOf(returns, onResult, how, 'value'),
    text: `${marshalText(tree, onResult)}${lineOf(tree, returns)}`,
    at: place(returns),
  };
  const { convention, says } = conventionOf(tree, attribute, attributes);
  const path = attribute.args[0] ?? -1;
  const key = path < 0 ? '' : lineOf(tree, path);
  const written = path < 0 ? '' : (texts.get(lastName(tree.textOf(path))) ?? tree.textOf(path));
  const names = [...written.matchAll(/"([^"\n]*)"/g)].flatMap(([, text = '']) => (text === '__Internal' ? [] : (baseOf(text) ?? [])));
  // What is not preserved throws in place of giving its result back: an out parameter is added.
  const preserve = attribute.named.get('PreserveSig');
  if (preserve !== undefined && tree.textOf(preserve) === 'false') return null;
  return {
    fn: {
      dialect: 'csharp',
      symbol,
      at: place(name),
      library: key,
      params,
      result,
      variadic: /\b__arglist\b/.test(tree.textOf(Math.max(list, 0))),
      convention,
      says,
      conditional: isConditional(tree, node),
      optional: false,
      method: tree.textOf(name),
    },
    library: { key, names: [...new Set(names)], at: place(Math.max(path, 0)) },
  };
}

function literalText(tree: FlatTree, node: NodeId, texts: ReadonlyMap<string, string>): string | null {
  const text = tree.textOf(node);
  const own = /^"([^"\\]*)"$/.exec(text)?.[1];
  if (own !== undefined) return own;
  const name = /^nameof\(\s*([\w.@]+)\s*\)$/.exec(text)?.[1];
  if (name !== undefined) return lastName(name);
  return /^"([^"\\]*)"$/.exec(texts.get(lastName(text)) ?? '')?.[1] ?? null;
}

function ofLibraryImport(tree: FlatTree, attribute: CsAttribute): TextEncoding | null {
  const written = attribute.named.get('StringMarshalling');
  const name = written === undefined ? '' : lastName(tree.textOf(written));
  return name === 'Utf8' ? 'utf8' : name === 'Utf16' ? 'utf16' : null;
}

function conventionOf(
  tree: FlatTree,
  attribute: CsAttribute,
  all: readonly CsAttribute[],
): { readonly convention: string; readonly says: boolean } {
  const own = attribute.named.get('CallingConvention');
  const others = all.find(({ name }) => name === 'UnmanagedCallConv')?.named.get('CallConvs');
  const text =
    own !== undefined
      ? lastName(tree.textOf(own))
      : (/CallConv(Cdecl|Stdcall|Thiscall|Fastcall)/.exec(others === undefined ? '' : tree.textOf(others))?.[1] ?? '');
  const found = CONVENTIONS[text];
  return found === undefined ? { convention: 'system', says: false } : { convention: found, says: true };
}
