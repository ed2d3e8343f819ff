/** `textDocument/hover`: the rule behind a finding or a name in an `ffi-lint:` comment, and the layout of a type or field. */
import { MarkupContent, MarkupKind } from 'vscode-languageserver/node';
import { ruleSummary } from '../actions/explain.ts';
import { answerFor, shownAt } from '../answer.ts';
import { parseDirectives } from '../../engine/suppress-parse.ts';
import { commentLanguage } from '../../engine/suppress-scan.ts';
import { guarded } from '../guard.ts';
import { languageOf, pairOf, typeAt } from '../layouts/find.ts';
import { layoutHover } from '../layouts/texts.ts';
import { offsetAt } from '../text-view.ts';
import { toRange } from '../to-proto.ts';
import { pathFromUri } from '../uris.ts';
import type { Span } from '../../base/text.ts';
import type { Answer, State } from '../state.ts';
import type { Hover } from 'vscode-languageserver/node';

export function registerHover(state: State): void {
  state.connection.onHover((params, token) =>
    guarded<Hover | null>(state.log, 'textDocument/hover', token, null, async () => {
      const path = pathFromUri(params.textDocument.uri);
      const answer = path === null ? null : await answerFor(state, path);
      if (!answer || path === null) return null;
      const at = offsetAt(answer.checked.view(path), params.position, state.client.encoding);
      const found = directiveAt(answer, path, at) ?? findingsAt(answer, path, at);
      const layout = await layoutAt(state, answer, path, at);
      const rules = found && hoverOf(state, answer, path, found);
      return together(rules, layout);
    }),
  );
}

/** The size and place of the type or field there, in all languages that have it. */
async function layoutAt(state: State, answer: Answer, path: string, at: number): Promise<Hover | null> {
  const report = languageOf(path) === null ? null : await state.layouts.of(answer.checked.snapshot);
  const found = report && typeAt(report, path, answer.checked.view(path).text, at);
  if (!report || !found) return null;
  const kind = state.client.markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: layoutHover(found, pairOf(report, found.type)) }, range: toRange(answer.proto, path, found.span) };
}

function together(first: Hover | null, second: Hover | null): Hover | null {
  if (!first || !second || !MarkupContent.is(first.contents) || !MarkupContent.is(second.contents)) return first ?? second;
  return { ...first, contents: { ...first.contents, value: `${first.contents.value}\n\n---\n\n${second.contents.value}` } };
}

interface Found {
  readonly span: Span;
  readonly rules: readonly string[];
}

function findingsAt(answer: Answer, path: string, at: number): Found | null {
  const shown = shownAt(answer, path, { start: at, end: at }).filter((one) => one.kind !== 'problem');
  const first = shown[0];
  return first ? { span: first.span, rules: shown.map((one) => one.finding.rule) } : null;
}

function directiveAt(answer: Answer, path: string, at: number): Found | null {
  const language = commentLanguage(path);
  if (!language) return null;
  const index = answer.checked.snapshot.workspace.files.get(path)?.index ?? null;
  const { directives } = parseDirectives(language, answer.checked.view(path).text, index);
  const directive = directives.find(({ span }) => span.start <= at && at <= span.end);
  if (!directive) return null;
  const name = directive.names.find(({ span }) => span.start <= at && at <= span.end);
  return name ? { span: name.span, rules: [name.name] } : { span: directive.span, rules: directive.names.map((one) => one.name) };
}

function hoverOf(state: State, answer: Answer, path: string, found: Found): Hover | null {
  const rules = [...new Set(found.rules)].flatMap((id) => state.rules.get(id) ?? []);
  if (rules.length === 0) return null;
  const value = rules.map(ruleSummary).join('\n\n---\n\n');
  const kind = state.client.markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value }, range: toRange(answer.proto, path, found.span) };
}
