/** Whether a crate's edition asks for the `unsafe` of extern blocks and attributes. */
import type { Crate } from '../model/workspace.ts';
import { rustAtLeast } from '../model/cargo/rust-version.ts';

/** Edition 2024 requires it, older ones accept it since Rust 1.82 (edition guide, Rust 2024); null where neither is known to hold. */
export function unsafeDemand(crate: Crate): { readonly edition: string; readonly demand: 'requires' | 'allows' } | null {
  const { edition } = crate.target;
  // A file of no package has an edition that nobody knows.
  if (edition === '2024' && crate.package !== null) return { edition, demand: 'requires' };
  return rustAtLeast(crate.package, 82) ? { edition, demand: 'allows' } : null;
}
