/** The layouts that the editor shows: computed with each snapshot at once, then measured in the background where that is allowed. */
import type { LayoutReport } from '../../abi/layout-report.ts';
import { isFailure } from '../../base/io.ts';
import { never } from '../../base/cancel.ts';
import type { Snapshot } from '../../engine/session.types.ts';
import { createBackground } from '../background.ts';
import type { State } from '../state.ts';

export interface LayoutService {
  /** For a snapshot; measured once that is done. Null where it has no target. */
  of(snapshot: Snapshot): Promise<LayoutReport | null>;
  /** Measures again where the disk changed; told when there is something new to show. */
  measure(changed: () => void): void;
  stop(): void;
}

/** A rest between a save and the compilers, in milliseconds: often several files are saved at once. */
const SETTLE = 800;

export function createLayoutService(state: State): LayoutService {
  const { workbench, checker, live, log } = state;
  const background = createBackground('ffi-lint: measuring layouts');
  const computed = new WeakMap<Snapshot, Promise<LayoutReport | null>>();
  const measured = new WeakMap<Snapshot, LayoutReport>();
  let timer: NodeJS.Timeout | null = null;

  function compute(snapshot: Snapshot): Promise<LayoutReport | null> {
    const known = computed.get(snapshot);
    if (known) return known;
    const made = workbench.layouts(snapshot, { measure: false, cancellation: never, tell: () => {} }).then((one) => one?.report ?? null);
    computed.set(snapshot, made);
    return made;
  }

  /** Compilers read what stands on the disk. */
  function isSaved(): boolean {
    return state.documents.all().every(({ path, text }) => {
      const saved = state.engine.disk.read(path);
      return !isFailure(saved) && saved === text;
    });
  }

  return {
    async of(snapshot) {
      return measured.get(snapshot) ?? compute(snapshot);
    },
    measure(changed) {
      if (!live.trusted) return;
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => {
        background.start(state, async (cancellation, tell) => {
          const checked = await checker.fresh();
          if (!checked || cancellation.cancelled || !live.trusted || !isSaved()) return;
          const { snapshot } = checked;
          const first = await compute(snapshot);
          // Nothing is started for a workspace without a type that crosses a boundary.
          if (!first || first.types.length === 0 || cancellation.cancelled) return;
          const made = await workbench.layouts(snapshot, { measure: true, cancellation, tell });
          if (!made || cancellation.cancelled) return;
          for (const { file, message } of made.measuring) log.info(`not measured: ${file === '' ? '' : `${file}: `}${message}`);
          measured.set(snapshot, made.report);
          if (checker.latest()?.snapshot === snapshot) changed();
        });
      }, SETTLE);
    },
    stop() {
      if (timer) clearTimeout(timer);
      background.stop();
    },
  };
}
