/** The arrays behind a FlatTree: filled by an exporter into reused buffers, then cut to size. */
import type { Span } from '../base/text.ts';
import type { FlatTree, NodeId } from './flat-tree.ts';

/** Names of a grammar's numbers. `kinds` has one more entry than the grammar, for ERROR nodes. */
export interface GrammarNames {
  readonly kinds: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

/** Bits of a node's flags. */
export const NodeFlag = { Broken: 1, ErrorBelow: 2 } as const;

/** One slot per node, in preorder; shared by all exports of one `Parsers`, so that only the final cut allocates. */
export interface NodeBuffers {
  count: number;
  kind: Uint16Array;
  field: Uint8Array;
  flags: Uint8Array;
  /** UTF-16 units of the parsed text. */
  start: Int32Array;
  end: Int32Array;
  parent: Int32Array;
  /** The next sibling, -1 for the last one. */
  next: Int32Array;
}

export function makeBuffers(capacity: number): NodeBuffers {
  return {
    count: 0,
    kind: new Uint16Array(capacity),
    field: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    next: new Int32Array(capacity),
  };
}

/** Doubles the buffers, keeping what is in them. */
export function growBuffers(buffers: NodeBuffers): void {
  const bigger = makeBuffers(buffers.kind.length * 2);
  for (const name of ['kind', 'field', 'flags', 'start', 'end', 'parent', 'next'] as const) {
    bigger[name].set(buffers[name]);
  }
  Object.assign(buffers, bigger, { count: buffers.count });
}

/** Makes `hasError` of every node follow from the broken nodes below it. */
export function spreadErrors(buffers: NodeBuffers): void {
  const { flags, parent, count } = buffers;
  for (let node = count - 1; node > 0; node--) {
    if (flags[node] === 0) continue;
    const up = parent[node] ?? 0;
    flags[up] = (flags[up] ?? 0) | NodeFlag.ErrorBelow;
  }
}

/** A tree over a copy of the buffers' used part. `offset` is where the text stands in its file, in UTF-16 units. */
export function cutTree(buffers: NodeBuffers, names: GrammarNames, text: string, offset: number): FlatTree {
  return new ArrayTree(buffers, names, text, offset);
}

/** What stands for a text that could not be parsed at all: one ERROR node over all of it. */
export function brokenTree(text: string, offset: number): FlatTree {
  const buffers = makeBuffers(1);
  buffers.count = 1;
  buffers.end[0] = text.length;
  buffers.parent[0] = -1;
  buffers.next[0] = -1;
  buffers.flags[0] = NodeFlag.Broken | NodeFlag.ErrorBelow;
  return new ArrayTree(buffers, { kinds: ['ERROR'], named: [true], fields: [null] }, text, offset);
}

// A class, unlike most here: all trees share one hidden shape, which keeps the accessors monomorphic.
class ArrayTree implements FlatTree {
  readonly text: string;
  readonly count: number;
  readonly #offset: number;
  readonly #names: GrammarNames;
  readonly #kind: Uint16Array;
  readonly #field: Uint8Array;
  readonly #flags: Uint8Array;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #parent: Int32Array;
  readonly #next: Int32Array;

  constructor(buffers: NodeBuffers, names: GrammarNames, text: string, offset: number) {
    const { count } = buffers;
    this.text = text;
    this.count = count;
    this.#offset = offset;
    this.#names = names;
    this.#kind = buffers.kind.slice(0, count);
    this.#field = buffers.field.slice(0, count);
    this.#flags = buffers.flags.slice(0, count);
    this.#start = buffers.start.slice(0, count);
    this.#end = buffers.end.slice(0, count);
    this.#parent = buffers.parent.slice(0, count);
    this.#next = buffers.next.slice(0, count);
  }

  kind(node: NodeId): string {
    return this.#names.kinds[this.#kind[node] ?? 0] ?? 'ERROR';
  }

  named(node: NodeId): boolean {
    return this.#names.named[this.#kind[node] ?? 0] ?? false;
  }

  field(node: NodeId): string | null {
    return this.#names.fields[this.#field[node] ?? 0] ?? null;
  }

  start(node: NodeId): number {
    return (this.#start[node] ?? 0) + this.#offset;
  }

  end(node: NodeId): number {
    return (this.#end[node] ?? 0) + this.#offset;
  }

  span(node: NodeId): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  textOf(node: NodeId): string {
    return this.text.slice(this.#start[node] ?? 0, this.#end[node] ?? 0);
  }

  parent(node: NodeId): NodeId {
    return this.#parent[node] ?? -1;
  }

  firstChild(node: NodeId): NodeId {
    return node >= 0 && this.#parent[node + 1] === node ? node + 1 : -1;
  }

  nextSibling(node: NodeId): NodeId {
    return this.#next[node] ?? -1;
  }

  broken(node: NodeId): boolean {
    return ((this.#flags[node] ?? 0) & NodeFlag.Broken) !== 0;
  }

  hasError(node: NodeId): boolean {
    return (this.#flags[node] ?? 0) !== 0;
  }
}
