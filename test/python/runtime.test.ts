/** What the rules about ctypes say is what happens: a library built by cargo, called through wrong and right declarations. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = fileURLToPath(new URL('../fixtures/ctypes/', import.meta.url));
const text = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');
const runs = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const onLinux = process.platform === 'linux' && process.arch === 'x64' && runs('python3') && runs('cargo');

/** `rule @ the line that it is about`. */
async function found(name: string): Promise<readonly string[]> {
  const files = new Map(['Cargo.toml', 'src/lib.rs', name].map((one) => [one, text(one)]));
  const engine = await testEngine(
    files,
    rules.filter(({ group }) => group === 'python'),
    defaultConfig({ profile: 'all' }),
  );
  const { findings, problems, text: read } = await engine.check();
  expect(problems).toEqual([]);
  return findings.map(({ rule, at }) => {
    const source = read(at.file);
    const line = source.split('\n')[new LineIndex(source).position(at.span.start).line - 1] ?? '';
    return `${rule} @ ${line.trim()}`;
  });
}

test('each wrong declaration has a finding', async () => {
  expect([...(await found('wrong.py'))].sort()).toEqual([
    'ctypes-argument-type @ lib.proof_is_large.argtypes = [ctypes.c_uint32]',
    'ctypes-argument-type @ lib.proof_out.argtypes = [ctypes.POINTER(ctypes.c_int)]',
    'ctypes-callback-signature @ lib.proof_call.argtypes = [NARROW]',
    'ctypes-missing-argtypes @ print("twice", lib.proof_twice(3) == 6.0)',
    'ctypes-missing-restype @ print("half", lib.proof_half() == 0.5)',
    'ctypes-missing-restype @ print("large", lib.proof_large())',
    'ctypes-missing-restype @ print("narrow", bool(lib.proof_is_large(1 << 40)))',
    'ctypes-missing-restype @ print("pointer", hex(lib.proof_pointer()))',
    'ctypes-missing-restype @ print("unsigned", lib.proof_unsigned())',
    'ctypes-owned-string @ lib.proof_text.restype = ctypes.c_char_p',
    'ctypes-str-not-bytes @ print("length", lib.proof_length("text"))',
  ]);
});

test('the right ones have none', async () => expect(await found('right.py')).toEqual([]));

test.runIf(onLinux)(
  'and does what the finding says',
  () => {
    const target = tempFolder();
    const built = spawnSync('cargo', ['build', '--quiet', '--offline', '--manifest-path', `${folder}Cargo.toml`, '--target-dir', target], {
      encoding: 'utf8',
    });
    expect(built.stderr).toBe('');
    const said = (script: string): Readonly<Record<string, string>> => {
      const { stdout, stderr, status } = spawnSync('python3', ['-I', `${folder}${script}`, `${target}/debug/libproof.so`], {
        encoding: 'utf8',
      });
      expect([stderr, status]).toEqual(['', 0]);
      return Object.fromEntries(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.split(' ', 2)),
      );
    };
    expect(said('right.py')).toEqual({
      pointer: '0x7f1234567890',
      large: '1099511627776',
      unsigned: '4294967295',
      half: 'True',
      twice: 'True',
      narrow: 'True',
      length: '4',
      beyond: '7',
      address: 'int',
      callback: '1099511627776',
    });
    expect(said('wrong.py')).toEqual({
      pointer: '0x34567890',
      large: '0',
      unsigned: '-1',
      half: 'False',
      twice: 'False',
      narrow: 'False',
      length: '1',
      beyond: '-1',
      address: 'bytes',
      callback: '0',
    });
  },
  120_000,
);
