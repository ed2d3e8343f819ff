/** What stands around a finding and can hide it: the items, modules and crate whose attributes count. */
import type { Attribute } from '../model/rust/attribute.ts';
import type { Entry } from '../model/rust/file-index.ts';
import type { Module, RustItem, SourceFile, Workspace } from '../model/workspace.ts';
import type { Location } from '../base/text.ts';
import type { LintSurroundings } from './suppress-attributes.ts';

/** Innermost first: the entries around the place, the item's owner, the modules, the crate. */
export function surroundingsOf(at: Location, item: RustItem | null, workspace: Workspace): LintSurroundings {
  const attributes: (readonly Attribute[])[] = [];
  const file = workspace.files.get(at.file);
  if (file) for (const entry of entriesAround(file, at)) attributes.push(entry.attributes);
  if (item) {
    attributes.push(item.entry.attributes);
    if (item.owner) attributes.push(item.owner.entry.attributes);
  }
  const module = item?.module ?? null;
  for (let m: Module | null = module; m; m = m.parent) attributes.push(moduleAttributes(m));
  const crate = module?.crate ?? workspace.cratesOf(at.file)[0];
  if (crate) attributes.push(crate.root.file.index.innerAttributes);
  return { attributes, lints: crate?.package?.lints ?? {} };
}

function entriesAround(file: SourceFile, at: Location): Entry[] {
  return file.index.entries
    .filter((e) => e.span.start <= at.span.start && at.span.end <= e.span.end)
    .sort((a, b) => b.span.start - a.span.start);
}

/** Those of the `mod` item and the inner ones of its file. */
function moduleAttributes(module: Module): readonly Attribute[] {
  const name = module.path[module.path.length - 1];
  const declaration = module.parent?.file.index.entries.find((e) => e.kind === 'mod' && e.name === name);
  const inner = module.parent && module.parent.file !== module.file ? module.file.index.innerAttributes : [];
  return [...inner, ...(declaration?.attributes ?? [])];
}
