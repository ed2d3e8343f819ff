/** The files of a layout run: those that were named, and what surrounds them. */
import type { FileSystem } from '../../base/io.ts';
import type { FileSet } from '../../engine/session.types.ts';
import { discover } from '../../host/discover.ts';
import type { WalkFs } from '../../host/walk-fs.ts';
import { createSurroundings } from '../../model/extract/cargo/roots.ts';
import type { RunConfiguration } from '../check/configuration.ts';
import { UserError } from '../errors.ts';
import type { LayoutSettings } from './settings.ts';

export function findLayoutFiles(
  walkFs: WalkFs,
  fs: FileSystem,
  settings: Pick<LayoutSettings, 'paths' | 'noIgnore'>,
  configuration: RunConfiguration,
): FileSet {
  const found = discover(walkFs, settings.paths, {
    noIgnore: settings.noIgnore,
    excludes: (path) => configuration.configFor(path).excludes(path),
    surroundings: createSurroundings(fs),
  });
  if ('failure' in found) throw new UserError(found.failure);
  return found;
}
