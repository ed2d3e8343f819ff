/** Edits that several rules make: a guard at the top of a body, a default result, a body wrapped in `catch_unwind`. */
import type { FileEdit } from '../base/edit.ts';
import { rustName } from '../generate/names.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Scope, Workspace } from '../model/workspace.ts';
import { indentAt } from './indent.ts';
import type { Fix } from './rule.ts';

/** What a fn can give back where it cannot do its work. */
export interface DefaultResult {
  /** `false`, `std::ptr::null()`; empty for `()`. */
  readonly value: string;
  /** Whether callers read it as "nothing": unit, null, false and None. For numbers it is a guess. */
  readonly neutral: boolean;
}

const SIGNED: ReadonlySet<string> = new Set([
  ...[
    'i8',
    'i16',
    'i32',
    'i64',
    'i128',
    'isize',
    'c_schar',
    'c_short',
    'c_int',
    'c_long',
    'c_longlong',
    'ssize_t',
    'off_t',
    'int32_t',
    'int64_t',
  ],
]);
const UNSIGNED: ReadonlySet<string> = new Set([
  ...[
    'u8',
    'u16',
    'u32',
    'u64',
    'u128',
    'usize',
    'c_uchar',
    'c_ushort',
    'c_uint',
    'c_ulong',
    'c_ulonglong',
    'size_t',
    'uint32_t',
    'uint64_t',
  ],
]);
const FLOATS: ReadonlySet<string> = new Set(['f32', 'f64', 'c_float', 'c_double']);

/** Results that hold an error: nothing in them means that all went well. */
const ERROR = /err|trap|fail|exception|status|fault/i;

/** The result that says "nothing" for a fn's result type; null where the type is not known well enough. */
export function defaultResult(fn: BoundaryFn, workspace: Workspace): DefaultResult | null {
  const type = fn.ast.result;
  if (type === null) return { value: '', neutral: true };
  const found = defaultOf(type, fn.scope, workspace, 4);
  const written = workspace.slice(fn.item.file, type.span);
  return found && ERROR.test(written) ? { ...found, neutral: false } : found;
}

function defaultOf(type: Type, scope: Scope, workspace: Workspace, depth: number): DefaultResult | null {
  if (type.kind === 'tuple') return type.elements.length === 0 ? { value: '', neutral: true } : null;
  if (type.kind === 'pointer') {
    if (isWide(type.pointee)) return null;
    return { value: `${stdPath(scope)}::ptr::${type.mutable ? 'null_mut' : 'null'}()`, neutral: true };
  }
  if (type.kind !== 'path' || type.self || depth === 0) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'item') {
    const alias = workspace.ast(found.item);
    const inside: Scope = { module: found.item.module, item: found.item };
    return alias?.kind === 'type' && alias.type ? defaultOf(alias.type, inside, workspace, depth - 1) : null;
  }
  const name = found.kind === 'primitive' ? found.name : found.kind === 'external' ? (found.path.at(-1) ?? '') : '';
  if (name === 'bool') return { value: 'false', neutral: true };
  if (name === 'Option' && found.kind === 'external' && found.path[0] === 'std') return { value: 'None', neutral: true };
  if (SIGNED.has(name)) return { value: '-1', neutral: false };
  if (UNSIGNED.has(name)) return { value: '0', neutral: false };
  return FLOATS.has(name) ? { value: '0.0', neutral: false } : null;
}

/** Pointers to these carry more than an address and have no plain null. */
function isWide(pointee: Type): boolean {
  if (pointee.kind === 'slice' || pointee.kind === 'dyn') return true;
  return pointee.kind === 'path' && /^(str|CStr|Path|OsStr)$/.test(pointee.path.segments.at(-1)?.name ?? '');
}

/** `std`, or `core` in a crate without it. */
export function stdPath(scope: Scope): 'std' | 'core' {
  return scope.module.crate.noStd ? 'core' : 'std';
}

/**
 * Inserts statements at the top of a fn's body, one line each; a tab at a line's start is one level of the file's indentation.
 * Several such edits of one fn go to different places, by `order`, so that all of them can be applied at once and keep that order.
 * Null where the body starts with inner attributes, which must stay first, or where the fn is const.
 */
export function insertAtBodyStart(fn: BoundaryFn, lines: readonly string[], order: number, workspace: Workspace): FileEdit | null {
  const { body } = fn.ast;
  const { file } = fn.item;
  if (!body || fn.ast.const) return null;
  const text = workspace.text(file);
  const start = body.span.start + 1;
  const rest = text.slice(start, body.span.end);
  if (/^\s*(\/\/[^\n]*\n\s*)*#!\[/.test(rest)) return null;
  const edit = (at: number, inserted: string): FileEdit => ({ file: file.path, span: { start: at, end: at }, text: inserted });
  const first = /^[ \t]*(\r?\n)([ \t]*)(?=\S)/.exec(rest);
  if (!first || text[start + first[0].length] === '}') return edit(start, ` ${lines.map((line) => line.trim()).join(' ')}`);
  const newline = first[1] ?? '\n';
  const indent = first[2] ?? '';
  const outer = indentAt(text, fn.ast.signatureSpan.start);
  const level = indent.startsWith(outer) && indent.length > outer.length ? indent.slice(outer.length) : '    ';
  const block = lines.map((line) => `${indent}${line.replace(/^\t/, level)}`).join(newline);
  if (order === 0) return edit(start, `${newline}${block}`);
  // Inside of the first line's indentation: what stands before the place becomes the block's, the same again is put after it.
  const column = Math.min(order - 1, indent.length);
  const lineStart = start + first[0].length - indent.length;
  return edit(lineStart + column, `${block.slice(column)}${newline}${indent.slice(0, column)}`);
}

/** `if p.is_null() { return …; }` as lines for `insertAtBodyStart`. */
export function nullGuard(name: string, result: DefaultResult): readonly string[] {
  return [`if ${rustName(name)}.is_null() {`, `\treturn${result.value === '' ? '' : ` ${result.value}`};`, '}'];
}

/** Wraps a fn's body in `catch_unwind` and gives back a default where it panics; null where that cannot be written. */
export function catchUnwindFix(fn: BoundaryFn, workspace: Workspace): Fix | null {
  const { body, result } = fn.ast;
  const { file } = fn.item;
  const fallback = defaultResult(fn, workspace);
  if (!body || !fallback || fn.ast.const || fn.item.module.crate.noStd) return null;
  const text = workspace.text(file);
  if (/^\s*#!\[/.test(text.slice(body.span.start + 1, body.span.end))) return null;
  const indent = indentAt(text, body.span.start);
  const unit = fallback.value === '';
  const type = result && !unit ? ` -> ${text.slice(result.span.start, result.span.end)}` : '';
  const open = `\n${indent}    ${unit ? 'let _ = ' : ''}std::panic::catch_unwind(std::panic::AssertUnwindSafe(||${type} {`;
  const close = unit ? '}));' : `}))\n${indent}    .unwrap_or(${fallback.value})`;
  const end = body.span.end - 1;
  const inner = text.slice(body.span.start + 1, end);
  const last = /\n[ \t]*$/.exec(inner);
  const tail = last ? end - last[0].length + 1 : end;
  return {
    title: `catch panics and return ${unit ? 'early' : `\`${fallback.value}\``}`,
    safe: false,
    edits: [
      { file: file.path, span: { start: body.span.start + 1, end: body.span.start + 1 }, text: open },
      { file: file.path, span: { start: tail, end }, text: `${last ? '' : '\n'}${indent}    ${close}\n${indent}` },
    ],
  };
}
