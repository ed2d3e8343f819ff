/** The outside world as the core sees it; host/ implements these interfaces, tests and the language server their own. */

/** Why a file could not be read, in words that can follow the file's name. */
export interface ReadFailure {
  readonly failure: string;
}

/** Files by absolute path with forward slashes. Nothing here throws. */
export interface FileSystem {
  /** The text of a file, or why it could not be read. Invalid UTF-8 is a failure, a byte order mark is kept. */
  read(path: string): string | ReadFailure;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** Names in a directory, sorted; empty where it cannot be listed. */
  list(path: string): readonly string[];
}

export function isFailure(result: string | ReadFailure): result is ReadFailure {
  return typeof result !== 'string';
}
