/** Edits a workspace at random and holds what a session that lived through it says against what a new one says. */
import { never } from '../../../server/src/base/cancel.ts';
import type { FileSystem } from '../../../server/src/base/io.ts';
import { silentLog } from '../../../server/src/base/log.ts';
import { defaultConfig } from '../../../server/src/config/read-config.ts';
import type { CheckResult } from '../../../server/src/engine/finding.ts';
import { createSession } from '../../../server/src/engine/session.ts';
import type { Session } from '../../../server/src/engine/session.types.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import type { Parsers } from '../../../server/src/syntax/parsers.types.ts';
import type { Random } from '../../abi/fuzz/random.ts';
import { memoryFs } from '../../support/memory-fs.ts';
import { fileSet } from './file-set.ts';
import type { Texts } from './random-edits.ts';
import { editOnce } from './random-edits.ts';

export interface Run {
  readonly parsers: Parsers;
  readonly texts: ReadonlyMap<string, string>;
  readonly random: Random;
  readonly steps: number;
  /** Most edits that follow each other without being checked. */
  readonly together?: number;
  readonly progress?: ((step: number, findings: number) => void) | undefined;
}

export interface Difference {
  readonly step: number;
  readonly edits: readonly string[];
  /** What only the one that lived through the edits says, and only the new one. */
  readonly live: readonly string[];
  readonly fresh: readonly string[];
}

/** The first difference; null where there is none. */
export async function compareSessions({
  parsers,
  texts: original,
  random,
  steps,
  together = 3,
  progress,
}: Run): Promise<Difference | null> {
  const texts: Texts = new Map(original);
  const fs = fileSystem(texts);
  const open = (): Session =>
    createSession({
      fs,
      log: silentLog,
      parsers,
      rules,
      configFor: () => CONFIG,
      target: 'x86_64-unknown-linux-gnu',
      keepsRuns: true,
    });
  const live = open();
  live.open(fileSet(texts));
  await live.check({ focus: null, cancellation: never });
  for (let step = 0; step < steps; step++) {
    const edits: string[] = [];
    for (let count = 1 + (random.oneIn(3) ? random.below(together) : 0); count > 0; count--) {
      const edit = editOnce(texts, original, random);
      edits.push(edit.what);
      fs.moved();
      live.changed(edit.paths);
      if (edit.moved) live.open(fileSet(texts));
      if (random.oneIn(5)) live.snapshot();
    }
    const paths = [...texts.keys()];
    // Asked for files, a session keeps what rules say of their items; asked for all, it runs them over whole files.
    const focus = random.oneIn(4) ? [random.pick(paths), random.pick(paths)] : null;
    const asked = focus ?? (random.oneIn(4) ? null : paths);
    const other = open();
    other.open(fileSet(texts));
    const [one, two] = [
      said(await live.check({ focus: asked, cancellation: never })),
      said(await other.check({ focus, cancellation: never })),
    ];
    const [only, missing] = [without(one, two), without(two, one)];
    if (only.length + missing.length > 0) return { step, edits, live: only, fresh: missing };
    progress?.(step, one.length);
  }
  return null;
}

const CONFIG = defaultConfig({ profile: 'all' });

function fileSystem(texts: Texts): FileSystem & { moved(): void } {
  let inner = memoryFs(Object.fromEntries(texts));
  return {
    read: (path) => texts.get(path) ?? inner.read(path),
    isFile: (path) => texts.has(path),
    isDirectory: (path) => inner.isDirectory(path),
    list: (path) => inner.list(path),
    moved() {
      inner = memoryFs(Object.fromEntries(texts));
    },
  };
}

/** Everything that a check says, one text for each thing. */
function said({ findings, problems, unresolved, files, dropped, incomplete }: CheckResult): readonly string[] {
  const all = [...findings, ...problems, ...unresolved, ...dropped].map((one) => JSON.stringify(one));
  return [...all, JSON.stringify({ files, incomplete })];
}

/** What a list has more often than another. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of other) counts.set(one, (counts.get(one) ?? 0) + 1);
  return list.filter((one) => {
    const left = counts.get(one) ?? 0;
    counts.set(one, left - 1);
    return left <= 0;
  });
}
