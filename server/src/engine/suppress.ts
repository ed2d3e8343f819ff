/** Hides findings that comments or attributes ask to hide, and reports the comments that hide nothing. */
import type { Severity } from '../base/severity.ts';
import type { Location, Span } from '../base/text.ts';
import { contains } from '../base/text.ts';
import { closest } from '../base/closest.ts';
import type { Fix, Group } from '../rules/rule.ts';
import type { Finding } from './finding.ts';
import type { BadDirective, Directive, DirectiveName, FileDirectives } from './suppress-parse.ts';
import { DIRECTIVES, namesRule, scopeFor } from './suppress-parse.ts';

export const UNUSED_SUPPRESSION = 'unused-suppression';

/** A finding with what can hide it. */
export interface Candidate {
  readonly finding: Finding;
  /** The whole item that the finding is about, where it does not stand in it; an `ignore` above that item aims at it too. */
  readonly item: Location | null;
  /** Why an attribute hides it (see `hiddenByAttribute`), null where none does. */
  readonly attribute: string | null;
}

export interface SuppressInput {
  readonly candidates: readonly Candidate[];
  /** The directives of the files that were checked, by path. */
  readonly directives: ReadonlyMap<string, FileDirectives>;
  readonly rules: readonly { readonly id: string; readonly group: string }[];
  /** Whether a rule was run over a file: a comment for one that was not may well hide something. */
  ran(rule: string, file: string): boolean;
  /** The severity of `unused-suppression` in a file; null where it is off. */
  unused(file: string): Severity | null;
  text(file: string): string;
  readonly url: string;
}

/** Findings in the order of the candidates with `suppressed` set, then those about the comments themselves. */
export function suppress(input: SuppressInput): readonly Finding[] {
  const groups = new Map(input.rules.map(({ id, group }) => [id, group]));
  const used = new Map<Directive, Set<string>>();
  const findings = input.candidates.map((candidate) => {
    const { finding } = candidate;
    const hit = finding.suppressed === null ? hidingDirective(candidate, input.directives) : null;
    if (hit) {
      const rules = used.get(hit) ?? new Set<string>();
      used.set(hit, rules.add(finding.rule));
    }
    const why = finding.suppressed ?? candidate.attribute ?? (hit ? reasonOf(hit) : null);
    return why === finding.suppressed ? finding : { ...finding, suppressed: why };
  });
  const about = [...input.directives].flatMap(([file, directives]) => {
    const severity = input.unused(file);
    return severity === null ? [] : complaints({ input, file, severity, directives, used, groups });
  });
  return [...findings, ...about];
}

/** Why a finding is hidden, in words for reports. */
function reasonOf(directive: Directive): string {
  return directive.reason ?? `\`ffi-lint: ${directive.kind}\` comment`;
}

/** The most exact of the directives that hide a finding: the one with the smallest scope. */
function hidingDirective(candidate: Candidate, files: ReadonlyMap<string, FileDirectives>): Directive | null {
  const { finding, item } = candidate;
  const within = (file: string, covers: (scope: Span, directive: Directive) => boolean) => {
    const all = files.get(file)?.directives ?? [];
    return all
      .filter((directive) => directive.kind !== 'enable' && namesRule(directive, finding.rule, finding.group))
      .map((directive) => ({ directive, scope: scopeFor(directive, finding.rule, finding.group, all) }))
      .filter(({ scope, directive }) => covers(scope, directive))
      .sort((x, y) => x.scope.end - x.scope.start - (y.scope.end - y.scope.start))
      .map(({ directive }) => directive);
  };
  const { file, span } = finding.at;
  const own = within(file, (scope) => coversEdge(scope, span));
  if (own[0] || !item) return own[0] ?? null;
  return within(item.file, (scope, { kind }) => kind === 'ignore' && contains(scope, item.span))[0] ?? null;
}

/** A finding is hidden where its first or its last sign is covered: a comment may stand at either end of a long expression. */
function coversEdge(scope: Span, at: Span): boolean {
  const last = Math.max(at.start, at.end - 1);
  return (scope.start <= at.start && at.start < scope.end) || (scope.start <= last && last < scope.end);
}

interface Complaints {
  readonly input: SuppressInput;
  readonly file: string;
  readonly severity: Severity;
  readonly directives: FileDirectives;
  readonly used: ReadonlyMap<Directive, ReadonlySet<string>>;
  readonly groups: ReadonlyMap<string, string>;
}

function complaints(c: Complaints): readonly Finding[] {
  const list = c.directives.directives.flatMap((directive) => {
    if (directive.kind === 'enable') return complainAboutEnable(c, directive);
    return directive.names.length === 0 ? [complainAboutBare(c, directive)] : complainAboutNames(c, directive);
  });
  return [...list, ...c.directives.bad.map((bad) => complainAboutBad(c, bad))];
}

function complainAboutBare(c: Complaints, directive: Directive): Finding {
  const hidden = [...(c.used.get(directive) ?? [])].sort();
  if (hidden.length === 0) {
    return finding(c, directive.span, `\`${directive.kind}\` names no rule and hides nothing`, null, [removeAll(c, directive)]);
  }
  const list = hidden.join(', ');
  const end = directive.span.start + 'ffi-lint:'.length + afterWord(c, directive);
  const fix: Fix = {
    title: `name the rules that it hides: \`${list}\``,
    safe: true,
    edits: [{ file: c.file, span: { start: end, end: endOfList(c, end) }, text: `[${list}]` }],
  };
  return finding(
    c,
    directive.span,
    `\`${directive.kind}\` names no rule, so that it hides all of them`,
    `write \`${directive.kind}[${list}]\``,
    [fix],
  );
}

