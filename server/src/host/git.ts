/** Asks git which files changed. */
import { joinPath, normalizePath } from '../base/paths.ts';
import { runProcess } from './process.ts';

/** Absolute paths, sorted; or why git could not answer. */
export type GitFiles = { readonly files: readonly string[] } | { readonly failure: string };

/**
 * The files that differ from where the current branch left a commit or branch (`main`, `HEAD~2`), as they now stand on disk, new
 * and untracked ones included, deleted ones not.
 */
export async function changedFiles(folder: string, since: string): Promise<GitFiles> {
  const top = await topLevel(folder);
  if (typeof top !== 'string') return top;
  const commit = await git(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`]);
  if (typeof commit !== 'string') return { failure: `git knows no commit or branch \`${since}\`` };
  // Without a common ancestor (a shallow clone) the commit itself is compared.
  const base = await git(top, ['merge-base', commit.trim(), 'HEAD']);
  const from = typeof base === 'string' ? base.trim() : commit.trim();
  return merge(top, [
    await git(top, ['diff', '--name-only', '--no-renames', '--diff-filter=d', '-z', from, '--']),
    await git(top, ['ls-files', '--others', '--exclude-standard', '-z', '--full-name']),
  ]);
}

/** The files of the index that differ from the last commit, deleted ones left out. */
export async function stagedFiles(folder: string): Promise<GitFiles> {
  const top = await topLevel(folder);
  if (typeof top !== 'string') return top;
  return merge(top, [await git(top, ['diff', '--cached', '--name-only', '--no-renames', '--diff-filter=d', '-z', '--'])]);
}

async function topLevel(folder: string): Promise<string | { readonly failure: string }> {
  const top = await git(folder, ['rev-parse', '--show-toplevel']);
  return typeof top === 'string' ? normalizePath(top.trimEnd()) : top;
}

async function git(folder: string, args: readonly string[]): Promise<string | { readonly failure: string }> {
  const result = await runProcess('git', ['-C', folder, ...args], { timeout: 60_000, env: { LC_ALL: 'C' } });
  if (result.failure !== null) return { failure: `git ${result.failure}` };
  if (result.code === 0) return result.stdout;
  const [said] = result.stderr.trim().split('\n');
  return { failure: said?.replace(/^fatal: /, '') || `git ended with code ${result.code}` };
}

function merge(top: string, outputs: readonly (string | { readonly failure: string })[]): GitFiles {
  const files = new Set<string>();
  for (const output of outputs) {
    if (typeof output !== 'string') return output;
    for (const name of output.split('\0')) if (name !== '') files.add(joinPath(top, name));
  }
  return { files: [...files].sort() };
}
