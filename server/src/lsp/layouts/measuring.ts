/** What measures layouts on this machine for the editor: the compilers and the interpreter of the workspace, each in the background. */
import type { Measurers } from '../../abi/measured.ts';
import type { FileSystem } from '../../base/io.ts';
import { basename } from '../../base/paths.ts';
import type { Config } from '../../config/config.ts';
import { createCFlags } from '../../engine/layouts/c-flags.ts';
import { createCMeasurer } from '../../probe/c/measure-c.ts';
import { createPythonMeasurer } from '../../probe/python/measure-python.ts';
import { createRecordReader } from '../../probe/read-records.ts';
import { createRustMeasurer } from '../../probe/rust/measure-rust.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';

export interface EditorMeasuring {
  readonly measurers: Measurers;
  close(): void;
}

/** `root` is the folder of package.json; `fs` shows the disk, since that is what compilers read. */
export function startEditorMeasuring(
  root: string,
  fs: FileSystem,
  parsers: Parsers,
  project: { readonly manifests: readonly string[]; configFor(path: string): Config },
  tell: (what: string) => void,
): EditorMeasuring {
  const reader = createRecordReader({ root, fs });
  const flags = createCFlags({ fs, manifests: project.manifests, configFor: project.configFor });
  const file = (path: string): void => tell(basename(path));
  return {
    measurers: {
      rust: createRustMeasurer({ root, fs, parsers, reader, cargoArguments: [], cache: null, progress: (crate) => tell(`crate ${crate}`) }),
      c: createCMeasurer({ fs, parsers, reader, env: process.env, flagsOf: (path) => flags.of(path), progress: file }),
      python: createPythonMeasurer({ fs, parsers, reader, env: process.env, progress: file }),
    },
    close: () => reader.close(),
  };
}
