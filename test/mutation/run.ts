/** Plants mistakes into a crate, one at a time, and asks the engine about each. */
import { never } from '../../server/src/base/cancel.ts';
import { applyEdits } from '../../server/src/base/edit.ts';
import type { FileSystem } from '../../server/src/base/io.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Session } from '../../server/src/engine/session.types.ts';
import { overlayFileSystem } from '../../server/src/host/overlay.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import type { Random } from '../abi/fuzz/random.ts';
import { LINKAGE_MUTATORS } from './mutators/linkage.ts';
import { MOVE_MUTATORS } from './mutators/moves.ts';
import { OWNERSHIP_MUTATORS } from './mutators/ownership.ts';
import { PANIC_MUTATORS } from './mutators/panics.ts';
import { POINTER_MUTATORS } from './mutators/pointers.ts';
import { STATE_MUTATORS } from './mutators/state.ts';
import { TYPE_MUTATORS } from './mutators/types.ts';
import type { Mutation, Mutator, World } from './world.ts';

export const MUTATORS: readonly Mutator[] = [
  ...TYPE_MUTATORS,
  ...LINKAGE_MUTATORS,
  ...PANIC_MUTATORS,
  ...POINTER_MUTATORS,
  ...OWNERSHIP_MUTATORS,
  ...MOVE_MUTATORS,
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

/** A crate that is looked at again and again, with one file or another changed. */
export interface Crate {
  readonly world: World;
  /** Null where the edited text does not parse as well as before: that is no fair question. */
  ask(mutator: Mutator, mutation: Mutation): Promise<boolean | null>;
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
  const before = (await session.check({ focus: null, cancellation: never })).findings.filter(({ suppressed }) => suppressed === null);
  const { workspace, surface } = session.snapshot();
  const findings = new Map<string, Finding[]>();
  for (const finding of before) findings.set(finding.at.file, [...(findings.get(finding.at.file) ?? []), finding]);
  // One that the crate allows is found all the same.
  const count = (found: readonly Finding[], rule: string, file: string | null): number =>
    found.filter((one) => one.rule === rule && (file === null || one.at.file === file)).length;
  const faults = (text: string): number => {
    const tree = parsers.parse('rust', text, 0);
    let broken = 0;
    for (let node = 0; node < tree.count; node++) if (tree.broken(node)) broken++;
    return broken;
  };
  return {
    world: { workspace, surface, findings },
    async ask({ rule }, { edits, wide }) {
      const files = [...new Set(edits.map(({ file }) => file))];
      for (const file of files) {
        const read = fs.read(file);
        const edited =
          typeof read === 'string'
            ? applyEdits(
                read,
                edits.filter((one) => one.file === file),
              )
            : null;
        if (typeof read !== 'string' || edited === null || faults(edited) > faults(read)) {
          texts.clear();
          return null;
        }
        texts.set(file, edited);
      }
      session.changed(files);
      try {
        const { findings: after } = await session.check({ focus: wide ? null : files, cancellation: never });
        const places = wide ? [null] : files;
        return places.some((place) => count(after, rule, place) > count(before, rule, place));
      } finally {
        texts.clear();
        session.changed(files);
      }
    },
  };
}

/** Some of a list, each once, in the order in which they were chosen. */
export function sample<T>(list: readonly T[], count: number, random: Random): readonly T[] {
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.below(left.length), 1));
  return chosen;
}
