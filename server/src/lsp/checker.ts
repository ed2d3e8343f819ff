/** Runs checks in the background, one at a time, and keeps the last good result while the next is made. */
import { isFailure } from '../base/io.ts';
import { textView } from './text-view.ts';
import type { Cancellation } from '../base/cancel.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../base/problem.ts';
import type { CheckResult } from '../engine/finding.ts';
import type { Snapshot } from '../engine/session.types.ts';
import type { Workbench } from './engine.types.ts';
import type { Overlay } from './overlay.ts';
import type { TextView } from './text-view.ts';

/** One finished check and the texts that its offsets refer to. */
export interface Checked {
  readonly result: CheckResult;
  /** From reading configuration and walking folders. */
  readonly problems: readonly Problem[];
  readonly snapshot: Snapshot;
  /** The files that were looked at, null for all. */
  readonly focus: ReadonlySet<string> | null;
  /** The text of a file as the check saw it; empty where it cannot be read. */
  view(file: string): TextView;
}

/** Said to listeners; `checked` comes with every new result. */
export type CheckEvent =
  | { readonly kind: 'started'; readonly first: boolean }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'checked'; readonly checked: Checked /** More than open documents changed. */; readonly reloaded: boolean }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed' };

export interface CheckerInput {
  readonly workbench: Workbench;
  readonly overlay: Overlay;
  readonly log: Log;
  /** What holds at the moment a check starts. */
  readonly now: {
    /** Open documents: path → text. */
    texts(): ReadonlyMap<string, string>;
    folders(): readonly string[];
    /** Files whose findings are wanted, given what the last check showed; null for all. */
    focus(last: CheckResult | null): readonly string[] | null;
    /** A result without what the baselines know. */
    known?(result: CheckResult): CheckResult;
    /** Of the files that changed and those on the other side of them, which are checked before all others; null where there is no haste. */
    first?(changed: readonly string[]): readonly string[] | null;
  };
  listen(event: CheckEvent): void;
}

export interface Checker {
  /** Lets checks begin: changes are only noted before. */
  start(): void;
  /** Something changed: files on disk by path, or all that a walk and the configuration say. Checks after `delay` milliseconds. */
  changed(what: { readonly files?: readonly string[]; readonly reload?: boolean }, delay: number): void;
  /** The last good result, null before the first. */
  latest(): Checked | null;
  /**
   * The result for everything that changed before this call, or an earlier one that is enough; the last good one where that check fails or is
   * stopped.
   */
  fresh(isEnough?: (checked: Checked) => boolean): Promise<Checked | null>;
  /** Gives up the running check; the next change starts another. */
  stop(): void;
  dispose(): void;
}

/** Counts up with every change; a check is for all changes up to its number. */
interface Work {
  wanted: number;
  done: number;
  timer: NodeJS.Timeout | null;
  running: { cancelled: boolean; stopped: boolean } | null;
  files: Set<string>;
  reload: boolean;
  waiting: { readonly number: number; resolve(): void; isEnough?(checked: Checked): boolean }[];
  started: boolean;
  disposed: boolean;
}

