/** The only place where the core's plain data becomes the protocol's types. */
import { CodeActionKind, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import { positionAt } from './text-view.ts';
import { fileUri } from './uris.ts';
import type { FileEdit } from '../base/edit.ts';
import type { Severity } from '../base/severity.ts';
import type { Location as FileLocation, Span } from '../base/text.ts';
import type { Finding, Verification } from '../engine/finding.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Documents } from './documents.ts';
import type { Shown } from './shown.ts';
import type { TextView } from './text-view.ts';
import type {
  ChangeAnnotation,
  CodeDescription,
  Diagnostic,
  DiagnosticRelatedInformation,
  Location,
  Range,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';

export const SOURCE = 'ffi-lint';

/** What a conversion needs to know of the other side and of the texts. */
export interface Proto {
  readonly client: ClientFacts;
  readonly documents: Documents;
  /** Of a file, as the offsets at hand refer to it. */
  view(file: string): TextView;
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Rules about code that nothing needs: editors fade it. */
const UNNECESSARY: ReadonlySet<string> = new Set(['unused-suppression']);

/** What a diagnostic carries so that an action asked for it finds its finding again. */
export interface DiagnosticData {
  readonly rule: string;
  readonly fingerprint: string;
  /** Where a compiler was asked about it. */
  readonly verification?: Verification;
}

/** An open document has the URI that its editor gave it. */
export function uriOf(proto: Proto, path: string): string {
  return proto.documents.byPath(path)?.uri ?? fileUri(path);
}

export function toRange(proto: Proto, file: string, span: Span): Range {
  const view = proto.view(file);
  return { start: positionAt(view, span.start, proto.client.encoding), end: positionAt(view, span.end, proto.client.encoding) };
}

function toLocation(proto: Proto, at: FileLocation): Location {
  return { uri: uriOf(proto, at.file), range: toRange(proto, at.file, at.span) };
}

export function toDiagnostic(proto: Proto, file: string, shown: Shown): Diagnostic {
  const range = toRange(proto, file, shown.span);
  if (shown.kind === 'problem') return { range, severity: DiagnosticSeverity.Error, source: SOURCE, message: shown.problem.message };
  const { finding } = shown;
  const related = relatedInformation(proto, shown);
  const tags = tagsOf(finding);
  const data: DiagnosticData = {
    rule: finding.rule,
    fingerprint: finding.fingerprint,
    ...(finding.verification ? { verification: finding.verification } : {}),
  };
  return {
    range,
    severity: SEVERITY[finding.severity],
    source: SOURCE,
    code: finding.rule,
    ...(proto.client.codeDescription && finding.url !== '' ? { codeDescription: { href: finding.url } satisfies CodeDescription } : {}),
    message: messageOf(finding, related.length > 0 || finding.related.length === 0),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    data,
  };
}

function relatedInformation(proto: Proto, shown: Exclude<Shown, { kind: 'problem' }>): DiagnosticRelatedInformation[] {
  if (!proto.client.relatedInformation) return [];
  const { finding } = shown;
  if (shown.kind === 'mirror') return [{ location: toLocation(proto, finding.at), message: shown.message }];
  return finding.related.map(({ at, message }) => ({ location: toLocation(proto, at), message }));
}

/** The message with its help and note; where related places cannot be linked they are told in words. */
function messageOf(finding: Finding, linked: boolean): string {
  const lines = [finding.message];
  if (!linked) for (const { at, message } of finding.related) lines.push(`${at.file}: ${message}`);
  if (finding.help !== null) lines.push(`help: ${finding.help}`);
  if (finding.note !== null) lines.push(`note: ${finding.note}`);
  if (finding.verification === 'confirmed') lines.push('note: confirmed by the compiler');
  return lines.join('\n');
}

function tagsOf(finding: Finding): DiagnosticTag[] {
  if (UNNECESSARY.has(finding.rule)) return [DiagnosticTag.Unnecessary];
  return finding.rule.includes('deprecated') ? [DiagnosticTag.Deprecated] : [];
}

/** Edits by file. Versioned where the editor can check versions; several files ask for consent where it can show them. */
export function toWorkspaceEdit(
  proto: Proto,
  edits: readonly FileEdit[],
  why: { readonly title: string; readonly safe: boolean },
): WorkspaceEdit {
  const byFile = new Map<string, FileEdit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  if (!proto.client.documentChanges) {
    const changes: Record<string, TextEdit[]> = {};
    for (const [file, list] of byFile) changes[uriOf(proto, file)] = list.map((edit) => toTextEdit(proto, edit));
    return { changes };
  }
  const annotate = proto.client.changeAnnotations && byFile.size > 1;
  const documentChanges = [...byFile].map(
    ([file, list]): TextDocumentEdit => ({
      textDocument: { uri: uriOf(proto, file), version: proto.documents.byPath(file)?.version ?? null },
      edits: list.map((edit) => ({ ...toTextEdit(proto, edit), ...(annotate ? { annotationId: SOURCE } : {}) })),
    }),
  );
  const annotation: ChangeAnnotation = { label: why.title, needsConfirmation: !why.safe, description: `${byFile.size} files` };
  return annotate ? { documentChanges, changeAnnotations: { [SOURCE]: annotation } } : { documentChanges };
}

function toTextEdit(proto: Proto, edit: FileEdit): TextEdit {
  return { range: toRange(proto, edit.file, edit.span), newText: edit.text };
}

/** `only` of a request asks for a kind: itself or one of its parents. */
export function wantsKind(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((wanted) => wanted === CodeActionKind.Empty || kind === wanted || kind.startsWith(`${wanted}.`));
}
