/** A computed layout beside what a compiler said. */
import { computeLayout } from '../../../server/src/abi/compute.ts';
import type { Layout } from '../../../server/src/abi/layout.types.ts';
import { DEFAULT_LAYOUT_OPTIONS } from '../../../server/src/abi/layout.types.ts';
import type { TypeDef } from '../../../server/src/abi/shape.ts';
import { unknownShape } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';

/** What a compiler said of a type; offsets of members in bits by their name. */
export interface Said {
  readonly size: number;
  readonly align: number;
  readonly bits: ReadonlyMap<string, number>;
}

export interface Tally {
  types: number;
  unknown: number;
  readonly mismatches: string[];
  readonly reasons: Map<string, number>;
}

export function newTally(): Tally {
  return { types: 0, unknown: 0, mismatches: [], reasons: new Map() };
}

export function layoutIn(defs: ReadonlyMap<string, TypeDef>, def: TypeDef, target: Target): ReturnType<typeof computeLayout> {
  return computeLayout(def, (key) => defs.get(key) ?? unknownShape(`${key} is not defined`), target, DEFAULT_LAYOUT_OPTIONS);
}

/** Counts a type, and notes where the two disagree. `source` is shown with a mismatch. */
export function judge(tally: Tally, name: string, laid: ReturnType<typeof computeLayout>, said: Said, source: () => string): void {
  tally.types++;
  if (laid.kind === 'unknown') {
    tally.unknown++;
    tally.reasons.set(laid.reason, (tally.reasons.get(laid.reason) ?? 0) + 1);
    return;
  }
  const wrong = differences(laid, said);
  if (wrong.length > 0) tally.mismatches.push(`${name}: ${wrong.join(', ')}\n${source()}`);
}

function differences(laid: Layout, said: Said): string[] {
  const out: string[] = [];
  if (laid.size !== said.size) out.push(`size ${laid.size}, compiler ${said.size}`);
  if (laid.align !== said.align) out.push(`align ${laid.align}, compiler ${said.align}`);
  for (const field of laid.fields) {
    const expected = said.bits.get(field.name);
    const bits = field.bitOffset ?? (field.offset ?? 0) * 8;
    if (expected !== undefined && expected !== bits) out.push(`${field.name} at bit ${bits}, compiler ${expected}`);
  }
  return out;
}
