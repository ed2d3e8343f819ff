/** Decides which declarations of a symbol in other files mean a Rust function. Nothing is linked where it is not sure. */
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { LinkedFn, PeerFn, Unlinked } from './peers.ts';

export interface Decision {
  readonly linked: readonly LinkedFn[];
  readonly unlinked: Unlinked | null;
}

const NOTHING: Decision = { linked: [], unlinked: null };

export interface LinkInput {
  /** Every declaration of the symbol in a file that may be meant. */
  declarations(symbol: string): readonly PeerFn[];
}

export function decide(rust: BoundaryFn, input: LinkInput): Decision {
  if (rust.symbol === null || rust.role === 'callback') return NOTHING;
  const found = input.declarations(rust.symbol).filter((one) => !one.internal);
  const direction = rust.role;
  return { linked: found.map((peer): LinkedFn => ({ rust, direction, peer, certainty: 'unique' })), unlinked: null };
}
