/** Measures the types of a header: a C compiler preprocesses it, then compiles an object that holds the figures, which is never run. */
import type { LayoutEntries } from '../../abi/layout-entries.ts';
import { cNamedTypes } from '../../abi/c-named-types.ts';
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import { dirname, joinPath } from '../../base/paths.ts';
import { readBytes } from '../../host/read-bytes.ts';
import { runProcess } from '../../host/process.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import type { CUnit } from '../../model/c/ast.ts';
import { isCxx } from '../../model/extract/c/plain-cxx.ts';
import { readUnit } from '../../model/extract/c/read-unit.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import type { RecordReader } from '../read-records.ts';
import { compilerErrors, firstError } from './compiler-errors.ts';
import type { CCompiler } from './compiler.ts';
import { ENGLISH } from './compiler.ts';
import type { CFlags } from '../../model/c/flags.ts';
import { preprocessedText } from './preprocessed-text.ts';
import { cProbe } from './probe-source.ts';
import type { ProbeLine } from './probe-source.ts';
import { readMeasured } from './read-measured.ts';
import type { MeasuredEnum } from './read-measured.ts';

export interface MeasureHeaderInput {
  /** Absolute path of a header or source. */
  readonly file: string;
  readonly flags: CFlags;
  readonly compiler: CCompiler;
  readonly target: Target;
  readonly parsers: Parsers;
  readonly reader: Pick<RecordReader, 'read'>;
  /** Types of the files for which it says yes. */
  wanted(file: string): boolean;
  /** The text of a source, null where it cannot be read. */
  read(file: string): string | null;
  readonly cancellation: Cancellation;
}

export interface MeasuredHeader {
  /** Types with what was measured, and those that could not be measured with the reason. */
  readonly entries: LayoutEntries;
  /** The constants of enums by the enum's name. */
  readonly enums: ReadonlyMap<string, MeasuredEnum>;
  /** What the header declares once preprocessed by this compiler. */
  readonly unit: CUnit;
}

/** Milliseconds for one run of the compiler. */
const TIMEOUT = 60_000;
const OBJECT_LIMIT = 256 << 20;
/** How often a probe is compiled without what was wrong in it. */
const TRIES = 5;

export async function measureHeader(input: MeasureHeaderInput): Promise<MeasuredHeader | { readonly failure: string }> {
  return withTemporaryFolder((folder) => measureIn(folder, input));
}

async function measureIn(folder: string, input: MeasureHeaderInput): Promise<MeasuredHeader | { readonly failure: string }> {
  const { file, target, parsers, compiler } = input;
  const cxx = isCxx(file);
  const language = ['-x', cxx ? 'c++' : 'c'];
  const cwd = dirname(file);
  const asWritten = await compile(input, [...language, '-E', file], cwd);
  if (asWritten.failure !== null) return { failure: asWritten.failure };
  const preprocessed = preprocessedText(asWritten.stdout, cwd, input.read);
  const unit = readUnit(file, preprocessed, parsers);
  const { types, others } = cNamedTypes(unit, input.wanted);
  const refused = new Map<string, string>();
  for (let tries = 0; ; tries++) {
    const probe = cProbe({ file, types, cxx, refused: new Set(refused.keys()) });
    const source = joinPath(folder, cxx ? 'probe.cc' : 'probe.c');
    const object = joinPath(folder, 'probe.o');
    const failed = atomicWrite(source, probe.source);
    if (failed) return { failure: `${source} ${failed.failure}` };
    const done = await compile(input, [...language, ...objectFlags(compiler, cxx), '-c', source, '-o', object], cwd);
    if (done.failure === null) {
      const bytes = readBytes(object, OBJECT_LIMIT);
      if ('failure' in bytes) return { failure: `${object} ${bytes.failure}` };
      const records = await input.reader.read(object);
      if ('failure' in records) return { failure: records.failure };
      return readMeasured({ unit, types, others, records: records.records, bytes, refused, target });
    }
    const before = refused.size;
    for (const [key, why] of faults(done.stderr, source, probe.lines)) if (!refused.has(key)) refused.set(key, why);
    if (refused.size === before || tries + 1 >= TRIES) return { failure: done.failure };
  }
}

interface Compiled {
  readonly stdout: string;
  readonly stderr: string;
  /** null where the compiler was content. */
  readonly failure: string | null;
}

async function compile({ compiler, flags, cancellation }: MeasureHeaderInput, args: readonly string[], cwd: string): Promise<Compiled> {
  const all = [...compiler.args, ...flagArguments(flags), '-w', ...args];
  const { code, stdout, stderr, failure } = await runProcess(compiler.program, all, { cwd, env: ENGLISH, timeout: TIMEOUT, cancellation });
  if (failure !== null) return { stdout, stderr, failure: `${compiler.program} ${failure}` };
  return { stdout, stderr, failure: code === 0 ? null : `${compiler.program} says: ${firstError(stderr)}` };
}

function flagArguments(flags: CFlags): readonly string[] {
  return [
    ...flags.others,
    ...flags.includeDirs.flatMap((folder) => ['-I', folder]),
    ...flags.systemDirs.flatMap((folder) => ['-isystem', folder]),
    ...flags.defines.map((one) => `-D${one}`),
    ...flags.undefines.map((one) => `-U${one}`),
    ...flags.includes.flatMap((file) => ['-include', file]),
  ];
}

/** Data must stand in the object as it is: no optimiser, no other form than machine code. Every error on the line that caused it. */
function objectFlags({ clang }: CCompiler, cxx: boolean): readonly string[] {
  const common = ['-O0', '-fno-lto', '-fno-asynchronous-unwind-tables'];
  if (clang)
    return [...common, '-ferror-limit=0', '-fno-caret-diagnostics', '-fno-color-diagnostics', ...(cxx ? ['-Wno-c++11-narrowing'] : [])];
  return [...common, '-fmax-errors=0', '-ftrack-macro-expansion=0', '-fno-diagnostics-show-caret', ...(cxx ? ['-Wno-narrowing'] : [])];
}

/** What to leave out, by its key in `refused`, with the reason. */
function faults(stderr: string, source: string, lines: ReadonlyMap<number, ProbeLine>): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { file, line, message } of compilerErrors(stderr)) {
    const at = file.endsWith(source) ? lines.get(line) : undefined;
    if (!at) continue;
    const key = at.member === null ? String(at.type) : `${at.type}:${at.member}`;
    if (!out.has(key)) out.set(key, message);
  }
  return out;
}
