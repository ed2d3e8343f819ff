/** What a cursor on a type or function of the boundary offers: assertions about its layout, and bindings for other languages. */
import { createRustAsserting } from '../../generate/asserted-rust.ts';
import { rustAsserts } from '../../generate/asserts.ts';
import type { GenerateFormat } from '../../generate/formats.ts';
import { GENERATE_FORMATS } from '../../generate/formats.ts';
import { indent } from '../../generate/names.ts';
import { knowsOffsetOf } from '../../engine/bindings/asserts.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Target } from '../../abi/targets.ts';
import type { RustItem } from '../../model/workspace.ts';
import { evaluate } from '../../model/rust/cfg.ts';
import { targetCfg } from '../../abi/target-cfg.ts';
import type { Snapshot } from '../../engine/session.types.ts';
import { answerFor } from '../answer.ts';
import type { ShowTextMethod, ShowTextParams } from '../ext.ts';
import { pathFromUri } from '../uris.ts';
import type { State } from '../state.ts';

export const GENERATE_COMMAND = 'ffi-lint.generate';
const SHOW: ShowTextMethod = 'ffi-lint/showText';

/** The editor's names of the languages that bindings are offered in. */
const OFFERED = [
  ['c', 'C', 'c'],
  ['ctypes', 'Python (ctypes)', 'python'],
  ['cffi', 'Python (cffi)', 'python'],
  ['koffi', 'JavaScript (koffi)', 'javascript'],
  ['csharp', 'C#', 'csharp'],
] as const satisfies readonly (readonly [GenerateFormat, string, string])[];

export interface BindingOffer {
  readonly title: string;
  /** As the command takes them. */
  readonly arguments: readonly [uri: string, format: GenerateFormat, kind: 'type' | 'fn', name: string];
}

/** The exported function or the type with a defined layout whose head a span touches. */
function itemAt(snapshot: Snapshot, path: string, { start, end }: Span): { readonly item: RustItem; readonly kind: 'type' | 'fn' } | null {
  const { workspace, surface } = snapshot;
  if (!workspace.files.has(path)) return null;
  const touches = (item: RustItem): boolean => {
    const { nameSpan, signatureSpan } = item.entry;
    return item.file.path === path && signatureSpan.start <= end && start <= nameSpan.end;
  };
  const fn = surface.functions.find(({ role, symbol, item }) => role === 'export' && symbol !== null && touches(item));
  if (fn) return { item: fn.item, kind: 'fn' };
  const found = workspace.itemsOf(path).find((item) => ['struct', 'union', 'enum'].includes(item.kind) && touches(item));
  return found ? { item: found, kind: 'type' } : null;
}

export function bindingOffers(snapshot: Snapshot, path: string, uri: string, at: Span): readonly BindingOffer[] {
  const found = itemAt(snapshot, path, at);
  if (!found || (found.kind === 'type' && !snapshot.surface.types.some(({ item }) => item === found.item))) return [];
  const name = found.item.name.replace(/^r#/, '');
  return OFFERED.map(([format, language]) => ({
    title: `generate ${language} for \`${name}\``,
    arguments: [uri, format, found.kind, name],
  }));
}

/** Assertions behind a type, for what it looks like today; null where it has no layout, or assertions already. */
export function assertionEdit(
  snapshot: Snapshot,
  path: string,
  at: Span,
  target: Target,
): { readonly title: string; readonly edit: FileEdit } | null {
  const { workspace } = snapshot;
  const found = itemAt(snapshot, path, at);
  if (found?.kind !== 'type' || !workspace.editable(found.item.file, found.item.entry.span)) return null;
  const { item } = found;
  const text = workspace.text(item.file);
  const ast = workspace.ast(item);
  // A condition would have to stand on the assertions too.
  if (!ast || ast.attributes.some(({ path: name }) => name === 'cfg') || evaluate(item.cfg, targetCfg(target)) === false) return null;
  if (new RegExp(`\\bsize_of::<(?:\\w+::)*${item.name}>\\(\\)`).test(text)) return null;
  const made = rustAsserts(createRustAsserting(workspace).of(item, true), target, knowsOffsetOf(item));
  if (made === '') return null;
  const { end } = item.entry.span;
  const line = text.slice(text.lastIndexOf('\n', item.entry.signatureSpan.start - 1) + 1, item.entry.signatureSpan.start);
  const by = indent(made.trimEnd(), /^\s*/.exec(line)?.[0] ?? '');
  return { title: `add layout assertions for \`${item.name}\``, edit: { file: path, span: { start: end, end }, text: `\n\n${by}` } };
}

/** Runs the command: in a new document where the editor shows one, else as a message. */
export async function generateText(state: State, [uri, format, kind, name]: readonly unknown[]): Promise<void> {
  const known = GENERATE_FORMATS.find((one) => one === format);
  const path = typeof uri === 'string' ? pathFromUri(uri) : null;
  if (!known || path === null || typeof name !== 'string') return;
  const answer = await answerFor(state, path);
  const chosen = kind === 'fn' ? { type: null, fn: name } : { type: name, fn: null };
  const made = answer ? state.workbench.generate(answer.checked.snapshot, { format: known, file: path, ...chosen }) : null;
  const { window } = state.connection;
  if (!made) return void window.showWarningMessage(`there is nothing to generate for \`${name}\``);
  for (const one of made.omitted) window.showWarningMessage(`\`${one.name}\` is left out: ${one.reason}`);
  const language = OFFERED.find(([one]) => one === known)?.[2] ?? 'plaintext';
  if (state.start.textView) await state.connection.sendNotification(SHOW, { language, text: made.text } satisfies ShowTextParams);
  else window.showInformationMessage(made.text);
}
