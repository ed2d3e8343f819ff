/** Whether an identifier occurs anywhere that can mean an item: a coarse question that errs on the side of yes. */
import type { CargoModel, Package } from '../cargo/package.ts';
import type { Crate, RustItem, SourceFile } from '../workspace.ts';

const WORD = /[\p{L}\p{N}_]/u;

export interface MentionSource {
  /** The files in which a word may stand. */
  filesNaming(word: string): readonly SourceFile[];
  readonly cargo: CargoModel;
  text(file: SourceFile): string;
  cratesOf(path: string): readonly Crate[];
}

/** Without an item the whole workspace is searched; of an item's name only the packages that can name it. */
export function createMentions(source: MentionSource): (name: string, outside: RustItem | null) => boolean {
  return (name, outside) => {
    const packages = outside ? seenBy(outside.module.crate.package, source.cargo) : null;
    return source.filesNaming(name).some((file) => {
      if (packages && !source.cratesOf(file.path).some((crate) => crate.package === null || packages.has(crate.package))) return false;
      return occurs(source.text(file), name, outside?.file.path === file.path ? outside : null);
    });
  };
}

/** The package itself and all that depend on it, directly or not; null for a file of no package. */
function seenBy(own: Package | null, cargo: CargoModel): ReadonlySet<Package> | null {
  if (!own) return null;
  const out = new Set([own]);
  for (let before = 0; before !== out.size; ) {
    before = out.size;
    const names = new Set([...out].map((p) => p.name));
    for (const pkg of cargo.packages) if (pkg.dependencies.some((d) => names.has(d.package))) out.add(pkg);
  }
  return out;
}

function occurs(text: string, name: string, outside: RustItem | null): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (outside && at >= outside.entry.span.start && at < outside.entry.span.end) continue;
    if (WORD.test(text[at - 1] ?? ' ') || WORD.test(text[at + name.length] ?? ' ')) continue;
    return true;
  }
  return false;
}
