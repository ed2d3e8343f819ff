/** `npm test [-- SUITE…]`: sets up, runs every suite or the named ones, says which tests failed and why others were skipped, and ends with a line of counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { has, setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** With FFI_LINT_REQUIRE_ALL=1 a skip fails the run. */
const requireAll = process.env.FFI_LINT_REQUIRE_ALL === '1';
const ALL_WELL = { passed: 1, failed: 0, skipped: [] };
const FAILED = { passed: 0, failed: 1, skipped: [] };
const skip = (name, reason) => ({ passed: 0, failed: 0, skipped: [{ name, reason }] });

const bin = (name) => path.join(root, 'node_modules', name);

/** Runs a program of node; its output goes through, unless `quiet` keeps it for the caller. */
function node(args, { quiet = false, env = {} } = {}) {
  return spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    maxBuffer: 1 << 28,
  });
}

const oneCheck = (args) => () => (node(args).status === 0 ? ALL_WELL : FAILED);

function vitest() {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${path.join(root, 'scripts/vitest-reporter.mjs')}`];
    const { status } = node([bin('vitest/vitest.mjs'), 'run', ...reporters], { env: { FFI_LINT_TEST_REPORT: report } });
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cargoTest() {
  if (!has('cargo')) return skip('native', 'cargo is not installed');
  const { status, stdout, stderr } = spawnSync('cargo', ['test', '--offline', '--locked'], {
    cwd: path.join(root, 'native'),
    encoding: 'utf8',
  });
  const results = [...stdout.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)];
  const sum = (at) => results.reduce((all, result) => all + Number(result[at]), 0);
  if (status !== 0) process.stdout.write(stdout + stderr);
  return { passed: sum(1), failed: Math.max(sum(2), status === 0 ? 0 : 1), skipped: [] };
}

/** The editor's suite ends, as this script does, with a line of counts, and says of each skip why. */
function editor() {
  const { status, stdout, stderr } = node([path.join(root, 'scripts/vscode-test.mjs')], { quiet: true });
  process.stdout.write(stdout + stderr);
  const [, passed, failed] = /(\d+) passed, (\d+) failed, \d+ skipped\s*$/.exec(stdout) ?? [null, 0, 0];
  const skipped = [...stdout.matchAll(/^ *skipped: (.+?): (.+)$/gm)].map(([, name, reason]) => ({ name, reason }));
  const failures = [...stdout.matchAll(/^ *not ok (.+)$/gm)].map(([, name]) => name);
  const counts = { passed: Number(passed), failed: Number(failed), failures, skipped };
  return status !== 0 && counts.failed === 0 && skipped.length === 0 ? { ...counts, failed: 1 } : counts;
}

const SUITES = [
  ['types', oneCheck([bin('typescript/bin/tsc'), '-b'])],
  ['lint', oneCheck([bin('@biomejs/biome/bin/biome'), 'check'])],
  ['generated', oneCheck(['scripts/generate.mjs', '--check'])],
  ['tests', vitest],
  ['native', cargoTest],
  ['editor', editor],
];

function attempt(name, run) {
  const started = Date.now();
  let counts = FAILED;
  try {
    counts = run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  return { name, ...counts, seconds: (Date.now() - started) / 1000 };
}

const outcomes = [];
try {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !SUITES.some(([one]) => one === name));
  if (unknown) throw new Error(`there is no suite \`${unknown}\`; there are ${SUITES.map(([name]) => name).join(', ')}`);
  await setup();
  for (const [name, run] of SUITES.filter(([one]) => named.length === 0 || named.includes(one))) {
    console.log(`\n== ${name}`);
    outcomes.push(attempt(name, run));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  outcomes.push({ name: 'set-up', ...FAILED, seconds: 0 });
}

console.log('');
for (const { name, passed, failed, failures = [], skipped, seconds } of outcomes) {
  console.log(
    `${failed > 0 ? 'FAILED' : 'ok    '} ${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${seconds.toFixed(1)} s)`,
  );
  for (const one of failures) console.log(`  failed: ${one}`);
  for (const one of skipped) console.log(`  skipped: ${one.name}: ${one.reason}`);
}
const total = (count) => outcomes.reduce((all, outcome) => all + count(outcome), 0);
const failed = total((it) => it.failed);
const skipped = total((it) => it.skipped.length);
if (requireAll && skipped > 0) console.log('FFI_LINT_REQUIRE_ALL is set: a skipped test fails the run');
console.log(`${total((it) => it.passed)} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || (requireAll && skipped > 0) ? 1 : 0;
