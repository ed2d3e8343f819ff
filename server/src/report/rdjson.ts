/** Reviewdog's diagnostic format; its columns count UTF-8 bytes from 1. */
import type { Location, Position } from '../base/text.ts';
import type { Finding } from '../engine/finding.ts';
import type { Places } from './places.ts';
import type { Formatter } from './report.ts';
import { shownFindings, threeLevels } from './report.ts';

export const formatRdjson: Formatter = ({ result, hostPlaces: places }) =>
  `${JSON.stringify(
    {
      source: { name: 'ffi-lint', url: 'https://github.com/ffi-lint/ffi-lint' },
      diagnostics: shownFindings(result).map((finding) => ({
        message: [finding.message, ...(finding.help ? [`help: ${finding.help}`] : [])].join('\n'),
        location: location(finding.at, places),
        severity: threeLevels(finding.severity, { error: 'ERROR', warning: 'WARNING', note: 'INFO' }),
        code: { value: finding.rule, url: finding.url },
        suggestions: suggestions(finding, places),
        relatedLocations: finding.related.map(({ at, message }) => ({ message, location: location(at, places) })),
      })),
    },
    null,
    2,
  )}\n`;

function location(at: Location, places: Places) {
  return { path: places.path(at.file), range: range(at, places) };
}

function range(at: Location, places: Places) {
  const { start, end } = places.range(at);
  return { start: bytes(at.file, start, places), end: bytes(at.file, end, places) };
}

function bytes(file: string, position: Position, places: Places) {
  return { line: position.line, column: utf8Length(places.before(file, position)) + 1 };
}

function utf8Length(text: string): number {
  let length = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Each suggestion stands alone there, so that a fix of several edits cannot be told. */
function suggestions(finding: Finding, places: Places) {
  return finding.fixes.flatMap(({ edits }) => {
    const edit = edits[0];
    if (!edit || edits.length > 1 || edit.file !== finding.at.file) return [];
    return [{ range: range(edit, places), text: edit.text }];
  });
}
