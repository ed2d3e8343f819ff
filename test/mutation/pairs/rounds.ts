/** Plants mistakes into pairs that agree, many at a time, and asks which of them are told. */
import type { Target } from '../../../server/src/abi/targets.ts';
import { never } from '../../../server/src/base/cancel.ts';
import { applyEdits } from '../../../server/src/base/edit.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { FileSystem } from '../../../server/src/base/io.ts';
import { isFailure } from '../../../server/src/base/io.ts';
import { silentLog } from '../../../server/src/base/log.ts';
import { defaultConfig } from '../../../server/src/config/read-config.ts';
import { createSession } from '../../../server/src/engine/session.ts';
import type { FileSet, Session } from '../../../server/src/engine/session.types.ts';
import { overlayFileSystem } from '../../../server/src/host/overlay.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import type { Parsers } from '../../../server/src/syntax/parsers.types.ts';
import type { Random } from '../../abi/fuzz/random.ts';
import type { PairMutation } from './functions.ts';

export interface PairOutcome {
  readonly kind: string;
  /** `geo_load`, `Point`. */
  readonly name: string;
  readonly found: boolean;
}

/** What a run over the pairs of one package starts from. */
export interface PairsInput {
  readonly directory: string;
  readonly disk: FileSystem;
  /** As `discover` finds them. What has no other side gets a generated one. */
  readonly files: FileSet;
  readonly parsers: Parsers;
  readonly target: Target;
  /** Each pair is spoilt that often. */
  readonly rounds: number;
  readonly random: Random;
}

export interface PairsRun {
  readonly outcomes: readonly PairOutcome[];
  /** Functions and types that agreed at first. */
  readonly clean: number;
  /** Messages about pairs that nothing was done to, while others were spoilt. */
  readonly noise: readonly string[];
  /** The other side was made by `generate`. */
  readonly generated: boolean;
}

/** A session over files that lie in memory, so that they can be spoilt; nothing is opened in it. */
export function sessionOver({ disk, parsers, target }: PairsInput, paths: readonly string[], asked: readonly Rule[]) {
  const texts = asWritten(disk, paths);
  const fs = overlayFileSystem(disk, texts);
  const config = defaultConfig({ profile: 'all' });
  const base = { fs, log: silentLog, parsers, rules: asked, configFor: () => config };
  return { texts, fs, session: createSession({ ...base, target: target.triple, targets: [target.triple] }) };
}

/** A function or type that agrees with the other side. */
export interface Subject {
  readonly name: string;
  /** Where it is spoilt. */
  readonly file: string;
  /** As it is written there, without a body. What it names is not spoilt together with it: what is told of one might be about the other. */
  readonly text: string;
  /** None where it is known for what it holds alone. */
  readonly mutations: readonly PairMutation[];
}

/** A finding and what stands in the text where it points to. */
export interface Said {
  readonly message: string;
  readonly word: string;
}

export interface Spoilt {
  readonly outcomes: readonly PairOutcome[];
  /** Messages about pairs that nothing was done to, while others were spoilt. */
  readonly noise: readonly string[];
}

export interface SpoilInput {
  readonly session: Session;
  /** Lies over the disk with `texts`, which hold the spoilt files meanwhile. */
  readonly fs: FileSystem;
  readonly texts: Map<string, string>;
  readonly subjects: readonly Subject[];
  /** Each pair is spoilt that often, in a way of its own each time. */
  readonly rounds: number;
  readonly random: Random;
}

export async function spoil({ session, fs, texts, subjects, rounds, random }: SpoilInput): Promise<Spoilt> {
  const outcomes: PairOutcome[] = [];
  const noise: string[] = [];
  const used = new Map<string, number>();
  const tried = new Map<Subject, Set<PairMutation>>();
  for (let round = 0; round < rounds; round++) {
    // Half of them stay as they are in each round.
    const together: Subject[] = [];
    const leans = (one: Subject): boolean => together.some((other) => one.text.includes(other.name) || other.text.includes(one.name));
    const chosen = subjects.flatMap((subject) => {
      const done = tried.get(subject) ?? new Set();
      const left = subject.mutations.filter((one) => !done.has(one));
      if (left.length === 0 || random.oneIn(2) || leans(subject)) return [];
      together.push(subject);
      const least = Math.min(...left.map(({ kind }) => used.get(kind) ?? 0));
      const mutation = random.pick(left.filter(({ kind }) => (used.get(kind) ?? 0) === least));
      used.set(mutation.kind, least + 1);
      tried.set(subject, done.add(mutation));
      return [{ subject, mutation }];
    });
    if (chosen.length === 0) continue;
    const edits = new Map<string, FileEdit[]>();
    for (const { subject, mutation } of chosen) {
      const { file } = subject;
      edits.set(file, [...(edits.get(file) ?? []), { file, span: mutation.span, text: mutation.text }]);
    }
    const kept = new Map([...edits.keys()].map((file) => [file, texts.get(file)]));
    for (const [file, list] of edits) {
      const text = fs.read(file);
      if (!isFailure(text)) texts.set(file, applyEdits(text, list));
    }
    session.changed([...edits.keys()]);
    const after = await findings(session, fs);
    const spoilt = new Set(chosen.map(({ subject }) => subject.name));
    for (const { subject, mutation } of chosen)
      outcomes.push({ kind: mutation.kind, name: subject.name, found: after.some((one) => isAbout(one, subject.name)) });
    // A type that holds a spoilt one, or one that does, differs with it.
    const holding = holdersOf(spoilt, subjects);
    for (const { name, mutations } of subjects) {
      if (spoilt.has(name) || mutations.length === 0) continue;
      const about = after.filter((one) => isAbout(one, name) && !(holding.has(name) && one.word === name));
      noise.push(...about.filter((one) => [...spoilt].every((other) => !isAbout(one, other))).map(({ message }) => message));
    }
    for (const [file, text] of kept) {
      if (text === undefined) texts.delete(file);
      else texts.set(file, text);
    }
    session.changed([...edits.keys()]);
  }
  return { outcomes, noise };
}

function holdersOf(names: ReadonlySet<string>, subjects: readonly Subject[]): ReadonlySet<string> {
  const all = new Set(names);
  for (let before = -1; before !== all.size; ) {
    before = all.size;
    for (const { name, text } of subjects) if (!all.has(name) && [...all].some((one) => text.includes(one))) all.add(name);
  }
  return all;
}

export async function findings(session: Session, fs: FileSystem): Promise<readonly Said[]> {
  const result = await session.check({ focus: null, cancellation: never });
  return result.findings.map(({ message, at }) => {
    const text = fs.read(at.file);
    return { message, word: isFailure(text) ? '' : text.slice(at.span.start, at.span.end) };
  });
}

export const isAbout = ({ message, word }: Said, name: string): boolean =>
  word === name || message.includes(`\`${name}\``) || message.includes(`\`${name}::`);

/** What tools wrote is judged as a whole; here it stands for what people write. Texts that take the place of such files. */
export function asWritten(disk: FileSystem, files: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = disk.read(file);
    if (isFailure(text) || !/generated|bindgen|do not edit/i.test(text.slice(0, 4_000))) continue;
    const plain = text.slice(0, 4_000).replace(/generated|c?bindgen|do not (?:edit|modify)/gi, (word) => 'x'.repeat(word.length));
    texts.set(file, plain + text.slice(4_000));
  }
  return texts;
}
