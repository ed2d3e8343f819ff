/** Layouts in the editor: code lenses on types that have a counterpart, inlay hints on fields, and the command that shows a type. */
import { InlayHintKind } from 'vscode-languageserver/node';
import type { LayoutReport } from '../../abi/layout-report.ts';
import type { TypeLayout } from '../../abi/layout-entries.ts';
import type { FieldLayout } from '../../abi/layout.types.ts';
import { layoutHtml } from '../../report/layout-html.ts';
import type { HtmlPlace } from '../../report/layout-html.ts';
import { layoutJson } from '../../report/layout-json.ts';
import { layoutMarkdown } from '../../report/layout-markdown.ts';
import { layoutSvg } from '../../report/layout-svg.ts';
import { createPlaces } from '../../report/places.ts';
import { fieldSizeText, offsetText } from '../../report/layout-words.ts';
import { answerFor } from '../answer.ts';
import type { LayoutAtMethod, LayoutOfMethod, LayoutShown, ShowLayoutMethod } from '../ext.ts';
import { guarded } from '../guard.ts';
import { fieldSpan, languageOf, pairOf, typeAt } from '../layouts/find.ts';
import { lensText } from '../layouts/texts.ts';
import { offsetAt } from '../text-view.ts';
import { toRange, uriOf } from '../to-proto.ts';
import { tellReady } from './status.ts';
import { pathFromUri } from '../uris.ts';
import type { CancellationToken, CodeLens, InlayHint, Position } from 'vscode-languageserver/node';
import type { Answer, State } from '../state.ts';

export const LAYOUT_COMMAND = 'ffi-lint.layout';
const SHOW: ShowLayoutMethod = 'ffi-lint/showLayout';
const AT: LayoutAtMethod = 'ffi-lint/layoutAt';
const OF: LayoutOfMethod = 'ffi-lint/layoutOf';

export function registerLayouts(state: State): void {
  const { connection, log, layouts } = state;
  connection.onCodeLens((params, token) =>
    guarded<CodeLens[]>(log, 'textDocument/codeLens', token, [], async () => {
      const found = await reportFor(state, params.textDocument.uri);
      return found ? lenses(found, params.textDocument.uri) : [];
    }),
  );
  connection.languages.inlayHint.on((params, token) =>
    guarded<InlayHint[]>(log, 'textDocument/inlayHint', token, [], async () => {
      const found = await reportFor(state, params.textDocument.uri);
      return found && state.live.settings.inlayHints ? hints(found) : [];
    }),
  );
  connection.onRequest(AT, ({ uri, position }: { readonly uri: string; readonly position: Position }, token: CancellationToken) =>
    guarded<LayoutShown | null>(log, AT, token, null, async () => {
      const found = await reportFor(state, uri);
      if (!found) return null;
      const view = found.answer.checked.view(found.path);
      const type = typeAt(found.report, found.path, view.text, offsetAt(view, position, state.client.encoding));
      return type ? shown(found, type.type) : null;
    }),
  );
  connection.onRequest(OF, ({ uri, type }: { readonly uri: unknown; readonly type: unknown }, token: CancellationToken) =>
    guarded<LayoutShown | null>(log, OF, token, null, async () =>
      typeof uri === 'string' && typeof type === 'string' ? layoutOf(state, uri, type) : null,
    ),
  );
  layouts.measure(() => showMeasured(state));
}

async function layoutOf(state: State, uri: string, name: string): Promise<LayoutShown | null> {
  const found = await reportFor(state, uri);
  const type = found?.report.types.find((one) => one.at.file === found.path && one.name === name);
  return found && type ? shown(found, type) : null;
}

/** Figures are measured now. */
export function showMeasured(state: State): void {
  refreshLayouts(state);
  tellReady(state);
}

/** Asks the editor to ask again. */
export function refreshLayouts({ connection, client, log }: State): void {
  const refused = (error: unknown): void => log.debug(`refresh was refused: ${String(error)}`);
  if (client.refreshesCodeLenses) connection.sendRequest('workspace/codeLens/refresh').catch(refused);
  if (client.refreshesInlayHints) connection.sendRequest('workspace/inlayHint/refresh').catch(refused);
}

/** Runs the command of a code lens: in the editor's own view where it has one, else in a message. */
export async function showLayout(state: State, uri: unknown, name: unknown): Promise<void> {
  if (typeof uri !== 'string' || typeof name !== 'string') return;
  const made = await layoutOf(state, uri, name);
  if (!made) return void state.connection.window.showWarningMessage(`there is no type \`${name}\` with a known layout`);
  if (state.start.layoutView) await state.connection.sendNotification(SHOW, made);
  else state.connection.window.showInformationMessage(made.markdown);
}

interface Found {
  readonly answer: Answer;
  readonly report: LayoutReport;
  readonly path: string;
}

async function reportFor(state: State, uri: string): Promise<Found | null> {
  const path = pathFromUri(uri);
  if (path === null || languageOf(path) === null) return null;
  const answer = await answerFor(state, path);
  const report = answer ? await state.layouts.of(answer.checked.snapshot) : null;
  return answer && report ? { answer, report, path } : null;
}

function typesIn({ report, path }: Found): readonly TypeLayout[] {
  return report.types.filter((one) => one.at.file === path && one.target === report.targets[0]);
}

function lenses(found: Found, uri: string): CodeLens[] {
  const { report, answer, path } = found;
  return typesIn(found).flatMap((type) => {
    const pair = pairOf(report, type);
    if (!pair) return [];
    const command = { title: lensText(type, pair), command: LAYOUT_COMMAND, arguments: [uri, type.name] };
    return [{ range: toRange(answer.proto, path, type.at.span), command }];
  });
}

/** Behind each field that is written on a line of its own. */
function hints(found: Found): InlayHint[] {
  const { answer, path } = found;
  const { text } = answer.checked.view(path);
  return typesIn(found).flatMap((type) => {
    return type.layout.fields.flatMap((field): InlayHint[] => {
      const place = fieldSpan(type, field, text);
      if (!place) return [];
      const end = text.indexOf('\n', place.end);
      const at = end < 0 ? text.length : end;
      const { start: position } = toRange(answer.proto, path, { start: at, end: at });
      const label = `${offsetText(field)} +${fieldSizeText(field)}`;
      return [
        {
          position,
          label,
          kind: InlayHintKind.Type,
          paddingLeft: true,
          tooltip: `offset and size of \`${field.name}\` (${type.provenance}, ${type.target})`,
        },
      ];
    });
  });
}

function shown({ report, answer }: Found, type: TypeLayout): LayoutShown {
  const pair = pairOf(report, type);
  const members = pair ? [pair.rust, pair.c, pair.python].filter((one) => one !== null) : [type];
  const own: LayoutReport = { targets: [type.target], types: members, unknown: [], pairs: pair ? [pair] : [] };
  const folder = type.at.file.slice(0, type.at.file.lastIndexOf('/'));
  const places = createPlaces(folder, (file) => answer.checked.view(file).text);
  const source = (one: TypeLayout, field: FieldLayout | null): HtmlPlace | null => {
    const { file, span } = one.at;
    const place = field ? fieldSpan(one, field, answer.checked.view(file).text) : span;
    if (!place) return null;
    const { start } = toRange(answer.proto, file, place);
    return { uri: uriOf(answer.proto, file), line: start.line, column: start.character };
  };
  return {
    title: type.name,
    uri: uriOf(answer.proto, type.at.file),
    html: layoutHtml({ types: members, pair, places, source }),
    markdown: layoutMarkdown(own, places),
    svg: layoutSvg(own, places),
    json: layoutJson(own, places),
  };
}
