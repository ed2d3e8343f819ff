/** The one line that tells what a run did, for stderr. */
import type { Severity } from '../base/severity.ts';
import type { CheckResult } from '../engine/finding.ts';
import { countFindings } from './report.ts';
import type { Style } from './style.ts';
import { paint, plain, severityPaint } from './style.ts';

/** `checked 42 Rust files, 7 headers for x86_64-unknown-linux-gnu; 3 errors, 1 warning (2 fixable with --fix)` */
export function summaryText(result: CheckResult, style: Style = plain): string {
  const { files, target } = result;
  const counts = countFindings(result);
  const checked = listed([
    [files.rust, 'Rust file'],
    [files.c, 'header'],
    [files.python, 'Python module'],
    [files.javascript, 'JavaScript module'],
    [files.csharp, 'C# file'],
  ]);
  const bySeverity: readonly (readonly [number, Severity])[] = [
    [counts.errors, 'error'],
    [counts.warnings, 'warning'],
    [counts.infos, 'info'],
    [counts.hints, 'hint'],
  ];
  const found = bySeverity
    .filter(([count]) => count > 0)
    .map(([count, severity]) => paint(style, severityPaint(severity), plural(count, severity)))
    .join(', ');
  const fixable = [
    counts.fixable > 0 ? `${counts.fixable} fixable with --fix` : '',
    counts.unsafelyFixable > 0 ? `${counts.unsafelyFixable}${counts.fixable > 0 ? ' more' : ' fixable'} with --unsafe-fixes` : '',
  ].filter((part) => part !== '');
  return [
    `checked ${checked || 'no files'}${target ? ` for ${target}` : ''}`,
    `${found || paint(style, 'green', 'no findings')}${fixable.length > 0 ? ` (${fixable.join(', ')})` : ''}`,
    ...(counts.suppressed > 0 ? [`${counts.suppressed} suppressed`] : []),
    ...verifiedText(result),
    ...differencesText(result),
    ...unresolvedText(result),
  ].join('; ');
}

/** `2 of 3 confirmed, 1 dropped (--verbose names it)` where a compiler was asked. */
function verifiedText({ findings, dropped }: CheckResult): readonly string[] {
  const asked = findings.filter(({ verification, suppressed }) => verification !== undefined && suppressed === null);
  if (asked.length === 0 && dropped.length === 0) return [];
  const confirmed = asked.filter(({ verification }) => verification === 'confirmed').length;
  const gone = dropped.length === 0 ? '' : `, ${dropped.length} dropped (--verbose names ${dropped.length === 1 ? 'it' : 'them'})`;
  return [`${confirmed} of ${asked.length} confirmed by the compiler${gone}`];
}

function differencesText({ differences = [] }: CheckResult): readonly string[] {
  const { length } = differences;
  return length === 0 ? [] : [`${plural(length, 'type')} otherwise than syntax says (--verbose names ${length === 1 ? 'it' : 'them'})`];
}

function unresolvedText({ unresolved }: CheckResult): readonly string[] {
  const pairs = unresolved.filter(({ pair }) => pair !== undefined).length;
  const told = listed([
    [pairs, 'pair'],
    [unresolved.length - pairs, 'place'],
  ]);
  return told === '' ? [] : [`${told} unresolved (--verbose names them)`];
}

function listed(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => plural(count, name))
    .join(', ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How often each rule was found, most often first: `  3  error  repr-c-missing`. */
export function statisticsText(result: CheckResult, style: Style = plain): string {
  const counts = new Map<string, { count: number; fixable: number; readonly rule: string; readonly severity: Severity }>();
  for (const { rule, severity, fixes, suppressed } of result.findings) {
    if (suppressed !== null) continue;
    const key = `${rule} ${severity}`;
    const entry = counts.get(key) ?? { count: 0, fixable: 0, rule, severity };
    counts.set(key, { ...entry, count: entry.count + 1, fixable: entry.fixable + (fixes.some(({ safe }) => safe) ? 1 : 0) });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))
    .map(
      ({ count, fixable, rule, severity }) =>
        `${String(count).padStart(6)}  ${paint(style, severityPaint(severity), severity.padEnd(7))}  ${rule}${fixable ? ` (${fixable} fixable)` : ''}\n`,
    )
    .join('');
}
