/** The edit that takes a Rust type out of an exported fn's parameter: C types in the signature, the old value made at the body's start. */
import type { FileEdit } from '../base/edit.ts';
import { rustName } from '../generate/names.ts';
import type { Param } from '../model/rust/ast-item.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { BoundaryFn, TypeUse } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import { defaultResult } from './edits.ts';
import { indentAt } from './indent.ts';
import { isNamedInCode } from './named-in-code.ts';
import type { Fix } from './rule.ts';

/** The fn and parameter that a use is about, its name as it is written; null where it is no parameter of a fn that is defined here under a plain name. */
export function definedParam(
  use: TypeUse,
  functions: readonly BoundaryFn[],
): { readonly fn: BoundaryFn; readonly param: Param & { readonly name: string } } | null {
  if (use.position !== 'param') return null;
  const fn = functions.find((f) => f.item === use.item && f.role !== 'import' && f.ast.body !== null);
  const param = fn?.ast.params.find((p) => p.type === use.type);
  if (!fn || !param || param.name === null || param.pattern.kind !== 'binding') return null;
  return { fn, param: { ...param, name: rustName(param.name) } };
}

/** Puts lines before the first one of a fn's body; null where it has none. */
export function prologueEdit(
  { ast, item }: Pick<BoundaryFn, 'ast' | 'item'>,
  lines: readonly string[],
  workspace: Workspace,
): FileEdit | null {
  if (!ast.body) return null;
  const indent = `${indentAt(workspace.text(item.file), ast.signatureSpan.start)}    `;
  const at = ast.body.span.start + 1;
  return { file: item.file.path, span: { start: at, end: at }, text: lines.map((line) => `\n${indent}${line}`).join('') };
}

/**
 * Replaces `name: OLD` by `params` and inserts `prologue` as the body's first line. Null where something of this workspace names the fn:
 * a call with the old arguments would no longer compile.
 */
export function rewriteParam(
  fn: BoundaryFn,
  param: Param,
  params: string,
  prologue: string,
  title: string,
  workspace: Workspace,
): Fix | null {
  const inserted = prologueEdit(fn, [prologue], workspace);
  if (!inserted || isNamedInCode(fn.item, workspace)) return null;
  // Callers on the other side must follow.
  return { title, safe: false, edits: [{ file: fn.item.file.path, span: param.span, text: params }, inserted] };
}

/** `name: Option<T>`, and an early return where it is `None`; null where there is nothing to return, or the parameter has no plain name. */
export function optionParam(fn: BoundaryFn, param: Param, workspace: Workspace): Fix | null {
  const result = defaultResult(fn, workspace);
  if (!result || param.name === null || param.pattern.kind !== 'binding' || fn.ast.const) return null;
  const name = rustName(param.name);
  const mutable = param.pattern.mutable ? 'mut ' : '';
  const leave = result.value === '' ? 'return' : `return ${result.value}`;
  const prologue = `let Some(${mutable}${name}) = ${name} else { ${leave} };`;
  const params = `${name}: Option<${typeText(fn, param.type, workspace)}>`;
  return rewriteParam(fn, param, params, prologue, 'take an `Option` and return early', workspace);
}

/** `ptr, len` for a slice, with the slice made again from both. */
export function splitSlice(
  fn: BoundaryFn,
  name: string,
  param: Param,
  element: string,
  mutable: boolean,
  workspace: Workspace,
): Fix | null {
  const root = fn.item.module.crate.noStd ? 'core' : 'std';
  const pointer = mutable ? '*mut' : '*const';
  const empty = mutable ? '&mut []' : '&[]';
  const make = mutable ? 'from_raw_parts_mut' : 'from_raw_parts';
  const type = mutable ? `&mut [${element}]` : `&[${element}]`;
  const prologue = `let ${name}: ${type} = if ${name}.is_null() { ${empty} } else { unsafe { ::${root}::slice::${make}(${name}, ${name}_len) } };`;
  return rewriteParam(
    fn,
    param,
    `${name}: ${pointer} ${element}, ${name}_len: usize`,
    prologue,
    `pass \`${name}\` as pointer and length`,
    workspace,
  );
}

/** The text of a type as written in the file of the fn. */
export function typeText(fn: BoundaryFn, type: Type, workspace: Workspace): string {
  return workspace.slice(fn.item.file, type.span);
}
