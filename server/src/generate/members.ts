/** The members of one Rust record as another language writes them, to stand in place of those that it has. */
import type { Resolve } from '../abi/shape.ts';
import type { ApiRecord, Plain } from './api.types.ts';
import { createCollector, isLeft } from './collect.ts';
import { cField } from './c-text.ts';
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
