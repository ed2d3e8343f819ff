/** Globs of the configuration: relative to a folder, with forward slashes. */
import picomatch from 'picomatch';
import { relativeInside } from '../base/paths.ts';

/**
 * Whether an absolute path matches one of the globs. A glob without a slash holds at any depth, one that names a folder holds for
 * all that is in it. Paths outside of the folder match nothing.
 */
export function globMatcher(folder: string, globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const plain = glob.replace(/\\/g, '/').replace(/^\.\//, '').replace(/\/+$/, '');
    const anchored = plain.includes('/') ? plain.replace(/^\/+/, '') : `**/${plain}`;
    // picomatch refuses longer patterns by throwing.
    return anchored.length > 60_000 ? [] : [anchored, `${anchored}/**`];
  });
  if (patterns.length === 0) return () => false;
  const matches = picomatch(patterns, { dot: true, nonegate: true });
  return (path) => {
    const inside = relativeInside(folder, path);
    return inside !== null && inside !== '' && matches(inside);
  };
}
