/** A type that is asked for by name and that nothing computes: measured is only where a compiler may see it. */
import { expect, it } from 'vitest';
import type { LayoutLanguageName } from '../../server/src/abi/layout-entries.ts';
import type { MeasureLayouts } from '../../server/src/abi/measured.ts';
import { never } from '../../server/src/base/cancel.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { readLayouts } from '../../server/src/engine/layouts/read-layouts.ts';
import { target as targetNamed, X64 } from '../abi/layouts.ts';
import { snapshotOf } from '../model/snapshot.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

const FILES = {
  '/p/plain.h': 'struct plain { int x; };\n',
  '/p/made.h': '#include <records.h>\nstruct used { int x; };\nRECORD(wanted, x);\n',
  '/p/plain.py': 'import ctypes\nclass Plain(ctypes.Structure):\n    _fields_ = [("x", ctypes.c_int)]\n',
  '/p/made.py': 'import ctypes\nWanted = make("Wanted", ctypes.Structure)\n',
};

/** The files that are measured, by language; null for all. */
async function measuredFor(type: string): Promise<Partial<Record<LayoutLanguageName, readonly string[] | null>>> {
  const asked: Partial<Record<LayoutLanguageName, readonly string[] | null>> = {};
  const watch =
    (language: LayoutLanguageName): MeasureLayouts =>
    ({ files = null }) => {
      asked[language] = files && [...files];
      return Promise.resolve({ entries: { types: [], unknown: [] }, absent: [], problems: [] });
    };
  const names = Object.keys(FILES);
  const config = defaultConfig({});
  await readLayouts({
    fs: memoryFs(FILES),
    parsers: await testParsers(),
    files: {
      rust: [],
      manifests: [],
      headers: names.filter((name) => name.endsWith('.h')),
      python: names.filter((name) => name.endsWith('.py')),
      report: null,
      problems: [],
    },
    snapshot: await snapshotOf({ 'src/lib.rs': '' }),
    configFor: () => config,
    targets: [targetNamed(X64)],
    type,
    cancellation: never,
    measurers: { rust: watch('rust'), c: watch('c'), python: watch('python') },
  });
  return asked;
}

it('measures the headers and modules where its name is written, and any crate', async () => {
  expect(await measuredFor('Wanted')).toEqual({ rust: null, c: ['/p/made.h'], python: ['/p/made.py'] });
});

it('measures no header and no module for a name that stands nowhere', async () => {
  expect(await measuredFor('Nowhere')).toEqual({ rust: null, c: [], python: [] });
});

it('measures what holds a type that is computed', async () => {
  const holding = ['/p/plain.h', '/p/plain.py'];
  expect(await measuredFor('plain')).toEqual({ rust: holding, c: holding, python: holding });
});
