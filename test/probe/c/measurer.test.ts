/** The C measurer over a folder: which headers, with which flags, and what becomes of what cannot be measured. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cLayouts } from '../../../server/src/abi/c-layouts.ts';
import type { LayoutEntries } from '../../../server/src/abi/layout-entries.ts';
import type { Measured } from '../../../server/src/abi/measured.ts';
import { mergeMeasured } from '../../../server/src/abi/measured.ts';
import { never } from '../../../server/src/base/cancel.ts';
import { defaultConfig } from '../../../server/src/config/read-config.ts';
import { createCFlags } from '../../../server/src/engine/layouts/c-flags.ts';
import { createCUnits, settingsOf } from '../../../server/src/engine/layouts/c-units.ts';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { createCMeasurer } from '../../../server/src/probe/c/measure-c.ts';
import { snapshotOf } from '../../model/snapshot.ts';
import { testParsers } from '../../support/parsers.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { LINUX, has, line, plainReader, target } from './support.ts';

const notHere = process.platform === 'linux' && process.arch === 'x64' && has('gcc') ? null : 'gcc on Linux x86_64 is not here';

interface Run {
  readonly computed: LayoutEntries;
  readonly measured: Measured;
  /** What is shown in the end, and what is said. */
  readonly lines: readonly string[];
}

/** Objects that were read. */
let reads = 0;
const counting: typeof plainReader = {
  read(path) {
    reads++;
    return plainReader.read(path);
  },
};

async function run(files: Readonly<Record<string, string>>, folder = tempFolder(files), triple = LINUX): Promise<Run> {
  const fs = nodeFileSystem();
  const parsers = await testParsers();
  const on = target(triple);
  const config = defaultConfig();
  const headers = Object.keys(files)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => `${folder}/${name}`);
  const manifests = files['Cargo.toml'] === undefined ? [] : [`${folder}/Cargo.toml`];
  const flags = createCFlags({ fs, manifests, configFor: () => config });
  const units = createCUnits(fs, headers, parsers);
  const parts = headers
    .filter((file) => file.endsWith('.h'))
    .flatMap((file) => {
      const unit = units.read(file, on, settingsOf(flags.of(file)));
      return unit ? [cLayouts(unit, on, (one) => one === file)] : [];
    });
  const computed = { types: parts.flatMap(({ types }) => types), unknown: parts.flatMap(({ unknown }) => unknown) };
  const { workspace, surface } = await snapshotOf({ 'src/lib.rs': '' });
  const measure = createCMeasurer({
    fs,
    parsers,
    reader: counting,
    flagsOf: (file) => flags.of(file),
    env: { CC: 'gcc' },
    cache: `${folder}/cache`,
  });
  const measured = await measure({ workspace, surface, target: on, computed, headers, python: [], cancellation: never });
  const merged = mergeMeasured(computed, measured);
  const said = [...measured.problems, ...merged.problems].map(({ file, message }) => `${file.slice(folder.length + 1)}: ${message}`);
  const { types, unknown } = merged.entries;
  const lines = [
    ...types.map((one) => `${one.provenance} ${line(one)}`),
    ...unknown.map(({ name, reason }) => `${name}? ${reason}`),
    ...said,
  ];
  return { computed, measured, lines };
}

