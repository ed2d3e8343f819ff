/** Layouts as text that a test can read, of Rust source in memory. */
import { computeLayout } from '../../server/src/abi/compute.ts';
import type { LayoutResult } from '../../server/src/abi/layout.types.ts';
import type { RustShapes } from '../../server/src/abi/rust-shapes.ts';
import { rustShapes } from '../../server/src/abi/rust-shapes.ts';
import type { Target } from '../../server/src/abi/targets.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import type { KnownOptions } from '../../server/src/model/rust/cfg.ts';
import type { RustItem, Workspace } from '../../server/src/model/workspace.ts';
import { snapshotOf } from '../model/snapshot.ts';

export const X64 = 'x86_64-unknown-linux-gnu';

export function target(triple: string): Target {
  const found = targetOf(triple);
  if (!found) throw new Error(`there is no target ${triple}`);
  return found;
}

/** `size/align name@offset…`, or why it is unknown. Bit-fields stand as `name@bit:width`. */
export function shown(laid: LayoutResult): string {
  if (laid.kind === 'unknown') return `unknown: ${laid.reason}`;
  const fields = laid.fields.map((f) => ` ${f.name}@${f.bitWidth === null ? f.offset : `${f.bitOffset}:${f.bitWidth}`}`);
  return `${laid.size}/${laid.align}${fields.join('')}`;
}

export interface RustLayouts {
  readonly workspace: Workspace;
  readonly shapes: RustShapes;
  item(name: string): RustItem;
  /** The layout of the type with this name, shown. */
  of(name: string, triple?: string): string;
}

export async function rustLayouts(source: string, known?: KnownOptions): Promise<RustLayouts> {
  const { workspace } = await snapshotOf({ 'src/lib.rs': source });
  const shapes = rustShapes(workspace, known);
  function item(name: string): RustItem {
    const found = workspace.items.find((one) => one.name === name && ['struct', 'union', 'enum', 'type'].includes(one.kind));
    if (!found) throw new Error(`there is no type ${name}`);
    return found;
  }
  return {
    workspace,
    shapes,
    item,
    of(name, triple = X64) {
      const def = shapes.defOf(item(name));
      return shown(def.kind === 'unknown' ? def : computeLayout(def, shapes.resolve, target(triple)));
    },
  };
}
