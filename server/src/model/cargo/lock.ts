/** Reads Cargo.lock: a file that Cargo writes in one fixed form, so that lines are enough (a TOML parser takes 30 times as long). */
import type { LockedPackage } from './package.ts';

/** The packages of a lock file of any version (1 to 4); lines that Cargo would not write are passed over. */
export function parseLock(text: string): readonly LockedPackage[] {
  const packages: LockedPackage[] = [];
  let open: Record<string, string> | null = null;
  let dependencies: string[] = [];
  let inList = false;
  const close = (): void => {
    if (open?.['name'] !== undefined && open['version'] !== undefined) {
      packages.push({ name: open['name'], version: open['version'], source: sourceOf(open['source']), dependencies });
    }
    open = null;
    dependencies = [];
    inList = false;
  };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('[') && !inList) {
      close();
      if (line === '[[package]]' || line === '[root]') open = {};
    } else if (open !== null && inList) {
      if (line.startsWith(']')) inList = false;
      else dependencies.push(...strings(line));
    } else if (open !== null) {
      const equals = line.indexOf('=');
      const key = line.slice(0, equals).trim();
      const value = line.slice(equals + 1).trim();
      if (key === 'dependencies') {
        dependencies = strings(value);
        inList = !value.endsWith(']');
      } else if (equals > 0) open[key] = strings(value)[0] ?? '';
    }
  }
  close();
  return packages;
}

function strings(text: string): string[] {
  const found: string[] = [];
  for (let open = text.indexOf('"'); open >= 0; ) {
    const close = text.indexOf('"', open + 1);
    if (close < 0) break;
    found.push(text.slice(open + 1, close));
    open = text.indexOf('"', close + 1);
  }
  return found;
}

function sourceOf(written: string | undefined): LockedPackage['source'] {
  if (written === undefined) return 'path';
  return written.startsWith('git+') ? 'git' : 'registry';
}
