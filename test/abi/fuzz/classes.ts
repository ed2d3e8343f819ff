/** The layout classes: targets that share every figure, each spoken for by one triple. */
import type { Target } from '../../../server/src/abi/targets.ts';
import { knownTriples, targetOf } from '../../../server/src/abi/targets.ts';

function representatives(keyOf: (target: Target) => string | null): readonly Target[] {
  const out = new Map<string, Target>();
  for (const triple of knownTriples()) {
    const target = targetOf(triple);
    const key = target && keyOf(target);
    if (target && key !== null && !out.has(key)) out.set(key, target);
  }
  return [...out.values()];
}

/** One target for each way in which Rust is laid out. */
export function rustClasses(): readonly Target[] {
  return representatives(({ rust }) => JSON.stringify(rust));
}

/** One target for each way in which C is laid out. */
export function cClasses(): readonly Target[] {
  return representatives(({ c, triple }) => c && JSON.stringify([c, triple.endsWith('-aix')]));
}

/** GCC's ms-bitfields on Linux: what MinGW does, with the types of Linux. */
export function withMsBitFields(target: Target): Target {
  return { ...target, c: target.c && { ...target.c, bitFields: 'mingw' } };
}
