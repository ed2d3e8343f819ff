/** How long each rule took, for --timing. */

export interface Clock {
  add(rule: string, milliseconds: number): void;
  times(): ReadonlyMap<string, number>;
}

export function createClock(): Clock {
  const times = new Map<string, number>();
  return {
    add(rule, milliseconds) {
      times.set(rule, (times.get(rule) ?? 0) + milliseconds);
    },
    times: () => times,
  };
}

/** Slowest first. */
export function timingText(times: ReadonlyMap<string, number>): string {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const row = (name: string, time: number) => `${time.toFixed(1).padStart(9)} ms  ${name}\n`;
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([rule, time]) => row(rule, time))
    .join('')
    .concat(row('all rules', total));
}
