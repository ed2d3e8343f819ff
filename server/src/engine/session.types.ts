/** The one engine behind both faces: a session over a set of folders that is told what changed and asked what is wrong. */
import type { LayoutEntries } from '../abi/layout-entries.ts';
import type { Cancellation } from '../base/cancel.ts';
import type { BindingSide } from '../abi/bindings/side.ts';
import type { PythonSide } from '../abi/python-side.ts';
import type { Problem } from '../base/problem.ts';
import type { FileSystem } from '../base/io.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/config.ts';
import type { CompiledCrate } from '../model/compiled/mir.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Peers } from '../abi/peers/peers.ts';
import type { Rule } from '../rules/rule.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import type { CargoEnvironment } from './cargo-target.ts';
import type { CheckResult } from './finding.ts';

export interface SessionInput {
  readonly fs: FileSystem;
  readonly log: Log;
  readonly parsers: Parsers;
  readonly rules: readonly Rule[];
  /** The configuration that holds for a file; problems were reported by whoever read it. */
  configFor(path: string): Config;
  /** The triple that findings are for. */
  readonly target: string | null;
  /** All that the run is for, `target` among them; `target` alone where it is left out. */
  readonly targets?: readonly string[];
  /** What the environment tells cargo; nothing where it is left out. */
  readonly cargo?: CargoEnvironment;
  /** Whether what rules say of items is kept between checks of certain files: worth it where bodies are edited in between. */
  readonly keepsRuns?: boolean;
}

/** What is looked at: all files that the model needs, and the part that is reported. */
export interface FileSet {
  /** Every Rust source of the packages and folders at hand (absolute paths). */
  readonly rust: readonly string[];
  readonly manifests: readonly string[];
  readonly headers: readonly string[];
  readonly python: readonly string[];
  readonly javascript?: readonly string[];
  readonly csharp?: readonly string[];
  /** Findings elsewhere are not reported; null reports all. */
  readonly report: ReadonlySet<string> | null;
  /** Whether findings that stand in a file are this run's to tell, where several runs share the work; all are where it is left out. */
  share?(path: string): boolean;
  /** From the walk: unreadable folders, loops of links. */
  readonly problems: readonly Problem[];
}

export interface CheckOptions {
  /** Only findings in these files are wanted (the editor's open files); null for all. */
  readonly focus: readonly string[] | null;
  readonly cancellation: Cancellation;
  /** Called between files with how many are done and how many there are. */
  progress?(done: number, total: number): void;
  /** Told how long each rule took over each file. */
  clock?(rule: string, milliseconds: number): void;
}

export interface Snapshot {
  readonly workspace: Workspace;
  readonly surface: Surface;
  readonly peers: Peers;
  readonly python: PythonSide;
  readonly bindings: BindingSide;
  readonly problems: readonly Problem[];
}

export interface Session {
  /** Replaces what is looked at; what is known of unchanged files is kept. */
  open(files: FileSet): void;
  /** Tells that files were changed, created or deleted; they are read again when next needed. */
  changed(paths: readonly string[]): void;
  /** The current picture, built if need be. */
  snapshot(): Snapshot;
  /**
   * Hands in what a compiler said about the crates as they are now: findings are held against it, until a file changes.
   * Without any crate all are unverified; null takes it back.
   */
  compiled(crates: readonly CompiledCrate[] | null): void;
  /** Hands in measured layouts: they count in place of computed ones until a file changes. */
  measured(entries: LayoutEntries): void;
  check(options: CheckOptions): Promise<CheckResult>;
}
