/** The edit that makes an atomic of a `static mut` number, with all places that use it. */
import { eachBody, walk } from '../analysis/walk.ts';
import { parentsOf } from '../analysis/ownership/parents.ts';
import { variable } from '../analysis/walk.ts';
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { ValueItem } from '../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { stdPath } from './edits.ts';
import type { Fix } from './rule.ts';

/** Numbers with an atomic on every system that has threads and 64 bits (std::sync::atomic). */
export const ATOMICS: Readonly<Record<string, string>> = {
  bool: 'AtomicBool',
  u8: 'AtomicU8',
  i8: 'AtomicI8',
  u16: 'AtomicU16',
  i16: 'AtomicI16',
  u32: 'AtomicU32',
  i32: 'AtomicI32',
  u64: 'AtomicU64',
  i64: 'AtomicI64',
  usize: 'AtomicUsize',
  isize: 'AtomicIsize',
};

/** Null where the static is no plain number of one file, or where something else than reading, setting, adding and subtracting is done. */
export function atomicFix(item: RustItem, ast: ValueItem, workspace: Workspace): Fix | null {
  const { type, value } = ast;
  const found = type?.kind === 'path' ? workspace.resolve(type.path, { module: item.module, item: null }, 'type') : null;
  const atomic = found?.kind === 'primitive' && Object.hasOwn(ATOMICS, found.name) ? ATOMICS[found.name] : undefined;
  if (!type || !value || !atomic || ast.visibility === 'pub' || ast.attributes.length > 0) return null;
  const files = workspace.filesNaming(item.name);
  if (files.length !== 1 || files[0] !== item.file) return null;
  const text = workspace.text(item.file);
  const path = `${stdPath({ module: item.module, item })}::sync::atomic`;
  const edits = usesOf(item, `${path}::Ordering::Relaxed`, found?.kind === 'primitive' && found.name === 'bool', workspace);
  // Every mention but the declaration: a macro or a pattern may hold one that is not seen.
  const code = text.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  const mentions = code.match(new RegExp(`\\b${item.name}\\b`, 'g'))?.length ?? 0;
  if (!edits || edits.length !== mentions - 1) return null;
  const edit = (start: number, end: number, replacement: string): FileEdit => ({
    file: item.file.path,
    span: { start, end },
    text: replacement,
  });
  const keyword = /\bmut\s+/.exec(text.slice(ast.signatureSpan.start, ast.nameSpan.start));
  if (!keyword) return null;
  const mut = ast.signatureSpan.start + keyword.index;
  const declaration = [
    edit(mut, mut + keyword[0].length, ''),
    edit(type.span.start, type.span.end, `${path}::${atomic}`),
    edit(value.span.start, value.span.end, `${path}::${atomic}::new(${sliceSpan(text, value.span)})`),
  ];
  return { title: `make \`${item.name}\` an atomic`, safe: false, edits: [...declaration, ...edits] };
}

/** One edit for each use; null where a use is of another kind. */
function usesOf(item: RustItem, order: string, isBool: boolean, workspace: Workspace): readonly FileEdit[] | null {
  const text = workspace.text(item.file);
  const edits: FileEdit[] = [];
  for (const one of workspace.itemsOf(item.file.path)) {
    const ast = one.kind === 'fn' && !one.inUnknownMacro && sliceSpan(text, one.entry.span).includes(item.name) ? workspace.ast(one) : null;
    if (!ast) continue;
    let fits = true;
    eachBody(ast, (body) => {
      const enterExpr = (expr: Expr): void => {
        if (variable(expr) !== item.name) return;
        const edit = useEdit(expr, body, text, order, isBool, item.file.path);
        if (edit) edits.push(edit);
        else fits = false;
      };
      walk(body, { enterExpr });
    });
    if (!fits) return null;
  }
  return edits;
}

function useEdit(use: Expr, body: Expr, text: string, order: string, isBool: boolean, file: string): FileEdit | null {
  const parents = parentsOf(body);
  const around = parents.get(use);
  const parent = around?.kind === 'expr' ? around.expr : null;
  if (parent?.kind === 'assign' && parent.left === use) {
    const isStatement = parents.get(parent)?.kind === 'statement';
    const calls: Readonly<Record<string, string>> = isBool ? { '=': 'store' } : { '=': 'store', '+=': 'fetch_add', '-=': 'fetch_sub' };
    const call = Object.hasOwn(calls, parent.operator) ? calls[parent.operator] : undefined;
    if (!call || (call !== 'store' && !isStatement)) return null;
    return {
      file,
      span: parent.span,
      text: `${sliceSpan(text, use.span)}.${call}(${sliceSpan(text, parent.right.span)}, ${order})`,
    };
  }
  if (parent && ['reference', 'field', 'index', 'macro', 'method', 'loop', 'closure', 'unary'].includes(parent.kind)) return null;
  if (parent?.kind === 'struct' && /[{,]\s*$/.test(text.slice(0, use.span.start))) return null;
  return { file, span: use.span, text: `${sliceSpan(text, use.span)}.load(${order})` };
}
