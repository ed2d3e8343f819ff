/** Runs rules over units and turns their reports into findings. */
import type { Problem } from '../base/problem.ts';
import type { Location } from '../base/text.ts';
import type { Level, Severity } from '../base/severity.ts';
import type { Peers } from '../abi/peers/peers.ts';
import type { BindingSide } from '../abi/bindings/side.ts';
import type { PythonSide } from '../abi/python-side.ts';
import type { Facts } from '../analysis/facts.ts';
import { canMeanPyo3 } from '../model/pyo3/crates.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Claim } from '../rules/claim.ts';
import type { At, Fix, Report, Rule, RuleContext, Unit } from '../rules/rule.ts';
import type { Finding, Unresolved } from './finding.ts';
import { ruleUrl } from './rule-url.ts';
import { hiddenByAttribute } from './suppress-attributes.ts';
import { surroundingsOf } from './surroundings.ts';

/** A finding with the item whose attributes and comments may hide it. */
export interface RawFinding {
  readonly finding: Finding;
  readonly item: RustItem | null;
  /** The attribute that allows equivalent lints at all the places where they speak, if these are not at `item`. */
  readonly allowed?: string;
  /** What a compiler can say about it. */
  readonly claims: readonly Claim[];
  /** The rule tells it more mildly than others: something speaks against it that no compiler weighs, such as a stated invariant. */
  readonly doubted: boolean;
  /** Lints that say the same. */
  readonly equivalents: readonly string[];
}

export interface RunInput {
  readonly workspace: Workspace;
  readonly surface: Surface;
  readonly facts: Facts;
  readonly peers: Peers;
  readonly python: PythonSide;
  readonly bindings: BindingSide;
  text(path: string): string;
  /** The level of a rule in a file; `off` leaves it out. */
  level(rule: Rule, path: string): Level;
  /** Whether a report that is milder than its rule's level is shown in a file. */
  showsMild(rule: Rule, severity: Severity, path: string): boolean;
  /** The option of this name for a file. */
  trustSafetyDocs(path: string): boolean;
  readonly target: string | null;
}

export interface UnitResult {
  readonly findings: readonly RawFinding[];
  readonly problems: readonly Problem[];
  readonly unresolved: readonly Unresolved[];
}

export function unitPath(unit: Unit): string {
  switch (unit.kind) {
    case 'rust':
      return unit.file.path;
    case 'manifest':
      return unit.package.manifest;
    default:
      return unit.path;
  }
}

/** All rules over one unit. */
export function runRules(
  unit: Unit,
  rules: readonly Rule[],
  input: RunInput,
  clock?: (rule: string, milliseconds: number) => void,
): UnitResult {
  const path = unitPath(unit);
  // What speaks of PyO3 finds nothing where nothing can mean it.
  const withoutPyo3 = unit.kind === 'rust' && !input.workspace.cratesOf(path).some((crate) => canMeanPyo3(crate, input.workspace));
  const results: UnitResult[] = [];
  const run = ruleRunner(unit, input);
  for (const rule of rules) {
    if (withoutPyo3 && rule.group === 'pyo3') continue;
    const level = input.level(rule, path);
    if (level === 'off') continue;
    const started = clock ? performance.now() : 0;
    results.push(run(rule, level));
    clock?.(rule.id, performance.now() - started);
  }
  return joined(results);
}

/** One cause in a macro's definition shows at each place that its expansion leads to only once. */
export function joined(results: readonly UnitResult[]): UnitResult {
  const seen = new Set<string>();
  return {
    findings: results.flatMap(({ findings }) =>
      findings.filter(({ finding: { rule, at, message } }) => {
        const key = `${rule}\0${at.file}\0${at.span.start}\0${at.span.end}\0${message}`;
        return !seen.has(key) && seen.add(key);
      }),
    ),
    problems: results.flatMap(({ problems }) => problems),
    unresolved: results.flatMap(({ unresolved }) => unresolved),
  };
}

const NOTHING: UnitResult = { findings: [], problems: [], unresolved: [] };

