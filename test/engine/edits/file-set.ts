/** What a session is opened with, of texts by path. */
import type { FileSet } from '../../../server/src/engine/session.types.ts';

export function fileSet(texts: ReadonlyMap<string, string>): FileSet {
  const ending = (pattern: RegExp): string[] => [...texts.keys()].filter((path) => pattern.test(path)).sort();
  return {
    rust: ending(/\.rs$/),
    manifests: ending(/\/Cargo\.toml$/),
    headers: ending(/\.(?:h|hpp|c)$/),
    python: ending(/\.py$/),
    javascript: ending(/\.[cm]?[jt]s$/),
    csharp: ending(/\.cs$/),
    report: null,
    problems: [],
  };
}
