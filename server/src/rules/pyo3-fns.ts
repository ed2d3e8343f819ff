/** What several PyO3 rules share about functions: which to look at, and fixes from the plans of the facts. */
import type { EditPlan } from '../analysis/gil/gil-facts.ts';
import type { AttachStep } from '../analysis/gil/attaching.ts';
import type { PyEntry } from '../model/surface/surface.ts';
import { Trigger } from '../model/rust/file-index.ts';
import type { RustItem, SourceFile } from '../model/workspace.ts';
import type { At, Fix, RuleContext } from './rule.ts';

/** Plans as fixes of a file. */
export function fixesOf(plans: readonly EditPlan[], file: SourceFile): readonly Fix[] {
  return plans.map(({ title, safe, edits }) => ({ title, safe, edits: edits.map((edit) => ({ ...edit, file: file.path })) }));
}

/** The fns of a file that name anything of PyO3, tests and those of unknown macros left out. */
export function pythonFns(items: readonly RustItem[]): readonly RustItem[] {
  return items.filter(
    (item) =>
      item.kind === 'fn' && !item.test && !item.inUnknownMacro && (item.entry.triggers & (Trigger.PyName | Trigger.PyAttribute)) !== 0,
  );
}

/** The fns of a file that run with the interpreter held: those that Python calls, and those that are given a token. */
export function attachedFns(ctx: RuleContext<string>): readonly PyEntry[] {
  if (ctx.unit.kind !== 'rust') return [];
  return ctx.facts.gil.distinct([...ctx.unit.surface.pyEntries, ...ctx.facts.gil.attachedHelpers(ctx.unit.items)]);
}

/** The way to an attach as related places. */
export function attachSteps(steps: readonly AttachStep[]): readonly { readonly at: At; readonly message: string }[] {
  return steps.map((step, i) => ({
    at: { file: step.file, span: step.span },
    message: i === steps.length - 1 ? 'the interpreter is taken here' : `called from here in \`${step.item.name}\``,
  }));
}
