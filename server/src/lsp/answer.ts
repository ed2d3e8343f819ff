/** From the last check to what the editor is told: the one way by which all handlers see findings. */
import { focusFor } from './partners.ts';
import { shownFiles } from './shown.ts';
import type { Checked } from './checker.ts';
import type { Scope } from './settings.ts';
import type { Shown } from './shown.ts';
import type { Answer, State } from './state.ts';

export function scopeOf(state: State): Scope {
  return state.live.wholeWorkspace ? 'workspace' : state.live.settings.scope;
}

/** Null while nothing is known yet, or where the server is disabled. Editors ask every two seconds: the same answer is made once. */
export function answerFrom(state: State, checked: Checked | null): Answer | null {
  if (!checked || !state.live.settings.enable) return null;
  const open = state.documents.all();
  const scope = scopeOf(state);
  const key = JSON.stringify([scope, open.map(({ uri }) => uri)]);
  const last = state.live.answer;
  if (last?.checked === checked && last.key === key) return last;
  const paths = open.map(({ path }) => path);
  const focus = focusFor(scope, paths, checked.result, state.overlay);
  const files = shownFiles(checked, { scope, open: new Set(paths), focus: focus && new Set(focus) });
  const proto = { client: state.client, documents: state.documents, view: checked.view };
  const answer: Answer = { key, checked, files, proto, reports: new Map() };
  state.live.answer = answer;
  return answer;
}

/**
 * An answer whose offsets fit the text of a file as it is now: the last good one where that file did not change since, else
 * the next. Null where there is none, or where the user stopped the check that would have made it.
 */
export async function answerFor(state: State, path: string): Promise<Answer | null> {
  const last = state.checker.latest();
  const checked = last && fits(state, last, path) ? last : await state.checker.fresh((one) => fits(state, one, path));
  return checked && fits(state, checked, path) ? answerFrom(state, checked) : null;
}

function fits(state: State, checked: Checked, path: string): boolean {
  const open = state.documents.byPath(path);
  return !open || ((checked.focus === null || checked.focus.has(path)) && open.text === checked.view(path).text);
}

/** The findings whose place in a file touches a span. */
export function shownAt(answer: Answer, path: string, span: { readonly start: number; readonly end: number }): readonly Shown[] {
  return (answer.files.get(path) ?? []).filter((shown) => shown.span.start <= span.end && span.start <= shown.span.end);
}
