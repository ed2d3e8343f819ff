/** Makes the edits that suppress findings by comments: for a line, an item or a whole file. */
import type { TextEdit } from '../base/edit.ts';
import type { Span } from '../base/text.ts';
import { contains, span } from '../base/text.ts';
import type { CommentLanguage } from './suppress-scan.ts';
import { scanComments } from './suppress-scan.ts';
import type { Directive } from './suppress-parse.ts';
import { parseDirectives } from './suppress-parse.ts';

export interface IgnoreRequest {
  readonly language: CommentLanguage;
  readonly text: string;
  /** The finding's place. */
  readonly at: Span;
  /** The item to cover with `where: 'item'`: from its first attribute or doc comment. */
  readonly item?: Span;
  readonly where: 'line' | 'item' | 'file';
  readonly rules: readonly string[];
  readonly reason: string | null;
}

/** A trailing comment is not made longer than this; the comment then goes on its own line. */
const LINE_LENGTH = 100;

/** The edit that hides the rules there, or null where no comment can stand (inside of a string, in a continued macro line). */
export function ignoreEdit(request: IgnoreRequest): TextEdit | null {
  const { text, language, rules } = request;
  const kind = request.where === 'file' ? 'file-ignore' : 'ignore';
  const present = parseDirectives(language, text, null).directives;
  const place = placeOf(request);
  const known = present.find((directive) => directive.kind === kind && directive.names.length > 0 && sameAim(directive, request, place));
  const edit = known ? addNames(known, rules) : insertion(request, kind, place);
  if (!edit) return null;
  const edited = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
  const shift = edit.text.length - (edit.span.end - edit.span.start);
  const target = request.at.start >= edit.span.end ? span(request.at.start + shift, request.at.end + shift) : request.at;
  const effective = parseDirectives(language, edited, null).directives.some(
    (directive) =>
      directive.kind === kind && rules.every((rule) => directive.names.some(({ name }) => name === rule)) && reaches(directive, target),
  );
  // Of an item only the start is known to be covered without its index, so that a finding deep inside of it is trusted.
  return effective || (request.where === 'item' && parseDirectives(language, edited, null).directives.length >= present.length)
    ? edit
    : null;
}

function reaches(directive: Directive, at: Span): boolean {
  return contains(directive.scope, span(at.start, at.start)) && directive.scope.start <= at.start;
}

/** Where the comment goes: the start of the line before which it stands, and that of the line at whose end it may stand. */
interface Place {
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly indent: string;
}

function placeOf({ text, at, item, where }: IgnoreRequest): Place {
  const aim = where === 'file' ? 0 : where === 'item' && item ? item.start : at.start;
  const lineStart = text.lastIndexOf('\n', aim - 1) + 1;
  const newline = text.indexOf('\n', aim);
  const raw = newline < 0 ? text.length : newline;
  const lineEnd = text[raw - 1] === '\r' ? raw - 1 : raw;
  return { lineStart, lineEnd, indent: /^[ \t]*/.exec(text.slice(lineStart, lineEnd))?.[0] ?? '' };
}

function sameAim(directive: Directive, request: IgnoreRequest, place: Place): boolean {
  if (request.where === 'file') return true;
  const trailing = directive.span.start >= place.lineStart && directive.span.end <= place.lineEnd;
  const above = directive.removal.end === place.lineStart && directive.scope.end >= place.lineEnd;
  return request.where === 'line' ? trailing || above : above;
}

function addNames(directive: Directive, rules: readonly string[]): TextEdit | null {
  const last = directive.names[directive.names.length - 1];
  const missing = rules.filter((rule) => !directive.names.some(({ name }) => name === rule));
  if (!last || missing.length === 0) return null;
  return { span: span(last.span.end, last.span.end), text: missing.map((rule) => `, ${rule}`).join('') };
}

function insertion(request: IgnoreRequest, kind: 'ignore' | 'file-ignore', place: Place): TextEdit | null {
  const { text, language } = request;
  const marker = language === 'python' || language === 'toml' ? '#' : '//';
  const list = request.rules.join(', ');
  const body = `ffi-lint: ${kind}[${list}]${request.reason ? ` -- ${request.reason}` : ''}`;
  // `//` would hide what a block comment or a C89 compiler must see; C has `/* */` everywhere.
  const comment = language === 'c' ? `/* ${body} */` : `${marker} ${body}`;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (kind === 'file-ignore') {
    const at = afterPrologue(language, text);
    return { span: span(at, at), text: `${comment}${eol}` };
  }
  const line = text.slice(place.lineStart, place.lineEnd);
  const commented = scanComments(language, text).comments.some(({ span: c }) => c.start < place.lineEnd && c.end >= place.lineEnd);
  if (request.where === 'line' && !commented && !line.endsWith('\\') && line.length + comment.length + 2 <= LINE_LENGTH) {
    const end = place.lineStart + line.trimEnd().length;
    return { span: span(end, end), text: `${language === 'python' ? '  ' : ' '}${comment}` };
  }
  if (text.slice(0, place.lineStart).endsWith(`\\${eol}`)) return null;
  return { span: span(place.lineStart, place.lineStart), text: `${place.indent}${comment}${eol}` };
}

/** Behind what must stand first: a byte order mark, `#!` and `# -*- coding -*-`. */
function afterPrologue(language: CommentLanguage, text: string): number {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const first = language === 'python' ? /^(?:#!.*\r?\n)?(?:#.*coding[:=].*\r?\n)?/ : /^(?:#!(?!\[).*\r?\n)?/;
  if (language === 'python' || language === 'rust' || language === 'script') at += first.exec(text.slice(at))?.[0].length ?? 0;
  return at;
}
