/** The files of a run: those that the model needs, and those that are reported on. */
import { closest } from '../../base/closest.ts';
import { isFailure } from '../../base/io.ts';
import type { FileSystem } from '../../base/io.ts';
import { basename, dirname, relativeInside } from '../../base/paths.ts';
import type { FileSet } from '../../engine/session.types.ts';
import { discover } from '../../host/discover.ts';
import { changedFiles, stagedFiles } from '../../host/git.ts';
import type { WalkFs } from '../../host/walk-fs.ts';
import { readCargo } from '../../model/extract/cargo/read-cargo.ts';
import { createSurroundings } from '../../model/extract/cargo/roots.ts';
import { COMMANDS, findCommand } from '../command-table.ts';
import { UserError } from '../errors.ts';
import type { RunConfiguration } from './configuration.ts';
import type { CheckSettings } from './settings.ts';

export interface FilesInput {
  readonly settings: CheckSettings;
  readonly fs: FileSystem;
  readonly walkFs: WalkFs;
  readonly configuration: RunConfiguration;
  readonly cwd: string;
}

export interface RunFiles extends FileSet {
  /** Files that were named, which no glob excludes. */
  readonly named: ReadonlySet<string>;
}

export async function findFiles(input: FilesInput): Promise<RunFiles> {
  const { settings, fs, configuration } = input;
  const paths = settings.manifestPath === null ? settings.paths : [manifestFolder(fs, settings.manifestPath)];
  const found = discover(input.walkFs, paths, {
    noIgnore: settings.noIgnore,
    excludes: (path) => configuration.configFor(path).excludes(path),
    surroundings: createSurroundings(fs),
    virtual: settings.stdin ? paths : [],
  });
  if (isMissing(found)) throw missing(found.failure, input);
  const all = [...found.rust, ...found.manifests, ...found.headers, ...found.python, ...found.javascript, ...found.csharp];
  let report = found.report;
  const keep = (wanted: (path: string) => boolean): void => {
    report = new Set([...(report ?? all)].filter(wanted));
  };
  if (settings.packages.length > 0) keep(packageFilter(fs, found.manifests, settings.packages));
  if (settings.changes !== null) {
    const changed = await changedSet(input, settings.changes);
    keep((path) => changed.has(path));
  }
  const share = settings.shard ? shareOf(all, settings.shard) : null;
  return { ...found, report, ...(share ? { share } : {}), named: new Set(paths.filter((path) => settings.stdin || fs.isFile(path))) };
}

/** Every file is in one share, and so is a finding in a file that nobody listed: all runs list the same. */
function shareOf(all: readonly string[], { index, of }: NonNullable<CheckSettings['shard']>): (path: string) => boolean {
  const places = new Map([...all].sort().map((path, i) => [path, i]));
  return (path) => (places.get(path) ?? 0) % of === index;
}

function isMissing(found: ReturnType<typeof discover>): found is { readonly failure: string } {
  return 'failure' in found;
}

/** Tells a mistyped command from a path that is not there. */
function missing(failure: string, { settings, fs, cwd }: FilesInput): UserError {
  const path = settings.paths.find((one) => !fs.isFile(one) && !fs.isDirectory(one)) ?? '';
  const written = relativeInside(cwd, path);
  if (written === null || written.includes('/') || written.includes('.')) return new UserError(failure);
  const names = COMMANDS.map(({ name }) => name);
  const near = findCommand(written)?.name ?? closest(written, names);
  const what = `there is no command or path \`${written}\``;
  return new UserError(near ? `${what}; did you mean \`${near}\`?` : what, `the commands are ${names.join(', ')}`);
}

function manifestFolder(fs: FileSystem, path: string): string {
  if (fs.isDirectory(path) || basename(path) !== 'Cargo.toml') throw new UserError(`--manifest-path: ${path} is no Cargo.toml`);
  const text = fs.read(path);
  if (isFailure(text)) throw new UserError(`--manifest-path: ${path} ${text.failure}`);
  return dirname(path);
}

/** A file belongs to the package of the nearest manifest. */
function packageFilter(fs: FileSystem, manifests: readonly string[], names: readonly string[]): (path: string) => boolean {
  const { packages } = readCargo(fs, manifests).value;
  for (const name of names) {
    if (packages.some((one) => one.name === name)) continue;
    const known = packages.map((one) => one.name);
    const near = closest(name, known);
    const hint = near ? `; did you mean \`${near}\`?` : '';
    throw new UserError(`there is no package \`${name}\` here${hint}`, known.length > 0 ? `the packages are ${known.join(', ')}` : null);
  }
  return (path) => {
    const around = packages.filter(({ directory }) => relativeInside(directory, path) !== null);
    const nearest = around.sort((a, b) => b.directory.length - a.directory.length)[0];
    return nearest !== undefined && names.includes(nearest.name);
  };
}

async function changedSet(input: FilesInput, changes: NonNullable<CheckSettings['changes']>): Promise<ReadonlySet<string>> {
  const folder = input.cwd;
  const result = changes.kind === 'staged' ? await stagedFiles(folder) : await changedFiles(folder, changes.ref);
  if ('failure' in result) {
    const flag = changes.kind === 'staged' ? '--staged' : changes.ref === 'HEAD' ? '--changed' : '--since';
    throw new UserError(`${flag}: ${result.failure}`);
  }
  return new Set(result.files.map((path) => input.walkFs.real(path) ?? path).concat(result.files));
}
