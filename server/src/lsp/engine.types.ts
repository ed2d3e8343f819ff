/** What the language server needs of the engine: the real one is in workbench.ts, tests hand in their own. */
import type { FileSystem } from '../base/io.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../base/problem.ts';
import type { Session } from '../engine/session.types.ts';
import type { Rule } from '../rules/rule.ts';

export interface Engine {
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The file system of this machine, without the open documents. */
  readonly disk: FileSystem;
  /** Made once per server; `fs` shows open documents in place of their files. */
  workbench(fs: FileSystem, log: Log): Workbench;
}

/** A session with the files and the configuration that it looks at. */
export interface Workbench {
  readonly session: Session;
  /** Walks the folders again and reads all configuration anew. `open` are documents that may lie in none of the folders. */
  reload(folders: readonly string[], open: readonly string[]): readonly Problem[];
  /** How many syntax errors a text of this file would have. */
  faults(file: string, text: string): number;
}
