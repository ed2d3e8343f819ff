/** Finds calls of PyO3's methods: only on receivers whose type is known to be PyO3's. */
import type { MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { TypeFacts } from '../types/type-facts.ts';
import { canonicalName } from '../types/local-types-names.ts';
import { walk } from '../walk.ts';
import type { ActiveChange } from './api-versions.ts';

export interface MethodPlace {
  readonly active: ActiveChange;
  readonly item: RustItem;
  readonly call: MethodExpr;
}

export function findMethods(
  items: readonly RustItem[],
  active: readonly ActiveChange[],
  workspace: Workspace,
  typeOf: TypeFacts['typeOf'],
): readonly MethodPlace[] {
  const byName = new Map<string, ActiveChange[]>();
  for (const one of active) {
    const { match } = one.change;
    if (match.kind === 'name' || (match.kind === 'member' && match.call === 'path')) continue;
    const known = byName.get(match.name);
    if (known) known.push(one);
    else byName.set(match.name, [one]);
  }
  if (byName.size === 0) return [];
  const wanted = new RegExp(`\\.\\s*(?:${[...byName.keys()].join('|')})\\b`);
  const out: MethodPlace[] = [];
  for (const item of items) {
    if (item.kind !== 'fn') continue;
    if (!wanted.test(workspace.slice(item.file, item.entry.span))) continue;
    const ast = workspace.ast(item);
    if (ast?.kind !== 'fn' || !ast.body) continue;
    walk(ast.body, {
      enterExpr(expr) {
        const candidates = expr.kind === 'method' ? byName.get(expr.name) : undefined;
        if (expr.kind !== 'method' || !candidates) return;
        const owner = ownerOf(expr, item);
        const found = candidates.find(({ change: { match } }) =>
          match.kind === 'trait-method' ? hasTrait(match.trait, item, workspace) : match.kind === 'member' && match.owners.includes(owner),
        );
        if (found) out.push({ active: found, item, call: expr });
      },
    });
  }
  return out;

  /** The name of the receiver's PyO3 type; empty where it is not known to be one. */
  function ownerOf(call: MethodExpr, item: RustItem): string {
    let type = typeOf(call.receiver, item)?.type ?? null;
    while (type?.kind === 'reference') type = type.referent;
    if (type?.kind !== 'path' || type.path.segments.length !== 2 || type.path.segments[0]?.name !== 'pyo3') return '';
    return type.path.segments[1]?.name ?? '';
  }
}

function hasTrait(trait: string, item: RustItem, workspace: Workspace): boolean {
  const found = workspace.resolve([trait], { module: item.module, item: null }, 'type');
  return found.kind === 'external' && canonicalName(found.path) === `pyo3::${trait}`;
}
