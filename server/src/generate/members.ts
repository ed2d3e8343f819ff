/** The members of one Rust record, or one Rust function, as another language writes them, to stand beside or in place of what it has. */
import type { FnShape, Resolve } from '../abi/shape.ts';
import type { ApiRecord, Plain } from './api.types.ts';
import { refusal } from './c.ts';
import { createCollector, isLeft } from './collect.ts';
import { cField, cFunction } from './c-text.ts';
import { pythonField } from './ctypes.ts';

/** What another language calls the type behind a key; null where it has none. */
export type PeerName = (key: string) => string | null;

/** The lines of a C record's body; null where a member cannot be written, or the record asks for more than members can say. */
export function cMembers(key: string, name: string, resolve: Resolve, peer: PeerName): readonly string[] | null {
  const record = recordOf(key, name, resolve, peer);
  return record?.fields.map((one) => cField({ ...one, docs: '' }, null, (of) => peer(of) ?? of).trimEnd()) ?? null;
}

/** The entries of `_fields_`; `prefix` stands in front of ctypes' own names. */
export function pythonMembers(key: string, name: string, resolve: Resolve, peer: PeerName, prefix: string): readonly string[] | null {
  const record = recordOf(key, name, resolve, peer);
  if (!record || record.fields.some(({ align }) => align !== null)) return null;
  return record.fields.map((one) => pythonField(one, (of) => peer(of) ?? of).replaceAll('ctypes.', prefix));
}

export interface NamedFn {
  readonly symbol: string;
  readonly shape: FnShape;
  /** Of the parameters. */
  readonly names: readonly string[];
  readonly docs: string;
}

/** A C prototype with its docs, ends with a line break; null where C cannot declare it, or has no name for one of its types. */
export function cPrototypeOf({ symbol, shape, names, docs }: NamedFn, resolve: Resolve, peer: PeerName): string | null {
  const made = createCollector(resolve, () => ({ docs: '', at: null, members: new Map() })).fn(shape);
  if (isLeft(made) || (made.abi !== 'C' && made.abi !== 'cdecl') || ![made.result, ...made.params].every((one) => isNamed(one, peer)))
    return null;
  const fn = { ...made, name: symbol, names, docs };
  return refusal(fn) === null ? cFunction(fn, (of) => peer(of) ?? of) : null;
}

function recordOf(key: string, name: string, resolve: Resolve, peer: PeerName): ApiRecord | null {
  const collector = createCollector(resolve, () => ({ docs: '', at: null, members: new Map() }));
  const made = collector.add(key, name);
  if (isLeft(made) || (made.kind !== 'struct' && made.kind !== 'union') || made.align !== null) return null;
  return made.fields.every(({ type, bitWidth }) => bitWidth === null && isNamed(type, peer)) ? made : null;
}

function isNamed(type: Plain, peer: PeerName): boolean {
  switch (type.kind) {
    case 'named':
      return peer(type.key) !== null;
    case 'pointer':
      return type.to === null || isNamed(type.to, peer);
    case 'array':
      return isNamed(type.of, peer);
    case 'fn':
      return [type.fn.result, ...type.fn.params].every((one) => isNamed(one, peer));
    default:
      return true;
  }
}
