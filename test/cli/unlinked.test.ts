/** A symbol whose counterpart is not known for sure is said to be so wherever links are told of, and nowhere counts as agreeing. */
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { MANIFEST, run } from './support.ts';

const LINUX = ['--target', 'x86_64-unknown-linux-gnu'];

const SOURCE = `#[no_mangle]
pub extern "C" fn geo_load(layer: i32) -> i32 { layer }

#[no_mangle]
pub extern "C" fn geo_show(layer: i32) -> i32 { layer }
`;

const LOAD = 'pub extern "C" fn geo_load';

/** geo_load cannot be told, geo_show agrees with its declaration. */
const CASES = {
  ambiguous: {
    files: {
      'Cargo.toml': MANIFEST,
      'src/lib.rs': SOURCE,
      'a/geo.h': 'int geo_load(int layer);\n',
      'b/geo.h': 'int geo_load(double layer);\nint geo_show(int layer);\n',
    },
    reason: 'it is declared in several ways',
    count: '1 ambiguous, 0 absent',
  },
  absent: {
    files: {
      'Cargo.toml': MANIFEST,
      'ffi-lint.toml': '[[links]]\nrust = "src/**"\nheaders = ["b/*.h"]\n',
      'src/lib.rs': SOURCE,
      'a/geo.h': 'int geo_load(double layer);\n',
      'b/geo.h': 'int geo_show(int layer);\n',
    },
    reason: 'none of the configured headers declares it',
    count: '0 ambiguous, 1 absent',
  },
};

describe.each(Object.entries(CASES))('%s', (_, { files, reason, count }) => {
  it('check counts it, and --verbose says why', async () => {
    const folder = tempFolder(files);
    const quiet = await run(folder, ['check', ...LINUX]);
    expect(quiet.out).not.toContain('error');
    expect(`${quiet.out}${quiet.err}`).toContain('1 pair unresolved (--verbose names them)');
    const { out, err } = await run(folder, ['check', '--verbose', ...LINUX]);
    expect(`${out}${err}`).toContain(`\`geo_load\` is not linked: ${reason}`);
    expect(`${out}${err}`).toContain(`src/lib.rs:2:${LOAD.length - 'geo_load'.length + 1}`);
    expect(`${out}${err}`).not.toContain('`geo_show` is not linked');
  });

  it('check says so in JSON', async () => {
    const { out } = await run(tempFolder(files), ['check', '-f', 'json', ...LINUX]);
    const { summary } = JSON.parse(out) as { summary: { unresolved: number } };
    expect(summary.unresolved).toBe(1);
  });

  it('doctor counts it apart from what is linked', async () => {
    const { out } = await run(tempFolder(files), ['doctor']);
    expect(out).toMatch(/^links: +1 function in 1 header, /m);
    expect(out).toContain(count);
  });

  it.each(['text', 'markdown', 'json'])('map has it as unresolved in %s', async (format) => {
    const { out } = await run(tempFolder(files), ['map', '-f', format, ...LINUX]);
    expect(out).toContain(reason);
    if (format === 'json') {
      const { symbols } = JSON.parse(out) as { symbols: readonly { symbol: string; state: string }[] };
      expect(symbols.map(({ symbol, state }) => `${symbol} ${state}`)).toEqual(['geo_load unresolved', 'geo_show agrees']);
    } else {
      expect(out).toMatch(/geo_load.*unresolved/);
      expect(out).toMatch(/geo_show.*agrees/);
    }
  });
});

it('names that say nothing are no ambiguity: doctor and map tell them, check does not', async () => {
  const folder = tempFolder({
    'Cargo.toml': MANIFEST,
    'src/lib.rs': SOURCE,
    'tests/geo.h': 'int geo_load(double layer);\n',
    'b/geo.h': 'int geo_show(int layer);\n',
  });
  expect((await run(folder, ['doctor'])).out).toContain('0 ambiguous, 0 absent, 1 with names that say nothing');
  expect((await run(folder, ['map', ...LINUX])).out).toMatch(
    /geo_load.*unresolved\n.*it is declared in vendored code, tests or examples only/,
  );
  const { out, err } = await run(folder, ['check', '--verbose', ...LINUX]);
  expect(`${out}${err}`).not.toContain('geo_load');
});
