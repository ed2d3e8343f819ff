/** The hangs and stalls that the rules about the interpreter claim, measured: a function of examples/threads-faulty has them, its twin has not. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const examples = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../examples');
const target = path.join(examples, 'target');
const folder = path.join(target, 'python');
// PyO3 is built on the first run.
const BUILD = 600_000;
/** A program that has not ended by then hangs: all of them need less than a second. In milliseconds. */
const HANGS = 8_000;

let unavailable: string | null = null;

beforeAll(() => {
  if (process.platform !== 'linux') {
    unavailable = 'the examples name Linux library files';
    return;
  }
  const missing = ['cargo', 'python3'].filter((program) => spawnSync(program, ['--version']).status !== 0);
  if (missing.length > 0) {
    unavailable = `${missing.join(', ')} not found`;
    return;
  }
  const args = ['build', '--quiet', '-p', 'threads', '-p', 'threads-faulty', '--target-dir', target];
  const built = spawnSync('cargo', args, { cwd: examples, encoding: 'utf8' });
  if (built.status !== 0 && /registry|network|download/i.test(built.stderr)) {
    unavailable = 'the crate registry cannot be reached';
    return;
  }
  expect(built.status, built.stderr).toBe(0);
  mkdirSync(folder, { recursive: true });
  for (const name of ['threads', 'threads_faulty'])
    copyFileSync(path.join(target, 'debug', `lib${name}.so`), path.join(folder, `${name}.so`));
}, BUILD);

/** What a program prints; `hangs` where it does not end. */
function python(module: string, code: string): string {
  const env = { ...process.env, PYTHONPATH: folder };
  const program = `import ${module} as m\nimport gc, sys, threading, time, weakref\n${code}`;
  const result = spawnSync('python3', ['-c', program], { encoding: 'utf8', env, timeout: HANGS, killSignal: 'SIGKILL' });
  return result.signal === 'SIGKILL' ? 'hangs' : `${result.stdout}${result.stderr}`.trim();
}

/** Prints the longest time in which a second thread did not run, in words: a machine under load is slow, but not for so long. */
const stalls = (call: string): string => `
longest = 0.0
done = False
def tick():
    global longest
    last = time.monotonic()
    while not done:
        time.sleep(0.002)
        now = time.monotonic()
        longest = max(longest, now - last)
        last = now
ticker = threading.Thread(target=tick)
ticker.start()
time.sleep(0.05)
started = time.monotonic()
${call}
took = time.monotonic() - started
done = True
ticker.join()
print("others stood still" if longest > took * 0.7 else "others ran")
`;

interface Claim {
  readonly rule: string;
  readonly code: string;
  readonly faulty: string | RegExp;
  readonly fixed: string;
}

const claims: readonly Claim[] = [
  { rule: 'pyo3-gil-held-blocking', code: stalls('m.pause(600)'), faulty: 'others stood still', fixed: 'others ran' },
  { rule: 'pyo3-gil-held-compute', code: stalls('m.total([0.5] * 20_000, 200)'), faulty: 'others stood still', fixed: 'others ran' },
  { rule: 'pyo3-gil-held-join', code: 'print(m.ask(lambda: None))', faulty: 'hangs', fixed: 'True' },
  {
    rule: 'pyo3-lock-guard-across-attach and pyo3-lock-attached',
    code: `
called = threading.Event()
m.start_drain(lambda length: called.set())
time.sleep(0.05)
m.push(1)
print("called" if called.wait(3) else "not called")
`,
    faulty: 'hangs',
    fixed: 'called',
  },
  {
    rule: 'pyo3-std-once-init-python',
    code: `
first = threading.Thread(target=m.greeting)
first.start()
time.sleep(0.05)
print(m.greeting())
first.join()
`,
    faulty: 'hangs',
    fixed: 'hello',
  },
  {
    rule: 'pyo3-self-borrow-across-detach',
    code: `
timer = m.Timer()
waiting = threading.Thread(target=timer.wait, args=(400,))
waiting.start()
time.sleep(0.1)
try:
    print(timer.fired())
except RuntimeError as error:
    print(error)
waiting.join()
`,
    faulty: /^Already mutably borrowed/,
    fixed: '0',
  },
  {
    rule: 'pyo3-missing-traverse',
    code: `
class Owner:
    def fire(self): pass
owner = Owner()
owner.timer = m.Timer()
owner.timer.callback = owner.fire
alive = weakref.ref(owner)
del owner
gc.collect()
print("leaked" if alive() else "freed")
`,
    faulty: 'leaked',
    fixed: 'freed',
  },
  {
    rule: 'pyo3-swallowed-pyerr',
    code: `
def interrupt():
    raise KeyboardInterrupt
try:
    m.notify(interrupt)
    print("went on")
except KeyboardInterrupt:
    print("stopped")
`,
    faulty: 'went on',
    fixed: 'stopped',
  },
];

describe.each(claims)('$rule', ({ code, faulty, fixed }) => {
  test('the faulty function', ({ skip }) => {
    if (unavailable) return skip(unavailable);
    expect(python('threads_faulty', code)).toMatch(faulty);
  }, 20_000);

  test('its twin', ({ skip }) => {
    if (unavailable) return skip(unavailable);
    expect(python('threads', code)).toBe(fixed);
  }, 20_000);
});
