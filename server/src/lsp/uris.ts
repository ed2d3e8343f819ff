/** URIs as editors write them, and the paths that the core knows. */
import { normalizePath } from '../base/paths.ts';

/** Everything that is no file on disk lives below this folder, which no disk has: `/~untitled/…`. */
const ELSEWHERE = '/~';

/** The scheme's own syntax, at least two letters: one letter is a drive. */
const URI = /^([A-Za-z][A-Za-z0-9+.-]+):(?:\/\/([^/?#]*))?([^?#]*)/;

/** Schemes whose documents are views of other texts (a diff's left side): they are not checked. */
const VIEWS: ReadonlySet<string> = new Set([
  'git',
  'gitlens',
  'output',
  'vscode',
  'vscode-scm',
  'review',
  'pr',
  'conflictResolution',
  'chat-editing',
]);

/** The absolute path for a URI, null where it is malformed or only a view of another text. */
export function pathFromUri(uri: string): string | null {
  const parts = URI.exec(uri);
  if (!parts) return null;
  const scheme = (parts[1] ?? '').toLowerCase();
  if (VIEWS.has(scheme)) return null;
  const authority = decoded(parts[2] ?? '');
  const path = decoded(parts[3] ?? '');
  if (authority === null || path === null || path === '' || path.includes('\0')) return null;
  if (scheme !== 'file') return normalizePath(`${ELSEWHERE}${scheme}/${authority}/${path}`);
  if (authority !== '' && authority !== 'localhost') return `//${authority}${normalizePath(path)}`;
  // `/c:/x` is a drive's path; drives are compared in lower case, as editors write them.
  const drive = /^\/([A-Za-z]):/.exec(path);
  return normalizePath(drive ? `${(drive[1] ?? '').toLowerCase()}:${path.slice(3)}` : path);
}

/** The URI of a file on disk. Documents that are open keep the URI that their editor gave them. */
export function fileUri(path: string): string {
  const share = /^\/\/([^/]+)(\/.*)$/.exec(path);
  if (share) return `file://${encoded(share[1] ?? '')}${segments(share[2] ?? '')}`;
  return `file://${path.startsWith('/') ? '' : '/'}${segments(path)}`;
}

/** False for a path that stands for a document that is no file. */
export function isOnDisk(path: string): boolean {
  return !path.startsWith(ELSEWHERE);
}

function segments(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/** As RFC 3986 has it: only unreserved characters stay. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A `%` that is no escape: the URI is malformed.
    return null;
  }
}
