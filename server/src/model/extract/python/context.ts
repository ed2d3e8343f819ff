/** Names of a Python module as far as ctypes is concerned: imports, aliases, constants. */
import { words } from '../../../base/words.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, children, namedChildren } from '../../../syntax/tree-walk.ts';

export { byField, children, namedChildren };

/** Types of ctypes that are one value. */
export const SIMPLE: ReadonlySet<string> = words(`
  c_bool c_byte c_char c_char_p c_double c_float c_int c_int8 c_int16 c_int32 c_int64 c_long c_longdouble c_longlong c_short c_size_t
  c_ssize_t c_time_t c_ubyte c_uint c_uint8 c_uint16 c_uint32 c_uint64 c_ulong c_ulonglong c_ushort c_void_p c_voidp c_wchar c_wchar_p
  c_buffer py_object HRESULT
`);

/** ctypes.wintypes (CPython's Lib/ctypes/wintypes.py), which is the same on every system. */
export const WINTYPES: Readonly<Record<string, string>> = {
  BYTE: 'c_ubyte',
  WORD: 'c_ushort',
  DWORD: 'c_ulong',
  CHAR: 'c_char',
  WCHAR: 'c_wchar',
  UINT: 'c_uint',
  INT: 'c_int',
  DOUBLE: 'c_double',
  FLOAT: 'c_float',
  BOOLEAN: 'c_ubyte',
  BOOL: 'c_long',
  ULONG: 'c_ulong',
  LONG: 'c_long',
  USHORT: 'c_ushort',
  SHORT: 'c_short',
  LARGE_INTEGER: 'c_longlong',
  ULARGE_INTEGER: 'c_ulonglong',
  LPVOID: 'c_void_p',
  LPCVOID: 'c_void_p',
  LPSTR: 'c_char_p',
  LPCSTR: 'c_char_p',
  LPWSTR: 'c_wchar_p',
  LPCWSTR: 'c_wchar_p',
  ATOM: 'c_ushort',
  LANGID: 'c_ushort',
  COLORREF: 'c_ulong',
  LCID: 'c_ulong',
  HANDLE: 'c_void_p',
  HWND: 'c_void_p',
  HMODULE: 'c_void_p',
  HINSTANCE: 'c_void_p',
  HDC: 'c_void_p',
  HKEY: 'c_void_p',
  HICON: 'c_void_p',
  HMENU: 'c_void_p',
  HBRUSH: 'c_void_p',
  HBITMAP: 'c_void_p',
  HGLOBAL: 'c_void_p',
  HLOCAL: 'c_void_p',
};

export interface Names {
  /** Local names of the module ctypes. */
  readonly modules: Set<string>;
  readonly wintypes: Set<string>;
  /** Local names of what ctypes has: `I` for `c_int`. */
  readonly imported: Map<string, string>;
  /** `from ctypes import *` */
  star: boolean;
  /** Names that are assigned once at the top of the module, with their values. */
  readonly assigned: Map<string, NodeId>;
}

export function readNames(tree: FlatTree): Names {
  const names: Names = { modules: new Set(), wintypes: new Set(), imported: new Map(), star: false, assigned: new Map() };
  const twice = new Set<string>();
  for (let node = 0; node < tree.count; node++) {
    const kind = tree.kind(node);
    if (kind === 'import_statement') importModules(tree, node, names);
    else if (kind === 'import_from_statement') importNames(tree, node, names);
    else if (kind === 'assignment' && atTop(tree, node)) {
      const left = byField(tree, node, 'left');
      const right = byField(tree, node, 'right');
      if (left < 0 || right < 0 || tree.kind(left) !== 'identifier') continue;
      const name = tree.textOf(left);
      if (names.assigned.has(name)) twice.add(name);
      names.assigned.set(name, right);
    }
  }
  for (const name of twice) names.assigned.delete(name);
  return names;
}

/** Directly in the module: what stands under a condition may be otherwise. */
function atTop(tree: FlatTree, node: NodeId): boolean {
  return tree.kind(tree.parent(tree.parent(node))) === 'module';
}

function importModules(tree: FlatTree, node: NodeId, names: Names): void {
  for (const child of namedChildren(tree, node)) {
    const aliased = tree.kind(child) === 'aliased_import';
    const path = tree.textOf(aliased ? byField(tree, child, 'name') : child);
    const alias = aliased ? tree.textOf(byField(tree, child, 'alias')) : null;
    if (path === 'ctypes' || (path.startsWith('ctypes.') && alias === null)) names.modules.add(alias ?? 'ctypes');
    if (path === 'ctypes.wintypes') names.wintypes.add(alias ?? 'ctypes.wintypes');
  }
}

function importNames(tree: FlatTree, node: NodeId, names: Names): void {
  const from = tree.textOf(byField(tree, node, 'module_name'));
  if (from !== 'ctypes' && from !== 'ctypes.wintypes') return;
  for (const child of children(tree, node)) {
    if (tree.kind(child) === 'wildcard_import') {
      if (from === 'ctypes') names.star = true;
      else for (const [name, type] of Object.entries(WINTYPES)) names.imported.set(name, type);
    }
    if (tree.field(child) !== 'name') continue;
    const aliased = tree.kind(child) === 'aliased_import';
    const name = tree.textOf(aliased ? byField(tree, child, 'name') : child);
    const alias = aliased ? tree.textOf(byField(tree, child, 'alias')) : name;
    if (from === 'ctypes' && name === 'wintypes') names.wintypes.add(alias);
    else if (from === 'ctypes') names.imported.set(alias, name);
    else if (Object.hasOwn(WINTYPES, name)) names.imported.set(alias, WINTYPES[name] ?? name);
  }
}

/** What ctypes calls an expression: `c_int` for `ct.c_int`; null for what is not of ctypes. */
export function ctypesName(tree: FlatTree, node: NodeId, names: Names): string | null {
  const text = tree.textOf(node);
  if (tree.kind(node) === 'identifier') {
    const imported = names.imported.get(text);
    if (imported !== undefined) return imported;
    return names.star && !names.assigned.has(text) && isOfCtypes(text) ? text : null;
  }
  if (tree.kind(node) !== 'attribute') return null;
  const object = tree.textOf(byField(tree, node, 'object')).replace(/\s+/g, '');
  const name = tree.textOf(byField(tree, node, 'attribute'));
  if (names.modules.has(object)) return name;
  const inWintypes = names.wintypes.has(object) || [...names.modules].some((one) => object === `${one}.wintypes`);
  return inWintypes && Object.hasOwn(WINTYPES, name) ? (WINTYPES[name] ?? null) : null;
}

/** What else of ctypes a star import may mean. */
const OTHERS: ReadonlySet<string> = words(`
  Structure Union BigEndianStructure BigEndianUnion LittleEndianStructure LittleEndianUnion POINTER CFUNCTYPE PYFUNCTYPE WINFUNCTYPE sizeof Array
  CDLL PyDLL WinDLL OleDLL cdll pydll windll oledll byref pointer cast addressof create_string_buffer create_unicode_buffer string_at
`);

/** What a star import may mean: other names are the module's own. */
export function isOfCtypes(name: string): boolean {
  return SIMPLE.has(name) || OTHERS.has(name);
}
