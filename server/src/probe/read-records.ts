/** Reads layout records (`@FFI1|1,16,8!`) out of a file of any format, through the native helper in a worker process. */
import type { FileSystem } from '../base/io.ts';
import { joinPath } from '../base/paths.ts';
import { nodeFileSystem } from '../host/file-system.ts';
import { createWorker } from '../host/worker.ts';
import { nativeFiles } from './native-files.ts';
import type { WorkerAnswer, WorkerQuestion } from './worker.types.ts';

export interface ProbeRecord {
  readonly values: readonly bigint[];
}

export interface ProbeRecords {
  /** In file order. */
  readonly records: readonly ProbeRecord[];
  /** Stretches of the file that looked like a record and were not well formed. */
  readonly rejected: number;
}

export interface RecordReader {
  /** Never rejects; `failure` says what is wrong in words that stand by themselves. Questions queue: one file at a time. */
  read(path: string): Promise<ProbeRecords | { readonly failure: string }>;
  /** Whether the helper can be used: null, or why not. */
  check(): Promise<string | null>;
  /** Ends the worker process; a later `read` starts another one. */
  close(): void;
}

export interface RecordReaderOptions {
  /** The folder of ffi-lint's package.json, absolute. */
  readonly root: string;
  readonly fs?: FileSystem;
  /** Milliseconds for one file, the start of the worker included. */
  readonly timeout?: number;
}

/** A scan of 256 MiB takes a second or two on a slow machine. */
const TIMEOUT = 20_000;

/** Where the bundle of `worker.ts` lies in an installation. */
const WORKER = 'dist/probe-worker.cjs';

export function createRecordReader({ root, fs = nodeFileSystem(), timeout = TIMEOUT }: RecordReaderOptions): RecordReader {
  const module = joinPath(root, WORKER);
  const { library } = nativeFiles(fs, root);
  const missing = whatIsMissing(library, fs.isFile(module) ? null : module);
  const worker = createWorker(module);
  const ask = async (path: string | null): Promise<WorkerAnswer> => {
    if (library === null || missing !== null) return { ok: false, failure: missing ?? '' };
    const question: WorkerQuestion = { library, path };
    const result = await worker.ask(question, timeout);
    if ('failure' in result) return { ok: false, failure: `the worker of the native helper ${result.failure}` };
    // Only worker.ts, of the same build, is at the other end.
    return result.answer as WorkerAnswer;
  };
  return {
    async read(path) {
      const answer = await ask(path);
      return answer.ok ? { records: answer.records, rejected: answer.rejected } : { failure: answer.failure };
    },
    async check() {
      const answer = await ask(null);
      return answer.ok ? null : answer.failure;
    },
    close: () => worker.end(),
  };
}

function whatIsMissing(library: string | null, module: string | null): string | null {
  if (library === null) return 'the native helper is not built for this platform: `cargo build --release` in native/ makes it';
  return module === null ? null : `the native helper's worker ${module} does not exist: \`npm run bundle\` makes it`;
}
