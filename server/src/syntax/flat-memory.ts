/** Exports a tree by reading the parser's memory: no crossing into WebAssembly per node, some ten times faster than its cursor. */
import { addNode, spreadErrors } from './flat-arrays.ts';
import type { NodeBuffer } from './flat-arrays.ts';
import { ERROR_KIND } from './flat-cursor.ts';

/** The views of its memory that the runtime leaves on the options it was started with; new ones whenever it grows. */
export interface Heap {
  HEAPU8?: Uint8Array;
  HEAPU16?: Uint16Array;
  HEAP32?: Int32Array;
}

/** What a grammar's tables in memory say about its trees, copied once. */
export interface MemoryGrammar {
  /** By symbol: the number under which it is known outside. */
  readonly kinds: Uint16Array;
  /** By production: the field of each child, null where none has one. */
  readonly fields: readonly (Uint8Array | null)[];
  /** The symbols that stand for a production's children, `aliasStride` for each production; 0 for the child's own. */
  readonly aliases: Uint16Array;
  readonly aliasStride: number;
}

// Offsets in bytes on 32-bit WebAssembly, little-endian, after tree-sitter 0.27's lib/src/parser.h, subtree.h and tree.h.
// `loadParsers` compares this reader with the cursor before it is used, so that another layout is noticed.
const LANGUAGE = {
  symbols: 4,
  aliasSymbols: 8,
  productions: 28,
  fields: 32,
  aliasStride: 36,
  fieldSlices: 64,
  fieldEntries: 68,
  kinds: 76,
  aliases: 84,
};
const SUBTREE = { padding: 4, size: 16, childCount: 36, symbol: 40, flags: 44, moreFlags: 45, production: 66 };
const INLINE = { symbol: 1, padding: 6, size: 7 };
const SLOT = 8;
/** A child slot with the lowest bit set holds the leaf itself, without it the leaf's or node's address. */
const IS_INLINE = 1;
const INLINE_FLAG = { visible: 2, extra: 8, missing: 32 };
const FLAG = { visible: 1, extra: 4 };
const MORE_FLAG = { missing: 2 };
/** The parser counts two bytes for each UTF-16 unit. */
const BYTES = 2;

/** Deeper trees are left to the cursor, which does not recurse. */
const MAX_DEPTH = 1500;

/** Reads the tables of a grammar at its address; null where the runtime's memory is not at hand. */
export function readGrammar(heap: Heap, address: number): MemoryGrammar | null {
  const { HEAPU16: u16, HEAPU8: u8, HEAP32: i32 } = heap;
  if (!u16 || !u8 || !i32) return null;
  const word = (at: number) => i32[(address + at) >> 2] ?? 0;
  const copy = (from: number, length: number) => u16.slice(from >> 1, (from >> 1) + length);
  const productions = word(LANGUAGE.productions);
  const aliasStride = u16[(address + LANGUAGE.aliasStride) >> 1] ?? 0;
  const fields: (Uint8Array | null)[] = [];
  for (let production = 0; production < productions; production++) {
    const slice = word(LANGUAGE.fieldSlices) + production * 4;
    const length = word(LANGUAGE.fields) === 0 ? 0 : (u16[(slice + 2) >> 1] ?? 0);
    let own: Uint8Array | null = null;
    for (let i = 0; i < length; i++) {
      const entry = word(LANGUAGE.fieldEntries) + ((u16[slice >> 1] ?? 0) + i) * 4;
      const child = u8[entry + 2] ?? 0;
      const inherited = u8[entry + 3] !== 0;
      own ??= new Uint8Array(256);
      // The first entry of a child counts.
      if (!inherited && own[child] === 0) own[child] = u16[entry >> 1] ?? 0;
    }
    fields.push(own);
  }
  return {
    kinds: copy(word(LANGUAGE.kinds), word(LANGUAGE.symbols) + word(LANGUAGE.aliasSymbols)),
    fields,
    aliases: copy(word(LANGUAGE.aliases), productions * aliasStride),
    aliasStride,
  };
}

