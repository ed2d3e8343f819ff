/** Which files' findings the editor is told, by the scope that the user chose. */
import { basename, dirname } from '../base/paths.ts';
import type { FileSystem } from '../base/io.ts';
import type { CheckResult, Finding } from '../engine/finding.ts';
import type { Scope } from './settings.ts';

/**
 * Files to check, null for all. For `affected` these are the open files and their manifests, and what the last findings in them
 * point to; with a file of another language open all Rust files may be partners, so all are checked.
 */
export function focusFor(scope: Scope, open: readonly string[], last: CheckResult | null, fs: FileSystem): readonly string[] | null {
  if (scope === 'workspace') return null;
  if (scope === 'openFiles') return [...open].sort();
  if (open.some((path) => !path.endsWith('.rs') && !path.endsWith('.toml'))) return null;
  const files = new Set(open);
  for (const path of open) {
    const manifest = manifestOf(path, fs);
    if (manifest) files.add(manifest);
  }
  for (const finding of last?.findings ?? []) {
    if (files.has(finding.at.file)) for (const { at } of finding.related) if (at.file.endsWith('.rs')) files.add(at.file);
  }
  return [...files].sort();
}

/** Whether a finding is told: always by its own file; with `affected` also where it points to an open file. */
export function isShown(finding: Finding, scope: Scope, open: ReadonlySet<string>, focus: ReadonlySet<string> | null): boolean {
  if (scope === 'workspace') return true;
  const touches =
    open.has(finding.at.file) ||
    (finding.mirror !== undefined && open.has(finding.mirror.file)) ||
    finding.related.some(({ at }) => open.has(at.file));
  return scope === 'openFiles' ? touches : touches || focus?.has(finding.at.file) === true;
}

/** The nearest Cargo.toml at or above a file. */
function manifestOf(path: string, fs: FileSystem): string | null {
  if (basename(path) === 'Cargo.toml') return path;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = `${folder === '/' ? '' : folder}/Cargo.toml`;
    if (fs.isFile(manifest)) return manifest;
    if (dirname(folder) === folder) return null;
  }
}
