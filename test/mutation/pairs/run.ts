/** Plants mistakes into real pairs of Rust and C, many functions at a time, and asks which of them are told. */
import { compareLinked } from '../../../server/src/abi/peers/signature-differences.ts';
import type { LinkedFn } from '../../../server/src/abi/peers/peers.ts';
import { never } from '../../../server/src/base/cancel.ts';
import { applyEdits } from '../../../server/src/base/edit.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { FileSystem } from '../../../server/src/base/io.ts';
import { isFailure } from '../../../server/src/base/io.ts';
import { sliceSpan } from '../../../server/src/base/text.ts';
import { silentLog } from '../../../server/src/base/log.ts';
import { defaultConfig } from '../../../server/src/config/read-config.ts';
import { generateBindings } from '../../../server/src/engine/bindings/generate-bindings.ts';
import { createSession } from '../../../server/src/engine/session.ts';
import type { FileSet, Session } from '../../../server/src/engine/session.types.ts';
import { overlayFileSystem } from '../../../server/src/host/overlay.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import type { Parsers } from '../../../server/src/syntax/parsers.types.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Random } from '../../abi/fuzz/random.ts';
import { functionMutations } from './functions.ts';
import type { PairMutation } from './functions.ts';
import { cleanRecords, enumMutations, recordMutations } from './types.ts';

const GROUPS: ReadonlySet<string> = new Set(['signatures', 'layout', 'enums']);
const ACROSS = rules.filter(({ group, id }) => GROUPS.has(group) || id === 'layout-missing-repr');

export interface PairOutcome {
  readonly kind: string;
  /** `geo_load`, `Point`. */
  readonly name: string;
  readonly found: boolean;
}

export interface PairsRun {
  readonly outcomes: readonly PairOutcome[];
  /** Functions and types that agreed at first. */
  readonly clean: number;
  /** Messages about pairs that nothing was done to, while others were spoilt. */
  readonly noise: readonly string[];
  /** The header was made by `generate c`. */
  readonly generated: boolean;
}

interface Subject {
  readonly name: string;
  readonly item: RustItem;
  readonly mutations: readonly PairMutation[];
}

