/** The worker process around the native helper: one question a file, one answer with its records. */
import type { NativeHelper } from './native-binding.ts';
import type { WorkerAnswer, WorkerQuestion } from './worker.types.ts';

const helpers = new Map<string, NativeHelper | { readonly failure: string }>();

process.on('message', (question: WorkerQuestion) => {
  answer(question).then((text) => process.send?.(text));
});
process.on('disconnect', () => process.exit(0));

async function answer({ library, path }: WorkerQuestion): Promise<WorkerAnswer> {
  const helper = helpers.get(library) ?? (await load(library));
  helpers.set(library, helper);
  if ('failure' in helper) return { ok: false, failure: `the native helper ${library} ${helper.failure}` };
  if (path === null) return { ok: true, records: [], rejected: 0 };
  const scan = helper.scan(path);
  return 'failure' in scan ? { ok: false, failure: scan.failure } : { ok: true, ...scan };
}

/** koffi is imported here and not above, so that a machine that it has no binary for gets an answer. */
async function load(library: string): Promise<NativeHelper | { readonly failure: string }> {
  try {
    const { loadNative } = await import('./native-binding.ts');
    return loadNative(library);
  } catch (error) {
    const [why = 'unknown error'] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { failure: `cannot be loaded: ${why}` };
  }
}
