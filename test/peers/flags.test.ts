/** Headers are read with what the build, its database and the configuration define. */
import { expect, test } from 'vitest';
import { createSession } from '../../server/src/engine/session.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { world } from './support.ts';
import type { Snapshot } from '../../server/src/engine/session.types.ts';

const RUST = '#[no_mangle]\npub extern "C" fn geo_area(width: f64) -> f64 {\n    width\n}\n';
const HEADER = '#include "real.h"\ngeo_real geo_area(geo_real width);\n';
const REAL = '#ifdef GEO_SINGLE\ntypedef float geo_real;\n#else\ntypedef double geo_real;\n#endif\n';
const build = (calls: string): string => `fn main() {\n    cc::Build::new()${calls}.file("geo.c").compile("geo");\n}\n`;
const database = (flags: string): string => JSON.stringify([{ directory: '/w', file: 'geo.c', command: `cc ${flags} -c geo.c` }]);

/** What the parameter is, or why it is not known. */
function real({ surface, peers }: Snapshot): unknown {
  const [fn] = surface.functions;
  const shape = fn ? peers.linkedTo(fn)[0]?.peer.signatures[0]?.params?.[0]?.shape : undefined;
  return shape?.kind === 'c-float' ? shape.name : shape?.kind === 'unknown' ? shape.reason : shape?.kind;
}

const FILES = { 'src/lib.rs': RUST, 'geo.h': HEADER, 'real.h': REAL };

test('what a build script defines', async () => {
  expect(real((await world(FILES)).snapshot)).toBe('double');
  expect(real((await world({ ...FILES, 'build.rs': build('.define("GEO_SINGLE", None)') })).snapshot)).toBe('float');
});

test('what it may define is in doubt', async () => {
  const text = 'fn main() {\n    let mut b = cc::Build::new();\n    if x {\n        b.define("GEO_SINGLE", None);\n    }\n}\n';
  const { snapshot } = await world({ ...FILES, 'build.rs': text });
  expect(real(snapshot)).toBe('the build script defines `GEO_SINGLE` under a condition');
});

test('what the database of a build defines, of which the configuration may say otherwise', async () => {
  expect(real((await world({ ...FILES, 'compile_commands.json': database('-DGEO_SINGLE') })).snapshot)).toBe('float');
  expect(real((await world({ ...FILES, 'build/compile_commands.json': database('-DOTHER') })).snapshot)).toBe('double');
});

test('folders that the build names', async () => {
  const files = { 'src/lib.rs': RUST, 'geo.h': HEADER, 'a/real.h': 'typedef float geo_real;\n', 'b/real.h': 'typedef double geo_real;\n' };
  expect(real((await world(files)).snapshot)).not.toBe('float');
  expect(real((await world({ ...files, 'build.rs': build('.include("a")') })).snapshot)).toBe('float');
  expect(real((await world({ ...files, 'compile_commands.json': database('-Ib') })).snapshot)).toBe('double');
});

test('a script that changes, and a configuration', async () => {
  const texts: Record<string, string> = {
    '/w/Cargo.toml': '[package]\nname = "sample"\nversion = "0.1.0"\n',
    '/w/src/lib.rs': RUST,
    '/w/geo.h': HEADER,
    '/w/real.h': REAL,
    '/w/build.rs': build(''),
  };
  const fs = { ...memoryFs(texts), read: (path: string) => texts[path] ?? { failure: 'is not there' } };
  let config = defaultConfig();
  const target = 'x86_64-unknown-linux-gnu';
  const session = createSession({ fs, log: silentLog, parsers: await testParsers(), rules: [], configFor: () => config, target });
  const files = { rust: ['/w/src/lib.rs'], manifests: ['/w/Cargo.toml'], headers: ['/w/geo.h', '/w/real.h'], python: [], report: null };
  session.open({ ...files, problems: [] });
  expect(real(session.snapshot())).toBe('double');
  texts['/w/build.rs'] = build('.define("GEO_SINGLE", None)');
  session.changed(['/w/build.rs']);
  expect(real(session.snapshot())).toBe('float');
  texts['/w/build.rs'] = build('');
  session.changed(['/w/build.rs']);
  config = { ...config, project: { ...config.project, defines: ['GEO_SINGLE'] } };
  session.open({ ...files, problems: [] });
  expect(real(session.snapshot())).toBe('float');
});
