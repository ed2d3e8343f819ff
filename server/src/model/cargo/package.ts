/** Packages, targets and workspaces as Cargo.toml and Cargo.lock describe them. */
import type { Span } from '../../base/text.ts';
import type { PythonProject } from '../python/project.ts';

export type Edition = '2015' | '2018' | '2021' | '2024';

export type TargetKind = 'lib' | 'bin' | 'test' | 'bench' | 'example' | 'build-script';

export interface CargoTarget {
  readonly kind: TargetKind;
  /** The crate's name in code: `-` is `_`. */
  readonly name: string;
  /** Absolute path of the root source file; it may not exist. */
  readonly root: string;
  /** For a lib: `lib`, `rlib`, `dylib`, `cdylib`, `staticlib`, `proc-macro`; `bin` otherwise. */
  readonly crateTypes: readonly string[];
  readonly edition: Edition;
}

export type DependencyKind = 'normal' | 'dev' | 'build';

export interface Dependency {
  /** The name in code (`-` is `_`), renames applied. */
  readonly name: string;
  /** The package's name as registered. */
  readonly package: string;
  /** The requirement as written; null for a git or path dependency without one. */
  readonly requirement: string | null;
  readonly source: 'registry' | 'git' | 'path';
  /** Absolute folder of a path dependency. */
  readonly path: string | null;
  readonly optional: boolean;
  readonly features: readonly string[];
  readonly defaultFeatures: boolean;
  readonly kind: DependencyKind;
  /** The `cfg(...)` or triple of a target table, null without one. */
  readonly target: string | null;
  /** Where it is written in this package's manifest. */
  readonly span: Span | null;
  /** Where each of the features stands that this manifest itself asks for, quotes included. */
  readonly featureSpans?: readonly { readonly name: string; readonly span: Span }[];
  /** Where the requirement stands in this manifest, quotes included; null where it is inherited. */
  readonly requirementSpan?: Span | null;
}

/** What a profile says of panics; null where nothing is written (unwind). */
export interface PanicProfiles {
  readonly dev: 'unwind' | 'abort' | null;
  readonly release: 'unwind' | 'abort' | null;
  /** Every profile that the workspace defines or inherits aborts. */
  readonly alwaysAborts: boolean;
}

export interface Package {
  readonly name: string;
  readonly version: string | null;
  /** Absolute folder of the manifest. */
  readonly directory: string;
  /** Absolute path of Cargo.toml. */
  readonly manifest: string;
  readonly edition: Edition;
  /** `1.81` as [1, 81, 0]; null where neither the package nor its workspace says. */
  readonly rustVersion: readonly [number, number, number] | null;
  readonly targets: readonly CargoTarget[];
  readonly dependencies: readonly Dependency[];
  /** Feature names and what each enables; `default` among them. */
  readonly features: Readonly<Record<string, readonly string[]>>;
  readonly panic: PanicProfiles;
  /** `links = "…"`. */
  readonly links: string | null;
  /** Lint levels of `[lints]` and the inherited `[workspace.lints]`: `rust.improper_ctypes` → `allow`. */
  readonly lints: Readonly<Record<string, string>>;
  /** Absolute folder of the workspace root; its own folder for a lone package. */
  readonly workspaceRoot: string;
  /** Where things stand in Cargo.toml, for findings and fixes about it. */
  readonly places: {
    readonly name: Span | null;
    readonly libTable: Span | null;
    readonly crateType: Span | null;
    readonly edition: Span | null;
    readonly rustVersion: Span | null;
  };
}

/** One `[[package]]` of a Cargo.lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `registry`, `git`, or `path` for a workspace member. */
  readonly source: 'registry' | 'git' | 'path';
  /** As written: `name` or `name version` or `name version (source)`. */
  readonly dependencies: readonly string[];
}

export interface CargoLock {
  /** Absolute path. */
  readonly file: string;
  readonly packages: readonly LockedPackage[];
}

/** The version that a package's dependency resolves to. */
export type ResolvedVersion =
  | { readonly kind: 'exact'; readonly version: readonly [number, number, number] }
  /** From a requirement alone, `max` exclusive. */
  | { readonly kind: 'range'; readonly min: readonly [number, number, number]; readonly max: readonly [number, number, number] | null }
  | { readonly kind: 'unknown' };

export interface CargoModel {
  readonly packages: readonly Package[];
  /** By absolute workspace root. */
  readonly locks: ReadonlyMap<string, CargoLock>;
  /** The Python projects that build packages which depend on PyO3, by the package's manifest. */
  readonly projects?: ReadonlyMap<string, PythonProject>;
}
