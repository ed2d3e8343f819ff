/** Plants mistakes into a crate, one at a time, and asks the engine about each. */
import { never } from '../../server/src/base/cancel.ts';
import { applyEdits } from '../../server/src/base/edit.ts';
import type { FileEdit } from '../../server/src/base/edit.ts';
import type { FileSystem } from '../../server/src/base/io.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Session } from '../../server/src/engine/session.types.ts';
import { overlayFileSystem } from '../../server/src/host/overlay.ts';
import type { RustItem } from '../../server/src/model/workspace.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import type { Random } from '../abi/fuzz/random.ts';
import { FILL_MUTATORS } from './mutators/fills.ts';
import { LINKAGE_MUTATORS } from './mutators/linkage.ts';
import { MOVE_MUTATORS } from './mutators/moves.ts';
import { NULL_MUTATORS } from './mutators/null-checks.ts';
import { OWNER_MUTATORS } from './mutators/owners.ts';
import { OWNERSHIP_MUTATORS } from './mutators/ownership.ts';
import { PANIC_MUTATORS } from './mutators/panics.ts';
import { POINTER_MUTATORS } from './mutators/pointers.ts';
import { STATE_MUTATORS } from './mutators/state.ts';
import { STRING_MUTATORS } from './mutators/strings.ts';
import { SYMBOL_MUTATORS } from './mutators/symbols.ts';
import { TYPE_MUTATORS } from './mutators/types.ts';
import { UNWIND_MUTATORS } from './mutators/unwinds.ts';
import { VALUE_MUTATORS } from './mutators/values.ts';
import type { Mutation, Mutator, World } from './world.ts';

export const MUTATORS: readonly Mutator[] = [
  ...TYPE_MUTATORS,
  ...VALUE_MUTATORS,
  ...LINKAGE_MUTATORS,
  ...SYMBOL_MUTATORS,
  ...UNWIND_MUTATORS,
  ...PANIC_MUTATORS,
  ...NULL_MUTATORS,
  ...POINTER_MUTATORS,
  ...STRING_MUTATORS,
  ...OWNERSHIP_MUTATORS,
  ...OWNER_MUTATORS,
  ...MOVE_MUTATORS,
  ...FILL_MUTATORS,
  ...STATE_MUTATORS,
];

export interface CrateFiles {
  readonly fs: FileSystem;
  readonly rust: readonly string[];
  readonly manifests: readonly string[];
}

export interface Outcome {
  readonly mutator: Mutator;
  readonly mutation: Mutation;
  readonly found: boolean;
}

export interface Answer {
  readonly found: boolean;
  /** New errors and warnings about code that the mistake did not touch. */
  readonly elsewhere: readonly Finding[];
}

/** A crate that is looked at again and again, with one file or another changed. */
export interface Crate {
  readonly world: World;
  /** Null where the edited text does not parse as well as before: that is no fair question. */
  ask(mutator: Mutator, mutation: Mutation): Promise<Answer | null>;
  /** The same mistake, and what each fix of what is said makes of it. */
  mend(mutator: Mutator, mutation: Mutation): Promise<Mending | null>;
}

export interface Mending {
  readonly found: boolean;
  /** The files with the mistake, by path. */
  readonly wrong: ReadonlyMap<string, string>;
  readonly mended: readonly Mended[];
}

