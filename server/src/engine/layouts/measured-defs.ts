/** Gives the definitions of Rust types their measured layouts, where these are promised: of types whose layout is not defined, no rule may rely on one. */
import type { LayoutEntries } from '../../abi/layout-entries.ts';
import type { Layout } from '../../abi/layout.types.ts';
import type { Peers } from '../../abi/peers/peers.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';

export function withMeasured<P extends Peers>(peers: P, workspace: Workspace, measured: LayoutEntries): P {
  const layouts = new Map<string, Layout>();
  for (const { language, provenance, at, name, target, layout } of measured.types)
    if (language === 'rust' && provenance === 'rustc') layouts.set(`${target}\n${at.file}\n${at.span.start}\n${name}`, layout);
  const layoutOf = (item: RustItem, triple: string): Layout | null => {
    const { c, transparent } = reprOf(item.entry.attributes);
    const ast = c || transparent ? workspace.ast(item) : null;
    if (!ast) return null;
    const at = workspace.place(item.file, ast.nameSpan);
    return layouts.get(`${triple}\n${at.file}\n${at.span.start}\n${item.name.replace(/^r#/, '')}`) ?? null;
  };
  return { ...peers, rustDef: (item, target) => ({ ...peers.rustDef(item, target), measured: layoutOf(item, target.triple) }) };
}
