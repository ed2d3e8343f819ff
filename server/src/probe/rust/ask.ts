/** Asks rustc about the types of a crate until each has answered, cannot, or is not compiled: what one cannot say costs only itself. */
import type { Target } from '../../abi/targets.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { RecordReader } from '../read-records.ts';
import type { ErrorPlace, RustcError } from './diagnostics.ts';
import { readErrors } from './diagnostics.ts';
import type { AskedProbe, Emitted } from './emit.ts';
import { emitProbes } from './emit.ts';
import type { Plan } from './plan.ts';

/** How often a crate is compiled at most: errors in names hide all later ones. */
const ROUNDS = 8;

export interface AskInput {
  readonly plan: Plan;
  readonly target: Target;
  readonly fs: FileSystem;
  readonly reader: RecordReader;
  /** The crate's root file, as the plan names it. */
  readonly root: string;
  text(file: string): string;
  /** Compiles the crate with these files in place of its own, and gives the file with rustc's JSON output; `named` is what rustc calls a file. */
  compile(files: ReadonlyMap<string, string>): Promise<Compilation | { readonly failure: string }>;
  /**
   * Called with errors outside of all questions where nothing was evaluated: may change what `text` gives, and says which probes cannot be
   * asked any more; null where it knows no help.
   */
  repair?(errors: readonly WrittenError[]): Answers | null;
}

/** An error with its places in the files as `text` gives them. */
export interface WrittenError extends RustcError {
  readonly written: readonly ErrorPlace[];
}

export interface Compilation {
  readonly stderr: string;
  named(file: string): string;
  /** The other way round: the crate's file that rustc calls so; null for none. */
  original(name: string): string | null;
}

/** What came of one probe: the record's values behind its id, or why there are none. `absent`: rustc never saw the type. */
export type Answer =
  /** `whole`: of its members as well, where it has any. */
  | { readonly kind: 'values'; readonly values: readonly number[]; readonly whole: boolean }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'absent' };

export type Answers = ReadonlyMap<number, Answer>;

export async function askRustc(input: AskInput): Promise<Answers | { readonly failure: string }> {
  const { plan, fs, reader } = input;
  const answers = new Map<number, Answer>();
  let asked: readonly AskedProbe[] = plan.probes.map((probe) => ({ probe, depth: 'whole' }));
  for (let round = 0; round < ROUNDS && asked.length > 0; round++) {
    const { root, text, target } = input;
    const emitted = emitProbes({ root, text, asked, shapes: plan.shapes, target });
    const made = await input.compile(emitted.files);
    if ('failure' in made) return made;
    const records = await reader.read(made.stderr);
    if ('failure' in records) return records;
    let answered = 0;
    for (const { values } of records.records) {
      const [id, ...rest] = values.map(Number);
      const one = asked.find(({ probe }) => probe.id === id);
      if (id === undefined || !one) continue;
      answers.set(id, { kind: 'values', values: rest, whole: one.depth === 'whole' });
      answered++;
    }
    asked = asked.filter(({ probe }) => !answers.has(probe.id));
    if (asked.length === 0) break;
    const stderr = fs.read(made.stderr);
    const errors = isFailure(stderr) ? [] : readErrors(stderr);
    if (errors.some(({ code, message }) => code === 'E0463' && /`(?:std|core)`/.test(message)))
      return { failure: noStandardLibrary(target.triple) };
    const blamed = blame(errors, emitted, made);
    if (answered === 0) {
      const repaired = input.repair?.(errors.map((error) => ({ ...error, written: written(error, emitted, made) }))) ?? null;
      for (const [id, answer] of repaired ?? []) answers.set(id, answer);
      if (repaired) {
        asked = asked.filter(({ probe }) => !answers.has(probe.id));
        continue;
      }
      if (blamed.size === 0 && errors.length > 0) return { failure: `it does not compile: ${errors[0]?.message ?? ''}` };
    }
    asked = next(asked, blamed, answers, answered > 0 ? errors : null);
  }
  for (const { probe } of asked) answers.set(probe.id, { kind: 'refused', reason: 'rustc does not come to its layout' });
  return answers;
}

/** The errors in the lines of each probe that has some. */
export function blame(
  errors: readonly RustcError[],
  { lines }: Emitted,
  made: Compilation,
): ReadonlyMap<number, readonly [RustcError, ...RustcError[]]> {
  const out = new Map<number, [RustcError, ...RustcError[]]>();
  const named = lines.map((one) => ({ ...one, name: made.named(one.file) }));
  for (const error of errors) {
    for (const { file, line } of error.places) {
      const hit = named.find((one) => one.name === file && one.from <= line && line < one.to);
      if (!hit) continue;
      const known = out.get(hit.id);
      if (!known) out.set(hit.id, [error]);
      else if (!known.includes(error)) known.push(error);
    }
  }
  return out;
}

/** Where an error stands in the files without questions; those in questions are left out. */
function written({ places }: RustcError, { lines, files }: Emitted, made: Compilation): readonly ErrorPlace[] {
  return places.flatMap(({ file, line }) => {
    const own = [...files.keys()].find((one) => made.named(one) === file) ?? null;
    if (own === null) return made.original(file) === null ? [] : [{ file: made.original(file) ?? '', line }];
    const pieces = lines.filter((one) => one.file === own);
    if (pieces.some(({ from, to }) => from <= line && line < to)) return [];
    // Each question follows a line end of its own.
    const before = pieces.filter(({ to }) => to <= line).reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return [{ file: own, line: line - before }];
  });
}

/**
 * Those that are asked again: with errors, less deeply; without, where nothing was evaluated (`errors` null). Once evaluation ran, silence
 * means that a condition keeps the type out, or that something that it is made of is broken.
 */
function next(
  asked: readonly AskedProbe[],
  blamed: ReturnType<typeof blame>,
  answers: Map<number, Answer>,
  errors: readonly RustcError[] | null,
): readonly AskedProbe[] {
  return asked.flatMap((one): AskedProbe[] => {
    const { probe, depth } = one;
    const reason = blamed.get(probe.id)?.[0].message;
    if (reason === undefined) {
      if (errors === null && blamed.size > 0) return [one];
      answers.set(probe.id, silence(probe.cfg, errors?.[0]?.message));
      return [];
    }
    if (depth === 'whole' && (probe.fields.length > 0 || probe.generic)) return [{ probe, depth: 'size' }];
    answers.set(probe.id, { kind: 'refused', reason: `rustc says: ${reason}` });
    return [];
  });
}

function silence(cfg: string, error: string | undefined): Answer {
  if (cfg !== '') return { kind: 'absent' };
  return { kind: 'refused', reason: error === undefined ? 'rustc says nothing about it' : `rustc says: ${error}` };
}

/** Told by whoever runs rustc for a target that it cannot compile for. */
export function noStandardLibrary(triple: string): string {
  return `the standard library for ${triple} is not installed: \`rustup target add ${triple}\` does it`;
}
