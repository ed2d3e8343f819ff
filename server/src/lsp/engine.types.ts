/** What the language server needs of the engine: the real one is in workbench.ts, tests hand in their own. */
import type { Cancellation } from '../base/cancel.ts';
import type { FileSystem } from '../base/io.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../base/problem.ts';
import type { Layouts } from '../engine/layouts/read-layouts.ts';
import type { Session, Snapshot } from '../engine/session.types.ts';
import type { Generated } from '../generate/api.types.ts';
import type { GenerateFormat } from '../generate/formats.ts';
import type { CompiledCrate } from '../model/compiled/mir.ts';
import type { Rule } from '../rules/rule.ts';

export interface Engine {
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The file system of this machine, without the open documents. */
  readonly disk: FileSystem;
  /** Made once per server; `fs` shows open documents in place of their files. */
  workbench(fs: FileSystem, log: Log): Workbench;
}

/** What rustc said, and one line for each crate that it could not be asked about. */
export interface CompiledWorkspace {
  readonly crates: readonly CompiledCrate[];
  readonly failures: readonly string[];
}

export interface LayoutsRequest {
  readonly measure: boolean;
  readonly cancellation: Cancellation;
  /** What is being measured. */
  tell(what: string): void;
}

export interface GenerateRequest {
  readonly format: GenerateFormat;
  /** The file in which the function or type is written. */
  readonly file: string;
  readonly type: string | null;
  readonly fn: string | null;
}

/** A session with the files and the configuration that it looks at. */
export interface Workbench {
  readonly session: Session;
  /** Whether the configuration lets compilers measure layouts; only trusted workspaces are asked. */
  readonly measures: boolean;
  /** Walks the folders again and reads all configuration anew. `open` are documents that may lie in none of the folders. */
  reload(folders: readonly string[], open: readonly string[]): readonly Problem[];
  /** Has rustc compile the crates whose configuration asks for it, as they stand on the disk; null where none does. */
  compile(cancellation: Cancellation, tell: (what: string) => void): Promise<CompiledWorkspace | null>;
  /** Layouts of all types at hand for the first target, measured by compilers where asked; null without a known target. */
  layouts(snapshot: Snapshot, how: LayoutsRequest): Promise<Layouts | null>;
  /** What the other side of a function or type of a file has to declare; null where it is not at a boundary. */
  generate(snapshot: Snapshot, what: GenerateRequest): Generated | null;
  /** How many syntax errors a text of this file would have. */
  faults(file: string, text: string): number;
}
