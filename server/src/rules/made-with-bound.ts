/** Whether a generic struct can only be made where its parameter may go to other threads. */
import { sliceSpan } from '../base/text.ts';
import type { StructItem } from '../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';

/**
 * True where the struct has a private field and every fn of its crate that writes a literal of it, told by its text, asks for `Send` or
 * `Sync` of the parameter, itself or by its impl. False where none is found. The parameter must have the same name there.
 */
export function isMadeWithBound(owner: RustItem, struct: StructItem, param: string, workspace: Workspace): boolean {
  if (struct.fields.every((field) => field.visibility === 'pub')) return false;
  const impls = new Set(workspace.implsOf(owner));
  const literal = new RegExp(`(?<!\\w)${owner.name}\\s*(::\\s*<[^;{}]*>\\s*)?[{(]`);
  const literalOrSelf = new RegExp(`${literal.source}|\\bSelf\\s*[{(]`);
  const asks = new RegExp(`\\b${param}\\s*:[^,>{;]*\\b(Send|Sync)\\b`);
  const makers = workspace.filesNaming(owner.name).flatMap((file) => {
    const text = workspace.text(file);
    return workspace.itemsOf(file.path).filter(({ kind, entry, owner: impl }) => {
      if (kind !== 'fn' || !entry.bodySpan) return false;
      return (impl && impls.has(impl) ? literalOrSelf : literal).test(sliceSpan(text, entry.bodySpan));
    });
  });
  return (
    makers.length > 0 &&
    makers.every((fn) => {
      const text = workspace.text(fn.file);
      return [fn, fn.owner].some((one) => one !== null && asks.test(sliceSpan(text, one.entry.signatureSpan)));
    })
  );
}
