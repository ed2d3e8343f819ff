/** The correct examples work for real: built by cargo, called from C, from ctypes and as a Python module, as their README says. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const examples = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../examples');
const target = path.join(examples, 'target');
const debug = path.join(target, 'debug');
// PyO3 is built on the first run.
const TIMEOUT = 600_000;

function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): { readonly ok: boolean; readonly out: string; readonly err: string } {
  const result = spawnSync(program, [...args], { cwd: examples, encoding: 'utf8', env: { ...process.env, ...env } });
  return { ok: result.status === 0, out: result.stdout ?? '', err: `${result.error?.message ?? ''}${result.stderr ?? ''}` };
}

/** Why the programs of a test cannot run here, null where they can. */
function lacking(...programs: string[]): string | null {
  if (process.platform !== 'linux') return 'the examples name Linux library files';
  const missing = programs.filter((program) => !run(program, ['--version']).ok);
  return missing.length > 0 ? `${missing.join(', ')} not found` : null;
}

test(
  'the C caller and the ctypes caller of geometry agree',
  ({ skip }) => {
    const missing = lacking('cargo', 'cc', 'python3');
    if (missing) return skip(missing);
    const built = run('cargo', ['build', '--offline', '--quiet', '-p', 'geometry', '--target-dir', target]);
    // The workspace's lock file names PyO3 too: without any registry cargo cannot even plan.
    const retried = built.ok ? built : run('cargo', ['build', '--quiet', '-p', 'geometry', '--target-dir', target]);
    if (!retried.ok && /registry|network|download/i.test(retried.err)) return skip('the crate registry cannot be reached');
    expect(retried.err).toBe('');
    const program = path.join(target, 'geometry-c');
    const linked = run('cc', [
      '-Wall',
      '-Wextra',
      '-Werror',
      'geometry/c/main.c',
      '-Igeometry/include',
      `-L${debug}`,
      '-lgeometry',
      '-lm',
      '-o',
      program,
    ]);
    expect(linked.err).toBe('');
    expect(run(program, [], { LD_LIBRARY_PATH: debug }).out).toBe(
      ['2 + 3 = 5', 'distance = 5', 'point 1: 0, 0', 'point 2: 3, 4', 'calls = 2', '(3, 4) has 6 characters', ''].join('\n'),
    );
    const python = run('python3', ['geometry/python/geometry.py', path.join(debug, 'libgeometry.so')]);
    expect(python.out + python.err).toBe(['2 + 3 = 5', 'distance = 5.0', '(3, 4) has 6 characters', ''].join('\n'));
  },
  TIMEOUT,
);

const PYTHON = `
import interop, tempfile
print(interop.sum_as_string(5, 3), interop.compute_heavy([0.0]), interop.process_list([1, 2]), interop.process_dict({"a": 2}))
print(interop.divide(1, 2), interop.Point(0, 0).distance(interop.Point(3, 4)), interop.Point(1, 2))
for call in (lambda: interop.divide(1, 0), interop.risky_operation, lambda: interop.parse_csv_fast("/no/such/file")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    file.write("a, b\\nc,d\\n")
    file.flush()
    print(interop.parse_csv_fast(file.name))
`;

test(
  'the Python module of interop does what its twin only promises',
  ({ skip }) => {
    const missing = lacking('cargo', 'python3');
    if (missing) return skip(missing);
    const built = run('cargo', ['build', '--quiet', '-p', 'interop', '--target-dir', target]);
    if (!built.ok && /registry|network|download/i.test(built.err)) return skip('the crate registry cannot be reached');
    expect(built.err).toBe('');
    const folder = path.join(target, 'python');
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(debug, 'libinterop.so'), path.join(folder, 'interop.so'));
    const result = run('python3', ['-c', PYTHON], { PYTHONPATH: folder });
    expect(result.out + result.err).toBe(
      [
        "8 1.5574077246549023 [1, 2] {'a': 4}",
        '0.5 5.0 Point(1, 2)',
        'ValueError',
        'GeometryError',
        'FileNotFoundError',
        "[['a', 'b'], ['c', 'd']]",
        '',
      ].join('\n'),
    );
  },
  TIMEOUT,
);
