/** System errors in words that can follow a file's name. */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be opened: permission denied',
  EPERM: 'cannot be opened: not permitted',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'cannot be opened: the path is too long',
  EMFILE: 'cannot be opened: too many files are open',
  ENFILE: 'cannot be opened: too many files are open',
  ENOSPC: 'cannot be written: the disk is full',
  EROFS: 'cannot be written: the file system is read-only',
  EBUSY: 'cannot be opened: another program uses it',
};

/** What went wrong; codes without words of their own are named. */
export function failureOf(error: unknown): string {
  const code = codeOf(error);
  return WORDS[code] ?? `cannot be opened (${code})`;
}

export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
