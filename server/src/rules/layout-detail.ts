/** Says in few words in what a type of another language is laid out otherwise than in Rust. */
import type { Divergence } from '../abi/peers/layout-differences.ts';

export function layoutDetail(first: Divergence): string {
  switch (first.what) {
    case 'offset':
      return `\`${first.rust.name}\` is at offset ${first.rust.offset ?? 0}, not ${first.peer.offset ?? 0}`;
    case 'field-type':
      return `\`${first.rust.name}\` has ${first.sizes ? 'another size' : 'a number of another kind'}`;
    case 'missing':
      return first.in === 'rust' ? `Rust has no \`${first.field.name}\`` : `it has no \`${first.field.name}\``;
    case 'size':
      return `it has ${first.peer} bytes, not ${first.rust}`;
    case 'packing':
      return 'only one of them is packed';
    default:
      return 'they are laid out differently';
  }
}
