/** Runs rustc and clippy, all lints on, over a test case and says which lints speak on which lines. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cratesFor } from '../support/compile/dependencies.ts';
import { planOf } from '../support/compile/manifest.ts';
import { run } from '../support/compile/process.ts';

/** `path:line` by lint; a lint of clippy has its prefix, one of rustc has underscores. */
export type Spoken = ReadonlyMap<string, ReadonlySet<string>>;

interface Diagnostic {
  readonly code?: { readonly code: string } | null;
  readonly spans?: readonly { readonly file_name: string; readonly line_start: number; readonly is_primary: boolean }[];
}

/** The lints of rustc that are off unless asked for. */
export async function quietLints(): Promise<readonly string[]> {
  const { stdout } = await run('rustc', ['-W', 'help'], tmpdir());
  const listed = stdout.split(/^Lint groups provided/m)[0] ?? '';
  return [...listed.matchAll(/^\s*([a-z][\w-]+)\s+allow\s/gm)].map(([, name = '']) => name);
}

const GROUPS = ['all', 'pedantic', 'nursery', 'restriction', 'cargo'].flatMap((group) => ['-W', `clippy::${group}`]);

/** Null where the case is cargo's work or its crates cannot be had. */
export async function lintsOf(files: ReadonlyMap<string, string>, compiler: string, quiet: readonly string[]): Promise<Spoken | null> {
  const plan = planOf(files);
  if (plan.needsCargo || plan.roots.length !== 1) return null;
  const [root] = plan.roots;
  const crates = Object.keys(plan.dependencies).length === 0 ? { args: [] } : await cratesFor(plan.dependencies, compiler);
  if (!root || 'unavailable' in crates) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-case-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const args = [
      '--edition',
      plan.edition,
      '--crate-name',
      plan.crate,
      '--crate-type',
      root.crateType,
      '--emit=metadata',
      '--out-dir',
      'out',
    ];
    const features = plan.features.flatMap((one) => ['--cfg', `feature="${one}"`]);
    const lints = [...GROUPS, ...quiet.flatMap((one) => ['-W', one]), '-A', 'unused_crate_dependencies'];
    const { stderr } = await run(
      'clippy-driver',
      [...args, ...features, ...lints, '--error-format=json', ...crates.args, root.path],
      folder,
    );
    const spoken = new Map<string, Set<string>>();
    for (const line of stderr.split('\n')) {
      const { code, spans } = line.startsWith('{') ? (JSON.parse(line) as Diagnostic) : {};
      // Errors have codes such as E0308; lints have names.
      if (!code || /^E\d{4}$/.test(code.code)) continue;
      const places = spoken.get(code.code) ?? new Set();
      for (const span of spans ?? []) if (span.is_primary) places.add(`${span.file_name}:${span.line_start}`);
      spoken.set(code.code, places);
    }
    return spoken;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
