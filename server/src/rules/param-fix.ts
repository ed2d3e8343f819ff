/** The edit that takes a Rust type out of an exported fn's parameter: C types in the signature, the old value made at the body's start. */
import { rustName } from '../generate/names.ts';
import type { Param } from '../model/rust/ast-item.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { BoundaryFn, TypeUse } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import { indentAt } from './indent.ts';
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

/** Replaces `name: OLD` by `params` and inserts `prologue` as the body's first line. */
export function rewriteParam(
  fn: BoundaryFn,
  param: Param,
  params: string,
  prologue: string,
  title: string,
  workspace: Workspace,
): Fix | null {
  const body = fn.ast.body;
  if (!body) return null;
  const file = fn.item.file;
  const indent = `${indentAt(workspace.text(file), fn.ast.signatureSpan.start)}    `;
  return {
    title,
    // Callers, on both sides, must follow.
    safe: false,
    edits: [
      { file: file.path, span: param.span, text: params },
      { file: file.path, span: { start: body.span.start + 1, end: body.span.start + 1 }, text: `\n${indent}${prologue}` },
    ],
  };
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
  return workspace.text(fn.item.file).slice(type.span.start, type.span.end);
}
