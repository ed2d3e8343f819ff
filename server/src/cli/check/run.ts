/** One check from the files to the exit code. */
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import type { CheckResult } from '../../engine/finding.ts';
import type { FixSelection } from '../../engine/apply-fixes.ts';
import { atLeast } from '../../engine/select.ts';
import { createPlaces } from '../../report/places.ts';
import type { Style } from '../../report/style.ts';
import { plural, statisticsText, summaryText } from '../../report/summary.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { say } from '../terminal.ts';
import type { BaselineFile, Baselined, Judgement } from './baseline-file.ts';
import { countOf, withBaseline, writeFindings, writePruned } from './baseline-file.ts';
import type { Checker } from './checker.ts';
import { EXIT, exitCode } from './exit-code.ts';
import type { Edited } from './fixing.ts';
import { addIgnores, fix, patchOf } from './fixing.ts';
import { inReportOrder, reportInput, writeOutputs } from './output.ts';
import { createProgress } from './progress.ts';
import type { CheckSettings } from './settings.ts';
import type { Clock } from './timing.ts';
import { timingText } from './timing.ts';
import { writeTexts } from './write-texts.ts';

export interface RunInput {
  readonly context: Context;
  readonly settings: CheckSettings;
  readonly disk: FileSystem;
  check: Checker['check'];
  /** For fixes and ignore comments; null where none are to be made. */
  readonly editor: Editor | null;
  readonly baseline: BaselineFile;
  readonly judgement: Judgement;
  readonly cancellation: Cancellation;
  /** Why findings could not be held against a compiler, a line for each crate; empty where they could, or were not to be. */
  readonly unverified: readonly string[];
  /** Why layouts could not be measured, and where measured ones contradict what was computed. */
  readonly unmeasured: readonly Problem[];
  readonly clock: Clock | null;
  readonly styles: { readonly out: Style; readonly err: Style };
}

export interface Editor {
  readonly checker: Checker;
  /** Makes fixes in place of `fix` where a compiler is to judge them; null where none is. */
  readonly prove: ((first: CheckResult, selection: FixSelection, recheck: () => Promise<CheckResult>) => Promise<Edited>) | null;
  /** Asks compilers about what stands on the disk now; what they could not be asked about, a line each. */
  verify(): Promise<readonly string[]>;
}

export async function runCheck(input: RunInput): Promise<number> {
  const { context, settings, editor } = input;
  const { io } = context;
  const first = await checkOnce(input);
  if (settings.baseline.write) {
    tellProblems(input, first.result);
    say(io, input.styles.err, null, writeFindings(first.result.findings, first.result.text, input.baseline, input.judgement, io.cwd));
    return first.result.incomplete ? EXIT.failed : EXIT.clean;
  }
  let last = first;
  const again = async (): Promise<CheckResult> => {
    last = await checkOnce(input);
    return last.result;
  };
  const edited = editor && (await edit(editor, settings, first.result, again));
  if (edited && settings.fix?.write === false) return showPatch(input, first.result, edited);
  const problems = edited ? writeEdited(input, edited) : [];
  // What was tried is taken back where it is not written.
  if (editor?.prove && edited?.texts.size === 0) last = first;
  else if (editor?.prove && edited && isWritten(edited, input.disk)) last = await verifiedAgain(input, editor);
  const result = { ...last.result, problems: [...last.result.problems, ...problems] };
  const stale = settleBaseline(input, last);
  const report = reportInput(result, context, input.styles.out);
  tellProblems(input, result);
  writeOutputs(report, settings.outputs, io);
  tellSummary(input, result);
  return exitCode({ result, fixed: settings.fix && edited ? edited.count : 0, failed: problems.length > 0, stale }, settings);
}

/** null where nothing is to be edited. */
async function edit(
  { checker, prove }: Editor,
  settings: CheckSettings,
  first: CheckResult,
  again: () => Promise<CheckResult>,
): Promise<Edited | null> {
  if (settings.fix) return prove ? prove(first, settings.fix, again) : fix(checker, first, settings.fix, again);
  return settings.addIgnore ? addIgnores(checker, first, settings.addIgnore.reason, again) : null;
}

/** Proved fixes were tried in texts that nobody compiled: what is left is held against the compiler once more. */
async function verifiedAgain(input: RunInput, editor: Editor): Promise<Baselined> {
  return checkOnce({ ...input, unverified: await editor.verify() });
}

function isWritten({ texts }: Edited, disk: FileSystem): boolean {
  return [...texts].every(([file, text]) => disk.read(file) === text);
}

/** Checks, hides what the baseline knows, and selects. */
async function checkOnce(input: RunInput): Promise<Baselined> {
  const { context, settings, cancellation, clock } = input;
  const progress = createProgress(context.io, settings.quiet);
  const checked = await input.check({ cancellation, progress: progress.step, ...(clock ? { clock: clock.add } : {}) });
  progress.end();
  if (cancellation.cancelled) throw new Stopped();
  const baselined = withBaseline(withCompilers(checked, input), input.baseline, input.judgement);
  const findings = atLeast(baselined.result.findings, settings.severity);
  const places = createPlaces(context.io.cwd, checked.text);
  return { ...baselined, result: inReportOrder({ ...baselined.result, findings }, places) };
}

