/** Writes reports to stdout and files. */
import { relativeInside } from '../../base/paths.ts';
import type { CheckResult } from '../../engine/finding.ts';
import { rulePage } from '../../engine/rule-page.ts';
import { ruleUrl } from '../../engine/rule-url.ts';
import { atomicWrite } from '../../host/write.ts';
import { FORMATS } from '../../report/formats.ts';
import { createPlaces } from '../../report/places.ts';
import type { Places } from '../../report/places.ts';
import type { ReportInput, RuleHelp } from '../../report/report.ts';
import type { Style } from '../../report/style.ts';
import { plain } from '../../report/style.ts';
import type { Rule } from '../../rules/rule.ts';
import { UserError } from '../errors.ts';
import type { CliIo, Context } from '../io.ts';
import type { Output } from './settings.ts';

export function reportInput(result: CheckResult, { io, installation }: Context, style: Style): ReportInput {
  return {
    result,
    version: installation.version,
    places: createPlaces(io.cwd, result.text),
    hostPlaces: createPlaces(checkoutRoot(io), result.text),
    rules: new Map(installation.rules.map((rule) => [rule.id, helpOf(rule)])),
    style,
  };
}

/** The page is made only where a format asks for it. */
function helpOf(rule: Rule): RuleHelp {
  return {
    id: rule.id,
    group: rule.group,
    severity: rule.severity,
    summary: rule.docs.what,
    get markdown() {
      return rulePage(rule);
    },
    url: ruleUrl(rule.id),
  };
}

/** Where the CI host checked the repository out, if the working directory lies in it. */
function checkoutRoot(io: CliIo): string {
  for (const name of ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR']) {
    const root = io.env[name]?.replace(/\\/g, '/').replace(/\/+$/, '');
    if (root && relativeInside(root, io.cwd) !== null) return root;
  }
  return io.cwd;
}

export function writeOutputs(input: ReportInput, outputs: readonly Output[], io: CliIo): void {
  for (const { format, file } of outputs) {
    if (file === null) {
      io.stdout(FORMATS[format](input));
      continue;
    }
    const failed = atomicWrite(file, FORMATS[format]({ ...input, style: plain }));
    if (failed) throw new UserError(`--output-file: ${input.places.path(file)} ${failed.failure}`);
  }
}

/** By path as it is written, then line, then rule. */
export function inReportOrder(result: CheckResult, places: Places): CheckResult {
  const keyed = result.findings.map((finding) => ({
    finding,
    path: places.path(finding.at.file),
    line: places.range(finding.at).start.line,
  }));
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  keyed.sort(
    (a, b) =>
      text(a.path, b.path) ||
      a.line - b.line ||
      text(a.finding.rule, b.finding.rule) ||
      a.finding.at.span.start - b.finding.at.span.start ||
      text(a.finding.message, b.finding.message),
  );
  return { ...result, findings: keyed.map(({ finding }) => finding) };
}
