/** Whether an item is kept out of the documentation, so that nobody is meant to call or name it by hand. */
import type { RustItem } from '../model/workspace.ts';

/**
 * `#[doc(hidden)]` on the item or on the impl or trait around it: it is public for code that the crate itself makes, or exported for
 * the one program that loads it, which calls it as that program's own interface says.
 */
export function isHidden({ entry, owner }: RustItem): boolean {
  return [...entry.attributes, ...(owner?.entry.attributes ?? [])].some(({ path, text }) => path === 'doc' && text === 'hidden');
}
