/** Makes a class's cells fit for several threads: `RefCell` becomes `Mutex`, a `Cell` of a number an atomic, with every use of the field. */
import { bodiesOf } from '../analysis/types/local-types.ts';
import { autoderef } from '../analysis/types/local-types-ty.ts';
import { tyOfWritten } from '../analysis/types/local-types-written.ts';
import { parentExpr, parentsOf } from '../analysis/ownership/parents.ts';
import { collectExprs, lastName } from '../analysis/walk.ts';
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import type { Field } from '../model/rust/ast-item.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { ATOMICS } from './atomic-fix.ts';
import type { Fix } from './rule.ts';

/** What a field becomes. */
interface Shared {
  /** As it is written in the type's place, and what makes one. */
  readonly type: string;
  readonly make: string;
  /** The method in the place of another: its name, what is put behind its arguments, and behind the call. */
  method(name: string): { readonly name: string; readonly more: string; readonly behind: string } | null;
}

/** Null where a field is used in another way than by its cell's plain methods, outside of the class's file, or by code that is not seen. */
export function shareFix(item: RustItem, fields: readonly Field[], workspace: Workspace): Fix | null {
  const edits: FileEdit[] = [];
  for (const field of fields) {
    const own = fieldEdits(item, field, workspace);
    if (!own) return null;
    edits.push(...own);
  }
  return fields.length === 0 ? null : { title: 'share it by a lock or atomics', safe: false, edits };
}

function sharedOf(item: RustItem, field: Field, workspace: Workspace): Shared | null {
  const ty = tyOfWritten(field.type, { module: item.module, item }, workspace);
  const inner = field.type.kind === 'path' ? field.type.path.segments.at(-1)?.args[0] : undefined;
  if (ty?.kind !== 'external' || inner?.kind !== 'type') return null;
  if (ty.path === 'std::cell::RefCell') {
    const type = `std::sync::Mutex<${workspace.slice(item.file, inner.type.span)}>`;
    return {
      type,
      make: 'std::sync::Mutex::new',
      method: (name) => (/^borrow(_mut)?$/.test(name) ? { name: 'lock', more: '', behind: '.unwrap()' } : null),
    };
  }
  const [value] = ty.args;
  const atomic = ty.path === 'std::cell::Cell' && value?.kind === 'primitive' ? ATOMICS[value.name] : undefined;
  if (!atomic) return null;
  const order = 'std::sync::atomic::Ordering::Relaxed';
  const names: Readonly<Record<string, string>> = { get: 'load', set: 'store', replace: 'swap' };
  const method: Shared['method'] = (name) => {
    const other = Object.hasOwn(names, name) ? names[name] : undefined;
    return other ? { name: other, more: `${other === 'load' ? '' : ', '}${order}`, behind: '' } : null;
  };
  return { type: `std::sync::atomic::${atomic}`, make: `std::sync::atomic::${atomic}::new`, method };
}

function fieldEdits(item: RustItem, field: Field, workspace: Workspace): readonly FileEdit[] | null {
  const shared = sharedOf(item, field, workspace);
  const { file } = item;
  if (!shared || !/^[a-z_]\w*$/.test(field.name) || !workspace.editable(file, field.type.span)) return null;
  const text = workspace.text(file);
  const named = new RegExp(`\\.\\s*${field.name}\\b|\\b${field.name}\\s*:(?!:)`);
  if (workspace.filesNaming(field.name).some((one) => one !== file && named.test(workspace.text(one)))) return null;
  const edits: FileEdit[] = [{ file: file.path, span: field.type.span, text: shared.type }];
  let seen = 1;
  for (const fn of workspace.itemsOf(file.path)) {
    if (fn.kind !== 'fn' || !fn.entry.bodySpan || !sliceSpan(text, fn.entry.bodySpan).includes(field.name)) continue;
    const body = bodiesOf(workspace)(fn);
    const root = body?.ast.body;
    if (!body || !root) return null;
    const isOwn = (e: Expr): boolean => autoderef(body.typeOf(e)).some((ty) => ty.kind === 'item' && ty.item === item);
    for (const at of collectExprs(root, (e) => e.kind === 'field' || e.kind === 'struct')) {
      if (at.kind === 'field' && at.name === field.name && isOwn(at.base)) {
        const call = parentExpr(parentsOf(root), at);
        const other = call?.kind === 'method' && call.receiver === at ? shared.method(call.name) : null;
        if (call?.kind !== 'method' || !other) return null;
        const close = call.span.end - 1;
        edits.push({ file: file.path, span: call.nameSpan, text: other.name });
        if (other.more !== '') edits.push({ file: file.path, span: { start: close, end: close }, text: other.more });
        if (other.behind !== '') edits.push({ file: file.path, span: { start: call.span.end, end: call.span.end }, text: other.behind });
        seen++;
      }
      const made = at.kind === 'struct' && isOwn(at) ? at.fields.find(({ name }) => name === field.name)?.value : undefined;
      if (!made) continue;
      if (made.kind !== 'call' || lastName(made.callee) !== 'new') return null;
      edits.push({ file: file.path, span: made.callee.span, text: shared.make });
      seen++;
    }
  }
  const code = text.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  return seen === (code.match(new RegExp(`\\b${field.name}\\b`, 'g'))?.length ?? 0) ? edits : null;
}
