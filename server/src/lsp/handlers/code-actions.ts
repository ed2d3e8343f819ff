/** `textDocument/codeAction`: fixes, all fixes of a file, comments that hide a finding, and the rule's page. */
import { CodeActionKind } from 'vscode-languageserver/node';
import { targetOf } from '../../abi/targets.ts';
import { assertionEdit, bindingOffers, GENERATE_COMMAND } from '../actions/bindings.ts';
import { EXPLAIN_COMMAND } from '../actions/explain.ts';
import { FIX_ALL, FIX_ALL_UNSAFE, fixAllEdits } from '../actions/fix-all.ts';
import { ignoreChoices } from '../actions/ignore.ts';
import { answerFor, shownAt } from '../answer.ts';
import { guarded } from '../guard.ts';
import { offsetAt } from '../text-view.ts';
import { toDiagnostic, toWorkspaceEdit, wantsKind } from '../to-proto.ts';
import { pathFromUri } from '../uris.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Finding } from '../../engine/finding.ts';
import type { Shown } from '../shown.ts';
import type { Answer, State } from '../state.ts';
import type { CodeAction, CodeActionParams } from 'vscode-languageserver/node';

/** All that is needed to make the edit later: the server remembers nothing between asking and choosing. */
interface FixAllData {
  readonly uri: string;
  readonly rule: string | null;
  readonly unsafe: boolean;
}

export function registerCodeActions(state: State): void {
  const { connection, log } = state;
  connection.onCodeAction((params, token) =>
    guarded<CodeAction[]>(log, 'textDocument/codeAction', token, [], async () => {
      const path = pathFromUri(params.textDocument.uri);
      const answer = path === null ? null : await answerFor(state, path);
      return answer && path !== null ? actionsFor(state, answer, path, params) : [];
    }),
  );
  connection.onCodeActionResolve((action, token) =>
    guarded(log, 'codeAction/resolve', token, action, async () => {
      const data = readData(action.data);
      const path = data && pathFromUri(data.uri);
      const answer = path ? await answerFor(state, path) : null;
      if (!data || !path || !answer) return action;
      return {
        ...action,
        edit: toWorkspaceEdit(answer.proto, fixAllOf(state, answer, path, data), { title: action.title, safe: !data.unsafe }),
      };
    }),
  );
}

function actionsFor(state: State, answer: Answer, path: string, params: CodeActionParams): CodeAction[] {
  const { only } = params.context;
  const view = answer.checked.view(path);
  const { encoding } = state.client;
  const span = { start: offsetAt(view, params.range.start, encoding), end: offsetAt(view, params.range.end, encoding) };
  const at = shownAt(answer, path, span).filter((shown) => shown.kind !== 'problem');
  const actions: CodeAction[] = [];
  if (wantsKind(only, CodeActionKind.QuickFix)) {
    for (const shown of at) actions.push(...fixes(answer, path, shown));
    for (const rule of new Set(at.map(({ finding }) => finding.rule))) actions.push(...fixAllOfRule(state, answer, path, params, rule));
    for (const shown of at) if (shown.kind === 'finding') actions.push(...ignores(answer, path, shown));
    for (const rule of new Set(at.map(({ finding }) => finding.rule))) {
      const title = `explain \`${rule}\``;
      actions.push({ title, kind: CodeActionKind.QuickFix, command: { title, command: EXPLAIN_COMMAND, arguments: [rule] } });
    }
  }
  if (wantsKind(only, CodeActionKind.RefactorRewrite)) actions.push(...boundaryActions(answer, path, params.textDocument.uri, span));
  // Asked for by name only, as on save: in a list of quick fixes they would be noise.
  if (only && wantsKind(only, FIX_ALL)) {
    actions.push(...fixAll(state, answer, path, params, { title: 'fix all safe findings', kind: FIX_ALL, rule: null, unsafe: false }));
  }
  if (only && wantsKind(only, FIX_ALL_UNSAFE)) {
    actions.push(
      ...fixAll(state, answer, path, params, { title: 'fix all findings (unsafe)', kind: FIX_ALL_UNSAFE, rule: null, unsafe: true }),
    );
  }
  return actions;
}

