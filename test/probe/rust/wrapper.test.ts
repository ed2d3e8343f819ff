/** The rustc wrapper in a real build: it does what the request says, and whatever the request is like, the build is as it was. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { nativeFiles } from '../../../server/src/probe/native-files.ts';
import { REQUEST_VARIABLE, requestText } from '../../../server/src/probe/rustc-request.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { root } from '../../tidy/sources.ts';
import { whyNot } from './support.ts';

const TIMEOUT = 60_000;
const missing = whyNot();

function build(): string {
  return tempFolder({
    'Cargo.toml': '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n',
    'Cargo.lock': 'version = 3\n\n[[package]]\nname = "one"\nversion = "0.1.0"\n',
    'src/lib.rs': 'pub fn one() -> u8 { 1 }\n',
    'other.rs': 'const _: () = panic!("from elsewhere");\n',
  });
}

function cargo(folder: string, request: string | null) {
  const { wrapper } = nativeFiles(nodeFileSystem(), root);
  const env = { ...process.env, RUSTC_WORKSPACE_WRAPPER: wrapper ?? '', ...(request === null ? {} : { [REQUEST_VARIABLE]: request }) };
  return spawnSync('cargo', ['check', '--offline', '--locked'], { cwd: folder, env, encoding: 'utf8' });
}

function request(folder: string, after: 'rustc' | 'stop', crate = 'one'): string {
  const at = (name: string): string => join(folder, name);
  const pass = { root: at('other.rs'), args: ['--emit=metadata', '--out-dir', folder], env: {}, unset: ['CARGO_MAKEFLAGS'] };
  const text = requestText({
    crate,
    source: at('src/lib.rs'),
    after,
    passes: [{ ...pass, stdout: at('stdout'), stderr: at('stderr'), status: at('status') }],
  });
  writeFileSync(at('request'), text ?? '');
  return at('request');
}

const metadata = (folder: string): boolean => readdirSync(join(folder, 'target/debug/deps')).some((name) => name.endsWith('.rmeta'));

test(
  'a pass compiles other sources with the flags of the build, then rustc runs as cargo asked',
  ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = build();
    expect(cargo(folder, request(folder, 'rustc'))).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'status'), 'utf8')).toBe('exit 1');
    expect(readFileSync(join(folder, 'stderr'), 'utf8')).toContain('evaluation panicked: from elsewhere');
    expect(metadata(folder)).toBe(true);
  },
  TIMEOUT,
);

test(
  'a request may stop cargo, which then does not take the crate for built',
  ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = build();
    expect(cargo(folder, request(folder, 'stop')).status).not.toBe(0);
    expect(readFileSync(join(folder, 'status'), 'utf8')).toBe('exit 1');
    expect(metadata(folder)).toBe(false);
    expect(cargo(folder, null)).toMatchObject({ status: 0 });
    expect(metadata(folder)).toBe(true);
  },
  TIMEOUT,
);

test(
  'requests that are missing, broken, of another version or about another crate change nothing',
  ({ skip }) => {
    if (missing !== null) skip(missing);
    const broken = (text: string) => (folder: string) => {
      writeFileSync(join(folder, 'request'), text);
      return join(folder, 'request');
    };
    for (const made of [
      (folder: string) => join(folder, 'no-such-request'),
      broken(''),
      broken('ffi-lint-rustc 2\ncrate one\n'),
      broken('ffi-lint-rustc 1\nnonsense\n'),
      (folder: string) => request(folder, 'stop', 'two'),
    ]) {
      const folder = build();
      expect(cargo(folder, made(folder))).toMatchObject({ status: 0 });
      expect(existsSync(join(folder, 'status'))).toBe(false);
      expect(metadata(folder)).toBe(true);
    }
  },
  TIMEOUT,
);
