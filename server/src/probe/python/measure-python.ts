/** Measures ctypes classes with the interpreter that runs them: their definitions alone are evaluated, no module of the project is imported. */
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { Measured, MeasureLayouts, MeasureRequest } from '../../abi/measured.ts';
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import { joinPath } from '../../base/paths.ts';
import { runProcess } from '../../host/process.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import { readPyModule } from '../../model/extract/python/read-module.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { ProbeRecord, RecordReader } from '../read-records.ts';
import { interpreters } from './interpreter.ts';
import { PROBE_SCRIPT } from './probe-script.ts';
import { pythonEntries, readAnswers } from './read-answers.ts';

export interface PythonMeasurerInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly reader: Pick<RecordReader, 'read'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  progress?(file: string): void;
}

/** Milliseconds for one module. */
const TIMEOUT = 15_000;

/** Starts Python: only for folders that are trusted. */
export function createPythonMeasurer(input: PythonMeasurerInput): MeasureLayouts {
  return async (request) => {
    const types: TypeLayout[] = [];
    const unknown: UnknownType[] = [];
    const problems: Problem[] = [];
    const files = new Set([...request.computed.types, ...request.computed.unknown].map(({ at }) => at.file));
    for (const file of request.python) {
      if (request.cancellation.cancelled) break;
      if (!files.has(file) || request.files?.has(file) === false) continue;
      input.progress?.(file);
      const made = await measureModule(file, request, input);
      if ('failure' in made) {
        problems.push({ file, message: `its classes were not measured for ${request.target.triple}: ${made.failure}` });
        continue;
      }
      types.push(...made.entries.types);
      unknown.push(...made.entries.unknown);
    }
    return { entries: { types, unknown }, absent: [], problems };
  };
}

async function measureModule(
  file: string,
  { target, computed, cancellation }: MeasureRequest,
  input: PythonMeasurerInput,
): Promise<Pick<Measured, 'entries'> | { readonly failure: string }> {
  const text = input.fs.read(file);
  if (isFailure(text)) return { failure: `it ${text.failure}` };
  const records = await askPython(file, text, cancellation, input);
  if ('failure' in records) return records;
  const answers = readAnswers(records);
  const other = answers && otherTarget(answers.platform, target);
  if (!answers || other) return { failure: other || 'the interpreter gave no figures' };
  return { entries: pythonEntries(answers, readPyModule(file, text, input.parsers), target, computed) };
}

/** What the first interpreter that there is says of a module. */
async function askPython(
  file: string,
  text: string,
  cancellation: Cancellation,
  { fs, reader, env }: PythonMeasurerInput,
): Promise<readonly ProbeRecord[] | { readonly failure: string }> {
  const found = await withTemporaryFolder(async (folder) => {
    const script = joinPath(folder, 'probe.py');
    const out = joinPath(folder, 'records');
    const failed = atomicWrite(script, PROBE_SCRIPT);
    if (failed) return { failure: `${script} ${failed.failure}` };
    let failure = 'no Python was found: python3 must be in PATH';
    for (const program of interpreters(file, fs, env)) {
      // -I -S: neither the environment, nor the folder, nor installed packages take part.
      const options = { input: text, timeout: TIMEOUT, cancellation, cwd: folder };
      const done = await runProcess(program, ['-I', '-S', '-B', script, out], options);
      if (done.failure !== null && done.code === null && done.stderr === '' && /not found|could not be started/.test(done.failure))
        continue;
      if (done.failure !== null) return { failure: `${program} ${done.failure}` };
      if (done.code === 0) return reader.read(out);
      failure = `${program} says: ${done.stderr.trim().split('\n').at(-1) ?? ''}`;
      break;
    }
    return { failure };
  });
  return 'failure' in found ? found : found.records;
}

export interface PythonPlatform {
  readonly pointer: number;
  readonly long: number;
  readonly wchar: number;
  readonly longDouble: number;
  readonly bigEndian: boolean;
  /** `sys.platform`. */
  readonly name: string;
}

/** Why the interpreter's layouts are not those of the target; null where they are. */
function otherTarget(
  { pointer, long, wchar, longDouble, bigEndian, name }: PythonPlatform,
  { triple, c, bigEndian: big }: Target,
): string | null {
  const system = name === 'win32' ? 'windows' : name.replace(/\d+$/, '');
  const same =
    triple.includes(system) &&
    c?.pointer.size === pointer &&
    c.long === long &&
    c.wchar === wchar &&
    (c.longDouble.size === longDouble || longDouble === c.double.size) &&
    big === bigEndian;
  return same
    ? null
    : `the interpreter is one for ${name} with pointers of ${pointer * 8} bits, which lays them out for its own machine alone`;
}
