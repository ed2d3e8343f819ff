/** The real engine behind the server: one session over all folders, and what must be read for it. */
import { isFailure } from '../base/io.ts';
import { joinPath, relativeInside } from '../base/paths.ts';
import { createConfigReader } from '../config/read-config.ts';
import { createSession } from '../engine/session.ts';
import { discover } from '../host/discover.ts';
import { nodeFileSystem } from '../host/file-system.ts';
import { hostTriple } from '../host/platform.ts';
import { nodeWalkFs } from '../host/walk-fs.ts';
import { workspaceFolders } from '../model/extract/cargo/roots.ts';
import { rules } from '../rules/registry.ts';
import { parseToml } from '../syntax/toml.ts';
import type { FileSystem } from '../base/io.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../base/problem.ts';
import type { FileSet } from '../engine/session.types.ts';
import type { ConfigReader } from '../config/read-config.ts';
import type { Language, Parsers } from '../syntax/parsers.types.ts';
import type { Engine, Workbench } from './engine.types.ts';

export function createEngine(version: string, parsers: Parsers): Engine {
  return { version, rules, disk: nodeFileSystem(), workbench: (fs, log) => createWorkbench(fs, log, parsers) };
}

function createWorkbench(fs: FileSystem, log: Log, parsers: Parsers): Workbench {
  let configuration = createConfigReader(fs, rules);
  const session = createSession({
    fs,
    log,
    parsers,
    rules,
    configFor: (path) => configuration.configFor(path),
    target: hostTriple(),
  });
  return {
    session,
    faults: (file, text) => countFaults(parsers, file, text),
    reload(folders, open) {
      configuration = createConfigReader(fs, rules);
      const { files, problems } = findFiles(fs, configuration, folders, open);
      session.open(files);
      // Asking for each file's configuration finds out what is wrong with any of them.
      for (const file of [...files.rust, ...files.manifests, ...folders.map((folder) => joinPath(folder, 'Cargo.toml'))]) {
        configuration.configFor(file);
      }
      return [...problems, ...configuration.problems];
    },
  };
}

interface Files {
  readonly files: FileSet;
  readonly problems: readonly Problem[];
}

/** The folders' files, and open documents that are in none: those of other file systems, and all where no folder is open. */
function findFiles(fs: FileSystem, configuration: ConfigReader, folders: readonly string[], open: readonly string[]): Files {
  const disk = nodeFileSystem();
  const virtual = open.filter((path) => !disk.isFile(path));
  const lone = folders.length === 0 ? open : virtual;
  const present = folders.filter((folder) => disk.isDirectory(folder));
  // An open document that a folder's walk finds by itself must not be named: naming overrules ignore files.
  const found = discover(nodeWalkFs(), [...present, ...lone], {
    virtual,
    excludes: (path) => configuration.configFor(path).excludes(path),
    surroundings: (path) => workspaceFolders(fs, path).filter((folder) => !present.some((outer) => relativeInside(outer, folder) !== null)),
  });
  if (isNothing(found)) {
    const none = { rust: [], manifests: [], headers: [], python: [], report: null, problems: [] };
    return { files: none, problems: [{ file: '', message: found.failure }] };
  }
  const gone = folders.filter((folder) => !present.includes(folder) && !virtual.some((path) => relativeInside(folder, path) !== null));
  return { files: found, problems: gone.map((folder) => ({ file: folder, message: 'does not exist or is not a folder' })) };
}

function isNothing(found: ReturnType<typeof discover>): found is Extract<ReturnType<typeof discover>, { failure: string }> {
  return 'failure' in found;
}

const LANGUAGES: Readonly<Record<string, Language>> = { rs: 'rust', c: 'c', h: 'c', py: 'python', pyi: 'python' };

/** Syntax errors of a text; none in languages that are not parsed. */
function countFaults(parsers: Parsers, file: string, text: string): number {
  const extension = file.slice(file.lastIndexOf('.') + 1);
  if (extension === 'toml') return parseToml(text).problem === null ? 0 : 1;
  const language = LANGUAGES[extension];
  if (!language) return 0;
  const tree = parsers.parse(language, text, 0);
  let faults = 0;
  for (let node = 0; node < tree.count; node++) if (tree.broken(node)) faults++;
  return faults;
}

/** The version in package.json below the program's folder. */
export function readVersion(root: string): string {
  const read = nodeFileSystem().read(joinPath(root, 'package.json'));
  return (isFailure(read) ? null : /"version": *"([^"]+)"/.exec(read)?.[1]) ?? 'unknown';
}
