/** With which flags a header or source is compiled: as the configuration says, the build script of its package, and the project's compile_commands.json. */
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname, joinPath, relativeInside } from '../../base/paths.ts';
import type { Config } from '../../config/config.ts';
import { globMatcher } from '../../config/globs.ts';
import type { CFlags } from '../../model/c/flags.ts';
import { joinFlags, NO_FLAGS } from '../../model/c/flags.ts';
import { readCompileCommands } from '../../model/extract/c/compile-commands.ts';
import type { CompileCommand } from '../../model/extract/c/compile-commands.ts';
import { readCcBuild } from '../../model/extract/cargo/cc-build.ts';

export interface CFlagsInput {
  readonly fs: FileSystem;
  /** Cargo.toml files, absolute. */
  readonly manifests: readonly string[];
  configFor(path: string): Config;
}

export interface CFlagsFinder {
  of(file: string): CFlags;
}

/** Where CMake, Meson and Bear leave it, beside a folder's own files. */
const DATABASES = ['compile_commands.json', 'build/compile_commands.json', 'builddir/compile_commands.json'];

export function createCFlags({ fs, manifests, configFor }: CFlagsInput): CFlagsFinder {
  const packages = [...new Set(manifests.map(dirname))];
  const scripts = new Map<string, CFlags>();
  const databases = new Map<string, readonly CompileCommand[] | null>();

  const scriptOf = (file: string): CFlags => {
    const folder = packages.filter((one) => relativeInside(one, file) !== null).sort((a, b) => b.length - a.length)[0];
    if (folder === undefined) return NO_FLAGS;
    const known = scripts.get(folder);
    if (known) return known;
    const text = fs.read(joinPath(folder, 'build.rs'));
    const made = (isFailure(text) ? null : readCcBuild(text, folder))?.flags ?? NO_FLAGS;
    scripts.set(folder, made);
    return made;
  };

  const databaseAt = (folder: string): readonly CompileCommand[] | null => {
    const known = databases.get(folder);
    if (known !== undefined) return known;
    const path = DATABASES.map((name) => joinPath(folder, name)).find((one) => fs.isFile(one));
    const text = path === undefined ? null : fs.read(path);
    const made = path === undefined || text === null || isFailure(text) ? null : readCompileCommands(text, dirname(path));
    databases.set(folder, made);
    return made;
  };

  /** Of the nearest database: the file's own command, or that of the source that lies nearest. */
  const commandOf = (file: string): CFlags => {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      const commands = databaseAt(folder);
      const own = commands?.find((one) => one.file === file) ?? (commands && nearest(commands, file));
      if (own) return own.flags;
      if (folder === dirname(folder)) return NO_FLAGS;
    }
  };

  return {
    of: (file) => [commandOf(file), scriptOf(file), configured(file, configFor(file))].reduce(joinFlags, NO_FLAGS),
  };
}

/** A header's own link adds to what the configuration defines for all. */
function configured(file: string, { project }: Config): CFlags {
  const links = project.links.filter((link) => globMatcher(link.folder, link.headers)(file));
  return { ...NO_FLAGS, includeDirs: project.includeDirs, defines: [...project.defines, ...links.flatMap(({ defines }) => defines)] };
}

function nearest(commands: readonly CompileCommand[], file: string): CompileCommand | undefined {
  const parts = file.split('/');
  const shared = ({ file: other }: CompileCommand): number => {
    const others = other.split('/');
    const at = others.findIndex((part, i) => part !== parts[i]);
    return at < 0 ? others.length : at;
  };
  return commands.reduce<CompileCommand | undefined>((best, one) => (best && shared(best) >= shared(one) ? best : one), undefined);
}