/** Fills the buffer with the tree at an address; false where it cannot be read this way and the cursor must do it. */
export function exportFromMemory(heap: Heap, address: number, grammar: MemoryGrammar, errorKind: number, buffer: NodeBuffer): boolean {
  if (!heap.HEAPU8 || !heap.HEAPU16 || !heap.HEAP32) return false;
  const u8 = heap.HEAPU8;
  const u16 = heap.HEAPU16;
  const i32 = heap.HEAP32;
  const { kinds, fields, aliases, aliasStride } = grammar;
  let depth = 0;
  let errors = false;
  let tooDeep = false;

  const root = i32[address >> 2] ?? 0;
  if ((root & IS_INLINE) !== 0) return false;
  buffer.count = 0;
  const padding = i32[(root + SUBTREE.padding) >> 2] ?? 0;
  const size = i32[(root + SUBTREE.size) >> 2] ?? 0;
  add(u16[(root + SUBTREE.symbol) >> 1] ?? 0, 0, false, padding, size, -1, -1);
  children(root, padding, 0, -1, 0);
  if (tooDeep) return false;
  if (errors) spreadErrors(buffer);
  return true;

  /** Adds what can be seen below a node; what cannot is replaced by its children. Returns the last child added, `previous` without one. */
  function children(owner: number, start: number, parent: number, previous: number, ownerField: number): number {
    const length = i32[(owner + SUBTREE.childCount) >> 2] ?? 0;
    if (length === 0) return previous;
    if (++depth > MAX_DEPTH) tooDeep = true;
    const production = u16[(owner + SUBTREE.production) >> 1] ?? 0;
    const productionFields = fields[production] ?? null;
    let last = previous;
    let structural = 0;
    let at = start;
    let slot = owner - length * SLOT;
    for (let i = 0; i < length && !tooDeep; i++, slot += SLOT) {
      const address = i32[slot >> 2] ?? 0;
      const inline = (address & IS_INLINE) !== 0;
      let symbol: number;
      let size: number;
      let padding: number;
      let visible: boolean;
      let extra: boolean;
      let missing: boolean;
      if (inline) {
        symbol = u8[slot + INLINE.symbol] ?? 0;
        padding = u8[slot + INLINE.padding] ?? 0;
        size = u8[slot + INLINE.size] ?? 0;
        visible = (address & INLINE_FLAG.visible) !== 0;
        extra = (address & INLINE_FLAG.extra) !== 0;
        missing = (address & INLINE_FLAG.missing) !== 0;
      } else {
        const flags = u8[address + SUBTREE.flags] ?? 0;
        symbol = u16[(address + SUBTREE.symbol) >> 1] ?? 0;
        padding = i32[(address + SUBTREE.padding) >> 2] ?? 0;
        size = i32[(address + SUBTREE.size) >> 2] ?? 0;
        visible = (flags & FLAG.visible) !== 0;
        extra = (flags & FLAG.extra) !== 0;
        missing = ((u8[address + SUBTREE.moreFlags] ?? 0) & MORE_FLAG.missing) !== 0;
      }
      // The first child's padding is its parent's.
      if (i > 0) at += padding;
      let field = 0;
      if (!extra) {
        // A field of a node that cannot be seen is that of its children.
        field = productionFields?.[structural] || ownerField;
        const alias = production > 0 ? (aliases[production * aliasStride + structural] ?? 0) : 0;
        if (alias !== 0 && structural < aliasStride) {
          symbol = alias;
          visible = true;
        }
        structural++;
      }
      if (visible) {
        last = add(symbol, field, missing, at, size, parent, last);
        if (!inline) children(address, at, last, -1, 0);
      } else if (!inline) last = children(address, at, parent, last, field);
      at += size;
    }
    depth--;
    return last;
  }

  function add(symbol: number, field: number, missing: boolean, at: number, size: number, parent: number, previous: number): number {
    const broken = missing || symbol === ERROR_KIND;
    if (broken) errors = true;
    const kind = symbol === ERROR_KIND ? errorKind : (kinds[symbol] ?? errorKind);
    return addNode(buffer, kind, field, broken, at / BYTES, (at + size) / BYTES, parent, previous);
  }
}