/** What one fix made of one mistake. */
export interface Mended {
  readonly title: string;
  readonly safe: boolean;
  readonly parses: boolean;
  /** The finding is not there any more. */
  readonly gone: boolean;
  /** The same fix is offered once more. */
  readonly again: boolean;
  /** But for white space, the code is what it was before the mistake. */
  readonly original: boolean;
  readonly place: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** Everything that a rule can say is asked for. */
const config = defaultConfig({ profile: 'all' });

export async function openCrate({ fs, rust, manifests }: CrateFiles, parsers: Parsers): Promise<Crate> {
  const texts = new Map<string, string>();
  const session: Session = createSession({
    fs: overlayFileSystem(fs, texts),
    log: silentLog,
    parsers,
    rules,
    configFor: () => config,
    target: null,
  });
  session.open({ rust, manifests, headers: [], python: [], report: null, problems: [] });
  const { findings: all } = await session.check({ focus: null, cancellation: never });
  const { workspace, surface } = session.snapshot();
  const findings = new Map<string, Finding[]>();
  for (const finding of all)
    if (finding.suppressed === null) findings.set(finding.at.file, [...(findings.get(finding.at.file) ?? []), finding]);
  // One that the crate allows is known all the same.
  const before = new Set(all.map((one) => key(one, one.at.span.start)));
  const faults = (text: string): number => {
    const tree = parsers.parse('rust', text, 0);
    let broken = 0;
    for (let node = 0; node < tree.count; node++) if (tree.broken(node)) broken++;
    return broken;
  };
  const world: World = { workspace, surface, findings };
  const textOf = (file: string): string => texts.get(file) ?? text(fs.read(file));
  return {
    world,
    async ask(mutator, mutation) {
      try {
        const looked = await look(mutator, mutation);
        return looked && { found: looked.own.length > 0, elsewhere: looked.elsewhere };
      } finally {
        forget();
      }
    },
    async mend(mutator, mutation) {
      try {
        const looked = await look(mutator, mutation);
        const fixes =
          looked?.own.flatMap((finding) => finding.fixes.filter((fix) => fix.edits.length > 0).map((fix) => ({ finding, fix }))) ?? [];
        const wrong = new Map(texts);
        const mended: Mended[] = [];
        for (const { finding, fix } of fixes) {
          forget();
          for (const [file, planted] of wrong) texts.set(file, planted);
          mended.push(await applied(finding, fix, mutation));
        }
        return looked && { found: looked.own.length > 0, wrong, mended };
      } finally {
        forget();
      }
    },
  };

  async function applied(finding: Finding, fix: Fix, { edits, wide }: Mutation): Promise<Mended> {
    const files = [...new Set(fix.edits.map(({ file }) => file))];
    const before = new Map([...new Set([...files, ...texts.keys()])].map((file) => [file, textOf(file)]));
    let parses = true;
    for (const file of files) {
      const made = applyEdits(
        textOf(file),
        fix.edits.filter((one) => one.file === file),
      );
      if (made === null || faults(made) > faults(textOf(file))) parses = false;
      else texts.set(file, made);
    }
    const changed = [...texts.keys()];
    session.changed(changed);
    const { findings: after } = await session.check({ focus: wide ? null : changed, cancellation: never });
    const counted = (list: readonly Finding[]): number =>
      list.filter(({ rule, message }) => rule === finding.rule && message === finding.message).length;
    // The same words once less than with the mistake, or never more.
    const gone = counted(after) <= counted(all.filter(({ at }) => wide === true || changed.includes(at.file)));
    const left = after.filter(({ rule, message, at }) => rule === finding.rule && message === finding.message && changed.includes(at.file));
    const again = left.some((one) => one.fixes.some(({ title, safe }) => title === fix.title && safe === fix.safe)) && !gone;
    const original = [...before.keys()].every((file) => plain(textOf(file)) === plain(text(fs.read(file))));
    const place = edits[0]?.file ?? '';
    return { title: fix.title, safe: fix.safe, parses, gone, again, original, place, texts: new Map(texts) };
  }

  function forget(): void {
    const changed = [...texts.keys()];
    texts.clear();
    if (changed.length > 0) session.changed(changed);
  }

  async function look({ rule }: Mutator, { edits, wide, where }: Mutation) {
    const files = [...new Set(edits.map(({ file }) => file))];
    const touched = touchedBy(edits, workspace.items);
    for (const file of files) {
      const read = text(fs.read(file));
      const edited = applyEdits(
        read,
        edits.filter((one) => one.file === file),
      );
      if (edited === null || faults(edited) > faults(read)) return null;
      texts.set(file, edited);
    }
    session.changed(files);
    const { findings: after } = await session.check({ focus: wide ? null : files, cancellation: never });
    const fresh = after.flatMap((finding) => {
      if (!wide && !files.includes(finding.at.file)) return [];
      const start = formerly(finding.at.span.start, edits, finding.at.file);
      return before.has(key(finding, start)) ? [] : [{ finding, start }];
    });
    const isTouched = ({ finding, start }: (typeof fresh)[number]): boolean =>
      touched.some(({ file, span }) => file === finding.at.file && span.start <= start && start <= span.end);
    const own = fresh.filter((one) => one.finding.rule === rule && (wide || isTouched(one)));
    // What names the changed type or fn is said of the mistake, where else it shows.
    const names = (finding: Finding): boolean => finding.message.includes(`\`${where}\``);
    const elsewhere = fresh.filter(
      (one) =>
        !own.includes(one) &&
        !isTouched(one) &&
        !names(one.finding) &&
        one.finding.suppressed === null &&
        /^(error|warning)$/.test(one.finding.severity),
    );
    return { own: own.map(({ finding }) => finding), elsewhere: elsewhere.map(({ finding }) => finding) };
  }
}

/** What is asked of files that were read before. */
function text(read: string | object | null): string {
  return typeof read === 'string' ? read : '';
}

/** A text without what spaces and line ends it is written with. */
function plain(written: string): string {
  return written.replace(/\s+/g, '');
}

function key({ rule, at }: Finding, start: number): string {
  return `${rule} ${at.file} ${start}`;
}

/** Where a place of the edited text was before; the start of the edit for what came with it. */
function formerly(offset: number, edits: readonly FileEdit[], file: string): number {
  let moved = 0;
  for (const { span, text } of edits.filter((one) => one.file === file).sort((a, b) => a.span.start - b.span.start)) {
    if (offset < span.start + moved) break;
    if (offset < span.start + moved + text.length) return span.start;
    moved += text.length - (span.end - span.start);
  }
  return offset - moved;
}

/** The innermost items that edits stand in, and the edits themselves. */
function touchedBy(edits: readonly FileEdit[], items: readonly RustItem[]): readonly Pick<FileEdit, 'file' | 'span'>[] {
  return edits.flatMap(({ file, span }) => {
    const around = items.filter(
      (item) => item.file.path === file && item.entry.span.start <= span.start && item.entry.span.end >= span.end,
    );
    const inner = around.sort((a, b) => a.entry.span.end - a.entry.span.start - (b.entry.span.end - b.entry.span.start))[0];
    return [{ file, span }, ...(inner ? [{ file, span: inner.entry.span }] : [])];
  });
}

/** Some of a list, each once, in the order in which they were chosen. */
export function sample<T>(list: readonly T[], count: number, random: Random): readonly T[] {
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.below(left.length), 1));
  return chosen;
}
