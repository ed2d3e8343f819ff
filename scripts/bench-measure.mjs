/** Processor time and memory of programs, as the bench compares them: user and system time of a program and all it starts. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './stamp.mjs';

/**
 * Runs a program and says its processor seconds; `allowed` are the exit codes that are no failure.
 * The shell's `times` tells what its children used, on every system that has a POSIX shell.
 */
export function cpuSeconds(program, args, { cwd, allowed = [0] } = {}) {
  const script = '"$@" >&2; code=$?; times; exit $code';
  const result = spawnSync('sh', ['-c', script, 'sh', program, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.error) throw result.error;
  if (!allowed.includes(result.status)) {
    throw new Error(`\`${program} ${args.join(' ')}\` ended with ${result.status ?? result.signal}\n${result.stderr.slice(-2000)}`);
  }
  const children = result.stdout.trim().split('\n').at(-1) ?? '';
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return { seconds, stderr: result.stderr };
}

/** A run of the built command line: processor seconds and peak memory in bytes. */
export function runFfiLint(args, cwd) {
  const usage = path.join(root, 'scripts', 'resource-usage.cjs');
  const cli = path.join(root, 'bin', 'ffi-lint.cjs');
  const { seconds, stderr } = cpuSeconds(process.execPath, ['--require', usage, cli, ...args], { cwd, allowed: [0, 1] });
  return { seconds, bytes: Number(/^resource-usage \d+ (\d+)$/m.exec(stderr)?.[1] ?? Number.NaN) * 1024 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Runs two measurements in turns, so that what else the machine does meets both, and gives the median of each. */
export function inTurns(rounds, one, other) {
  const ones = [];
  const others = [];
  for (let i = 0; i < rounds; i++) {
    ones.push(one());
    others.push(other());
  }
  return [median(ones), median(others)];
}
