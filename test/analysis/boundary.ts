/** A workspace of one Rust file in memory, and the fns at its boundary, for tests of facts. */
import { parseItem } from '../../server/src/model/extract/rust/parse-item.ts';
import { readCargo } from '../../server/src/model/extract/cargo/read-cargo.ts';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import { buildWorkspace } from '../../server/src/model/resolve/workspace.ts';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import type { BoundaryFn } from '../../server/src/model/surface/surface.ts';
import type { Workspace } from '../../server/src/model/workspace.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

export interface Boundary {
  readonly workspace: Workspace;
  readonly text: string;
  readonly functions: readonly BoundaryFn[];
}

/** `manifest` is the Cargo.toml, if the file should belong to a package. */
export async function boundaryOf(text: string, manifest: string | null = null): Promise<Boundary> {
  const parsers = await testParsers();
  const path = '/case/src/lib.rs';
  const fs = memoryFs({ [path]: text, ...(manifest === null ? {} : { '/case/Cargo.toml': manifest }) });
  const workspace = buildWorkspace({
    cargo: readCargo(fs, manifest === null ? [] : ['/case/Cargo.toml']).value,
    files: [path],
    index: (file) => (file === path ? indexRustFile(text) : null),
    text: (file) => (file === path ? text : ''),
    parseItem: (_path, source, at, context) => parseItem(parsers, source, at, context),
    expand: () => null,
  });
  return { workspace, text, functions: buildSurface(workspace).functions };
}
