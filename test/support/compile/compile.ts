/** Compiles the files of a test case with rustc (metadata only) and says with which codes it was refused. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cratesFor, isUnreachable, jsonLines, pythonEnv } from './dependencies.ts';
import type { Diagnostic } from './dependencies.ts';
import { planOf } from './manifest.ts';
import type { Plan, Root } from './manifest.ts';
import { cacheFolder, hashOf, remembered, run } from './process.ts';

export type Compiled =
  /** The distinct codes of its errors (`E0133`, or a lint's name), sorted; an error without a code is `error`. */
  { readonly codes: readonly string[]; readonly output: string } | { readonly unavailable: string };

let version: Promise<string | null> | null = null;

/** What `rustc -vV` says, null without rustc. */
export function compilerVersion(): Promise<string | null> {
  version ??= run('rustc', ['-vV'], tmpdir()).then(({ status, stdout }) => (status === 0 ? stdout : null));
  return version;
}

/** Compiles every crate root of a case; results are kept by content. */
export async function compile(files: ReadonlyMap<string, string>): Promise<Compiled> {
  const compiler = await compilerVersion();
  if (compiler === null) return { unavailable: 'rustc is not installed' };
  const sources = [...files].filter(([name]) => /\.(rs|toml)$/.test(name)).sort();
  const key = hashOf('5', compiler, sources);
  return remembered<Compiled>(
    'rustc',
    key,
    () => compileFresh(files, compiler),
    (made) => 'codes' in made,
  );
}

async function compileFresh(files: ReadonlyMap<string, string>, compiler: string): Promise<Compiled> {
  const plan = planOf(files);
  const crates =
    plan.needsCargo || Object.keys(plan.dependencies).length === 0 ? { args: [] } : await cratesFor(plan.dependencies, compiler);
  if ('unavailable' in crates) return crates;
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-case-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return plan.needsCargo ? await withCargo(folder) : await withRustc(folder, files, plan, crates.args);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withRustc(folder: string, files: ReadonlyMap<string, string>, plan: Plan, crates: readonly string[]): Promise<Compiled> {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  let ownLib: readonly string[] = [];
  const compileRoot = async (root: Root): Promise<void> => {
    const out = path.join(folder, 'out', root.path);
    mkdirSync(out, { recursive: true });
    const name = root.crateType === 'bin' ? path.basename(root.path, '.rs').replaceAll('-', '_') : plan.crate;
    const args = [
      '--edition',
      plan.edition,
      '--crate-name',
      name,
      '--crate-type',
      root.crateType,
      '--emit=metadata,dep-info',
      '--out-dir',
      out,
    ];
    const features = plan.features.flatMap((it) => ['--cfg', `feature="${it}"`]);
    const more = [...(root.test ? ['--test'] : []), ...features, '-A', 'warnings', '--error-format=json', ...crates, ...ownLib];
    const { stderr } = await run('rustc', [...args, ...more, root.path], folder);
    diagnostics.push(...(jsonLines(stderr) as readonly Diagnostic[]));
    const listed = path.join(out, `${name}.d`);
    seen.add(root.path);
    if (existsSync(listed)) for (const it of readFileSync(listed, 'utf8').split(/\s+/)) seen.add(it.replace(/:$/, ''));
    if (root.crateType === 'lib') ownLib = ['--extern', `${plan.crate}=${path.join(out, `lib${plan.crate}.rmeta`)}`];
  };
  for (const root of plan.roots) await compileRoot(root);
  // A file that no root reaches is a crate of its own, as the linter takes it.
  if (diagnostics.every(({ level }) => level !== 'error')) {
    const lost = [...files.keys()].filter((name) => name.endsWith('.rs') && !seen.has(name));
    for (const name of lost) await compileRoot({ path: name, crateType: 'bin', test: true });
  }
  return verdict(diagnostics);
}

async function withCargo(folder: string): Promise<Compiled> {
  const target = path.join(cacheFolder, 'workspaces');
  const args = ['check', '--workspace', '--all-targets', '--keep-going', '--message-format=json', '--target-dir', target];
  const { status, stdout, stderr } = await run('cargo', args, folder, { ...pythonEnv(), RUSTFLAGS: '-A warnings' });
  if (status === null) return { unavailable: 'cargo is not installed' };
  if (status !== 0 && isUnreachable(stderr)) return { unavailable: 'the crate registry cannot be reached' };
  const found = verdict(jsonLines(stdout).flatMap((it) => (it.reason === 'compiler-message' && it.message ? [it.message] : [])));
  return status !== 0 && 'codes' in found && found.codes.length === 0 ? { codes: ['error'], output: stderr } : found;
}

/** The closing line that counts the errors has no code and is none itself. */
function verdict(diagnostics: readonly Diagnostic[]): Compiled {
  const errors = diagnostics.filter(({ level, message }) => level === 'error' && !/^aborting due to/.test(message ?? ''));
  const codes = [...new Set(errors.map(({ code }) => code?.code ?? 'error'))].sort();
  return { codes, output: errors.map(({ rendered }) => rendered ?? '').join('\n') };
}
