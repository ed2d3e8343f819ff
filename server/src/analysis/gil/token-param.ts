/** Adding a `py: Python<'_>` parameter to a fn that Python calls: Python's callers do not see it, Rust's do. */
import { sliceSpan } from '../../base/text.ts';
import type { TextEdit } from '../../base/edit.ts';
import { implies } from '../../model/rust/cfg.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { ClosureExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { pythonPath } from './token.ts';

export interface TokenParam {
  readonly edit: TextEdit;
  /** No crate but this one can call the fn. */
  readonly safe: boolean;
}

/**
 * The edit that adds the parameter; null where the name is taken, a trait fixes the signature, or Rust code calls the fn.
 * `without` is a closure that is taken away at the same time: its own `py` is not in the way.
 */
export function addTokenParam(body: Body, workspace: Workspace, without: ClosureExpr | null = null): TokenParam | null {
  const { ast, item } = body;
  const taken = body.bindings.some((b) => b.name === 'py' && (without === null || b.closure !== without));
  if (taken || item.owner?.entry.implTrait || ast.variadic || isForRustAsWell(item) || hasCallers(item, workspace)) return null;
  const text = workspace.text(item.file);
  const type = `${pythonPath(body, workspace)}<'_>`;
  const safe = ast.visibility === 'private';
  if (ast.self) {
    const after = ast.self.span.end;
    const gap = /^\s*,(\s*\n\s*)\S/.exec(sliceSpan(text, { start: after, end: ast.paramsSpan.end - 1 }))?.[1] ?? ' ';
    return { edit: { span: { start: after, end: after }, text: `,${gap}py: ${type}` }, safe };
  }
  const start = ast.paramsSpan.start + 1;
  const rest = sliceSpan(text, { start, end: ast.paramsSpan.end - 1 });
  if (ast.params.length === 0) return { edit: { span: { start, end: start + rest.length }, text: `py: ${type}` }, safe };
  const gap = /^\s*/.exec(rest)?.[0] ?? '';
  const at = start + gap.length;
  return { edit: { span: { start: at, end: at }, text: gap.includes('\n') ? `py: ${type},${gap}` : `py: ${type}, ` }, safe };
}

/** `#[cfg_attr(feature = "python", pymethods)]`: without the feature it is a plain fn, of a crate that has no PyO3. */
function isForRustAsWell(item: RustItem): boolean {
  const mark =
    pyo3Attribute(item.entry.attributes, 'pyfunction') ?? (item.owner && pyo3Attribute(item.owner.entry.attributes, 'pymethods'));
  return mark?.condition ? !implies(item.cfg, mark.condition) : false;
}

/** Whether Rust code of the workspace may call a fn, or hand it on as a value. Registrations with PyO3 are no calls. */
export function hasCallers(item: RustItem, workspace: Workspace): boolean {
  const name = item.name.replace(/^r#/, '');
  const word = new RegExp(`\\b${name}\\b`, 'g');
  const owner = item.owner ? (/^(?:\w+::)*(\w+)/.exec(item.owner.entry.implType ?? '')?.[1] ?? '') : null;
  for (const file of workspace.filesNaming(name)) {
    const text = workspace.text(file);
    if (!text.includes(name)) continue;
    for (const hit of text.matchAll(word)) {
      if (file === item.file && hit.index === item.entry.nameSpan.start) continue;
      if (isCall(text, hit.index, name.length, owner)) return true;
    }
  }
  return false;
}

/** `owner` is the type of which it is a method or associated fn, null for a free fn. */
function isCall(text: string, at: number, length: number, owner: string | null): boolean {
  const before = text.slice(Math.max(0, at - 120), at);
  const after = text.slice(at + length, at + length + 20);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (
    /\/\/|^\s*\*/.test(line) ||
    /wrap_py(function|module)(_bound)?!\s*\(\s*(\w+::)*$/.test(before) ||
    /\b(fn|mod|struct|enum|trait|const|static)\s+$/.test(before)
  )
    return false;
  const called = /^\s*(::\s*<[^>]*>\s*)?\(/.test(after);
  if (owner !== null && isOfAnotherType(before, owner, text)) return false;
  if (owner !== null) return (/(\.|::)\s*$/.test(before) && called) || (/::\s*$/.test(before) && /^\s*[),;]/.test(after));
  if (/\.\s*$/.test(before)) return false;
  return called || (/[(,=]\s*(\w+::)*$/.test(before) && /^\s*[),;]/.test(after));
}

/** `Other::new(…)` is no call of `Own::new`, unless the name may be another one for the same type. */
function isOfAnotherType(before: string, owner: string, text: string): boolean {
  const named = /([A-Z]\w*)\s*::\s*$/.exec(before)?.[1];
  if (!named || named === owner || named === 'Self' || owner === '') return false;
  return !new RegExp(`\\b(as|type)\\s+${named}\\b`).test(text);
}
