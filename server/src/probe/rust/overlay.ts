/** A crate's workspace with other texts in place of some of its files: copies of these, links to everything else. */
import { dirname, joinPath, relativeInside } from '../../base/paths.ts';
import { mirror } from '../../host/mirror.ts';
import type { Crate } from '../../model/workspace.ts';
import { commonFolder } from './workspace-folders.ts';

export interface Overlay {
  /** Where a file of the workspace stands in the overlay (absolute paths). */
  place(file: string): string;
  /** The other way round; null for what is not in the overlay. */
  original(name: string): string | null;
}

/** At `to`, an absolute path, which may be there already. */
export function makeOverlay(
  { target: { root }, package: pkg }: Crate,
  texts: ReadonlyMap<string, string>,
  to: string,
): Overlay | { readonly failure: string } {
  const base = commonFolder([...texts.keys()].map(dirname).concat(dirname(root), pkg?.workspaceRoot ?? dirname(root)));
  const failed = mirror(base, to, texts);
  if (failed) return { failure: `an overlay of ${base} ${failed.failure}` };
  return {
    place: (file) => joinPath(to, relativeInside(base, file) ?? ''),
    original(name) {
      const inside = relativeInside(to, name);
      return inside === null ? null : joinPath(base, inside);
    },
  };
}
