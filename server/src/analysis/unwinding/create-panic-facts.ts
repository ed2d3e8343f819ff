/** Answers questions about panics, each fn looked through once. */
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import { catches } from './boundaries.ts';
import type { PanicFacts, PanicSite, UnwindEffect } from './panic-facts.ts';
import { sitesIn } from './sites.ts';

export function createPanicFacts(workspace: Workspace): PanicFacts {
  const found = new WeakMap<BoundaryFn, readonly PanicSite[]>();
  return {
    sites: (fn) => {
      let sites = found.get(fn);
      if (!sites) {
        sites = panicsLeave(fn) ? sitesIn(fn, workspace) : [];
        found.set(fn, sites);
      }
      return sites;
    },
    effect: (crate) => unwindEffect(crate),
    catches: (item) => catches(item, workspace),
  };
}

/** Handlers whose work is to end the process. */
const MEANT_TO_END = /(^|_)(abort|fatal|panic|die|assert_fail(ed|ure)?)$/;

/** Whether a panic in its body would reach a foreign caller: handlers that never return, `C-unwind` and rewritten fns are left out. */
function panicsLeave(fn: BoundaryFn): boolean {
  return (
    fn.role !== 'import' &&
    !MEANT_TO_END.test(fn.ast.name) &&
    !fn.unwinds &&
    !fn.rewritten &&
    isForeignAbi(fn.abi) &&
    fn.ast.result?.kind !== 'never'
  );
}

/** The first version whose `extern "C"` fns abort when a panic reaches them (release notes of Rust 1.81). */
const ABORTS_SINCE = 81;

function unwindEffect(crate: Crate): UnwindEffect {
  const version = crate.package?.rustVersion ?? null;
  if (crate.package?.panic.alwaysAborts) return { severity: 'info', effect: 'aborts the process, as all profiles do' };
  if (version && version[0] === 1 && version[1] < ABORTS_SINCE)
    return { severity: 'error', effect: 'is undefined behaviour before Rust 1.81' };
  return { severity: 'warning', effect: 'aborts the process' };
}
