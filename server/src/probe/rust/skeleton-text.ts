/** A file reduced to its type definitions, every offset and line kept: what else it holds is written over with spaces. */
import type { Span } from '../../base/text.ts';
import type { Attribute } from '../../model/rust/attribute.ts';
import type { Item } from '../../model/rust/ast-item.ts';
import type { Entry } from '../../model/rust/file-index.ts';
import type { Crate, SourceFile, Workspace } from '../../model/workspace.ts';

/** What is kept whole; of the rest only what types may need. */
const KEPT: ReadonlySet<Entry['kind']> = new Set(['struct', 'union', 'enum', 'type', 'const', 'mod', 'macro-rules']);

/** Names that every crate can use. */
const OWN_NAMES: ReadonlySet<string> = new Set(['crate', 'self', 'super', 'std', 'core', 'alloc']);

const COPIES = '#[derive(Clone, Copy)]';

export function skeletonText(file: SourceFile, crate: Crate, workspace: Workspace): string {
  const text = workspace.text(file);
  const items = new Map(
    workspace.items.filter((item) => item.file === file && item.module.crate === crate).map((item) => [item.entry, item]),
  );
  const expanded = new Set(
    workspace.items.flatMap(({ file: made }) => (made.origin?.call.file === file.path ? [made.origin.call.span.start] : [])),
  );
  const out = [...text];
  // Offsets are UTF-16 units, which the characters above are not where some take two.
  const units = out.length === text.length ? out : text.split('');
  const write = ({ start, end }: Span, replacement = ''): void => {
    for (let at = start; at < end; at++) if (units[at] !== '\n' && units[at] !== '\r') units[at] = replacement[at - start] ?? ' ';
  };
  const attribute = (one: Attribute, inner: readonly string[]): void => {
    if (one.path === 'derive') {
      const copies = (one.args ?? []).some(({ name }) => name.endsWith('Copy')) && one.condition === null;
      write(one.span, copies && one.span.end - one.span.start >= COPIES.length ? COPIES : '');
    } else if (!inner.includes(one.path)) write(one.span);
  };
  for (const one of file.index.innerAttributes) attribute(one, ['no_std', 'cfg']);
  for (const entry of file.index.entries) {
    if (isNested(entry, file)) continue;
    if (!isKept(entry, text, expanded)) write(entry.span);
    else {
      for (const one of entry.attributes) attribute(one, ['repr', 'cfg', 'path', 'macro_use']);
      const item = items.get(entry);
      for (const one of memberAttributes(item ? workspace.ast(item) : null)) attribute(one, ['cfg', 'repr']);
    }
  }
  return units.join('');
}

/** Written over with what it stands in. */
function isNested(entry: Entry, file: SourceFile): boolean {
  const parent = entry.parent < 0 ? null : file.index.entries[entry.parent];
  return parent !== null && parent?.kind !== 'mod';
}

function isKept({ kind, uses, signatureSpan, bodySpan, span }: Entry, text: string, expanded: ReadonlySet<number>): boolean {
  if (KEPT.has(kind)) return true;
  if (kind === 'use') return uses.every(({ path }) => OWN_NAMES.has(path[0] === '' ? (path[1] ?? '') : (path[0] ?? '')));
  if (kind === 'macro-call') return expanded.has(span.start);
  // Array lengths may call it.
  return kind === 'fn' && bodySpan !== null && /\bconst\s/.test(text.slice(signatureSpan.start, text.indexOf('(', signatureSpan.start)));
}

function memberAttributes(ast: Item | null): readonly Attribute[] {
  if (ast?.kind === 'struct' || ast?.kind === 'union') return ast.fields.flatMap(({ attributes }) => attributes);
  if (ast?.kind !== 'enum') return [];
  return ast.variants.flatMap(({ attributes, fields }) => [...attributes, ...fields.flatMap((field) => field.attributes)]);
}
