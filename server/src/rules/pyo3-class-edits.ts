/** Edits of PyO3 classes that several rules make: an option of an attribute, a derive, a method. */
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import type { StructItem } from '../model/rust/ast-item.ts';
import { pyo3Attribute } from '../model/surface/attributes.ts';
import type { RustItem, Scope, Workspace } from '../model/workspace.ts';
import type { MaybeTy } from '../analysis/types/local-types-ty.ts';
import { tyOfWritten } from '../analysis/types/local-types-written.ts';
import { indentAt } from './indent.ts';
import { pymethods } from './pyo3-classes.ts';

/** Puts an option in front of those of `#[pyclass]` or `#[pymodule]`; null where the attribute stands under a condition or in a macro. */
export function optionEdit(
  item: Pick<RustItem, 'file' | 'entry'>,
  attribute: 'pyclass' | 'pymodule',
  option: string,
  workspace: Workspace,
): FileEdit | null {
  const mark = pyo3Attribute(item.entry.attributes, attribute);
  if (!mark || mark.condition || !workspace.editable(item.file, mark.span)) return null;
  const at = mark.text === null ? mark.pathSpan.end : mark.pathSpan.end + 1;
  const text = mark.text === null ? `(${option})` : mark.text.trim() === '' ? option : `${option}, `;
  return { file: item.file.path, span: { start: at, end: at }, text };
}

/** Derives a trait for a class, beside what it derives already. */
export function deriveEdit(item: RustItem, trait: string, workspace: Workspace): FileEdit | null {
  const derive = item.entry.attributes.find(({ path, condition }) => path === 'derive' && condition === null);
  const mark = pyo3Attribute(item.entry.attributes, 'pyclass');
  if (!mark || mark.condition || !workspace.editable(item.file, mark.span)) return null;
  const at = derive && derive.text !== null && derive.text.trim() !== '' ? derive.pathSpan.end + 1 : null;
  if (at !== null) return { file: item.file.path, span: { start: at, end: at }, text: `${trait}, ` };
  const text = workspace.text(item.file);
  const line = text.indexOf('\n', mark.span.end);
  if (line < 0) return null;
  return { file: item.file.path, span: { start: line, end: line }, text: `\n${indentAt(text, mark.span.start)}#[derive(${trait})]` };
}

/** Adds a method at the end of the class's first block of methods; a tab at a line's start is one level of indentation. */
export function methodEdit(item: RustItem, lines: readonly string[], workspace: Workspace): FileEdit | null {
  const impl = pymethods(item, workspace).find(({ file, cfg }) => !file.origin && cfg.kind === 'true');
  const span = impl?.entry.bodySpan;
  if (!impl || !span || !workspace.editable(impl.file, impl.entry.signatureSpan)) return null;
  const text = workspace.text(impl.file);
  const { end } = span;
  const inside = sliceSpan(text, span).trimEnd();
  const at = span.start + inside.length;
  const outer = indentAt(text, impl.entry.signatureSpan.start);
  const code = lines.map((line) => (line === '' ? '' : `${outer}    ${line.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length))}`));
  const gap = inside === '' ? '\n' : '\n\n';
  return { file: impl.file.path, span: { start: at, end }, text: `${gap}${code.join('\n')}\n${outer}` };
}

/** The fields of a class with a name, and what is known of their types. */
export function namedFields(
  ast: StructItem,
  item: RustItem,
  workspace: Workspace,
): readonly { readonly name: string; readonly ty: MaybeTy }[] {
  const scope: Scope = { module: item.module, item };
  return ast.shape === 'named' ? ast.fields.map(({ name, type }) => ({ name, ty: tyOfWritten(type, scope, workspace) })) : [];
}

/** Numbers, truth values and texts, which every formatter and comparison knows; of them also collections and options. */
export function isPlainValue(ty: MaybeTy): boolean {
  if (ty?.kind === 'primitive') return true;
  if (ty?.kind === 'tuple') return ty.elements.every(isPlainValue);
  if (ty?.kind !== 'external') return false;
  if (ty.path === 'std::string::String') return true;
  return (
    /^std::(option::Option|vec::Vec|collections::(HashMap|BTreeMap|HashSet|BTreeSet|VecDeque))$/.test(ty.path) &&
    ty.args.every(isPlainValue)
  );
}
