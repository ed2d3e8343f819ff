/** The table of targets: complete, and right in the figures that everyone knows. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { targetCfg } from '../../server/src/abi/target-cfg.ts';
import { knownTriples, targetOf } from '../../server/src/abi/targets.ts';
import { target } from './layouts.ts';

test('the common targets have the sizes that their documents give', () => {
  const row = (triple: string): readonly unknown[] => {
    const { rust, c } = target(triple);
    return [rust.pointer.size, c?.long, c?.wchar, c?.longDouble.size, c?.charSigned, c?.bitFields];
  };
  expect({
    linux: row('x86_64-unknown-linux-gnu'),
    windows: row('x86_64-pc-windows-msvc'),
    mingw: row('x86_64-pc-windows-gnu'),
    mac: row('aarch64-apple-darwin'),
    arm: row('armv7-unknown-linux-gnueabihf'),
    x86: row('i686-unknown-linux-gnu'),
    wasm: row('wasm32-unknown-unknown'),
  }).toEqual({
    linux: [8, 8, 4, 16, true, 'sysv'],
    windows: [8, 4, 2, 8, true, 'msvc'],
    mingw: [8, 4, 2, 16, true, 'mingw'],
    mac: [8, 8, 4, 8, true, 'sysv'],
    arm: [4, 4, 4, 8, false, 'aapcs'],
    x86: [4, 4, 4, 12, true, 'sysv'],
    wasm: [4, 4, 4, 16, true, 'sysv'],
  });
});

test('what is no target of rustc is none', () => {
  expect([targetOf('x86_64-unknown-nowhere'), targetOf(''), targetOf('my-target.json')]).toEqual([null, null, null]);
});

test('every figure of every target is a size', () => {
  const wrong = knownTriples().filter((triple) => {
    const { rust, c } = target(triple);
    const sizes = [...Object.values(rust.ints), rust.pointer.size, rust.int, rust.long, rust.double, rust.enum];
    const ofC = c ? [c.short, c.int, c.long, c.wchar, c.sizeT, c.ints[8], c.double.align, c.longDouble.size, c.maxAlign] : [];
    return ![...sizes, ...ofC].every((n) => Number.isInteger(n) && n > 0 && n <= 16);
  });
  expect(wrong).toEqual([]);
  expect(knownTriples().length).toBeGreaterThan(300);
});

const listed = spawnSync('rustc', ['--print', 'target-list'], { encoding: 'utf8' });

describe.skipIf(listed.status !== 0)('rustc', () => {
  test('knows no target of the table otherwise named', () => {
    // Another rustc than the one that the table was made with may have more or fewer targets, but not others altogether.
    const known = new Set(listed.stdout.trim().split('\n'));
    const common = knownTriples().filter((triple) => known.has(triple));
    expect(common.length).toBeGreaterThan(knownTriples().length * 0.9);
  });
});

describe('cfg', () => {
  const asked =
    'unix windows test target_os="linux" target_os="windows" target_env="msvc" target_pointer_width="32" target_endian="big" feature="x"';
  const answers = (triple: string): readonly (boolean | undefined)[] => {
    const known = targetCfg(target(triple));
    return asked.split(' ').map((option) => {
      const [, name = '', value = null] = /^(\w+)(?:="(.*)")?$/.exec(option) ?? [];
      return known(name, value);
    });
  };

  test('the options of a target are decided, features are not', () => {
    expect(answers('x86_64-unknown-linux-gnu')).toEqual([true, false, false, true, false, false, false, false, undefined]);
    expect(answers('i686-pc-windows-msvc')).toEqual([false, true, false, false, true, true, true, false, undefined]);
    expect(answers('s390x-unknown-linux-gnu').slice(-2)).toEqual([true, undefined]);
  });

  test.skipIf(listed.status !== 0)('rustc prints the same', () => {
    for (const triple of [
      'aarch64-apple-ios-macabi',
      'armv7-unknown-linux-gnueabihf',
      'wasm32-wasip1',
      'thumbv7em-none-eabihf',
      'x86_64-pc-windows-gnu',
    ]) {
      const printed = spawnSync('rustc', ['--print', 'cfg', '--target', triple], { encoding: 'utf8' }).stdout.trim().split('\n');
      const known = targetCfg(target(triple));
      const wrong = printed.filter((line) => {
        const [, name = '', value = null] = /^(\w+)(?:="(.*)")?$/.exec(line) ?? [];
        return known(name, value) === false;
      });
      expect(wrong).toEqual([]);
    }
  });
});
