/** The layout classes: targets that share every figure. */
import type { Target } from '../../../server/src/abi/targets.ts';
import { knownTriples, targetOf } from '../../../server/src/abi/targets.ts';

/** Targets by what they share; those without a key are left out. */
function classes(keyOf: (target: Target) => string | null): readonly (readonly Target[])[] {
  const out = new Map<string, Target[]>();
  for (const triple of knownTriples()) {
    const target = targetOf(triple);
    const key = target && keyOf(target);
    if (target && key !== null) out.set(key, [...(out.get(key) ?? []), target]);
  }
  return [...out.values()];
}

/** All targets, together where Rust is laid out in one way. */
export function rustClasses(): readonly (readonly Target[])[] {
  return classes(({ rust }) => JSON.stringify(rust));
}

/** All targets whose C is known, together where C is laid out in one way. */
export function cClasses(): readonly (readonly Target[])[] {
  return classes(({ c, triple, bigEndian }) => c && JSON.stringify([c, triple.endsWith('-aix'), bigEndian]));
}

/** GCC's ms-bitfields on Linux: what MinGW does, with the types of Linux. */
export function withMsBitFields(target: Target): Target {
  return { ...target, c: target.c && { ...target.c, bitFields: 'mingw' } };
}
