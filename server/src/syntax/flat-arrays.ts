/** The numbers behind a FlatTree: filled by an exporter into one reused buffer, then cut to size. */
import type { Span } from '../base/text.ts';
import type { FlatTree, NodeId } from './flat-tree.ts';

/** Names of a grammar's numbers. `kinds` has one more entry than the grammar, for ERROR nodes. */
export interface GrammarNames {
  readonly kinds: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

/**
 * Nodes in preorder, `STRIDE` numbers each: what it is, start, end (UTF-16 units of the text), parent, next sibling (-1: none).
 * One array, because a tree is cut out of it for every parsed item, and each typed array costs an allocation outside of the heap.
 */
export interface NodeBuffer {
  count: number;
  data: Int32Array;
}

export const STRIDE = 5;
const WHAT = 0;
const START = 1;
const END = 2;
const PARENT = 3;
const NEXT = 4;

// `WHAT` packs 16 bits of kind, 8 of field and the two flags.
const FIELD_SHIFT = 16;
const BROKEN = 1 << 24;
const ERROR_BELOW = 1 << 25;

export function makeBuffer(nodes: number): NodeBuffer {
  return { count: 0, data: new Int32Array(nodes * STRIDE) };
}

/** Adds a node behind the others and links it to the sibling before it, -1 without one. Returns the node. */
export function addNode(
  buffer: NodeBuffer,
  kind: number,
  field: number,
  broken: boolean,
  start: number,
  end: number,
  parent: NodeId,
  previous: NodeId,
): NodeId {
  const node = buffer.count++;
  const at = node * STRIDE;
  if (at === buffer.data.length) grow(buffer);
  const { data } = buffer;
  data[at + WHAT] = kind | (field << FIELD_SHIFT) | (broken ? BROKEN : 0);
  data[at + START] = start;
  data[at + END] = end;
  data[at + PARENT] = parent;
  data[at + NEXT] = -1;
  if (previous >= 0) data[previous * STRIDE + NEXT] = node;
  return node;
}

function grow(buffer: NodeBuffer): void {
  const bigger = new Int32Array(buffer.data.length * 2);
  bigger.set(buffer.data);
  buffer.data = bigger;
}

export function parentIn(buffer: NodeBuffer, node: NodeId): NodeId {
  return buffer.data[node * STRIDE + PARENT] ?? -1;
}

/** Makes `hasError` of every node follow from the broken nodes below it. */
export function spreadErrors({ data, count }: NodeBuffer): void {
  for (let at = (count - 1) * STRIDE; at > 0; at -= STRIDE) {
    if (((data[at + WHAT] ?? 0) & (BROKEN | ERROR_BELOW)) === 0) continue;
    const up = (data[at + PARENT] ?? 0) * STRIDE + WHAT;
    data[up] = (data[up] ?? 0) | ERROR_BELOW;
  }
}

/** A tree over a copy of the buffer's used part. `offset` is where the text stands in its file, in UTF-16 units. */
export function cutTree(buffer: NodeBuffer, names: GrammarNames, text: string, offset: number): FlatTree {
  return new ArrayTree(buffer, names, text, offset);
}

/** What stands for a text that could not be parsed at all: one ERROR node over all of it. */
export function brokenTree(text: string, offset: number): FlatTree {
  const buffer = makeBuffer(1);
  addNode(buffer, 0, 0, true, 0, text.length, -1, -1);
  return new ArrayTree(buffer, { kinds: ['ERROR'], named: [true], fields: [null] }, text, offset);
}

// A class, unlike most here: all trees share one hidden shape, which keeps the accessors monomorphic.
class ArrayTree implements FlatTree {
  readonly text: string;
  readonly count: number;
  readonly #offset: number;
  readonly #names: GrammarNames;
  readonly #data: Int32Array;

  constructor(buffer: NodeBuffer, names: GrammarNames, text: string, offset: number) {
    this.text = text;
    this.count = buffer.count;
    this.#offset = offset;
    this.#names = names;
    this.#data = buffer.data.slice(0, buffer.count * STRIDE);
  }

  kind(node: NodeId): string {
    return this.#names.kinds[(this.#data[node * STRIDE + WHAT] ?? 0) & 0xffff] ?? 'ERROR';
  }

  named(node: NodeId): boolean {
    return this.#names.named[(this.#data[node * STRIDE + WHAT] ?? 0) & 0xffff] ?? false;
  }

  field(node: NodeId): string | null {
    return this.#names.fields[((this.#data[node * STRIDE + WHAT] ?? 0) >> FIELD_SHIFT) & 0xff] ?? null;
  }

  start(node: NodeId): number {
    return (this.#data[node * STRIDE + START] ?? 0) + this.#offset;
  }

  end(node: NodeId): number {
    return (this.#data[node * STRIDE + END] ?? 0) + this.#offset;
  }

  span(node: NodeId): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  textOf(node: NodeId): string {
    return this.text.slice(this.#data[node * STRIDE + START] ?? 0, this.#data[node * STRIDE + END] ?? 0);
  }

  parent(node: NodeId): NodeId {
    return this.#data[node * STRIDE + PARENT] ?? -1;
  }

  firstChild(node: NodeId): NodeId {
    return node >= 0 && this.#data[(node + 1) * STRIDE + PARENT] === node ? node + 1 : -1;
  }

  nextSibling(node: NodeId): NodeId {
    return this.#data[node * STRIDE + NEXT] ?? -1;
  }

  broken(node: NodeId): boolean {
    return ((this.#data[node * STRIDE + WHAT] ?? 0) & BROKEN) !== 0;
  }

  hasError(node: NodeId): boolean {
    return ((this.#data[node * STRIDE + WHAT] ?? 0) & (BROKEN | ERROR_BELOW)) !== 0;
  }
}