/** How far behind `ffi-lint:` the directive's word ends. */
function afterWord(c: Complaints, directive: Directive): number {
  const behind = c.input.text(c.file).slice(directive.span.start + 'ffi-lint:'.length, directive.span.end);
  return behind.indexOf(directive.kind) + directive.kind.length;
}

/** Behind an empty `[]` at an offset. */
function endOfList(c: Complaints, at: number): number {
  return at + (/^[ \t]*\[\s*\]/.exec(c.input.text(c.file).slice(at, at + 40))?.[0].length ?? 0);
}

function complainAboutNames(c: Complaints, directive: Directive): readonly Finding[] {
  const hidden = c.used.get(directive) ?? new Set<string>();
  const faults = directive.names.flatMap((written, i) => {
    const fault = faultOf(c, written.name, hidden, directive.names.slice(0, i));
    return fault ? [{ written, ...fault }] : [];
  });
  const unused = faults.filter(({ better }) => better === null);
  const whole = unused.length === directive.names.length;
  if (whole && faults.every(({ unknown }) => !unknown)) {
    const list = directive.names.map(({ name }) => name).join(', ');
    return [finding(c, directive.span, `\`${directive.kind}[${list}]\` hides nothing`, null, [removeAll(c, directive)])];
  }
  return faults.map(({ written, message, better }) => {
    const fix: Fix = better
      ? { title: `replace by \`${better}\``, safe: false, edits: [{ file: c.file, span: written.span, text: better }] }
      : whole && directive.names.length === 1
        ? removeAll(c, directive)
        : removeName(c, directive, written);
    return finding(c, written.span, message, null, [fix]);
  });
}

interface Fault {
  readonly message: string;
  readonly better: string | null;
  readonly unknown: boolean;
}

function faultOf(c: Complaints, name: string, hidden: ReadonlySet<string>, before: readonly DirectiveName[]): Fault | null {
  const { rules } = c.input;
  const known = [...rules.map(({ id }) => id), ...c.groups.values()];
  if (!known.includes(name)) {
    const better = closest(name, known);
    const hint = better ? `; did you mean \`${better}\`?` : '';
    return { message: `there is no rule \`${name}\`${hint}`, better, unknown: true };
  }
  if (before.some((other) => other.name === name)) return { message: `\`${name}\` is named twice`, better: null, unknown: false };
  const members = c.groups.has(name) ? [name] : rules.filter(({ group }) => group === name).map(({ id }) => id);
  if (members.some((id) => hidden.has(id)) || !members.some((id) => c.input.ran(id, c.file))) return null;
  return { message: `\`${name}\` hides nothing here`, better: null, unknown: false };
}

function complainAboutEnable(c: Complaints, enable: Directive): readonly Finding[] {
  const common = (d: Directive) =>
    d.names.length === 0 || enable.names.length === 0 || d.names.some(({ name }) => enable.names.some((e) => e.name === name));
  const open = c.directives.directives.some((d) => d.kind === 'disable' && d.span.start < enable.span.start && common(d));
  return open ? [] : [finding(c, enable.span, '`enable` ends no `disable`', null, [removeAll(c, enable)])];
}

function complainAboutBad(c: Complaints, bad: BadDirective): Finding {
  const better = closest(bad.word, DIRECTIVES);
  const known = DIRECTIVES.some((word) => word === bad.word);
  const message = known
    ? `\`ffi-lint: ${bad.word}\` is not written as it should be`
    : `\`ffi-lint: ${bad.word}\` means nothing${better ? `; did you mean \`${better}\`?` : ''}`;
  return finding(c, bad.span, message, 'write `ffi-lint: ignore[rule] -- reason`, `file-ignore[…]`, or `disable[…]` and `enable[…]`', []);
}

function removeAll(c: Complaints, directive: Directive): Fix {
  return { title: 'remove the comment', safe: true, edits: [{ file: c.file, span: directive.removal, text: '' }] };
}

/** Takes one name out of the list, with the comma that parted it. */
function removeName(c: Complaints, directive: Directive, written: DirectiveName): Fix {
  const i = directive.names.indexOf(written);
  const next = directive.names[i + 1];
  const previous = directive.names[i - 1];
  const at = next
    ? { start: written.span.start, end: next.span.start }
    : { start: previous?.span.end ?? written.span.start, end: written.span.end };
  return { title: `remove \`${written.name}\``, safe: true, edits: [{ file: c.file, span: at, text: '' }] };
}

function finding(c: Complaints, span: Span, message: string, help: string | null, fixes: readonly Fix[]): Finding {
  const group: Group = 'house';
  return {
    rule: UNUSED_SUPPRESSION,
    group,
    severity: c.severity,
    message,
    at: { file: c.file, span },
    related: [],
    help,
    note: null,
    url: c.input.url,
    fingerprint: '',
    fixes,
    target: null,
    suppressed: null,
  };
}
