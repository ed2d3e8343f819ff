/** The stack of `#if` … `#endif`: whether text is read, left out, or in doubt. */

/** true: read; false: left out; a text: in doubt, and why. */
export type Live = boolean | string;

interface Arm {
  readonly outer: Live;
  now: Live;
  /** Whether an arm before was taken: for sure, maybe (and why), or not. */
  taken: Live;
  ended: boolean;
}

export interface Arms {
  readonly live: Live;
  readonly depth: number;
  /** `condition` is asked only where the answer matters. */
  open(condition: () => Live): void;
  /** `#elif`, and `#else` with a condition that holds. */
  next(condition: () => Live, last: boolean): void;
  close(): void;
  /** Forgets what a file left open. */
  closeTo(depth: number): void;
}

export function createArms(): Arms {
  const stack: Arm[] = [];
  const live = (): Live => stack.at(-1)?.now ?? true;
  const both = (outer: Live, inner: Live): Live => (outer === false || inner === false ? false : outer === true ? inner : outer);

  return {
    get live() {
      return live();
    },
    get depth() {
      return stack.length;
    },
    open(condition) {
      const outer = live();
      const holds = outer === false ? false : condition();
      stack.push({ outer, now: both(outer, holds), taken: holds, ended: false });
    },
    next(condition, last) {
      const arm = stack.at(-1);
      if (!arm || arm.ended) return;
      if (last) arm.ended = true;
      if (arm.outer === false || arm.taken === true) {
        arm.now = false;
        return;
      }
      const holds = condition();
      arm.now = both(arm.outer, typeof arm.taken === 'string' && holds !== false ? arm.taken : holds);
      if (holds === true) arm.taken = true;
      else if (holds !== false && arm.taken === false) arm.taken = holds;
    },
    close() {
      stack.pop();
    },
    closeTo(depth) {
      if (stack.length > depth) stack.length = depth;
    },
  };
}
