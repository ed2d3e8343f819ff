/** Paths as text: absolute, forward slashes, no IO. */

/** Joins and normalises; an absolute second part wins, as in the file system. */
export function joinPath(base: string, relative: string): string {
  return normalizePath(isAbsolute(relative) ? relative : `${base}/${relative}`);
}

/** Forward slashes, `.` and `..` resolved, no slash at the end but for a root. */
export function normalizePath(path: string): string {
  const slashed = path.replace(/\\/g, '/');
  const drive = /^[A-Za-z]:/.exec(slashed)?.[0] ?? '';
  const rest = slashed.slice(drive.length);
  const rooted = rest.startsWith('/');
  const out: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else if (part === '..' && rooted) continue;
    else out.push(part);
  }
  return drive + (rooted ? '/' : '') + out.join('/') || '.';
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

export function dirname(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '.' : cut === 0 ? '/' : path.slice(0, cut);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `path` below `directory` as a relative path, or null where it is not below it. */
export function relativeInside(directory: string, path: string): string | null {
  if (path === directory) return '';
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The only path of a list, or the one that shares most folders with `from`; null without one, and where two share as many. */
export function nearestPath(paths: readonly string[], from: string): string | null {
  const [only, ...more] = paths;
  if (only === undefined || more.length === 0) return only ?? null;
  const shared = (path: string): number => {
    let at = 0;
    while (at < from.length && path[at] === from[at]) at++;
    return from.slice(0, at).split('/').length;
  };
  const best = Math.max(...paths.map(shared));
  const [first, ...rest] = paths.filter((path) => shared(path) === best);
  return rest.length === 0 ? (first ?? null) : null;
}
