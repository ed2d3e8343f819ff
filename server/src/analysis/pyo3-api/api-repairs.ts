/** What becomes of code that names PyO3's old API where only names changed. */
import type { FileEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { ApiRename } from '../../model/pyo3/api-table.ts';
import type { RustItem, Scope, SourceFile, Workspace } from '../../model/workspace.ts';
import { BANG } from '../../syntax/rust/chars.ts';
import { canonicalName } from '../types/local-types-names.ts';
import { findExpr } from '../walk.ts';
import type { ApiRepair } from './api-facts.ts';
import type { NamePlace } from './find-names.ts';
import type { Tokens } from './tokens.ts';
import { isPathSeparator } from './tokens.ts';

/** A call by its new name: `name` is the last name of its path, or the method's. */
export function callRepair(
  rename: ApiRename,
  file: SourceFile,
  name: Span,
  end: number | null,
  item: RustItem,
  workspace: Workspace,
): ApiRepair | null {
  const edits: FileEdit[] = [{ file: file.path, span: name, text: rename.to }];
  if (rename.fallible) {
    if (end === null || !passesErrorsOn(item, name, workspace)) return null;
    edits.push({ file: file.path, span: { start: end, end }, text: '?' });
  }
  return { title: `use \`${rename.to}\``, safe: rename.safe, edits };
}

/** Whether `?` on a `PyResult` at a place gives it to a fn that returns one. */
function passesErrorsOn(item: RustItem, at: Span, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn' || !ast.body || ast.async || ast.result?.kind !== 'path') return false;
  const within = findExpr(
    ast.body,
    (expr) =>
      (expr.kind === 'closure' || (expr.kind === 'block' && expr.flavor !== 'plain' && expr.flavor !== 'unsafe')) &&
      expr.span.start <= at.start &&
      at.end <= expr.span.end,
  );
  if (within) return false;
  const scope: Scope = { module: item.module, item };
  const canonical = (path: Parameters<Workspace['resolve']>[0]): string => {
    const found = workspace.resolve(path, scope, 'type');
    return found.kind === 'external' ? canonicalName(found.path) : '';
  };
  const result = canonical(ast.result.path);
  if (result === 'pyo3::PyResult') return true;
  const error = ast.result.path.segments.at(-1)?.args.filter((arg) => arg.kind === 'type')[1];
  return (
    result === 'std::result::Result' && error?.kind === 'type' && error.type.kind === 'path' && canonical(error.type.path) === 'pyo3::PyErr'
  );
}

/** All places of one name in a file by its new name, imports included; null where one of them cannot be written. */
export function nameRepair(rename: ApiRename, places: readonly NamePlace[], tokens: Tokens, workspace: Workspace): ApiRepair | null {
  const edits: FileEdit[] = [];
  let safe = rename.safe;
  for (const place of places) {
    const edit = place.use ? importEdit(rename, place, place.use, tokens) : siteEdit(rename, place, tokens, workspace);
    if (!edit) return null;
    // Who else imports it from here is not known.
    if (place.use?.item.entry.visibility === 'pub') safe = false;
    edits.push({ ...edit, file: place.file.path });
  }
  const bang = tokens.kinds[(places.find((place) => !place.use)?.token ?? -2) + 1] === BANG ? '!' : '';
  return { title: `use \`${rename.to}${bang}\``, safe, edits };
}

type Edit = Omit<FileEdit, 'file'>;

function importEdit(rename: ApiRename, place: NamePlace, use: NonNullable<NamePlace['use']>, tokens: Tokens): Edit | null {
  const renamed = use.item.entry.uses.find((one) => one.span === use.span)?.name !== place.segments.at(-1);
  const present = place.scope.module.items.some((item) => item.entry.uses.some((one) => one.name === rename.to));
  if (rename.kind === 'rename' && (renamed || !present)) return { span: place.span, text: rename.to };
  if (renamed || use.item.entry.visibility !== 'private') return null;
  return { span: importSpan(use, tokens.text), text: '' };
}

/** What to delete so that a name is no longer imported: the whole item, or the name and one comma. */
function importSpan({ item, span }: NonNullable<NamePlace['use']>, text: string): Span {
  if (item.entry.uses.length === 1) {
    const { start, end } = item.entry.span;
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const newline = /^[ \t]*\r?\n/.exec(text.slice(end, end + 200));
    const alone = text.slice(lineStart, start).trim() === '' && newline !== null;
    return alone ? { start: lineStart, end: end + newline[0].length } : { start, end };
  }
  const comma = /^\s*,[ \t]*/.exec(text.slice(span.end, span.end + 200));
  if (comma) return { start: span.start, end: span.end + comma[0].length };
  const before = /,\s*$/.exec(text.slice(Math.max(0, span.start - 200), span.start));
  return { start: span.start - (before?.[0].length ?? 0), end: span.end };
}

function siteEdit(rename: ApiRename, place: NamePlace, tokens: Tokens, workspace: Workspace): Edit | null {
  // Where a body imports it, what the name means there is not followed.
  if (/\buse\s+$/.test(tokens.text.slice(Math.max(0, place.path.start - 20), place.path.start))) return null;
  if (rename.kind === 'rename') {
    const bare = place.segments.length === 1 ? workspace.resolve([rename.to], place.scope, 'type') : null;
    return bare?.kind === 'item' ? null : { span: place.span, text: rename.to };
  }
  const goesOn = isPathSeparator(tokens, place.token + 1);
  const prefix = place.segments.length > 1 ? place.segments.slice(0, 1) : [];
  const known = (name: string): string => {
    const found = prefix.length > 0 ? null : workspace.resolve([name], place.scope, 'type');
    if (found?.kind === 'external' && canonicalName(found.path) === `pyo3::${name}`) return name;
    return `${crateName(place)}::${name}`;
  };
  if (rename.kind === 'path') {
    const [owner = '', name = ''] = rename.to.split('::');
    return { span: place.path, text: `${known(owner)}::${name}` };
  }
  const [outer = '', inner = ''] = rename.to.replace('>', '').split('<');
  return { span: place.path, text: `${known(outer)}${goesOn ? '::' : ''}<${known(inner)}>` };
}

/** What PyO3 is called in this crate. */
function crateName(place: NamePlace): string {
  const dependency = place.scope.module.crate.package?.dependencies.find((one) => one.package === 'pyo3');
  return dependency?.name ?? 'pyo3';
}
