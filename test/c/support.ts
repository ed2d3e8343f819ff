/** Reads headers of a test for a target. */
import { cLayouts } from '../../server/src/abi/c-layouts.ts';
import type { LayoutEntries } from '../../server/src/abi/layout-entries.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import type { Target } from '../../server/src/abi/targets.ts';
import { createCUnits } from '../../server/src/engine/layouts/c-units.ts';
import type { CUnit } from '../../server/src/model/c/ast.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

export const LINUX = 'x86_64-unknown-linux-gnu';

export function target(triple: string = LINUX): Target {
  const found = targetOf(triple);
  if (!found) throw new Error(`no target ${triple}`);
  return found;
}

/** The first file is read; the others are there to be included. */
export async function unit(files: Readonly<Record<string, string>> | string, triple: string = LINUX): Promise<CUnit> {
  const all = typeof files === 'string' ? { '/w/a.h': files } : files;
  const paths = Object.keys(all);
  const read = createCUnits(memoryFs(all), paths, await testParsers()).read(paths[0] ?? '', target(triple));
  if (!read) throw new Error('the header cannot be read');
  return read;
}

export async function layouts(files: Readonly<Record<string, string>> | string, triple: string = LINUX): Promise<LayoutEntries> {
  const made = await unit(files, triple);
  return cLayouts(made, target(triple), (file) => file === made.file);
}

/** One line a type: `struct point 16/8: tag@0 x@8 f@64:3`, and `name? reason` for the unknown. */
export async function brief(files: Readonly<Record<string, string>> | string, triple: string = LINUX): Promise<readonly string[]> {
  const { types, unknown } = await layouts(files, triple);
  return [
    ...types.map(({ kind, name, layout }) => {
      const fields = layout.fields.map((one) => `${one.name}@${one.offset ?? `${one.bitOffset}:${one.bitWidth}`}`);
      return [`${kind} ${name} ${layout.size}/${layout.align}`, ...(fields.length > 0 ? [fields.join(' ')] : [])].join(': ');
    }),
    ...unknown.map(({ name, reason }) => `${name}? ${reason}`),
  ];
}
