/** Looks for functions and types of Rust that agree with C, and spoils the Rust side of them. */
import { compareLinked } from '../../../server/src/abi/peers/signature-differences.ts';
import type { LinkedFn } from '../../../server/src/abi/peers/peers.ts';
import type { FileSystem } from '../../../server/src/base/io.ts';
import { sliceSpan } from '../../../server/src/base/text.ts';
import { generateBindings } from '../../../server/src/engine/bindings/generate-bindings.ts';
import type { FileSet, Session } from '../../../server/src/engine/session.types.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import type { Parsers } from '../../../server/src/syntax/parsers.types.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import { functionMutations } from './functions.ts';
import type { PairMutation } from './functions.ts';
import { findings, isAbout, sessionOver, spoil } from './rounds.ts';
import type { PairsInput, PairsRun, Said, Subject } from './rounds.ts';
import { cleanRecords, enumMutations, recordMutations } from './types.ts';

const GROUPS: ReadonlySet<string> = new Set(['signatures', 'layout', 'enums']);
const ACROSS = rules.filter(({ group, id }) => GROUPS.has(group) || id === 'layout-missing-repr');

/** The header of a crate that has none is generated. */
export async function runPairs(input: PairsInput): Promise<PairsRun> {
  const { directory, files, parsers, target, rounds, random } = input;
  const { texts, fs, session } = sessionOver(input, [...files.headers, ...files.rust], ACROSS);
  session.open({ ...files, python: [], report: null });
  const generated =
    linkedOf(session).length < 5 && addGenerated(session, `${directory}/include/made_by_generate.h`, texts, fs, files, parsers, target);
  const before = await findings(session, fs);
  const subjects = subjectsOf(session, before, target);
  const { outcomes, noise } = await spoil({ session, fs, texts, subjects, rounds, random });
  return { outcomes, clean: subjects.length, noise, generated };
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
    if (mutations.length === 0 || before.some((one) => isAbout(one, name)) || out.has(name)) return;
    const text = sliceSpan(workspace.text(item.file), item.entry.span);
    // What names a type pairs it, too: without its function nothing is known of it.
    out.set(name, { name, file: item.file.path, text: item.kind === 'fn' ? (text.split('{', 1)[0] ?? '') : text, mutations });
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