/** `files`: as `discover` finds them. The header of a crate that has none is generated. Each pair is spoilt `rounds` times, in a way of its own each time. */
export async function runPairs(
  directory: string,
  disk: FileSystem,
  files: FileSet,
  parsers: Parsers,
  target: Target,
  rounds: number,
  random: Random,
): Promise<PairsRun> {
  const texts = new Map<string, string>();
  // What tools wrote is judged as a whole; here it stands for what people write.
  for (const header of [...files.headers, ...files.rust]) {
    const text = disk.read(header);
    if (!isFailure(text) && /generated|bindgen|do not edit/i.test(text.slice(0, 4_000)))
      texts.set(
        header,
        text.slice(0, 4_000).replace(/generated|c?bindgen|do not (?:edit|modify)/gi, (word) => 'x'.repeat(word.length)) + text.slice(4_000),
      );
  }
  const fs = overlayFileSystem(disk, texts);
  const config = defaultConfig({ profile: 'all' });
  const session = createSession({
    fs,
    log: silentLog,
    parsers,
    rules: ACROSS,
    configFor: () => config,
    target: target.triple,
    targets: [target.triple],
  });
  session.open({ ...files, python: [], report: null });
  const generated =
    linkedOf(session).length < 5 && addGenerated(session, `${directory}/include/made_by_generate.h`, texts, fs, files, parsers, target);
  const before = await findings(session, fs);
  const subjects = subjectsOf(session, before, target);
  const outcomes: PairOutcome[] = [];
  const noise: string[] = [];
  const used = new Map<string, number>();
  const tried = new Map<Subject, Set<PairMutation>>();
  for (let round = 0; round < rounds; round++) {
    // Half of them stay as they are in each round. What a type holds is told of that alone: the two are not spoilt together.
    const spoiltTypes: Subject[] = [];
    const textOf = ({ item }: Subject): string => sliceSpan(workspaceText(session, item), item.entry.span);
    const leans = (one: Subject): boolean =>
      spoiltTypes.some((other) => textOf(one).includes(other.name) || textOf(other).includes(one.name));
    const chosen = subjects.flatMap((subject) => {
      const done = tried.get(subject) ?? new Set();
      const left = subject.mutations.filter((one) => !done.has(one));
      if (left.length === 0 || random.oneIn(2) || (subject.item.kind !== 'fn' && leans(subject))) return [];
      if (subject.item.kind !== 'fn') spoiltTypes.push(subject);
      const least = Math.min(...left.map(({ kind }) => used.get(kind) ?? 0));
      const mutation = random.pick(left.filter(({ kind }) => (used.get(kind) ?? 0) === least));
      used.set(mutation.kind, least + 1);
      tried.set(subject, done.add(mutation));
      return [{ subject, mutation }];
    });
    if (chosen.length === 0) continue;
    const edits = new Map<string, FileEdit[]>();
    for (const { subject, mutation } of chosen) {
      const file = subject.item.file.path;
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
    for (const { name } of subjects)
      if (!spoilt.has(name))
        noise.push(
          ...after.filter((one) => isAbout(one, name) && [...spoilt].every((other) => !isAbout(one, other))).map(({ message }) => message),
        );
    for (const [file, text] of kept) {
      if (text === undefined) texts.delete(file);
      else texts.set(file, text);
    }
    session.changed([...edits.keys()]);
  }
  return { outcomes, clean: subjects.length, noise, generated };
}

function workspaceText(session: Session, item: RustItem): string {
  return session.snapshot().workspace.text(item.file);
}

function linkedOf(session: Session): readonly LinkedFn[] {
  const { surface, peers } = session.snapshot();
  return surface.functions.flatMap((fn) => peers.linkedTo(fn).filter(({ peer }) => peer.language === 'c'));
}

function addGenerated(
  session: Session,
  path: string,
  texts: Map<string, string>,
  fs: FileSystem,
  files: FileSet,
  parsers: Parsers,
  target: Target,
): boolean {
  const { text } = generateBindings({
    fs,
    parsers,
    files: { ...files, report: new Set(files.rust) },
    snapshot: session.snapshot(),
    target,
    format: 'c',
    type: null,
    fn: null,
  });
  texts.set(path, text.replace(/^\/\*.*\n/, ''));
  session.open({ ...files, headers: [...files.headers, path], python: [], report: null });
  return true;
}

async function findings(session: Session, fs: FileSystem): Promise<readonly Said[]> {
  const result = await session.check({ focus: null, cancellation: never });
  return result.findings.map(({ message, at }) => {
    const text = fs.read(at.file);
    return { message, word: isFailure(text) ? '' : text.slice(at.span.start, at.span.end) };
  });
}

/** A finding and what stands in the text where it points to. */
interface Said {
  readonly message: string;
  readonly word: string;
}

const isAbout = ({ message, word }: Said, name: string): boolean =>
  word === name || message.includes(`\`${name}\``) || message.includes(`\`${name}::`);

/** What agrees, is written in a file as it stands, and exists once. */
function subjectsOf(session: Session, before: readonly Said[], target: Target): readonly Subject[] {
  const snapshot = session.snapshot();
  const { workspace, surface, peers } = snapshot;
  const count = new Map<string, number>();
  for (const { symbol } of surface.functions) if (symbol !== null) count.set(symbol, (count.get(symbol) ?? 0) + 1);
  const plain = (item: RustItem): boolean =>
    !item.test && !item.inUnknownMacro && !item.entry.inMacro && !item.file.origin && workspace.editable(item.file, item.entry.span);
  const out = new Map<string, Subject>();
  const add = (name: string, item: RustItem, mutations: readonly PairMutation[]): void => {
    if (mutations.length > 0 && !before.some((one) => isAbout(one, name)) && !out.has(name)) out.set(name, { name, item, mutations });
  };
  for (const linked of linkedOf(session)) {
    const { rust } = linked;
    const symbol = rust.symbol ?? '';
    if (!plain(rust.item) || rust.rewritten || count.get(symbol) !== 1) continue;
    const made = compareLinked(linked, peers);
    if (made.kind === 'compared' && made.differences.length === 0)
      add(symbol, rust.item, functionMutations(linked, workspace.text(rust.item.file), peers, target));
  }
  for (const pair of cleanRecords(snapshot, target))
    if (plain(pair.rust)) add(pair.rust.name, pair.rust, recordMutations(pair, snapshot, target));
  for (const { rust, mutations } of enumMutations(snapshot)) if (plain(rust)) add(rust.name, rust, mutations);
  return [...out.values()];
}