/** Crates that were not compiled are no failure unless that was required. */
function withCompilers(result: CheckResult, { unverified, unmeasured, settings }: RunInput): CheckResult {
  const problems = unverified.map((why) => ({ file: '', message: `not verified: ${why}` }));
  return {
    ...result,
    problems: [...result.problems, ...problems, ...unmeasured],
    incomplete:
      result.incomplete ||
      (settings.verify === 'require' && problems.length > 0) ||
      (settings.probe === 'require' && unmeasured.length > 0),
  };
}

/** The run was cancelled; whoever cancelled knows why. */
export class Stopped extends Error {}

function showPatch(input: RunInput, result: CheckResult, edited: Edited): number {
  const { io } = input.context;
  const places = createPlaces(io.cwd, result.text);
  io.stdout(patchOf(edited, places.path));
  tellProblems(input, result);
  if (!input.settings.quiet) {
    const made = `${plural(edited.count, 'fix', 'fixes')} in ${plural(edited.texts.size, 'file')} would be made`;
    say(io, input.styles.err, null, edited.texts.size === 0 ? 'nothing to fix' : made);
  }
  if (result.incomplete) return EXIT.failed;
  return edited.texts.size > 0 && !input.settings.exitZero ? EXIT.findings : EXIT.clean;
}

function writeEdited(input: RunInput, edited: Edited): readonly Problem[] {
  const { context, settings, disk, styles } = input;
  const { written, problems } = writeTexts(disk, edited.texts, edited.before);
  if (settings.quiet) return problems;
  const done = settings.fix ? `fixed ${plural(edited.count, 'finding')}` : `added ignore comments for ${plural(edited.count, 'finding')}`;
  if (written > 0) say(context.io, styles.err, null, `${done} in ${plural(written, 'file')}`);
  if (edited.refused > 0) {
    const unproved = 'the compiler could not prove them: not compiled here, refused, or of no help';
    const why = !settings.fix ? 'no comment can stand there' : input.editor?.prove ? unproved : 'its file would no longer parse';
    say(context.io, styles.err, 'warning', `left out ${plural(edited.refused, 'finding')}: ${why}`);
  }
  return problems;
}

/** Shrinks the baseline where that is asked for or nobody is looking (not in CI); true where it stays stale. */
function settleBaseline(input: RunInput, { stale, pruned, result }: Baselined): boolean {
  const { context, settings, baseline, styles } = input;
  const { io } = context;
  // One share of the files says nothing of what the others hold.
  if (pruned === null || settings.shard || result.incomplete || (stale.length === 0 && !settings.baseline.prune)) return false;
  const inCi = io.env['CI'] !== undefined && io.env['CI'] !== '' && io.env['CI'] !== 'false';
  if (inCi && !settings.baseline.prune) {
    const places = createPlaces(io.cwd, result.text);
    const list = stale.map(({ file, rule, count }) => `  ${file}: ${rule}${count > 1 ? ` (${count} times)` : ''}`).join('\n');
    const advice = 'run `ffi-lint --prune-baseline` and commit the file';
    say(
      io,
      styles.err,
      'error',
      `${places.path(baseline.path)} holds ${plural(countOf(stale), 'finding')} that is no longer there; ${advice}\n${list}`,
    );
    return true;
  }
  const told = writePruned(stale, pruned, baseline, io.cwd);
  if (!settings.quiet) say(io, styles.err, null, told);
  return false;
}

function tellProblems({ context, settings, styles }: RunInput, result: CheckResult): void {
  const places = createPlaces(context.io.cwd, result.text);
  // Quiet runs tell errors only.
  if (settings.quiet && !result.incomplete) return;
  for (const problem of result.problems) say(context.io, styles.err, result.incomplete ? 'error' : 'warning', placed(problem, places));
}

/** `src/lib.rs: is not valid UTF-8` */
export function placed({ file, message, span }: Problem, places: ReturnType<typeof createPlaces>): string {
  if (file === '') return message;
  return `${span ? places.text({ file, span }) : places.path(file)}: ${message}`;
}

function tellSummary({ context, settings, styles, clock }: RunInput, result: CheckResult): void {
  const { io } = context;
  // On a screen the findings stand right above.
  const isBelow =
    io.stdoutIsTerminal && io.stderrIsTerminal && settings.outputs.some(({ format, file }) => format === 'text' && file === null);
  if (isBelow && !settings.quiet && result.findings.some(({ suppressed }) => suppressed === null)) io.stderr('\n');
  if (settings.statistics) io.stderr(statisticsText(result, styles.err));
  if (clock) io.stderr(timingText(clock.times()));
  if (settings.verbose) {
    const places = createPlaces(io.cwd, result.text);
    for (const { finding, why } of result.dropped) say(io, styles.err, null, `${places.text(finding.at)}: dropped ${finding.rule}: ${why}`);
    for (const { at, syntax, compiler } of result.differences ?? [])
      say(io, styles.err, null, `${places.text(at)}: the source says \`${syntax}\`, the compiler \`${compiler}\``);
    for (const { at, reason } of result.unresolved) say(io, styles.err, null, `${places.text(at)}: not decided: ${reason}`);
  }
  if (!settings.quiet) io.stderr(`${summaryText(result, styles.err)}\n`);
}

/** What a cancelled run tells. */
export function timedOut(settings: CheckSettings): UserError {
  return new UserError(`gave up after ${(settings.timeout ?? 0) / 1000} s`, 'check fewer paths, or allow more with --timeout');
}
