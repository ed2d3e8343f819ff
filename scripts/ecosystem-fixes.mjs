/** Applies the automatic fixes to copies of published crates and proves what comes out: `ecosystem.mjs --fixes [--no-compile]`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { cacheFolder, fetchCrate, prepareCrate } from './ecosystem-fetch.mjs';
import { root } from './stamp.mjs';

/** A crate's dependencies may have to be compiled once. In milliseconds. */
const COMPILE_LIMIT = 10 * 60_000;

/** No file is like this one. */
const MISSING = Buffer.from([0]);

const scratch = path.join(cacheFolder, 'fixes');
const PARSES = {
  '.rs': ['rustfmt', ['--edition', '2021']],
  '.py': ['python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.buffer.read())']],
  '.pyi': ['python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.buffer.read())']],
};

/** The two ways to fix: what is asked for, and which fixes of a finding it takes. */
const MODES = [
  { name: 'safe', flags: ['--fix'], takes: ({ safe }) => safe },
  { name: 'unsafe', flags: ['--unsafe-fixes'], takes: () => true },
];

/** The command line inside of this process: it is warm after a few crates, which makes a run several times faster. */
async function loadCli() {
  // Inside of the project, where packages that stay outside of the bundle are found.
  const folder = path.join(root, 'out', `ecosystem-fixes-${process.pid}`);
  const outfile = path.join(folder, 'cli.cjs');
  const contents = "export { runCli } from './server/src/cli/run.ts'; export { rules } from './server/src/rules/registry.ts';";
  try {
    await build({ ...bundleOptions, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, format: 'cjs' });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A function that gives the findings in a folder, or a failure. */
function checker({ runCli, rules }, config) {
  return async (cwd, flags) => {
    const out = [];
    const err = [];
    const io = {
      stdout: (text) => out.push(text),
      stderr: (text) => err.push(text),
      stdin: async () => '',
      cwd,
      env: { NO_COLOR: '1' },
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      interrupted: { cancelled: false },
    };
    const args = ['check', '.', '-c', config, '--no-ignore', '-f', 'json', ...flags];
    const code = await runCli(args, io, { root, version: 'fixes', rules });
    if (code !== 0 && code !== 1) return { failure: `exit ${code}: ${err.join('').slice(-400)}` };
    return { findings: JSON.parse(out.join('')).findings };
  };
}

/** The content of each file below a folder. */
function snapshot(directory, below = '', out = new Map()) {
  for (const entry of readdirSync(path.join(directory, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) snapshot(directory, name, out);
    else if (entry.isFile()) out.set(name, readFileSync(path.join(directory, name)));
  }
  return out;
}

function changedOf(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => !before.get(name)?.equals(after.get(name) ?? MISSING));
}

/** Gives a copy the content of a snapshot. */
function restore(directory, clean) {
  const now = snapshot(directory);
  for (const name of changedOf(clean, now)) {
    const content = clean.get(name);
    if (content) writeFileSync(path.join(directory, name), content);
    else rmSync(path.join(directory, name));
  }
}

/** Whether a parser other than the linter's own takes a text; null where none is here. */
function parses(name, content) {
  const [program, args] = PARSES[path.extname(name)] ?? [];
  if (!program || !content) return null;
  const { status, error } = spawnSync(program, args, { input: content, stdio: ['pipe', 'ignore', 'ignore'], timeout: 60_000 });
  return error ? null : status === 0;
}

/** A fix may make a question arise: of a function that is `extern "C"` now, of an enum whose layout is defined now. */
const UNCOVERS = {
  'no-mangle-rust-abi': /^(panic|unwrap|cstr-to-str|index|div|enum-from|reference-param|missing-null|slice-from|cstr-from)/,
  'repr-c-missing': /^enum-from-foreign$/,
};

/** Findings by what they say, without their places: those move when lines are added above. */
const keyOf = ({ rule, file, message }) => `${rule}\0${file}\0${message}`;

/** The findings of `all` that are not among `others`, each counted once. */
function without(all, others) {
  const left = new Map();
  for (const one of others) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return all.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

/** What cargo makes of a crate: whether it compiles, the sources that were read for it, its errors. */
function compile(crate, directory, target) {
  const features = (crate.features ?? []).flatMap((feature) => ['--features', feature]);
  const args = ['check', '--offline', '--message-format', 'json', ...features, ...(crate.flags ?? [])];
  const env = { ...process.env, ...crate.env, CARGO_TARGET_DIR: target };
  env.RUSTFLAGS = `${crate.env?.RUSTFLAGS ?? ''} --cap-lints=warn`.trim();
  const { status, stdout, stderr } = spawnSync('cargo', args, {
    cwd: directory,
    encoding: 'utf8',
    env,
    timeout: COMPILE_LIMIT,
    maxBuffer: 1 << 28,
  });
  const messages = (stdout ?? '')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const files = new Set();
  for (const { reason, filenames, manifest_path: manifest } of messages) {
    if (reason !== 'compiler-artifact' || path.dirname(manifest) !== directory) continue;
    for (const file of filenames ?? []) {
      const notes = path.join(path.dirname(file), `${path.basename(file).replace(/^lib|\.rmeta$/g, '')}.d`);
      if (!existsSync(notes)) continue;
      for (const [, name] of readFileSync(notes, 'utf8').matchAll(/^(\S+\.rs):$/gm))
        files.add(path.relative(directory, path.resolve(directory, name)));
    }
  }
  const errors = messages
    .filter(({ reason, message }) => reason === 'compiler-message' && message.level === 'error' && message.spans.length > 0)
    .map(({ message }) => {
      const span = message.spans.find((one) => one.is_primary) ?? message.spans[0];
      return `${span.file_name}:${span.line_start}: ${message.code?.code ?? ''} ${message.message}`;
    });
  return { ok: status === 0, files, errors, said: /^error.*$/m.exec(stderr ?? '')?.[0] ?? 'cargo gave up' };
}

/** Fixes a copy that is as the crate has it, and says what is wrong with the outcome; the copy is left fixed. */
async function mend({ directory, check, before, clean }, { flags, takes, name }, only) {
  const limits = only ? ['--fix-only', only] : [];
  const offered = ({ fixes, rule }) => fixes?.some(takes) && (!only || rule === only);
  const faults = [];
  const first = await check(directory, [...flags, ...limits]);
  const fixed = snapshot(directory);
  const changed = changedOf(clean, fixed);
  const again = first.failure ? first : await check(directory, [...flags, ...limits]);
  if (again.failure) return { applied: [], changed, uncovered: [], faults: [`${name}: ${again.failure}`] };
  for (const file of changedOf(fixed, snapshot(directory))) faults.push(`${name}: changes again: ${file}`);
  const place = ({ rule, file, range, message }) => `${rule} ${file}:${range.start.line} ${message}`;
  const applied = without(before.filter(offered), again.findings);
  const uncovered = [];
  for (const one of without(again.findings, before)) {
    const expected = applied.some(({ rule, file }) => UNCOVERS[rule]?.test(one.rule) && file === one.file);
    (expected ? uncovered : faults).push(`${name}: ${expected ? 'uncovered' : 'new'}: ${place(one)}`);
  }
  for (const one of again.findings.filter(offered)) faults.push(`${name}: left: ${place(one)}`);
  for (const file of changed) {
    if (parses(file, clean.get(file)) && parses(file, fixed.get(file)) === false) faults.push(`${name}: does not parse: ${file}`);
  }
  return { applied, changed, faults, uncovered };
}

/** The rules whose fixes by themselves leave a crate that does not compile, and what the compiler says. */
async function blamed(work, mode, rules, build) {
  const bad = new Set();
  const faults = [];
  for (const rule of rules) {
    restore(work.directory, work.clean);
    await mend(work, mode, rule);
    const { ok, errors } = build();
    if (ok) continue;
    bad.add(rule);
    for (const line of errors) faults.push(`${mode.name}: does not compile with ${rule}: ${line}`);
  }
  return { bad, faults };
}

/** All that is learnt of one crate: its fixes, of those applied whether they compile or null where that is not known, and faults. */
async function prove(crate, check, { compiling, target }) {
  const source = fetchCrate(crate);
  if (source.unavailable) return { unavailable: source.unavailable };
  const { findings, failure } = await check(source.directory, []);
  if (failure) return { fixes: [], faults: [failure], uncovered: [], whole: null };
  if (!findings.some(({ fixes }) => fixes?.length > 0)) return { fixes: [], faults: [], uncovered: [], whole: null };
  const made = prepareCrate(crate, scratch);
  if (made.unavailable) return { unavailable: made.unavailable };
  const { directory } = made;
  const work = { directory, check, before: findings, clean: snapshot(directory) };
  const build = () => compile(crate, directory, target);
  const whole = compiling ? build() : null;
  restore(directory, work.clean);
  const faults = [];
  const uncovered = [];
  const fixes = [];
  for (const mode of MODES) {
    const offered = findings.filter((one) => one.fixes?.some(mode.takes));
    if (offered.length === 0) continue;
    const outcome = await mend(work, mode, null);
    faults.push(...outcome.faults);
    uncovered.push(...outcome.uncovered);
    const bad = new Set();
    if (whole?.ok) {
      const fixed = build();
      if (!fixed.ok) {
        const { bad: guilty, faults: more } = await blamed(work, mode, new Set(outcome.applied.map(({ rule }) => rule)), build);
        faults.push(...more);
        for (const rule of guilty) bad.add(rule);
        if (guilty.size === 0) for (const line of fixed.errors) faults.push(`${mode.name}: does not compile: ${line}`);
      }
    }
    const seen = ({ fixes: list }) =>
      (list.find(mode.takes)?.edits ?? []).every(({ file }) => whole?.files.has(file) || !file.endsWith('.rs'));
    for (const one of offered) {
      const applied = outcome.applied.includes(one);
      fixes.push({ mode: mode.name, rule: one.rule, applied, compiled: applied && whole?.ok && seen(one) ? !bad.has(one.rule) : null });
    }
    restore(directory, work.clean);
  }
  return { fixes, faults, uncovered, whole };
}

/** One row for each rule and way to fix. */
function table(fixes) {
  const keys = [...new Set(fixes.map(({ rule, mode }) => `${rule} ${mode}`))].sort();
  return keys.map((key) => {
    const own = fixes.filter(({ rule, mode }) => `${rule} ${mode}` === key);
    const known = own.filter(({ compiled }) => compiled !== null);
    const [rule, mode] = key.split(' ');
    return [
      `\`${rule}\``,
      mode,
      own.length,
      own.filter(({ applied }) => applied).length,
      `${known.filter(({ compiled }) => compiled).length} of ${known.length}`,
    ];
  });
}

/** `tell` gets a row of cells for each crate and then for each rule; what failed comes back. With `compiling`, cargo is asked too. */
export async function fixCrates(crates, config, { tell, compiling }) {
  mkdirSync(scratch, { recursive: true });
  const check = checker(await loadCli(), config);
  const target = path.join(scratch, 'target');
  const failures = [];
  const all = [];
  const counts = { crates: 0, mended: 0, compiled: 0, uncovered: 0 };
  tell(['crate', 'safe', 'unsafe', 'faults', 'compiles']);
  for (const crate of crates) {
    const id = `${crate.name} ${crate.version}`;
    const proved = await prove(crate, check, { compiling, target });
    if (proved.unavailable) {
      failures.push(`left out: ${id}: ${proved.unavailable}`);
      continue;
    }
    const { fixes, faults, uncovered, whole } = proved;
    counts.uncovered += uncovered.length;
    counts.crates++;
    if (fixes.length > 0) counts.mended++;
    if (whole?.ok) counts.compiled++;
    all.push(...fixes);
    failures.push(...faults.map((line) => `${id}: ${line}`));
    if (whole && !whole.ok) failures.push(`not compiled: ${id}: ${whole.errors[0] ?? whole.said}`);
    const applied = MODES.map(({ name }) => fixes.filter((one) => one.mode === name && one.applied).length);
    tell([id, ...applied, faults.length, whole ? (whole.ok ? 'yes' : 'no') : '']);
    for (const line of [...faults, ...uncovered]) console.log(`  ${line}`);
    // A run takes long: what is known is written down after each crate.
    writeFileSync(path.join(cacheFolder, 'reports', 'fixes.json'), JSON.stringify({ counts, fixes: all }));
  }
  tell(['rule', 'fix', 'offered', 'applied', 'compile']);
  for (const cells of table(all)) tell(cells);
  console.log(
    `${counts.crates} crates, ${counts.mended} with fixes, ${counts.compiled} of those compile here; ${counts.uncovered} findings uncovered`,
  );
  return failures;
}
