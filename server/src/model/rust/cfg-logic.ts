/** What configuration predicates mean for each other: exclusion, implication, evaluation. Nothing is claimed that is not certain. */
import type { Cfg } from './attribute.ts';

/** Options that have exactly one value per compilation (Reference, "Set configuration options"). */
const SINGLE_VALUED = new Set([
  'target_os',
  'target_arch',
  'target_env',
  'target_abi',
  'target_vendor',
  'target_pointer_width',
  'target_endian',
  'panic',
]);

/** Operating systems of the `unix` family (rustc's target specifications). */
const UNIX = new Set(
  (
    'aix android cygwin dragonfly emscripten espidf freebsd fuchsia haiku horizon hurd illumos ios l4re linux macos netbsd nto nuttx ' +
    'openbsd redox rtems solaris tvos visionos vita vxworks watchos'
  ).split(' '),
);

/** Architectures whose pointers have one width on every target; x86_64, aarch64 and mips64 have ILP32 variants. */
const WIDTHS: ReadonlyMap<string, string> = new Map([
  ['x86', '32'],
  ['arm', '32'],
  ['wasm32', '32'],
  ['riscv32', '32'],
  ['wasm64', '64'],
  ['riscv64', '64'],
  ['powerpc64', '64'],
  ['s390x', '64'],
  ['avr', '16'],
  ['msp430', '16'],
]);

interface Literal {
  readonly name: string;
  readonly value: string | null;
  readonly holds: boolean;
}

/** How much is tried before two predicates count as compatible. */
const MOST_STEPS = 4000;

/** Whether two predicates certainly never hold together. */
export function exclusive(a: Cfg, b: Cfg): boolean {
  return !satisfiable([a, b], 0, { steps: 0, facts: [] });
}

/** Whether the second predicate certainly holds wherever the first does. */
export function implies(a: Cfg, b: Cfg): boolean {
  return exclusive(a, negation(b));
}

/** Answers by predicate: most items of a module share its own. */
const testOnly = new WeakMap<Cfg, boolean>();

/** Whether it can only hold in a test build. */
export function isTestOnly(cfg: Cfg): boolean {
  if (cfg.kind === 'true' || cfg.kind === 'false') return false;
  let answer = testOnly.get(cfg);
  if (answer === undefined) {
    answer = implies(cfg, { kind: 'option', name: 'test', value: null });
    testOnly.set(cfg, answer);
  }
  return answer;
}

/** Features by whose names a crate keeps what only its tests use out of other builds: `unstable-testing`, `test-util`, `mock`. */
const FOR_TESTS = /(^|[-_])(tests?|testing|mocks?)([-_]|$)/;

/** Whether it can only hold in a test build, or with a feature that is named for tests. */
export function isForTests(cfg: Cfg): boolean {
  if (isTestOnly(cfg)) return true;
  const features = testFeatures(cfg);
  return features.length > 0 && implies(cfg, { kind: 'any', operands: [{ kind: 'option', name: 'test', value: null }, ...features] });
}

function testFeatures(cfg: Cfg): readonly Cfg[] {
  if (cfg.kind === 'option') return cfg.name === 'feature' && FOR_TESTS.test(cfg.value ?? '') ? [cfg] : [];
  return cfg.kind === 'all' || cfg.kind === 'any' ? cfg.operands.flatMap(testFeatures) : [];
}

interface Work {
  steps: number;
  /** What was assumed on the way here. */
  readonly facts: Literal[];
}

/**
 * Whether some configuration makes all predicates of a list hold, from a place on; true also where that is too much work to find out.
 * Leaves the facts as they were. Lists are not copied where nothing is added: items are many, and so are their pairs.
 */
function satisfiable(pending: readonly Cfg[], at: number, work: Work): boolean {
  if (++work.steps > MOST_STEPS) return true;
  const first = pending[at];
  if (first === undefined) return true;
  switch (first.kind) {
    case 'true':
    case 'unknown':
      return satisfiable(pending, at + 1, work);
    case 'false':
      return false;
    case 'option':
      return assume(first.name, first.value, true, pending, at + 1, work);
    case 'all':
      return satisfiable([...first.operands, ...pending.slice(at + 1)], 0, work);
    case 'any':
      return first.operands.some((operand) => satisfiable(joined(pending, at + 1, operand), 0, work));
    case 'not':
      return satisfiableNot(first.operand, pending, at + 1, work);
  }
}

