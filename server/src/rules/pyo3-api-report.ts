/** What the rules about PyO3's old API share: one report for each call, and one for each name in a file. */
import { versionText } from '../analysis/pyo3-api/api-versions.ts';
import type { ApiUse } from '../analysis/pyo3-api/api-facts.ts';
import type { RuleContext } from './rule.ts';

/** Reports the uses of one status; `found` has `{name}`, `{since}` and `{use}`. */
export function reportApiUses(ctx: RuleContext<'found'>, status: ApiUse['status']): void {
  if (ctx.unit.kind !== 'rust') return;
  for (const use of ctx.facts.pyo3Api.uses(ctx.unit.file, ctx.unit.items)) {
    const [first, ...more] = use.places;
    if (use.status !== status || !first) continue;
    const { change, repair } = use;
    const since = status === 'deprecated' ? change.deprecated : change.removed;
    ctx.report('found', {
      at: { file: first.file, span: first.span },
      data: { name: change.name, since: versionText(since ?? 0) },
      related: more.map((place) => ({ at: { file: place.file, span: place.span }, message: 'named here too' })),
      help: helpOf(use),
      fixes: repair ? [{ title: repair.title, safe: repair.safe, edits: repair.edits }] : [],
      ...(first.item ? { item: first.item } : {}),
    });
  }
}

function helpOf({ change, status }: ApiUse): string {
  const gone = status === 'deprecated' && change.removed !== null ? `; PyO3 ${versionText(change.removed)} no longer has it` : '';
  return `use ${change.replacement}${gone}`;
}
