/** The name under which a crate's measured layouts are kept: a hash of all that decides them. */
import { createHash } from 'node:crypto';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import type { Package } from '../../model/cargo/package.ts';
import type { FileIndex } from '../../model/rust/file-index.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';

/** Changes when what is asked or kept does. */
const FORMAT = 3;

export interface KeyInput {
  readonly crate: Crate;
  readonly workspace: Workspace;
  readonly fs: FileSystem;
  readonly triple: string;
  readonly cargoArguments: readonly string[];
  /** Of the toolchain. */
  readonly mark: string;
}

/**
 * Definitions, configuration, features, target and compiler. What stands inside of functions decides no layout, so that writing there does
 * not make anything anew; `const fn`s do, since array lengths may call them.
 */
export function crateKey({ crate, workspace, fs, triple, cargoArguments, mark }: KeyInput): string {
  const sum = createHash('sha256');
  sum.update(JSON.stringify([FORMAT, crate.id, triple, cargoArguments, mark]));
  const packages = crate.package ? pathPackages(crate.package, workspace.cargo.packages) : [];
  const crates = new Set([crate, ...workspace.crates.filter((one) => one.package && packages.includes(one.package) && counts(one, crate))]);
  for (const file of workspace.files.values()) {
    if (!workspace.cratesOf(file.path).some((one) => crates.has(one))) continue;
    sum.update(`\0${file.path}\0`);
    for (const [start, end] of outsideFunctions(file.index, workspace.text(file))) sum.update(workspace.text(file).slice(start, end));
  }
  const roots = new Set(packages.map(({ workspaceRoot }) => workspaceRoot));
  const manifests = [
    ...packages.map(({ manifest }) => manifest),
    ...[...roots].flatMap((root) => [`${root}/Cargo.toml`, `${root}/Cargo.lock`]),
  ];
  for (const path of new Set([...manifests, ...packages.map(({ directory }) => joinPath(directory, 'build.rs'))])) {
    const text = fs.read(path);
    sum.update(`\0${path}\0${isFailure(text) ? text.failure : text}`);
  }
  return sum.digest('hex').slice(0, 32);
}

/** Of other packages their libraries and what builds them; of its own nothing but what builds it. */
function counts(other: Crate, crate: Crate): boolean {
  return other.target.kind === 'build-script' || (other.target.kind === 'lib' && other !== crate);
}

/** A package and all that it depends on by path. */
function pathPackages(pkg: Package, all: readonly Package[]): readonly Package[] {
  const out = [pkg];
  for (let at = 0; at < out.length; at++) {
    for (const { path } of out[at]?.dependencies ?? []) {
      const found = path === null ? undefined : all.find(({ directory }) => directory === path);
      if (found && !out.includes(found)) out.push(found);
    }
  }
  return out;
}

/** The stretches of a text between the bodies of its functions, `const` ones counted as definitions. */
function outsideFunctions(index: FileIndex, text: string): readonly (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  let at = 0;
  for (const { kind, bodySpan, signatureSpan, inMacro } of index.entries) {
    if (kind !== 'fn' || inMacro || !bodySpan || bodySpan.start < at) continue;
    if (/\bconst\b/.test(text.slice(signatureSpan.start, bodySpan.start).replace(/\*const\b/g, ''))) continue;
    out.push([at, bodySpan.start]);
    at = bodySpan.end;
  }
  return [...out, [at, text.length]];
}
