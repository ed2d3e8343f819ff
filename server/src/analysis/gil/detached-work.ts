/** Blocking work that a fn does with the interpreter released: what it has borrowed stays borrowed meanwhile. */
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { DetachedWork } from './gil-facts.ts';
import { walkRegions } from './regions.ts';
import { functionSeed, methodSeed } from './seeds.ts';
import type { Work } from './work.ts';

/** Work that lasts as long as others want, not as long as the work is. */
const WAITS = /(sleep|park|recv|join|wait|accept|incoming|block_on|blocking_\w+|iter)\b/;

/** By the name of what blocks, as `WorkSeed.what` has it. */
export function waitsForOthers(what: string): boolean {
  return WAITS.test(what);
}

export function detachedWork(body: Body, workspace: Workspace, closures: Closures, work: Work): readonly DetachedWork[] {
  const found: DetachedWork[] = [];
  if (!body.ast.body) return found;
  walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
    if (place.mode !== 'detached' || (expr.kind !== 'call' && expr.kind !== 'method')) return;
    const target = targetOf(expr, body, workspace);
    const seed =
      target.kind === 'function' ? functionSeed(target.path) : target.kind === 'method' ? methodSeed(target.receiver, target.name) : null;
    const helper = target.kind === 'workspace' ? target.item : null;
    const deeper = helper ? work.of(helper).find((one) => one.class === 'blocking') : undefined;
    const what = seed?.class === 'blocking' ? seed.what : deeper?.what;
    if (what === undefined) return;
    const looped = place.parents.some((p) => p.kind === 'loop' && place.release !== null && p.span.start >= place.release.span.start);
    const span = expr.kind === 'method' ? expr.nameSpan : expr.callee.span;
    const own = helper && deeper && !seed ? { file: helper.file, span: deeper.span } : { file: body.item.file, span };
    found.push({ what, span, call: (seed ? null : deeper?.chain.at(-1)) ?? own, waits: looped || waitsForOthers(what) });
  });
  return found;
}
