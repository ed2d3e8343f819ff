/** What the rules about locks and the interpreter share. */
import type { LockPlace } from '../analysis/locks/lock-facts.ts';
import type { RustItem } from '../model/workspace.ts';
import type { At, RuleContext } from './rule.ts';

/** The fns of a file, if its crate has PyO3: only there is an interpreter to wait for. */
export function lockFns(ctx: RuleContext<string>): readonly RustItem[] {
  if (ctx.unit.kind !== 'rust') return [];
  const uses = ctx.unit.crate.package?.dependencies.some((one) => one.package === 'pyo3') ?? false;
  return uses ? ctx.unit.items.filter((item) => item.kind === 'fn' && !item.test && !item.inUnknownMacro) : [];
}

/** The way to a place through workspace fns as related places. */
export function lockSteps(steps: readonly LockPlace[], what: string): readonly { readonly at: At; readonly message: string }[] {
  return steps.map((step, i) => ({
    at: { file: step.file, span: step.span },
    message: i === steps.length - 1 ? `\`${what}\` is here` : `called from here in \`${step.item.name}\``,
  }));
}
