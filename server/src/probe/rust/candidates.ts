/** Which items of a workspace rustc is asked about, crate by crate. */
import { layoutCandidates } from '../../abi/rust-layouts.ts';
import { writtenUses } from '../../abi/rust-uses.ts';
import type { WrittenUse } from '../../abi/rust-uses.ts';
import { targetCfg } from '../../abi/target-cfg.ts';
import type { Target } from '../../abi/targets.ts';
import { evaluate } from '../../model/rust/cfg.ts';
import type { Surface } from '../../model/surface/surface.ts';
import type { Crate, RustItem, Workspace } from '../../model/workspace.ts';

export interface CrateCandidates {
  readonly items: readonly RustItem[];
  readonly uses: readonly WrittenUse[];
}

/** What the layouts of a crate are made of: its types of interest, aliases that name instances of the generic ones, and what it writes of others. */
export function candidatesByCrate(workspace: Workspace, surface: Surface, target: Target): ReadonlyMap<Crate, CrateCandidates> {
  const known = targetCfg(target);
  const out = new Map<Crate, { items: RustItem[]; uses: WrittenUse[] }>();
  const of = (crate: Crate) => {
    const made = out.get(crate) ?? { items: [], uses: [] };
    out.set(crate, made);
    return made;
  };
  const generic = new Map<Crate, Set<string>>();
  const seen = new Set<string>();
  const add = (item: RustItem): void => {
    of(item.module.crate).items.push(item);
  };
  const candidates = layoutCandidates(workspace, surface);
  for (const item of candidates) {
    if (item.test || evaluate(item.cfg, known) === false || !isMeasurable(item.module.crate)) continue;
    // A module of several crates is one text: the first of them answers.
    const key = `${item.file.path}:${item.entry.span.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    add(item);
    if (!workspace.ast(item)?.generics.some(({ kind }) => kind !== 'lifetime')) continue;
    const names = generic.get(item.module.crate) ?? new Set();
    generic.set(item.module.crate, names.add(item.name));
  }
  for (const item of generic.size > 0 ? workspace.items : []) {
    if (item.kind !== 'type' || item.owner !== null || item.test || evaluate(item.cfg, known) === false) continue;
    const names = generic.get(item.module.crate);
    if (names && mentions(workspace, item, names)) add(item);
  }
  for (const use of writtenUses(workspace, surface, target, candidates)) {
    const { crate } = use.item.module;
    // What stands in a file of several crates is one place.
    const key = `${use.at.file}:${use.at.span.start} ${use.name}`;
    if (!isMeasurable(crate) || seen.has(key)) continue;
    seen.add(key);
    of(crate).uses.push(use);
  }
  return out;
}

function mentions(workspace: Workspace, { file, entry }: RustItem, names: ReadonlySet<string>): boolean {
  const text = workspace.text(file).slice(entry.signatureSpan.start, entry.signatureSpan.end);
  return [...text.slice(text.indexOf('=')).matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*(?:::)?\s*</gu)].some(([, name = '']) => names.has(name));
}

/**
 * Build scripts and tests are not what a library hands over. A file of a package that is none of its targets and that no module leads to is
 * compiled by nobody, or as part of another crate that includes it.
 */
export function isMeasurable({ target, package: pkg }: Crate): boolean {
  if (target.kind !== 'lib' && target.kind !== 'bin' && target.kind !== 'example') return false;
  return pkg === null || pkg.targets.some(({ root }) => root === target.root);
}
