/** Keeps what groups of declarations were lowered to: a header says the same wherever it is included with the same macros. */
import type { Collected } from './context.ts';

export interface KeptGroups {
  /** `trace`: where the text stands and what is in doubt there. null where it was not lowered yet, or other names were types then. */
  get(text: string, trace: string, isType: (name: string) => boolean): Collected | null;
  /** `asked`: the names that were asked for, and whether they were types. */
  set(text: string, trace: string, asked: ReadonlyMap<string, boolean>, lowered: Collected): void;
}

interface Kept {
  readonly trace: string;
  readonly asked: readonly (readonly [string, boolean])[];
  readonly lowered: Collected;
}

/** UTF-16 units of texts that are kept; the oldest go first. */
const MOST = 16 << 20;

/** Of one text under different conditions. */
const VARIANTS = 4;

export function createKeptGroups(): KeptGroups {
  const byText = new Map<string, readonly Kept[]>();
  let length = 0;
  return {
    get(text, trace, isType) {
      const found = byText.get(text)?.find((one) => one.trace === trace && one.asked.every(([name, was]) => isType(name) === was));
      return found?.lowered ?? null;
    },
    set(text, trace, asked, lowered) {
      const before = byText.get(text);
      if (!before) length += text.length;
      byText.set(text, [{ trace, asked: [...asked], lowered }, ...(before ?? [])].slice(0, VARIANTS));
      for (const oldest of byText.keys()) {
        if (length <= MOST) break;
        byText.delete(oldest);
        length -= oldest.length;
      }
    },
  };
}
