/** Finds where a file's tokens name PyO3's API by a path: in types, calls, imports, macro arguments. */
import type { ApiChange } from '../../model/pyo3/api-table.ts';
import type { RustItem, Scope, SourceFile, Workspace } from '../../model/workspace.ts';
import { canonicalName, externalGlobs, meaning } from '../types/local-types-names.ts';
import type { ApiPlace } from './api-facts.ts';
import type { ActiveChange } from './api-versions.ts';
import type { Tokens } from './tokens.ts';
import { identAt, isBehindDot, pathTo } from './tokens.ts';

export interface NamePlace extends ApiPlace {
  readonly active: ActiveChange;
  readonly scope: Scope;
  /** The place of the last name among the tokens; `span` is the name's own. */
  readonly token: number;
  /** The path as written; of an import, the name alone. */
  readonly path: { readonly start: number; readonly end: number };
  readonly segments: readonly string[];
  /** The `use` item that imports it, with the stretch of its tree that does. */
  readonly use: { readonly item: RustItem; readonly span: { readonly start: number; readonly end: number } } | null;
}

export function lastName(change: ApiChange): string {
  return change.match.name;
}

/** All places in source order. `tokens` are those of the file's text. */
export function findNames(
  file: SourceFile,
  items: readonly RustItem[],
  tokens: Tokens,
  active: readonly ActiveChange[],
  workspace: Workspace,
): readonly NamePlace[] {
  const byName = new Map<string, ActiveChange[]>();
  for (const one of active) {
    if (one.change.match.kind === 'trait-method' || (one.change.match.kind === 'member' && one.change.match.call === 'method')) continue;
    const known = byName.get(lastName(one.change));
    if (known) known.push(one);
    else byName.set(lastName(one.change), [one]);
  }
  const own = items.filter((item) => item.file === file);
  const [anyItem] = own;
  if (byName.size === 0 || !anyItem) return [];
  const uses = own.filter((item) => item.kind === 'use');
  const out: NamePlace[] = [];
  for (let at = 0; at < tokens.kinds.length; at++) {
    const candidates = byName.get(identAt(tokens, at));
    if (!candidates || isBehindDot(tokens, at)) continue;
    const span = { start: tokens.starts[at] ?? 0, end: tokens.ends[at] ?? 0 };
    const use = uses.find((item) => item.entry.span.start <= span.start && span.end <= item.entry.span.end);
    if (use) {
      const place = importPlace(use, span, at, candidates, workspace);
      if (place) out.push({ ...place, file });
      continue;
    }
    const path = pathTo(tokens, at);
    const item = innermost(own, span.start);
    if (!path || !item) continue;
    const scope: Scope = { module: item.module, item };
    const found = candidates.find((one) => isMeant(one.change, path.segments, scope, workspace));
    if (found) out.push({ active: found, scope, token: at, path: path.span, segments: path.segments, use: null, file, span, item });
  }
  return out;
}

function innermost(items: readonly RustItem[], offset: number): RustItem | null {
  let best: RustItem | null = null;
  for (const item of items) {
    const { start, end } = item.entry.span;
    if (start <= offset && offset < end && (!best || end - start < best.entry.span.end - best.entry.span.start)) best = item;
  }
  return best;
}

function importPlace(
  item: RustItem,
  span: { readonly start: number; readonly end: number },
  token: number,
  candidates: readonly ActiveChange[],
  workspace: Workspace,
): Omit<NamePlace, 'file'> | null {
  const use = item.entry.uses.find((one) => one.span.start <= span.start && span.end <= one.span.end);
  if (!use) return null;
  const scope: Scope = { module: item.module, item: null };
  const active = candidates.find(
    ({ change }) => change.match.kind === 'name' && use.path.at(-1) === change.match.name && isMeant(change, use.path, scope, workspace),
  );
  if (!active) return null;
  return { active, scope, token, path: span, segments: use.path, use: { item, span: use.span }, span, item };
}

function isMeant(change: ApiChange, segments: readonly string[], scope: Scope, workspace: Workspace): boolean {
  const { match } = change;
  if (match.kind === 'trait-method') return false;
  const expected = match.kind === 'member' ? match.owners.map((owner) => `pyo3::${owner}::${match.name}`) : [`pyo3::${match.name}`];
  if (match.kind === 'member' && segments.length < 2) return false;
  const namespace = match.kind === 'member' ? 'value' : match.namespace;
  if (namespace === 'macro') return isMacro(segments, expected[0] ?? '', scope, workspace);
  const place = { start: 0, end: 0 };
  const global = segments[0] === '';
  const names = (global ? segments.slice(1) : segments).map((name) => ({ name, span: place, args: [] }));
  const found = meaning({ global, segments: names, span: place }, scope, workspace, namespace);
  if (found?.kind !== 'external' || !expected.includes(found.path)) return false;
  return segments[0] === 'pyo3' || isImported(segments[0] ?? '', scope) || !mayComeFromElsewhere(scope, workspace);
}

/** PyO3's prelude brings its macros with it; others are imported or written with the crate's name. */
function isMacro(segments: readonly string[], expected: string, scope: Scope, workspace: Workspace): boolean {
  const found = workspace.resolve(segments, { module: scope.module, item: null }, 'macro');
  if (found.kind === 'external') return canonicalName(found.path) === expected;
  if (found.kind !== 'unknown' || segments.length !== 1) return false;
  return segments[0] === 'wrap_pyfunction_bound' && externalGlobs(scope.module, workspace).includes('pyo3::prelude');
}

function isImported(name: string, scope: Scope): boolean {
  return scope.module.items.some((item) => item.entry.uses.some((use) => use.name === name));
}

/** A name that PyO3's prelude no longer has may come from a glob of another crate, or of `pyo3::ffi`, which has a `PyObject` of its own. */
function mayComeFromElsewhere(scope: Scope, workspace: Workspace): boolean {
  return externalGlobs(scope.module, workspace).some((glob) => /^pyo3::ffi(::|$)/.test(glob) || !/^(std|pyo3|numpy)(::|$)/.test(glob));
}