describe.skipIf(notHere !== null)(`measuring headers${notHere === null ? '' : ` (${notHere})`}`, () => {
  test('measured layouts take the place of computed and of unknown ones', async () => {
    const { lines } = await run({
      'a.h': '#include <sys/stat.h>\nstruct a { int n; struct timespec t; };\nstruct b { struct stat s; };\nstruct c;\n',
    });
    expect(lines).toEqual([
      'cc struct a 24/8: n@0 t@8',
      'cc struct b 144/8: s@0',
      expect.stringMatching(/^timespec\? it is defined in .*struct_timespec\.h$/),
      expect.stringMatching(/^stat\? it is defined in .*stat\.h$/),
      'c? opaque',
    ]);
  });

  test('with the flags of the build', async () => {
    const { lines } = await run({
      'Cargo.toml': '[package]\nname = "a"\n',
      'build.rs': 'fn main() { cc::Build::new().file("a.c").define("N", "5").include("inc").compile("a"); }',
      'inc/b.h': 'typedef short b_t;\n',
      'a.h': '#include <b.h>\nstruct a { b_t b[N]; };\n#ifdef NOT_HERE\nstruct gone { int x; };\n#endif\n',
    });
    expect(lines).toEqual(['cc struct a 10/2: b@0']);
  });

  test('what the compiler does not see is not shown as if it were there', async () => {
    const { lines } = await run({ 'a.h': '#if __GNUC__ > 900\nstruct a { int x; };\n#endif\nstruct b { int x; };\n' });
    expect(lines).toEqual(['cc struct b 4/4: x@0', 'a? gcc does not see it with these flags']);
  });

  test('a header that needs others is measured through what includes it', async () => {
    const { lines } = await run({
      'needs.h': 'struct needs { base_t b; };\n',
      'main.c': 'typedef long base_t;\n#include "needs.h"\nint main(void) { return 0; }\n',
    });
    expect(lines).toEqual(['cc struct needs 8/8: b@0']);
  });

  test('headers that no flag leads to are found as they are without a compiler', async () => {
    const { lines } = await run({
      'include/lib/base.h': '#include <lib/types.h>\nstruct base { t x; };\n',
      'include/lib/types.h': 'typedef short t;\n',
      'src/a.h': '#include <lib/base.h>\nstruct a { struct base b; t c; };\n',
    });
    expect(lines).toEqual(['cc struct base 2/2: x@0', 'cc struct a 4/2: b@0 c@2']);
  });

  test('is kept until a file that took part changes', async () => {
    const files = {
      'a.h': '#include "b.h"\nenum e { E = 7 };\nstruct a { b_t b; struct { enum e e; } in; };\n',
      'b.h': 'typedef short b_t;\n',
    };
    const folder = tempFolder(files);
    const first = await run(files, folder);
    const before = reads;
    expect((await run(files, folder)).lines).toEqual(first.lines);
    expect(reads).toBe(before);
    expect(first.lines).toContain('cc struct a 8/4: b@0 in@4 in.e@4');
    writeFileSync(`${folder}/b.h`, 'typedef double b_t;\n');
    expect((await run(files, folder)).lines).toContain('cc struct a 16/8: b@0 in@8 in.e@8');
    expect(reads).toBe(before + 1);
  });

  test('what one header includes is measured with it; what looks otherwise there, by itself', async () => {
    const before = reads;
    const { lines } = await run({
      'all.h': '#define LENGTH 3\n#include "a.h"\n#include "b.h"\n#include "c.h"\n#include "d.h"\n',
      'a.h': 'struct a { char x; int y; };\n',
      'b.h': 'struct b { char x; double y; };\n',
      'c.h': '#ifndef LENGTH\n#define LENGTH 2\n#endif\nstruct c { char x[LENGTH]; };\n',
      'd.h': 'struct d { unsigned x : 3; unsigned y : 4; };\n',
    });
    expect(lines).toEqual([
      'cc struct a 8/4: x@0 y@4',
      'cc struct b 16/8: x@0 y@8',
      'cc struct c 2/1: x@0',
      'cc struct d 4/4: x@0:3 y@3:4',
    ]);
    expect(reads - before).toBe(2);
  });

  test('what cannot be measured stays as it was computed, and is told', async () => {
    const { lines } = await run({ 'a.h': 'struct a { int x; };\nstruct b { nothing_t x; };\n' });
    expect(lines).toEqual([
      'computed struct a 4/4: x@0',
      'b? its member `x`: `nothing_t` is not known',
      "a.h: its types were not measured for x86_64-unknown-linux-gnu: gcc says: a.h:2: unknown type name 'nothing_t'",
    ]);
  });
});
