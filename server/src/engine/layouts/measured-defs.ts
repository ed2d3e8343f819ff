/** Gives definitions their measured layouts, those of Rust where they are promised: of types whose layout is not defined, no rule may rely on one. */
import type { LayoutEntries, TypeLayout } from '../../abi/layout-entries.ts';
import type { Layout } from '../../abi/layout.types.ts';
import type { Peers } from '../../abi/peers/peers.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Location } from '../../base/text.ts';

export function withMeasured<P extends Peers>(peers: P, workspace: Workspace, measured: LayoutEntries): P {
  const layouts = new Map<string, TypeLayout>();
  for (const one of measured.types) if (one.provenance !== 'computed') layouts.set(keyOf(one.target, one.at, one.name), one);
  const layoutOf = (item: RustItem, triple: string): Layout | null => {
    const { c, transparent } = reprOf(item.entry.attributes);
    const ast = c || transparent ? workspace.ast(item) : null;
    if (!ast) return null;
    const at = workspace.place(item.file, ast.nameSpan);
    return layouts.get(keyOf(triple, at, item.name.replace(/^r#/, '')))?.layout ?? null;
  };
  return {
    ...peers,
    rustDef: (item, target) => ({ ...peers.rustDef(item, target), measured: layoutOf(item, target.triple) }),
    measured: (peer, target) => layouts.get(keyOf(target.triple, peer.at, peer.name)) ?? null,
  };
}

function keyOf(triple: string, { file, span }: Location, name: string): string {
  return `${triple}\n${file}\n${span.start}\n${name}`;
}
