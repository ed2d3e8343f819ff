/** Set-up and package: a second set-up does nothing, and what is packed runs by itself in another folder. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { read, root } from '../tidy/sources.ts';

const TIMEOUT = 300_000;

test(
  'a second set-up finds everything done, and says nothing',
  () => {
    const setup = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', "const { setup } = await import('./scripts/setup.mjs'); await setup();"], {
        cwd: root,
        encoding: 'utf8',
      });
    expect(setup()).toMatchObject({ status: 0 });
    const started = Date.now();
    expect(setup()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    // 0.1 s on an idle machine.
    expect(Date.now() - started).toBeLessThan(2000);
  },
  TIMEOUT,
);

test(
  'the packed tarball holds what is needed, nothing else, and runs in another folder',
  ({ skip }) => {
    skip(!existsSync(path.join(root, 'dist/cli.cjs')), 'dist/cli.cjs is not built: run `npm run bundle`');
    const folder = tempFolder({
      'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
      'src/lib.rs': 'pub struct Pair {\n    pub x: f64,\n}\n\n#[no_mangle]\npub extern "C" fn x(pair: Pair) -> f64 {\n    pair.x\n}\n',
    });
    const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    const tops = new Set(
      files.map(({ path: name }) => name.replace(/^(docs\/rules|grammars|native\/(?:src|include|prebuilt)|schema)\/.*/, '$1')),
    );
    // Only where the native programs were put there for the packing.
    tops.delete('native/prebuilt');
    expect([...tops].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin/cargo-ffi-lint.cjs',
        'bin/ffi-lint.cjs',
        'bin/start.cjs',
        'dist/cli.cjs',
        'dist/probe-worker.cjs',
        'dist/server.cjs',
        'docs/rules',
        'docs/rules.md',
        'grammars',
        'native/Cargo.lock',
        'native/Cargo.toml',
        'native/include',
        'native/rustfmt.toml',
        'native/src',
        'package.json',
        'schema',
      ].sort(),
    );
    expect(spawnSync('tar', ['-xzf', filename], { cwd: folder })).toMatchObject({ status: 0 });
    const ran = spawnSync(process.execPath, ['package/bin/ffi-lint.cjs', 'check', 'src', '--output-format', 'concise'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(ran).toMatchObject({ status: 1, stdout: expect.stringContaining('src/lib.rs:1:12: error[repr-c-missing]') });
  },
  TIMEOUT,
);

test('the README shows what the command line prints', ({ skip }) => {
  skip(!existsSync(path.join(root, 'dist/cli.cjs')), 'dist/cli.cjs is not built: run `npm run bundle`');
  const shown = /```\n(examples\/[\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  const { stdout } = spawnSync(process.execPath, ['bin/ffi-lint.cjs', 'check', 'examples', '--color', 'never', '--output-format', 'text'], {
    cwd: root,
    encoding: 'utf8',
  });
  const printed = new Set(stdout.split('\n'));
  expect(shown.split('\n').filter((line) => !printed.has(line))).toEqual([]);
  expect(shown).toContain('error[');
});
