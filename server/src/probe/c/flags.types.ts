/** What a build tells the C compiler, as far as it changes what headers mean. */

export interface CFlags {
  /** Absolute folders, `-I` in order. */
  readonly includeDirs: readonly string[];
  /** Absolute folders, `-isystem` in order. */
  readonly systemDirs: readonly string[];
  /** `NAME` or `NAME=VALUE`. */
  readonly defines: readonly string[];
  readonly undefines: readonly string[];
  /** Absolute files that are read before all else. */
  readonly includes: readonly string[];
  /** Other flags that change layouts or the language: `-std=c11`, `-fshort-enums`, `-m32`. */
  readonly others: readonly string[];
  /** The compiler that the build starts; null where it is not known. */
  readonly compiler: string | null;
}

export const NO_FLAGS: CFlags = { includeDirs: [], systemDirs: [], defines: [], undefines: [], includes: [], others: [], compiler: null };