/** On the head of a type or function, away from findings too. */
function boundaryActions(answer: Answer, path: string, uri: string, span: Span): CodeAction[] {
  const { snapshot, result } = answer.checked;
  const kind = CodeActionKind.RefactorRewrite;
  const target = targetOf(result.target ?? '');
  const asserted = target ? assertionEdit(snapshot, path, span, target) : null;
  const offers = bindingOffers(snapshot, path, uri, span).map(({ title, arguments: given }) => ({
    title,
    kind,
    command: { title, command: GENERATE_COMMAND, arguments: [...given] },
  }));
  if (!asserted) return offers;
  const { title, edit } = asserted;
  return [{ title, kind, edit: toWorkspaceEdit(answer.proto, [edit], { title, safe: true }) }, ...offers];
}

function fixes(answer: Answer, path: string, shown: Exclude<Shown, { kind: 'problem' }>): CodeAction[] {
  const { finding } = shown;
  const preferred = finding.fixes.findIndex(({ safe }) => safe);
  return finding.fixes.map((fix, i) => ({
    title: fix.safe ? fix.title : `${fix.title} (unsafe)`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(answer.proto, path, shown)],
    ...(i === preferred ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(answer.proto, fix.edits, fix),
  }));
}

/** Only where there is more than the one fix that is offered anyway. */
function fixAllOfRule(state: State, answer: Answer, path: string, params: CodeActionParams, rule: string): CodeAction[] {
  const fixable = findingsIn(answer, path).filter((finding) => finding.rule === rule && finding.fixes.length > 0);
  if (fixable.length < 2) return [];
  const unsafe = !fixable.some(({ fixes: all }) => all.some(({ safe }) => safe));
  const title = `fix all \`${rule}\` in this file${unsafe ? ' (unsafe)' : ''}`;
  return fixAll(state, answer, path, params, { title, kind: CodeActionKind.QuickFix, rule, unsafe });
}

interface FixAllAction {
  readonly title: string;
  readonly kind: string;
  readonly rule: string | null;
  readonly unsafe: boolean;
}

function fixAll(state: State, answer: Answer, path: string, params: CodeActionParams, action: FixAllAction): CodeAction[] {
  const { title, kind, rule, unsafe } = action;
  const data: FixAllData = { uri: params.textDocument.uri, rule, unsafe };
  const edits = fixAllOf(state, answer, path, data);
  if (edits.length === 0) return [];
  if (state.client.resolvesEdits) return [{ title, kind, data }];
  return [{ title, kind, edit: toWorkspaceEdit(answer.proto, edits, { title, safe: !unsafe }) }];
}

function fixAllOf(state: State, answer: Answer, path: string, { rule, unsafe }: FixAllData): readonly FileEdit[] {
  const texts = { text: (file: string) => answer.checked.view(file).text, faults: state.workbench.faults };
  return fixAllEdits({ findings: findingsIn(answer, path), rule, unsafe, texts });
}

function findingsIn(answer: Answer, path: string): readonly Finding[] {
  return (answer.files.get(path) ?? []).flatMap((shown) => (shown.kind === 'finding' ? [shown.finding] : []));
}

function ignores(answer: Answer, path: string, shown: Extract<Shown, { kind: 'finding' }>): CodeAction[] {
  const index = answer.checked.snapshot.workspace.files.get(path)?.index ?? null;
  return ignoreChoices(shown.finding, answer.checked.view(path).text, index).map(({ title, edit }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(answer.proto, path, shown)],
    edit: toWorkspaceEdit(answer.proto, [{ ...edit, file: path }], { title, safe: true }),
  }));
}

function readData(data: unknown): FixAllData | null {
  if (typeof data !== 'object' || data === null || !('uri' in data) || typeof data.uri !== 'string') return null;
  const rule = 'rule' in data && typeof data.rule === 'string' ? data.rule : null;
  return { uri: data.uri, rule, unsafe: 'unsafe' in data && data.unsafe === true };
}
