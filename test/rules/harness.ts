/** Runs one case of a rule's page through the engine and compares what it finds and fixes with what the page says. */
import { expect } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import type { Config } from '../../server/src/config/config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { CASE, testEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { filesOf, markersOf, withoutMarkers } from '../support/literate.ts';
import type { Case, Marker, Role } from '../support/literate.ts';

const loud = (severity: string): boolean => severity === 'error' || severity === 'warning';

/** The recommended profile, in which the rule under test runs even if it is not part of it. */
export function pageConfig(tested: string): Config {
  return {
    file: null,
    files: [],
    profile: 'recommended',
    levelOf({ id, severity }) {
      if (id === tested) return severity === 'off' ? 'warning' : severity;
      return loud(severity) ? severity : 'off';
    },
    excludes: () => false,
    targets: [],
    options: { trustSafetyDocs: false, dedupeWithRustc: 'auto', reportUnusedSuppressions: 'off' },
  };
}

export interface Tested {
  readonly rule: Rule;
  readonly rules: readonly Rule[];
  readonly config: Config;
  /** `types/a-rule.md:12`, for failures. */
  readonly where: string;
}

function engineFor(it: Case, role: Role, tested: Tested): Promise<TestEngine> {
  return testEngine(filesOf(it, role), tested.rules, tested.config);
}

const line = ({ path, line, severity, rule, text }: Marker): string => `${path}:${line}: ${severity}[${rule}] ${text}`.trimEnd();

function toMarker(finding: Finding, text: (file: string) => string): Marker {
  const { file, span } = finding.at;
  const at = new LineIndex(text(file)).position(span.start);
  return { path: file.slice(CASE.length + 1), line: at.line, severity: finding.severity, rule: finding.rule, text: finding.message };
}

const matches = (marker: Marker, found: Marker): boolean =>
  marker.path === found.path &&
  marker.line === found.line &&
  marker.severity === found.severity &&
  marker.rule === found.rule &&
  found.text.includes(marker.text);

/** Checks the files of a role and compares the findings with the markers in them. */
async function expectMarked(it: Case, role: Role, tested: Tested): Promise<void> {
  const engine = await engineFor(it, role, tested);
  const { findings, problems, text } = await engine.check();
  expect(problems, tested.where).toEqual([]);
  const files = filesOf(it, role);
  const markers = it.blocks
    .filter((block) => files.get(block.path) === block.text && (block.role === 'source' || block.role === role))
    .flatMap(markersOf);
  const left = [...markers];
  const actual: string[] = [];
  for (const found of findings.filter(({ suppressed }) => suppressed === null).map((one) => toMarker(one, text))) {
    const at = left.findIndex((marker) => matches(marker, found));
    const [marker] = at < 0 ? [] : left.splice(at, 1);
    if (marker) actual.push(line(marker));
    else if (found.rule === tested.rule.id || loud(found.severity)) actual.push(line(found));
  }
  expect(actual.sort(), `${tested.where}: findings (received) are not those that are marked (expected)`).toEqual(markers.map(line).sort());
}

/** With unsafe fixes asked for, a finding's unsafe ones are meant where it has any. */
function unsafeFirst(finding: Finding): Finding {
  const unsafe = finding.fixes.filter(({ safe }) => !safe);
  return unsafe.length > 0 ? { ...finding, fixes: unsafe } : finding;
}

async function expectFixed(it: Case, role: 'fixed' | 'fixed-unsafe', tested: Tested): Promise<void> {
  const selection = role === 'fixed' ? { unsafe: false, only: null } : { unsafe: true, only: new Set([tested.rule.id]) };
  const fix = (engine: TestEngine) => engine.fix(selection, role === 'fixed' ? undefined : unsafeFirst);
  const { texts } = await fix(await engineFor(it, 'source', tested));
  const before = filesOf(it);
  for (const block of it.blocks.filter((one) => one.role === role)) {
    const after = texts.get(`${CASE}/${block.path}`) ?? before.get(block.path) ?? '';
    expect(withoutMarkers(after), `${tested.where}: ${role} ${block.path}`).toBe(withoutMarkers(block.text));
  }
  const known = it.blocks.flatMap((one) => (one.role === role ? [`${CASE}/${one.path}`] : []));
  expect(
    [...texts.keys()].filter((file) => !known.includes(file)),
    `${tested.where}: files that are fixed but have no ${role} block`,
  ).toEqual([]);
  await expectMarked(it, role, tested);
  const again = await fix(await engineFor(it, role, tested));
  expect([...again.texts.keys()], `${tested.where}: fixing the ${role} files again changes them`).toEqual([]);
}

/** All that a case claims: its findings, and what its fixes make of it. */
export async function runCase(it: Case, tested: Tested): Promise<void> {
  await expectMarked(it, 'source', tested);
  if (it.blocks.some(({ role }) => role === 'fixed')) await expectFixed(it, 'fixed', tested);
  if (it.blocks.some(({ role }) => role === 'fixed-unsafe')) await expectFixed(it, 'fixed-unsafe', tested);
}
