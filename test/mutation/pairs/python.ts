/** Looks for functions and classes of ctypes that agree with Rust, and spoils what Python says of them. */
import { passedAs } from '../../../server/src/abi/compare/value.ts';
import type { PythonFn } from '../../../server/src/abi/python-side.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { FileSystem } from '../../../server/src/base/io.ts';
import { isFailure } from '../../../server/src/base/io.ts';
import { generateBindings } from '../../../server/src/engine/bindings/generate-bindings.ts';
import type { FileSet, Session } from '../../../server/src/engine/session.types.ts';
import { pythonSide } from '../../../server/src/rules/python-fns.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { classMutations } from './python-classes.ts';
import { ctypesMutations } from './python-functions.ts';
import { findings, isAbout, sessionOver, spoil } from './rounds.ts';
import type { PairsInput, PairsRun, Said, Subject } from './rounds.ts';
import { cleanRecords } from './types.ts';

const GROUPS: ReadonlySet<string> = new Set(['python', 'layout']);
const ACROSS = rules.filter(({ group }) => GROUPS.has(group));

/** The module of a crate that has none is generated. */
export async function runPythonPairs(input: PairsInput): Promise<PairsRun> {
  const { directory, files, parsers, target, rounds, random } = input;
  const { texts, fs, session } = sessionOver(input, [...files.python, ...files.rust], ACROSS);
  const python = (path: string): FileSet => ({ ...files, headers: [], python: [...files.python, path], report: null });
  session.open({ ...files, headers: [], report: null });
  const generated = declaredIn(session, files.python).length < 2;
  if (generated) {
    const path = `${directory}/made_by_generate.py`;
    const report = new Set(files.rust);
    const made = { fs, parsers, files: { ...files, report }, snapshot: session.snapshot(), target, type: null, fn: null };
    texts.set(path, generateBindings({ ...made, format: 'ctypes' }).text.replace(/^#.*\n/, ''));
    session.open(python(path));
  }
  const subjects = subjectsOf(
    session,
    generated ? [`${directory}/made_by_generate.py`] : files.python,
    fs,
    target,
    await findings(session, fs),
  );
  const { outcomes, noise } = await spoil({ session, fs, texts, subjects, rounds, random });
  return { outcomes, clean: subjects.filter(({ mutations }) => mutations.length > 0).length, noise, generated };
}

/** Functions of which a module says all that ctypes has to know. */
function declaredIn(session: Session, files: readonly string[]): readonly PythonFn[] {
  const { python } = session.snapshot();
  return files.flatMap((file) =>
    python.functionsIn(file).filter(({ argtypes, restype, doubt, library, rust }) => {
      const plain = library.value.loader === 'ctypes' && doubt === null && !rust.rewritten && !rust.item.test && !rust.item.inUnknownMacro;
      return plain && argtypes?.value.types && argtypes.module.file === file && restype?.module.file === file;
    }),
  );
}

/** What agrees, with all its types known, and is told apart by its name. */
function subjectsOf(
  session: Session,
  files: readonly string[],
  fs: FileSystem,
  target: Target,
  before: readonly Said[],
): readonly Subject[] {
  const snapshot = session.snapshot();
  const out = new Map<string, Subject>();
  const add = (subject: Subject): void => {
    if (out.has(subject.name)) return;
    const agrees = !before.some((one) => isAbout(one, subject.name));
    out.set(subject.name, agrees ? subject : { ...subject, mutations: [] });
  };
  for (const pair of cleanRecords(snapshot, target)) {
    const { peer, rust } = pair;
    const text = fs.read(peer.file);
    // Under two names it would not be known which of them a finding is called by.
    if (peer.language !== 'ctypes' || peer.name !== rust.name || isFailure(text)) continue;
    const made = classMutations(peer, text, target);
    if (made) add({ name: peer.name, file: peer.file, text: made.text, mutations: made.mutations });
  }
  for (const fn of declaredIn(session, files)) {
    const file = fn.argtypes?.module.file ?? '';
    const text = fs.read(file);
    const signature = snapshot.peers.rustSignature(fn.rust, target);
    if (isFailure(text) || !signature?.params || signature.doubt !== null || !signature.result) continue;
    const { params, result, resolve } = signature;
    const uses = [...(fn.argtypes?.value.types ?? []), ...(fn.restype ? [fn.restype.value] : [])];
    const unknown =
      [...params, result].some(({ shape }) => passedAs(shape, 'rust', resolve, target).kind === 'unknown') ||
      uses.some(({ type }) => {
        const side = fn.argtypes ? pythonSide(type, fn.argtypes.module, target) : null;
        return side === null || passedAs(side.shape, 'c', side.resolve, target).kind === 'unknown';
      });
    if (unknown) continue;
    const said = uses.map((one) => one.text).join(' ');
    add({ name: fn.symbol, file, text: said, mutations: ctypesMutations(fn, signature, text, target) });
  }
  // Classes of which Rust has no struct of its own hold others all the same.
  const modules = new Set(declaredIn(session, files).flatMap(({ argtypes }) => argtypes?.module ?? []));
  for (const { path, fields, at } of [...modules].flatMap(({ classes }) => classes)) {
    const text = (fields ?? []).map((one) => one.text).join(' ');
    if (!out.has(path)) out.set(path, { name: path, file: at.file, text, mutations: [] });
  }
  return [...out.values()];
}
