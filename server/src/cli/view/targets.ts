/** The targets that a command shows: those named, else those of the configuration, else this machine's. */
import { knownTriples, targetOf } from '../../abi/targets.ts';
import type { Target } from '../../abi/targets.ts';
import { closest } from '../../base/closest.ts';
import { hostTriple } from '../../host/platform.ts';
import { UserError } from '../errors.ts';

/** Throws a `UserError` for a triple that rustc does not know. */
export function knownTarget(triple: string): Target {
  return targetIn(null, triple);
}

/** The same of one that stands in a configuration file, as it is shown. */
export function targetIn(file: string | null, triple: string): Target {
  const found = targetOf(triple);
  if (found) return found;
  const near = closest(triple, knownTriples());
  throw new UserError(
    `${file === null ? '' : `${file}: `}there is no target \`${triple}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    '`rustc --print target-list` lists them',
  );
}

/** Never empty, the first one counts where one is enough; throws a `UserError` where this machine's own is not known to Rust. */
export function targetsOr(named: readonly Target[], configured: readonly string[]): readonly [Target, ...(readonly Target[])] {
  const [first, ...rest] = named.length > 0 ? named : [...new Set(configured)].map(knownTarget);
  return first ? [first, ...rest] : [thisMachine()];
}

function thisMachine(): Target {
  const host = hostTriple();
  if (host === null) throw new UserError('the target of this machine is not known', 'name one with --target');
  return knownTarget(host);
}
