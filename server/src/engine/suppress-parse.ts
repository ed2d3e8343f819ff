/** Reads the `ffi-lint:` comments of a file: what each hides, and where. */
import type { Span } from '../base/text.ts';
import { span } from '../base/text.ts';
import type { FileIndex } from '../model/rust/file-index.ts';
import { scopeBelow } from './suppress-scope.ts';
import type { CommentLanguage, Scan } from './suppress-scan.ts';
import { scanComments } from './suppress-scan.ts';

export const DIRECTIVES = ['ignore', 'file-ignore', 'disable', 'enable'] as const;
export type DirectiveKind = (typeof DIRECTIVES)[number];

/** One rule or group that a directive names. */
export interface DirectiveName {
  readonly name: string;
  readonly span: Span;
}

/** One `ffi-lint:` comment. Spans are UTF-16 offsets of the file. */
export interface Directive {
  readonly kind: DirectiveKind;
  /** Empty for a bare directive, which is about all rules. */
  readonly names: readonly DirectiveName[];
  readonly reason: string | null;
  /** From `ffi-lint:` to its last sign. */
  readonly span: Span;
  /** What is deleted to be rid of it: the comment and the blanks or the line that it leaves empty. */
  readonly removal: Span;
  /** Where findings are hidden; for `disable` up to the end of the text, see `scopeFor`; for `enable` what follows. */
  readonly scope: Span;
}

/** A comment that starts like a directive and is none. */
export interface BadDirective {
  readonly span: Span;
  /** The word behind `ffi-lint:`, empty without one. */
  readonly word: string;
}

export interface FileDirectives {
  readonly directives: readonly Directive[];
  readonly bad: readonly BadDirective[];
}

const NONE: FileDirectives = { directives: [], bad: [] };

/** A cheap look that spares the scan of files without directives. */
export function mayHaveDirectives(text: string): boolean {
  return text.includes('ffi-lint:');
}

/**
 * The directives of a text. `index` gives the items of a Rust file: with it, an `ignore` on its own line covers the whole item
 * below it, attributes included.
 */
export function parseDirectives(language: CommentLanguage, text: string, index: FileIndex | null): FileDirectives {
  if (!mayHaveDirectives(text)) return NONE;
  const scan = scanComments(language, text);
  const directives: Directive[] = [];
  const bad: BadDirective[] = [];
  for (const comment of scan.comments) {
    if (comment.doc) continue;
    const body = text.slice(comment.span.start, comment.span.end);
    if (!body.includes('ffi-lint:')) continue;
    for (const found of body.matchAll(DIRECTIVE)) {
      const lead = found[1] ?? '';
      const start = comment.span.start + found.index + lead.length;
      const place = { text, scan, language, index, comment, lead: span(start - lead.length, start) };
      const read = readDirective(found[0].slice(lead.length), start, place);
      if ('word' in read) bad.push(read);
      else directives.push(read);
    }
  }
  return { directives, bad };
}

/** At the start of a comment, of a line in a block comment, or behind a second `//` or `#` of the same comment. */
const DIRECTIVE =
  /(^\/\*+[ \t]*|(?:^|(?<=\n))[ \t]*\*?[ \t]*|(?:\/\/|#)+[ \t]*)ffi-lint:[^\r\n]*?(?=[ \t]*(?:\*\/)?[ \t]*(?:[\r\n]|$)|[ \t]+(?:\/\/|#)[ \t])/g;

const SHAPE = /^ffi-lint:[ \t]*([A-Za-z_-]*)[ \t]*(\[[^\]]*\])?[ \t]*(?:--[ \t]*(.*))?$/;

interface Place {
  readonly text: string;
  readonly scan: Scan;
  readonly language: CommentLanguage;
  readonly index: FileIndex | null;
  readonly comment: { readonly span: Span; readonly ownLine: boolean };
  /** The markers and blanks before `ffi-lint:`. */
  readonly lead: Span;
}

function readDirective(written: string, start: number, place: Place): Directive | BadDirective {
  const at = span(start, start + written.length);
  const shape = SHAPE.exec(written);
  const word = shape?.[1] ?? /^ffi-lint:[ \t]*([A-Za-z_-]*)/.exec(written)?.[1] ?? '';
  const kind = DIRECTIVES.find((name) => name === word);
  if (!shape || !kind) return { span: at, word };
  const list = shape[2];
  const names = list === undefined ? [] : namesIn(list.slice(1, -1), start + written.indexOf(list) + 1);
  const reason = shape[3]?.trim() || null;
  return { kind, names, reason, span: at, removal: removalOf(at, place), scope: scopeOf(kind, place) };
}

function namesIn(list: string, offset: number): readonly DirectiveName[] {
  return [...list.matchAll(/[^\s,]+/g)].map((found) => ({
    name: found[0],
    span: span(offset + found.index, offset + found.index + found[0].length),
  }));
}

function scopeOf(kind: DirectiveKind, place: Place): Span {
  const { text, comment } = place;
  if (kind === 'file-ignore') return span(0, text.length);
  if (kind !== 'ignore') return span(comment.span.end, text.length);
  if (comment.ownLine) return scopeBelow(place.language, text, place.scan.code, comment.span.end, place.index);
  const line = text.lastIndexOf('\n', comment.span.start - 1) + 1;
  const end = text.indexOf('\n', comment.span.start);
  return span(line, end < 0 ? text.length : end);
}

/** The whole comment where it holds nothing else (with its line, or the blanks before it), else the directive alone. */
function removalOf(at: Span, place: Place): Span {
  const { text, comment, lead } = place;
  const before = text.slice(comment.span.start, lead.start);
  const after = text.slice(at.end, comment.span.end);
  let { start, end } = comment.span;
  const alone = /^\s*$/.test(before) && /^\s*(?:\*\/)?$/.test(after);
  if (!alone) return span(lead.start - (/[ \t]*$/.exec(before)?.[0].length ?? 0), at.end);
  while (start > 0 && /[ \t]/.test(text[start - 1] ?? '')) start--;
  if (!comment.ownLine) return span(start, end);
  const rest = /^[ \t]*(?:\r\n|\n|\r)?/.exec(text.slice(end, end + 200))?.[0] ?? '';
  // Code behind a block comment keeps its indentation.
  if (!/[\r\n]$/.test(rest) && end + rest.length < text.length) return span(comment.span.start, end + rest.length);
  end += rest.length;
  return span(start, end);
}

/** Where a directive hides a rule: a `disable` reaches to the first later `enable` of the rule, of its group, or of all. */
export function scopeFor(directive: Directive, rule: string, group: string, all: readonly Directive[]): Span {
  if (directive.kind !== 'disable') return directive.scope;
  const close = all.find((later) => later.kind === 'enable' && later.span.start > directive.span.start && namesRule(later, rule, group));
  return close ? span(directive.scope.start, close.span.start) : directive.scope;
}

/** Whether a directive is about a rule: it names the rule, its group, or nothing. */
export function namesRule(directive: Directive, rule: string, group: string): boolean {
  return directive.names.length === 0 || directive.names.some(({ name }) => name === rule || name === group);
}
