/** Decides which declarations of a symbol in other files mean a Rust function. Nothing is linked where it is not sure. */
import { dirname, relativeInside } from '../../base/paths.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Target } from '../targets.ts';
import type { CrateFacts } from './crate-facts.ts';
import { names } from './crate-facts.ts';
import type { Certainty, LinkedFn, PeerFn, Unlinked } from './peers.ts';
import { isSystemName } from './system-names.ts';

export interface Decision {
  readonly linked: readonly LinkedFn[];
  readonly unlinked: Unlinked | null;
}

export const NOTHING: Decision = { linked: [], unlinked: null };

/** A `[[links]]` table that a Rust file falls under. */
export interface Configured {
  isHeader(path: string): boolean;
  /** What the link is checked for; empty for the targets of everything else. */
  readonly targets: readonly Target[];
}

export interface LinkInput {
  /** The file in which the function is written: of a macro's expansion, that of its call. */
  readonly file: string;
  /** Where its name is written. */
  readonly at: Unlinked['at'];
  /** The folder of its package, or of the file. */
  readonly home: string;
  readonly configured: readonly Configured[];
  readonly facts: CrateFacts | null;
  /** Every declaration of the symbol in the C files of the workspace. */
  readonly declarations: readonly PeerFn[];
  /** The folders of other packages that export the same symbol: what they declare is theirs. */
  readonly others: readonly string[];
}

export function decide(rust: BoundaryFn, input: LinkInput): Decision {
  const { symbol, role } = rust;
  if (symbol === null || role === 'callback') return NOTHING;
  const all = input.declarations.filter((one) => !one.internal && one.language === 'c');
  const found = all.some(({ mangled }) => !mangled) ? all.filter(({ mangled }) => !mangled) : all;
  const { configured, facts } = input;
  if (configured.length > 0) {
    const meant = found.filter(({ file }) => configured.some((link) => link.isHeader(file)));
    if (meant.length === 0) return absent(symbol, input, 'none of the configured headers declares it');
    const targetsOf = ({ file }: PeerFn): readonly Target[] =>
      configured.filter((link) => link.isHeader(file)).flatMap(({ targets }) => targets);
    return linked(rust, role, meant, 'configured', targetsOf);
  }
  const named = facts ? found.filter((one) => isNamed(one, facts)) : [];
  if (named.length > 0) return settle(rust, role, named, 'crate', input);
  if (found.length === 0) return NOTHING;
  if (isSystemName(symbol)) return unlinked(symbol, input, 'never-by-name', 'its name is too common to be linked by it alone');
  const own = role === 'export' ? found.filter((one) => !isOfOthers(one.file, input)) : found;
  if (own.length === 0) return unlinked(symbol, input, 'never-by-name', 'it is declared by another package only, which exports it too');
  const near = own.filter((one) => isNear(one.file, input));
  if (near.length === 0) return unlinked(symbol, input, 'never-by-name', 'it is declared in vendored code, tests or examples only');
  return settle(rust, role, near, 'unique', input);
}

/** In the folder of another package with an export of its own by that name, which is not around this one. */
function isOfOthers(file: string, { home, others }: LinkInput): boolean {
  return others.some((other) => relativeInside(other, file) !== null && relativeInside(other, home) === null);
}

/** What a crate names itself, and what cbindgen made where the crate has a configuration for it. */
function isNamed({ file, generatedBy }: PeerFn, facts: CrateFacts): boolean {
  if (relativeInside(facts.directory, file) === null) return false;
  return names(facts, file) || (facts.cbindgen !== null && generatedBy === 'cbindgen');
}

function linked(
  rust: BoundaryFn,
  direction: LinkedFn['direction'],
  peers: readonly PeerFn[],
  certainty: Certainty,
  targetsOf: (peer: PeerFn) => readonly Target[] = () => [],
): Decision {
  const made = peers.map((peer): LinkedFn => {
    const targets = targetsOf(peer);
    return { rust, direction, peer, certainty, ...(targets.length > 0 ? { targets } : {}) };
  });
  return { linked: made, unlinked: null };
}

