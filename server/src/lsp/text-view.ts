/** A text with its lines, and places in it as the protocol counts them: from 0, in the units both sides agreed on. */
import { LineIndex } from '../base/text.ts';
import type { Position } from 'vscode-languageserver/node';

/** What `character` of a position counts: bytes of UTF-8, or UTF-16 code units. */
export type Encoding = 'utf-8' | 'utf-16';

export interface TextView {
  readonly text: string;
  readonly lines: LineIndex;
}

export function textView(text: string): TextView {
  return { text, lines: new LineIndex(text) };
}

/** The first of the editor's encodings that this server has; UTF-16 where it names none. */
export function chooseEncoding(offered: readonly string[] | undefined): Encoding {
  for (const encoding of offered ?? []) if (encoding === 'utf-8' || encoding === 'utf-16') return encoding;
  return 'utf-16';
}

/** The protocol's position of a UTF-16 offset. */
export function positionAt(view: TextView, offset: number, encoding: Encoding): Position {
  const { line, column } = view.lines.position(offset);
  const start = textStart(view, line);
  const end = Math.max(start, view.lines.lineStart(line) + column - 1);
  return { line: line - 1, character: encoding === 'utf-16' ? end - start : utf8Length(view.text.slice(start, end)) };
}

/** The UTF-16 offset of the protocol's position; a place behind a line's end is the line's end, as the protocol wants it. */
export function offsetAt(view: TextView, at: Position, encoding: Encoding): number {
  if (at.line >= view.lines.lineCount) return view.text.length;
  const start = textStart(view, at.line + 1);
  const line = view.text.slice(start, lineEnd(view, at.line + 1));
  const units = encoding === 'utf-16' ? at.character : utf16Length(line, at.character);
  return start + Math.max(0, Math.min(units, line.length));
}

/** Where the text of a line (from 1) starts: editors take a byte order mark off. */
function textStart(view: TextView, line: number): number {
  return line === 1 && view.text.startsWith('\uFEFF') ? 1 : view.lines.lineStart(line);
}

/** Where the text of a line (from 1) ends, its line break left out. */
export function lineEnd(view: TextView, line: number): number {
  let end = line >= view.lines.lineCount ? view.text.length : view.lines.lineStart(line + 1);
  const start = view.lines.lineStart(line);
  while (end > start && (view.text[end - 1] === '\n' || view.text[end - 1] === '\r')) end--;
  return end;
}

function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** How many UTF-16 units the first `bytes` bytes of a line take; a place inside a character is its start. */
function utf16Length(line: string, bytes: number): number {
  let units = 0;
  let seen = 0;
  for (const character of line) {
    seen += utf8Length(character);
    if (seen > bytes) break;
    units += character.length;
  }
  return units;
}
