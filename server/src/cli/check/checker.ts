/** Runs the engine for one or more targets over texts that need not be on disk yet. */
import type { LayoutEntries } from '../../abi/layout-entries.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { Log } from '../../base/log.ts';
import { countFaults } from '../../engine/faults.ts';
import type { CheckResult } from '../../engine/finding.ts';
import { mergeTargets } from '../../engine/select.ts';
import { createSession } from '../../engine/session.ts';
import type { CheckOptions, FileSet, Session, Snapshot } from '../../engine/session.types.ts';
import type { Config } from '../../config/config.ts';
import type { CompiledCrate } from '../../model/compiled/mir.ts';
import { cargoEnvironment } from '../../host/cargo-environment.ts';
import { overlayFileSystem } from '../../host/overlay.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';

export interface CheckerInput {
  readonly disk: FileSystem;
  readonly parsers: Parsers;
  readonly rules: readonly Rule[];
  readonly log: Log;
  configFor(path: string): Config;
  /** At least one; null where the machine's is not known. */
  readonly targets: readonly (string | null)[];
}

export interface Checker {
  open(files: FileSet): void;
  /** Has compilers asked about what is open now, for each target; `check` then holds findings against what they said. */
  compile(ask: (picture: Snapshot, target: string | null) => Promise<readonly CompiledCrate[]>): Promise<void>;
  /** The picture for the first target. */
  snapshot(): Snapshot;
  /** Has layouts measured of what is open now, for each target; rules then go by them. */
  measure(ask: (picture: Snapshot, target: string | null) => Promise<LayoutEntries | null>): Promise<void>;
  check(options: Pick<CheckOptions, 'cancellation' | 'progress' | 'clock'>): Promise<CheckResult>;
  /** Takes texts in place of those on disk. */
  replace(texts: ReadonlyMap<string, string>): void;
  /** Forgets what is known of files that changed on disk. */
  changed(paths: readonly string[]): void;
  /** The text as the checker sees it; empty where it cannot be read. */
  text(file: string): string;
  /** How many syntax errors a text of this file would have. */
  faults(file: string, text: string): number;
}

export function createChecker(input: CheckerInput): Checker {
  const overlay = new Map<string, string>();
  const fs = overlayFileSystem(input.disk, overlay);
  const { log, parsers, rules, configFor } = input;
  const targets = input.targets.filter((target) => target !== null);
  const sessions: readonly Session[] = input.targets.map((target) =>
    createSession({ fs, log, parsers, rules, configFor, target, targets, cargo: cargoEnvironment() }),
  );
  const changed = (paths: readonly string[]): void => {
    for (const session of sessions) session.changed(paths);
  };
  return {
    open(files) {
      for (const session of sessions) session.open(files);
    },
    async compile(ask) {
      for (const [i, session] of sessions.entries()) session.compiled(await ask(session.snapshot(), input.targets[i] ?? null));
    },
    snapshot() {
      const [session] = sessions;
      if (!session) throw new Error('a checker has at least one target');
      return session.snapshot();
    },
    async measure(ask) {
      for (const [i, session] of sessions.entries()) {
        const entries = await ask(session.snapshot(), input.targets[i] ?? null);
        if (entries) session.measured(entries);
      }
    },
    async check(options) {
      const results: CheckResult[] = [];
      for (const session of sessions) results.push(await session.check({ ...options, focus: null }));
      const [first, ...rest] = results;
      if (!first) throw new Error('a checker has at least one target');
      return mergeTargets([first, ...rest]);
    },
    replace(texts) {
      for (const [file, text] of texts) overlay.set(file, text);
      changed([...texts.keys()]);
    },
    changed(paths) {
      for (const path of paths) overlay.delete(path);
      changed(paths);
    },
    text(file) {
      const text = fs.read(file);
      return isFailure(text) ? '' : text;
    },
    faults: (file, text) => countFaults(input.parsers, file, text),
  };
}
