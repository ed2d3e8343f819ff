/** `ffi-lint rule`: explains rules, or lists them. */
import { rulePage } from '../../engine/rule-page.ts';
import { ruleUrl } from '../../engine/rule-url.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Style } from '../../report/style.ts';
import { paint } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { checkName, ruleNames } from '../check/settings.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { markdownText } from '../markdown-text.ts';
import { styleFor } from '../terminal.ts';

export async function rule(args: Arguments, context: Context): Promise<number> {
  const { io } = context;
  const { rules } = context.installation;
  const names = args.positionals;
  if (names.length > 0 && args.has('all')) throw new UserError('give either names or --all, not both');
  for (const name of names) checkName(name, ruleNames(context));
  const chosen = names.length === 0 ? rules : rules.filter(({ id, group }) => names.includes(id) || names.includes(group));
  const style = styleFor(args, io, io.stdoutIsTerminal);
  const format = args.text('outputFormat') ?? 'text';
  if (format === 'json') io.stdout(`${JSON.stringify(chosen.map(ruleJson), null, 2)}\n`);
  else if (names.length === 0) io.stdout(format === 'markdown' ? list(chosen, { ...style, color: false }) : list(chosen, style));
  else {
    const pages = chosen.map(rulePage);
    io.stdout(format === 'markdown' ? pages.join('\n') : pages.map((page) => markdownText(page, style)).join('\n'));
  }
  return 0;
}

function ruleJson(one: Rule) {
  const { id, group, severity, docs, fix, since, equivalents } = one;
  return { id, group, severity, summary: docs.what, fix, since, equivalents, url: ruleUrl(id) };
}

function list(rules: readonly Rule[], style: Style): string {
  const width = Math.max(0, ...rules.map(({ id }) => id.length));
  const groups = [...new Set(rules.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = rules
        .filter((one) => one.group === group)
        .map(({ id, severity, docs }) => `  ${paint(style, 'bold', id.padEnd(width))}  ${severity.padEnd(7)}  ${docs.what}\n`);
      return `${paint(style, 'cyan', group)}\n${rows.join('')}`;
    })
    .join('\n');
}
