/** What a build tells the C compiler, as far as it changes what headers mean. */

export interface CFlags {
  /** Absolute folders, `-I` in order. */
  readonly includeDirs: readonly string[];
  /** Absolute folders, `-isystem` in order. */
  readonly systemDirs: readonly string[];
  /** `NAME` or `NAME=VALUE`; a name that comes again later counts. */
  readonly defines: readonly string[];
  readonly undefines: readonly string[];
  /** Macros that the build defines under a condition, or with a value that is not written there. */
  readonly doubtful: readonly string[];
  /** Absolute files that are read before all else. */
  readonly includes: readonly string[];
  /** Other flags that change layouts or the language: `-std=c11`, `-fshort-enums`, `-m32`. */
  readonly others: readonly string[];
  /** The compiler that the build starts; null where it is not known. */
  readonly compiler: string | null;
}

export const NO_FLAGS: CFlags = {
  includeDirs: [],
  systemDirs: [],
  defines: [],
  undefines: [],
  doubtful: [],
  includes: [],
  others: [],
  compiler: null,
};

/** Both, the second behind the first. */
export function joinFlags(first: CFlags, second: CFlags): CFlags {
  return {
    includeDirs: [...first.includeDirs, ...second.includeDirs],
    systemDirs: [...first.systemDirs, ...second.systemDirs],
    defines: [...first.defines, ...second.defines],
    undefines: [...first.undefines, ...second.undefines],
    doubtful: [...first.doubtful, ...second.doubtful],
    includes: [...first.includes, ...second.includes],
    others: [...first.others, ...second.others],
    compiler: second.compiler ?? first.compiler,
  };
}