/** Runs one rule after the other over a unit. A rule that throws is a problem of its own and costs nothing else. */
export function ruleRunner(unit: Unit, input: RunInput): (rule: Rule, level: Severity) => UnitResult {
  const path = unitPath(unit);
  /** The rule at work, and what it said: one context serves all, since most say nothing. */
  let rule: Rule | null = null;
  let level: Severity = 'hint';
  let said: { readonly findings: RawFinding[]; readonly problems: Problem[]; readonly unresolved: Unresolved[] } | null = null;
  const saying = (): NonNullable<typeof said> => {
    said ??= { findings: [], problems: [], unresolved: [] };
    return said;
  };
  const context: RuleContext = {
    unit,
    workspace: input.workspace,
    surface: input.surface,
    facts: input.facts,
    peers: input.peers,
    python: input.python,
    bindings: input.bindings,
    text: input.text,
    trustSafetyDocs: input.trustSafetyDocs(path),
    report(message, report) {
      if (!rule) return;
      const raw = toFinding(rule, message, report, level, input);
      const { severity } = raw.finding;
      if (!isMild(severity) || isMild(level) || input.showsMild(rule, severity, path)) saying().findings.push(raw);
    },
    unknown: (reason, at) => void saying().unresolved.push({ at: located(at, input.workspace), reason }),
    unresolved: (pair, reason, at) => void saying().unresolved.push({ pair, at: located(at, input.workspace), reason }),
  };
  return (next, at) => {
    rule = next;
    level = at;
    said = null;
    try {
      next.check(context);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      saying().problems.push({
        file: path,
        message: `rule ${next.id} failed here (${what}); its findings in this file are missing: please report it`,
      });
    }
    return said ?? NOTHING;
  };
}

function isMild(severity: Severity): boolean {
  return severity === 'info' || severity === 'hint';
}

function allowedWhereLinted(rule: Rule, { lintedAt = [] }: Report, at: Location, workspace: Workspace): { readonly allowed?: string } {
  const sources = lintedAt.map((item) => hiddenByAttribute(rule.equivalents, surroundingsOf(at, item, workspace)));
  const [allowed] = sources;
  return typeof allowed === 'string' && !sources.includes(null) ? { allowed } : {};
}

function toFinding(rule: Rule, message: string, report: Report, level: Severity, input: RunInput): RawFinding {
  const template = rule.messages[message];
  if (template === undefined) throw new Error(`${rule.id} has no message ${message}`);
  const locate = (at: At | Location): Location => located(at, input.workspace);
  return {
    item: report.item ?? null,
    ...allowedWhereLinted(rule, report, locate(report.at), input.workspace),
    claims: report.claims ?? [],
    doubted: report.severity !== undefined && rule.severity !== 'off' && isMild(report.severity) && !isMild(rule.severity),
    equivalents: rule.equivalents,
    finding: {
      rule: rule.id,
      group: rule.group,
      // A level that the user set counts more than what the rule thinks of the place.
      severity: level === rule.severity || rule.severity === 'off' ? (report.severity ?? level) : level,
      message: fill(template, report.data ?? {}),
      at: locate(report.at),
      related: (report.related ?? []).map((r) => ({ at: locate(r.at), message: r.message })),
      ...(report.mirror ? { mirror: locate(report.mirror) } : {}),
      help: report.help ?? null,
      note: report.note ?? null,
      url: ruleUrl(rule.id),
      fingerprint: '',
      fixes: (report.fixes ?? []).filter((fix) => isApplicable(fix, input.workspace)),
      target: null,
      suppressed: null,
    },
  };
}

function located(at: At | Location, workspace: Workspace): Location {
  return isLocation(at) ? at : workspace.place(at.file, at.span);
}

function isLocation(at: At | Location): at is Location {
  return typeof at.file === 'string';
}

function fill(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));
}

/** Macro calls, macro definitions and generated files are not edited. */
function isApplicable(fix: Fix, workspace: Workspace): boolean {
  return fix.edits.every((edit) => {
    const file = workspace.files.get(edit.file);
    if (!file) return !edit.file.includes('#');
    return !file.index.generated && workspace.editable(file, edit.span);
  });
}
