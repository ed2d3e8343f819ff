/** Remembers what names mean in modules, and ends lookups that lead back to themselves. */
import type { Module, Namespace, Resolution } from '../workspace.ts';

/** One name in one module, seen from its inside or from elsewhere. */
interface Slot {
  /** Undefined while it is not known for good. */
  result: Resolution | null | undefined;
}

/** The lookups under way for one question. */
export interface Trail {
  /** With the depth of each. */
  readonly open: Map<Slot, number>;
  /** Results of lookups that were cut short: they lack what the open lookup at this depth has yet to find by itself. */
  readonly partial: Map<Slot, { readonly result: Resolution | null; readonly cut: number }>;
  /** The least depth at which a lookup within the last open one was cut short. */
  cut: number;
}

export function newTrail(): Trail {
  return { open: new Map(), partial: new Map(), cut: Number.POSITIVE_INFINITY };
}

/** Drops what lacked only the results of a lookup that is now over. */
export function forgetPartial({ partial }: Trail, depth: number): void {
  for (const [slot, { cut }] of partial) if (cut === depth) partial.delete(slot);
}

/** Of one crate's modules. */
export interface Lookups {
  /**
   * The result of `find`, which is run once for a name of a module where nothing is cut short; null where it leads back to itself.
   * Modules that take each other's names in by globs have more ways through them than can be walked, so what is cut short is kept
   * too, for as long as the lookup is open that it led back to.
   */
  once(at: LookupKey, trail: Trail, find: () => Resolution | null): Resolution | null;
}

export interface LookupKey {
  readonly module: Module;
  readonly namespace: Namespace;
  /** Whether it is asked from inside of the module, which sees its private imports. */
  readonly inside: boolean;
  readonly name: string;
}

const FIRST: Readonly<Record<Namespace, number>> = { type: 0, value: 2, macro: 4 };

/** More lookups within each other than this are given up: each takes some of the stack. */
const DEEPEST = 600;

export function createLookups(): Lookups {
  const modules = new WeakMap<Module, Map<string, Slot>[]>();

  function slotOf({ module, namespace, inside, name }: LookupKey): Slot {
    const tables = modules.get(module) ?? [];
    modules.set(module, tables);
    const number = FIRST[namespace] + (inside ? 1 : 0);
    const table = tables[number] ?? new Map<string, Slot>();
    tables[number] = table;
    const slot = table.get(name) ?? { result: undefined };
    table.set(name, slot);
    return slot;
  }

  return {
    once(at, trail, find) {
      const slot = slotOf(at);
      if (slot.result !== undefined) return slot.result;
      const { open, partial } = trail;
      const known = partial.get(slot);
      const cut = open.get(slot) ?? known?.cut;
      if (cut !== undefined) {
        trail.cut = Math.min(trail.cut, cut);
        return known?.result ?? null;
      }
      const depth = open.size;
      if (depth >= DEEPEST) {
        trail.cut = -1;
        return { kind: 'unknown', reason: 'imports lead through too many modules' };
      }
      const before = trail.cut;
      trail.cut = Number.POSITIVE_INFINITY;
      open.set(slot, depth);
      try {
        const result = find();
        if (trail.cut < depth) partial.set(slot, { result, cut: trail.cut });
        else slot.result = result;
        return result;
      } finally {
        open.delete(slot);
        if (trail.cut === depth) forgetPartial(trail, depth);
        trail.cut = Math.min(before, trail.cut < depth ? trail.cut : Number.POSITIVE_INFINITY);
      }
    },
  };
}
