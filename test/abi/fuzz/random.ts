/** Random choices that a seed repeats. */

export interface Random {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Marsaglia's xorshift with 32 bits. */
export function createRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  function next(): number {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  }
  for (let i = 0; i < 8; i++) next();
  const below = (n: number): number => next() % n;
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick<T>(list: readonly T[]): T {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('nothing to choose from');
      return one;
    },
  };
}

/** A seed that the user gave (FFI_LINT_SEED), or a new one. */
export function seedOf(): number {
  const given = Number(process.env['FFI_LINT_SEED']);
  return Number.isInteger(given) && given > 0 ? given : Date.now() % 1_000_000_007;
}
