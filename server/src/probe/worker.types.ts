/** What the worker process is asked, and what it answers. */
import type { NativeRecord } from './native-binding.ts';

export interface WorkerQuestion {
  /** The native helper's absolute path. */
  readonly library: string;
  /** The file to read, absolute; null only loads the helper. */
  readonly path: string | null;
}

export type WorkerAnswer =
  | { readonly ok: true; readonly records: readonly NativeRecord[]; readonly rejected: number }
  | { readonly ok: false; readonly failure: string };