export function createChecker(input: CheckerInput): Checker {
  // The first check is wanted from the start: who asks before it began waits for it.
  const work: Work = {
    wanted: 1,
    done: 0,
    timer: null,
    running: null,
    files: new Set(),
    reload: true,
    waiting: [],
    started: false,
    disposed: false,
  };
  let latest: Checked | null = null;
  let problems: readonly Problem[] = [];

  function settle(number: number): void {
    work.done = Math.max(work.done, number);
    answer(({ number: wanted }) => wanted <= work.done);
  }

  function answer(isReady: (one: Work['waiting'][number]) => boolean): void {
    const ready = work.waiting.filter(isReady);
    work.waiting = work.waiting.filter((one) => !ready.includes(one));
    for (const one of ready) one.resolve();
  }

  function schedule(delay: number): void {
    if (!work.started) return;
    if (work.timer) clearTimeout(work.timer);
    work.timer = setTimeout(() => {
      work.timer = null;
      if (!work.running) void run();
    }, delay);
  }

  async function run(): Promise<void> {
    const number = work.wanted;
    const token = { cancelled: false, stopped: false };
    work.running = token;
    let failed = false;
    try {
      input.listen({ kind: 'started', first: latest === null });
      const texts = input.now.texts();
      const { reloaded, files } = takeChanges(texts);
      const told = reloaded ? null : await checkFirst(files, texts, token);
      const { result, focus } = await checkFocused(token);
      if (!token.cancelled) {
        const snapshot = input.workbench.session.snapshot();
        latest = { result, problems, snapshot, focus: focus && new Set(focus), view: viewer(result, texts, input.overlay) };
        input.listen({ kind: 'checked', checked: latest, reloaded: reloaded || (told !== null && !isSame(told, result)) });
      }
    } catch (error) {
      if (!token.cancelled) failed = true;
      if (failed) input.log.warn(`the check failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    work.running = null;
    if (work.disposed) return settle(Number.POSITIVE_INFINITY);
    if (token.stopped) settle(work.wanted);
    else if (!token.cancelled) settle(number);
    if (token.stopped) input.listen({ kind: 'stopped' });
    else if (failed) input.listen({ kind: 'failed' });
    // Changes that came meanwhile; those that wait for their delay start by themselves.
    if (work.wanted > work.done && !work.timer && !token.stopped) schedule(0);
  }

  async function look(
    focus: readonly string[] | null,
    cancellation: Cancellation,
    progress?: (done: number, total: number) => void,
  ): Promise<CheckResult> {
    const result = await input.workbench.session.check({ focus, cancellation, ...(progress ? { progress } : {}) });
    return input.now.known?.(result) ?? result;
  }

  /** What changed and its other side, told before the rest is looked at: there the findings of before stand. null where there is no haste. */
  async function checkFirst(
    files: readonly string[],
    texts: ReadonlyMap<string, string>,
    cancellation: Cancellation,
  ): Promise<Checked | null> {
    const before = latest;
    const first = before && files.length > 0 ? (input.now.first?.(files) ?? null) : null;
    if (!before || !first) return null;
    const near = await look(first, cancellation);
    if (cancellation.cancelled) return null;
    const result = joined(near, before.result, new Set(first));
    const snapshot = input.workbench.session.snapshot();
    const checked = { result, problems, snapshot, focus: new Set(first), view: viewer(result, texts, input.overlay) };
    latest = checked;
    input.listen({ kind: 'checked', checked, reloaded: false });
    answer(({ isEnough }) => isEnough?.(checked) === true);
    return checked;
  }

  /** Brings overlay and session up to date; `reloaded` where more than texts changed. */
  function takeChanges(texts: ReadonlyMap<string, string>): { readonly reloaded: boolean; readonly files: readonly string[] } {
    const reload = work.reload;
    const files = [...new Set([...work.files, ...input.overlay.replace(texts)])];
    work.reload = false;
    work.files = new Set();
    if (files.length > 0) input.workbench.session.changed(files);
    if (reload) problems = input.workbench.reload(input.now.folders(), [...texts.keys()]);
    return { reloaded: reload, files };
  }

  /** Looks again where the first findings point to files that were not looked at yet. */
  async function checkFocused(cancellation: Cancellation): Promise<{ result: CheckResult; focus: readonly string[] | null }> {
    const check = async (focus: readonly string[] | null) => {
      const progress = (done: number, total: number): void => input.listen({ kind: 'progress', done, total });
      return { result: await look(focus, cancellation, progress), focus };
    };
    const first = await check(input.now.focus(latest?.result ?? null));
    const { focus } = first;
    if (focus === null || cancellation.cancelled) return first;
    const wider = input.now.focus(first.result);
    return wider?.every((file) => focus.includes(file)) ? first : check(wider);
  }

  return {
    start() {
      work.started = true;
      schedule(0);
    },
    latest: () => latest,
    changed({ files = [], reload = false }, delay) {
      work.wanted++;
      for (const file of files) work.files.add(file);
      work.reload ||= reload;
      // The very first check is never restarted: on a large workspace, typing would keep it from ever ending.
      if (work.running && latest) work.running.cancelled = true;
      schedule(delay);
    },
    async fresh(isEnough) {
      if (work.done < work.wanted) {
        await new Promise<void>((resolve) => work.waiting.push({ number: work.wanted, resolve, ...(isEnough ? { isEnough } : {}) }));
      }
      return latest;
    },
    stop() {
      if (work.timer) clearTimeout(work.timer);
      work.timer = null;
      if (work.running) Object.assign(work.running, { cancelled: true, stopped: true });
      else settle(work.wanted);
    },
    dispose() {
      work.disposed = true;
      if (work.timer) clearTimeout(work.timer);
      if (work.running) work.running.cancelled = true;
      settle(Number.POSITIVE_INFINITY);
    },
  };
}

/** A check of some files, and of the others what was found before. */
function joined(near: CheckResult, before: CheckResult, files: ReadonlySet<string>): CheckResult {
  const others = before.findings.filter(({ at }) => !files.has(at.file));
  return { ...near, findings: [...near.findings, ...others], files: before.files };
}

/** Whether all files say the same where the first look was: rules may point there from files that were not looked at yet. */
function isSame({ result, focus }: Checked, all: CheckResult): boolean {
  const there = ({ findings }: CheckResult): string =>
    JSON.stringify(findings.filter(({ at }) => focus?.has(at.file)).map(({ rule, at, message }) => [rule, at, message]));
  return there(result) === there(all);
}

/** Texts as they were when the check began, for files that it mentions: the overlay may have moved on when a view is asked for. */
function viewer(result: CheckResult, texts: ReadonlyMap<string, string>, overlay: Overlay): (file: string) => TextView {
  const views = new Map<string, TextView>();
  const view = (file: string): TextView => {
    const known = views.get(file);
    if (known) return known;
    const read = texts.get(file) ?? overlay.read(file);
    const made = textView(isFailure(read) ? '' : read);
    views.set(file, made);
    return made;
  };
  for (const finding of result.findings) {
    if (finding.suppressed !== null) continue;
    view(finding.at.file);
    for (const { at } of finding.related) view(at.file);
    if (finding.mirror) view(finding.mirror.file);
    for (const { edits } of finding.fixes) for (const { file } of edits) view(file);
  }
  return view;
}
