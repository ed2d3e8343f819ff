/** Runs one case of a rule's page through the engine and compares what it finds and fixes with what the page says. */
import { expect } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import type { Config, Profile } from '../../server/src/config/config.ts';
import { defaultConfig, readConfig } from '../../server/src/config/read-config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { CASE, testEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { filesOf, markersOf, withoutMarkers } from '../support/literate.ts';
import type { Case, Marker, Role } from '../support/literate.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { docsCase } from './docs-case.ts';

const loud = (severity: string): boolean => severity === 'error' || severity === 'warning';

/** A case's own ffi-lint.toml, or else a profile in which the rule under test runs even if it is not part of it. */
function configOf(files: ReadonlyMap<string, string>, { rule, rules, profile, where }: Tested): Config {
  if (files.has('ffi-lint.toml')) {
    const fs = memoryFs(Object.fromEntries([...files].map(([name, text]) => [`${CASE}/${name}`, text])));
    const { value, problems } = readConfig(fs, CASE, rules);
    expect(problems, where).toEqual([]);
    return value;
  }
  const config = defaultConfig({ profile });
  const own = rule.severity === 'off' ? 'warning' : rule.severity;
  return { ...config, levelOf: (one, path) => (one.id === rule.id ? own : config.levelOf(one, path)) };
}

export interface Tested {
  readonly rule: Rule;
  readonly rules: readonly Rule[];
  /** What holds where a case has no configuration. */
  readonly profile: Profile;
  /** `types/a-rule.md:12`, for failures. */
  readonly where: string;
}

function engineFor(it: Case, role: Role, tested: Tested): Promise<TestEngine> {
  const files = filesOf(it, role);
  return testEngine(files, tested.rules, configOf(files, tested));
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

/** The bad example of the docs has a finding of its rule, the good one has none. */
export async function runDocs(tested: Tested): Promise<void> {
  const { id, docs } = tested.rule;
  const found = async (text: string): Promise<readonly string[]> => {
    const { findings } = await (await engineFor(docsCase(id, text), 'source', tested)).check();
    return findings.filter(({ rule }) => rule === id).map(({ message }) => message);
  };
  expect(await found(docs.bad), `${tested.where}: docs.bad has no finding`).not.toEqual([]);
  expect(await found(docs.good), `${tested.where}: docs.good has findings`).toEqual([]);
}
