/** The real engine behind the server: one session over all folders, and what must be read for it. */
import { NO_MEASURERS } from '../abi/measured.ts';
import { knownTriples, targetOf } from '../abi/targets.ts';
import { closest } from '../base/closest.ts';
import { isFailure } from '../base/io.ts';
import { joinPath, relativeInside } from '../base/paths.ts';
import { createConfigReader } from '../config/read-config.ts';
import { generateBindings } from '../engine/bindings/generate-bindings.ts';
import { compilationInputs, cratesToCompile } from '../engine/crates-to-compile.ts';
import { countFaults } from '../engine/faults.ts';
import { createKeptReadings } from '../engine/layouts/kept-readings.ts';
import { readLayouts } from '../engine/layouts/read-layouts.ts';
import { createSession } from '../engine/session.ts';
import { cargoEnvironment } from '../host/cargo-environment.ts';
import { discover } from '../host/discover.ts';
import { nodeFileSystem } from '../host/file-system.ts';
import { hostTriple } from '../host/platform.ts';
import { nodeWalkFs } from '../host/walk-fs.ts';
import { createSurroundings } from '../model/extract/cargo/roots.ts';
import { startEditorMeasuring } from './layouts/measuring.ts';
import { compileCrates } from '../probe/verify/compile-crates.ts';
import { rules } from '../rules/registry.ts';
import type { FileSystem } from '../base/io.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../base/problem.ts';
import type { Config } from '../config/config.ts';
import type { FileSet, Session } from '../engine/session.types.ts';
import type { ConfigReader, ProjectConfig } from '../config/read-config.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import type { Engine, Workbench } from './engine.types.ts';

/** `root` is the folder of package.json, with what is started as a program of its own. */
export function createEngine(version: string, parsers: Parsers, root: string): Engine {
  return { version, rules, disk: nodeFileSystem(), workbench: (fs, log) => createWorkbench(fs, log, parsers, root) };
}

function createWorkbench(fs: FileSystem, log: Log, parsers: Parsers, root: string): Workbench {
  let configuration = createConfigReader(fs, rules);
  let targets = hostTargets();
  const open = (): Session => {
    const configFor = (path: string) => configuration.configFor(path);
    return createSession({ fs, log, parsers, rules, configFor, target: targets[0] ?? null, targets, cargo: cargoEnvironment() });
  };
  let session = open();
  let known: FileSet = NO_FILES;
  let kept = createKeptReadings(fs);
  const measures = (): boolean => !known.manifests.some((file) => configuration.configFor(file).project.probe === 'off');
  return {
    get session() {
      return session;
    },
    get measures() {
      return measures();
    },
    faults: (file, text) => countFaults(parsers, file, text),
    async layouts(snapshot, { measure, cancellation, tell }) {
      const target = targetOf(targets[0] ?? '');
      if (!target) return null;
      const configFor = (path: string): Config => configuration.configFor(path);
      const { manifests } = known;
      const measuring =
        measure && measures() ? startEditorMeasuring(root, nodeFileSystem(), parsers, { manifests, configFor }, tell) : null;
      const measurers = measuring?.measurers ?? NO_MEASURERS;
      try {
        return await readLayouts({
          fs,
          parsers,
          files: known,
          snapshot,
          configFor,
          targets: [target],
          type: null,
          cancellation,
          measurers,
          kept,
        });
      } finally {
        measuring?.close();
      }
    },
    generate(snapshot, { format, file, type, fn }) {
      const target = targetOf(targets[0] ?? '');
      if (!target) return null;
      const made = generateBindings({ fs, parsers, files: { ...known, report: new Set([file]) }, snapshot, target, format, type, fn });
      return made.found === 0 ? null : made;
    },
    async compile(cancellation, tell) {
      const { workspace, surface } = session.snapshot();
      const crates = cratesToCompile(workspace, surface, (path) => configuration.configFor(path).project.verify !== 'off');
      const target = targetOf(targets[0] ?? '');
      if (crates.length === 0 || !target) return null;
      return compileCrates({
        installation: root,
        // What cargo compiles is what stands on the disk.
        fs: nodeFileSystem(),
        workspace,
        crates,
        inputs: (folder) => compilationInputs(workspace, folder),
        target,
        cargoArguments: [],
        cancellation,
        cacheFolder: null,
        progress: (done, total, crate) => tell(`compiling ${crate}, ${done + 1} of ${total} crates`),
      });
    },
    reload(folders, documents) {
      configuration = createConfigReader(fs, rules);
      const { files, problems } = findFiles(fs, configuration, folders, documents);
      // Asking for each file's configuration finds out what is wrong with any of them.
      const configs = [...folders.map((folder) => joinPath(folder, 'Cargo.toml')), ...files.manifests, ...files.rust].map((file) =>
        configuration.configFor(file),
      );
      const configured = configs.find((config) => config.targets.length > 0);
      const wanted = configured?.targets ?? hostTargets();
      if (wanted.join(' ') !== targets.join(' ')) {
        targets = wanted;
        session = open();
      }
      known = files;
      kept = createKeptReadings(fs);
      session.open(files);
      return [...problems, ...configuration.problems, ...unknownTargets(configured)];
    },
  };
}

/** The command line refuses them; here the rest of the configuration holds all the same. */
function unknownTargets(config: ProjectConfig | undefined): readonly Problem[] {
  const file = config?.files[0];
  if (!config || file === undefined) return [];
  return config.targets.flatMap((triple) => {
    if (targetOf(triple)) return [];
    const near = closest(triple, knownTriples());
    return [{ file, message: `there is no target \`${triple}\`${near ? `; did you mean \`${near}\`?` : ''}` }];
  });
}

function hostTargets(): readonly string[] {
  const host = hostTriple();
  return host === null ? [] : [host];
}

const NO_FILES: FileSet = { rust: [], manifests: [], headers: [], python: [], javascript: [], csharp: [], report: null, problems: [] };

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
    surroundings: createSurroundings(fs),
  });
  if (isNothing(found)) {
    return { files: NO_FILES, problems: [{ file: '', message: found.failure }] };
  }
  const gone = folders.filter((folder) => !present.includes(folder) && !virtual.some((path) => relativeInside(folder, path) !== null));
  return { files: found, problems: gone.map((folder) => ({ file: folder, message: 'does not exist or is not a folder' })) };
}

function isNothing(found: ReturnType<typeof discover>): found is Extract<ReturnType<typeof discover>, { failure: string }> {
  return 'failure' in found;
}

/** The version in package.json below the program's folder. */
export function readVersion(root: string): string {
  const read = nodeFileSystem().read(joinPath(root, 'package.json'));
  return (isFailure(read) ? null : /"version": *"([^"]+)"/.exec(read)?.[1]) ?? 'unknown';
}
