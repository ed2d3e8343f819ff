/** What a pyproject.toml says of how a Rust crate becomes a Python package (PEP 517, PEP 621, maturin, setuptools-rust). */
import type { Span } from '../../base/text.ts';

/** A text of the file and where it stands, quotes included. */
export interface PlacedText {
  readonly text: string;
  readonly span: Span;
}

export interface PythonProject {
  /** Absolute path of pyproject.toml. */
  readonly file: string;
  /** `maturin`, `setuptools.build_meta` …; null where nothing is written. */
  readonly backend: string | null;
  /** `build-system.requires`, as written. */
  readonly requires: readonly string[];
  /** `project.requires-python`. */
  readonly requiresPython: PlacedText | null;
  /** `[tool.maturin]`, or the backend without a table; null where maturin has no part in it. */
  readonly maturin: {
    /** `package.module` */
    readonly moduleName: PlacedText | null;
    /** What kind of bindings it is told of; null where it finds out itself. */
    readonly bindings: string | null;
    readonly features: readonly string[];
  } | null;
  /** The modules that setuptools-rust is told of: `package.module`. */
  readonly targets: readonly string[];
}
