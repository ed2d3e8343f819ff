/** Reads Python modules of a test for a target. */
import { pythonLayouts } from '../../server/src/abi/python-layouts.ts';
import type { LayoutEntries } from '../../server/src/abi/layout-entries.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import { readPyModule } from '../../server/src/model/extract/python/read-module.ts';
import type { PyModule } from '../../server/src/model/python/ctypes.ts';
import { testParsers } from '../support/parsers.ts';

export async function pyModule(text: string): Promise<PyModule> {
  return readPyModule('/w/a.py', text, await testParsers());
}

export async function layouts(text: string, triple = 'x86_64-unknown-linux-gnu'): Promise<LayoutEntries> {
  const target = targetOf(triple);
  if (!target) throw new Error(`no target ${triple}`);
  return pythonLayouts(await pyModule(text), target);
}

/** One line a type: `Point 16/8: x@0 y@8`, and `Name? reason` for the unknown. */
export async function brief(text: string, triple?: string): Promise<readonly string[]> {
  const { types, unknown } = await layouts(text, triple);
  return [
    ...types.map(({ name, layout }) => {
      const fields = layout.fields.map((one) => `${one.name}@${one.offset ?? `${one.bitOffset}:${one.bitWidth}`}`);
      return [`${name} ${layout.size}/${layout.align}`, ...(fields.length > 0 ? [fields.join(' ')] : [])].join(': ');
    }),
    ...unknown.map(({ name, reason }) => `${name}? ${reason}`),
  ];
}
