/** Measured layouts of a crate between runs, in the user's cache folder. */
import { joinPath } from '../../base/paths.ts';
import { keep, readKept } from '../../host/cache.ts';
import type { Answer } from './ask.ts';
import type { MadeType } from './expanded.ts';
import type { SeenMembers } from './members.ts';

/** What rustc said of a crate; places are left out, since they move without anything being measured anew. */
export interface CrateAnswers {
  /** By the probes' ids: the same definitions give the same plan. */
  readonly answers: readonly (readonly [number, Answer])[];
  readonly made: readonly MadeType[];
  /** Of other crates' types, by the probes' ids. */
  readonly members: readonly (readonly [number, SeenMembers])[];
  /** Why it was asked about by its definitions alone. */
  readonly failure: string | null;
}

/** What kept cargo from preparing the crate may be gone soon: a network, a library. In milliseconds. */
const FAILURE_LASTS = 10 * 60_000;

interface Kept extends CrateAnswers {
  readonly at: number;
}

export function readAnswers(cache: string, key: string): CrateAnswers | null {
  const text = readKept(fileOf(cache, key));
  if (text === null) return null;
  try {
    // Only this file writes it, under a name that changes with its form.
    const kept = JSON.parse(text) as Kept;
    return kept.failure !== null && Math.abs(Date.now() - kept.at) > FAILURE_LASTS ? null : kept;
  } catch {
    // A file that was cut short by a full disk: it is measured again and written anew.
    return null;
  }
}

/** What cannot be kept is measured again the next time. */
export function keepAnswers(cache: string, key: string, answers: CrateAnswers): void {
  keep(fileOf(cache, key), JSON.stringify({ ...answers, at: Date.now() } satisfies Kept));
}

function fileOf(cache: string, key: string): string {
  return joinPath(cache, `layouts/${key}.json`);
}