/** `at` is where the rest begins. */
function satisfiableNot(operand: Cfg, pending: readonly Cfg[], at: number, work: Work): boolean {
  switch (operand.kind) {
    case 'true':
      return false;
    case 'false':
    case 'unknown':
      return satisfiable(pending, at, work);
    case 'option':
      return assume(operand.name, operand.value, false, pending, at, work);
    case 'not':
      return satisfiable([operand.operand, ...pending.slice(at)], 0, work);
    case 'all':
      return operand.operands.some((one) => satisfiable(joined(pending, at, negation(one)), 0, work));
    case 'any':
      return satisfiable([...operand.operands.map(negation), ...pending.slice(at)], 0, work);
  }
}

function joined(pending: readonly Cfg[], at: number, operand: Cfg): readonly Cfg[] {
  const all = pending.slice(at);
  all.push(operand);
  return all;
}

function negation(operand: Cfg): Cfg {
  return { kind: 'not', operand };
}

function assume(name: string, value: string | null, holds: boolean, pending: readonly Cfg[], at: number, work: Work): boolean {
  const { facts } = work;
  const known = facts.length;
  consequences({ name, value, holds }, facts);
  const possible = isConsistent(facts, known) && satisfiable(pending, at, work);
  facts.length = known;
  return possible;
}

/** Whether none of the facts from a place on contradicts another. */
function isConsistent(facts: readonly Literal[], from: number): boolean {
  for (let at = from; at < facts.length; at++) {
    const one = facts[at];
    if (one && facts.some((other) => contradict(one, other))) return false;
  }
  return true;
}

function contradict(a: Literal, b: Literal): boolean {
  if (a.name !== b.name) return false;
  if (a.value === b.value) return a.holds !== b.holds;
  if (!a.holds || !b.holds || a.value === null || b.value === null) return false;
  // A target may be of two families (Emscripten is `unix` and `wasm`), but Windows is of no other.
  return SINGLE_VALUED.has(a.name) || (a.name === 'target_family' && (a.value === 'windows' || b.value === 'windows'));
}

/** Adds a literal in one spelling, with what follows from it about the target. */
function consequences(literal: Literal, out: Literal[]): void {
  const { name, value, holds } = literal;
  if (value === null && (name === 'unix' || name === 'windows')) {
    consequences({ name: 'target_family', value: name, holds }, out);
    return;
  }
  out.push(literal);
  if (name === 'target_family' && value === 'windows') out.push({ name: 'target_os', value, holds });
  if (name === 'target_os' && value === 'windows') out.push({ name: 'target_family', value, holds });
  if (!holds || value === null) return;
  if (name === 'target_os' && value !== 'windows') {
    out.push({ name: 'target_family', value: 'windows', holds: false });
    if (UNIX.has(value)) out.push({ name: 'target_family', value: 'unix', holds: true });
  }
  const width = name === 'target_arch' ? WIDTHS.get(value) : undefined;
  if (width !== undefined) out.push({ name: 'target_pointer_width', value: width, holds: true });
}

/** Whether an option is set; undefined where that is not known. */
export type KnownOptions = (name: string, value: string | null) => boolean | undefined;

/** Whether a predicate holds under what is known; null where that does not decide it. */
export function evaluate(cfg: Cfg, known: KnownOptions): boolean | null {
  switch (cfg.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'unknown':
      return null;
    case 'option':
      return known(cfg.name, cfg.value) ?? null;
    case 'not': {
      const operand = evaluate(cfg.operand, known);
      return operand === null ? null : !operand;
    }
    case 'all':
    case 'any':
      return evaluateList(cfg.operands, cfg.kind === 'any', known);
  }
}

/** `decisive` is the value of one operand that settles the whole. */
function evaluateList(operands: readonly Cfg[], decisive: boolean, known: KnownOptions): boolean | null {
  let result: boolean | null = !decisive;
  for (const operand of operands) {
    const value = evaluate(operand, known);
    if (value === decisive) return decisive;
    if (value === null) result = null;
  }
  return result;
}
