/** SARIF 2.1.0 (OASIS), for code scanning. */
import type { Location } from '../base/text.ts';
import type { FileEdit } from '../base/edit.ts';
import type { Finding } from '../engine/finding.ts';
import type { Places } from './places.ts';
import type { Formatter, ReportInput, RuleHelp } from './report.ts';
import { threeLevels } from './report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS = { error: 'error', warning: 'warning', note: 'note' } as const;

export const formatSarif: Formatter = (input) => {
  const { result } = input;
  const used = [...new Set(result.findings.map(({ rule }) => rule))].sort();
  const run = {
    tool: {
      driver: {
        name: 'ffi-lint',
        version: input.version,
        semanticVersion: input.version,
        informationUri: 'https://github.com/ffi-lint/ffi-lint',
        rules: used.map((id) => ruleJson(id, input.rules.get(id))),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'the folder that the paths are relative to' } } },
    invocations: [{ executionSuccessful: !result.incomplete, toolExecutionNotifications: notifications(input) }],
    results: result.findings.map((finding) => resultJson(finding, used.indexOf(finding.rule), input.hostPlaces)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
};

function ruleJson(id: string, rule: RuleHelp | undefined) {
  if (!rule) return { id, name: id };
  const { severity, group } = rule;
  return {
    id,
    name: id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.summary },
    help: { text: `${rule.summary}\n${rule.url}`, markdown: rule.markdown },
    helpUri: rule.url,
    defaultConfiguration: severity === 'off' ? { enabled: false } : { level: threeLevels(severity, LEVELS) },
    properties: { tags: [group] },
  };
}

function resultJson(finding: Finding, ruleIndex: number, places: Places) {
  const more = [finding.help && `help: ${finding.help}`, finding.note && `note: ${finding.note}`].filter((line) => line !== null);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: threeLevels(finding.severity, LEVELS),
    message: { text: [finding.message, ...more].join('\n') },
    locations: [{ physicalLocation: physical(finding.at, places) }],
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map(({ at, message }, id) => ({
            id,
            physicalLocation: physical(at, places),
            message: { text: message },
          })),
        }
      : {}),
    partialFingerprints: { 'ffiLint/v1': finding.fingerprint },
    ...(finding.fixes.length > 0 ? { fixes: finding.fixes.map((fix) => fixJson(fix, places)) } : {}),
    ...propertiesOf(finding),
    ...(finding.suppressed === null ? {} : { suppressions: [suppression(finding.suppressed)] }),
  };
}

/** What SARIF has no field for; left out where there is nothing. */
function propertiesOf({ target, verification }: Finding) {
  const properties = { ...(target === null ? {} : { target }), ...(verification === undefined ? {} : { verification }) };
  return Object.keys(properties).length === 0 ? {} : { properties };
}

function suppression(reason: string) {
  return { kind: reason === 'baseline' ? 'external' : 'inSource', justification: reason };
}

function artifact(file: string, places: Places) {
  return { uri: places.path(file).split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function region(at: Location, places: Places) {
  const { start, end } = places.range(at);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function physical(at: Location, places: Places) {
  return { artifactLocation: artifact(at.file, places), region: region(at, places) };
}

function fixJson(fix: Finding['fixes'][number], places: Places) {
  const byFile = new Map<string, FileEdit[]>();
  for (const edit of fix.edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  return {
    description: { text: fix.safe ? fix.title : `${fix.title} (unsafe)` },
    artifactChanges: [...byFile].map(([file, edits]) => ({
      artifactLocation: artifact(file, places),
      replacements: edits.map(({ span, text }) => ({
        deletedRegion: region({ file, span }, places),
        insertedContent: { text },
      })),
    })),
  };
}

/** Problems, and what could not be decided. */
function notifications({ result, hostPlaces: places }: ReportInput) {
  const problems = result.problems.map(({ file, message, span }) => ({
    level: result.incomplete ? 'error' : 'warning',
    message: { text: message },
    ...(file === ''
      ? {}
      : {
          locations: [{ physicalLocation: span ? physical({ file, span }, places) : { artifactLocation: artifact(file, places) } }],
        }),
  }));
  const unresolved = result.unresolved.map(({ at, reason }) => ({
    level: 'note',
    message: { text: `not decided: ${reason}` },
    locations: [{ physicalLocation: physical(at, places) }],
  }));
  return [...problems, ...unresolved];
}