function absent(symbol: string, input: LinkInput, reason: string): Decision {
  return unlinked(symbol, input, 'absent', reason);
}

function unlinked(name: string, { at }: LinkInput, why: Unlinked['why'], reason: string): Decision {
  return { linked: [], unlinked: { name, at, why, reason } };
}

/** One of those that say the same; of others the nearest; nothing where two that say different things are equally near. */
function settle(
  rust: BoundaryFn,
  direction: LinkedFn['direction'],
  found: readonly PeerFn[],
  certainty: Certainty,
  input: LinkInput,
): Decision {
  const ordered = [...found].sort((a, b) => distance(a.file, input.file) - distance(b.file, input.file) || preference(a) - preference(b));
  const [first] = ordered;
  if (!first) return NOTHING;
  if (new Set(ordered.map(prototype)).size === 1) return linked(rust, direction, [first], certainty);
  const nearest = ordered.filter(({ file }) => distance(file, input.file) === distance(first.file, input.file));
  if (new Set(nearest.map(prototype)).size === 1) return linked(rust, direction, [first], certainty);
  const files = [...new Set(nearest.map(({ file }) => file.slice(file.lastIndexOf('/') + 1)))].slice(0, 3).join(', ');
  return unlinked(rust.symbol ?? '', input, 'ambiguous', `it is declared in several ways: ${files}`);
}

/** Headers before sources: they are what both sides read. */
function preference({ file }: PeerFn): number {
  return file.endsWith('.c') ? 1 : 0;
}

/** Folders that lie between two files and what they share. */
function distance(file: string, from: string): number {
  const [a, b] = [dirname(file).split('/'), dirname(from).split('/')];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return a.length + b.length - 2 * shared;
}

const prototypes = new WeakMap<PeerFn, string>();

/** What all its signatures say, names of parameters aside. */
function prototype(fn: PeerFn): string {
  const known = prototypes.get(fn);
  if (known !== undefined) return known;
  const made = [
    ...new Set(
      fn.signatures.map(({ params, result, variadic, convention }) =>
        JSON.stringify([params?.map(({ shape }) => shape) ?? null, result?.shape ?? null, variadic, convention]),
      ),
    ),
  ]
    .sort()
    .join('\n');
  prototypes.set(fn, made);
  return made;
}

const VENDORED =
  /^(?:third[-_]?party|3rd[-_]?party|vendor(?:ed)?|external|extern|deps|contrib|submodules|subprojects|node_modules|target|build|dist|out)$/i;
const ASIDE = /^(?:tests?|testing|test[-_]data|fixtures?|examples?|samples?|demos?|benche?s?|fuzz(?:ing|ers?)?|bindings_tests?)$/i;

/** Whether a file lies in a folder of foreign code, of tests or of examples, wherever that is. */
export function isAside(file: string): boolean {
  return dirname(file)
    .split('/')
    .some((part) => ASIDE.test(part) || VENDORED.test(part));
}

/** Not in a folder of foreign code, of tests or of examples, as seen from the crate; a crate may say that such a folder is meant. */
function isNear(file: string, { home, facts }: LinkInput): boolean {
  const shared = commonFolder(home, dirname(file));
  const between = dirname(file)
    .slice(shared.length)
    .split('/')
    .filter((part) => part !== '');
  if (between.some((part) => ASIDE.test(part))) return false;
  if (!between.some((part) => VENDORED.test(part))) return true;
  if (!facts) return false;
  const own = relativeInside(facts.directory, file) !== null;
  return (
    (own && facts.sys) ||
    between.some((part) => facts.libraries.some((library) => part === library || part === `lib${library}` || library === `lib${part}`))
  );
}

function commonFolder(a: string, b: string): string {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared++;
  return left.slice(0, shared).join('/');
}
