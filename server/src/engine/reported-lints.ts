/** What rustc and clippy said when the workspace was last compiled: cargo keeps it, to say it again, and nothing has to be run to ask. */
import { isFailure } from '../base/io.ts';
import type { FileSystem } from '../base/io.ts';
import { joinPath } from '../base/paths.ts';
import type { Package } from '../model/cargo/package.ts';
import type { CargoEnvironment } from './cargo-target.ts';
import { targetFolder } from './cargo-target.ts';
import { readDiagnostics } from '../model/extract/rustc-json.ts';

export interface ReportedLints {
  /** Whether any lint spoke in the file: most have none, and their lines need not be counted. */
  speakIn(file: string): boolean;
  /** Which of some lints spoke on a line (from 1) that still has the text that it had then; null where none did. */
  on(lints: readonly string[], file: string, line: number, text: string): string | null;
}

interface Line {
  readonly text: string;
  readonly lints: Set<string>;
}

/** By file and line. */
type Spoken = ReadonlyMap<string, ReadonlyMap<number, Line>>;

/** For so long the answers of a look into the target folders hold: an editor asks at every key. In milliseconds. */
const KEPT = 2000;

/** Made once for a session; asks for the packages of the moment and the lints that matter. */
export function createReportedLints(
  fs: FileSystem,
  environment: CargoEnvironment | null,
): (packages: readonly Package[], lints: ReadonlySet<string>) => ReportedLints {
  let kept: { readonly until: number; readonly packages: readonly Package[]; readonly files: Spoken } | null = null;
  return (packages, lints) => {
    const spoken = (): Spoken => {
      if (kept?.packages !== packages || kept.until < performance.now())
        kept = { packages, files: look(fs, environment, packages, lints), until: performance.now() + KEPT };
      return kept.files;
    };
    return {
      speakIn: (file) => spoken().has(file),
      on: (asked, file, line, text) => {
        const found = spoken().get(file)?.get(line);
        return found?.text === text.trimEnd() ? (asked.find((one) => found.lints.has(one)) ?? null) : null;
      },
    };
  };
}

function look(fs: FileSystem, environment: CargoEnvironment | null, packages: readonly Package[], lints: ReadonlySet<string>): Spoken {
  const files = new Map<string, Map<number, Line>>();
  for (const root of new Set(packages.map((one) => one.workspaceRoot))) {
    const names = new Set(packages.flatMap((one) => (one.workspaceRoot === root ? [one.name] : [])));
    for (const output of outputs(fs, targetFolder(fs, root, environment), names)) read(fs, output, root, lints, files);
  }
  return files;
}

/** `target/PROFILE/.fingerprint/PACKAGE-HASH/output-…`, also for a target of its own (`target/TRIPLE/PROFILE`) and rust-analyzer's. */
function* outputs(fs: FileSystem, target: string, names: ReadonlySet<string>): Generator<string> {
  const profiles = fs.list(target).flatMap((name) => {
    const one = joinPath(target, name);
    if (fs.isDirectory(joinPath(one, '.fingerprint'))) return [one];
    return fs.list(one).map((inner) => joinPath(one, inner));
  });
  for (const profile of profiles) {
    const prints = joinPath(profile, '.fingerprint');
    for (const name of fs.list(prints)) {
      if (!names.has(name.replace(/-[0-9a-f]{16}$/, ''))) continue;
      for (const file of fs.list(joinPath(prints, name))) if (file.startsWith('output-')) yield joinPath(prints, `${name}/${file}`);
    }
  }
}

function read(fs: FileSystem, output: string, root: string, lints: ReadonlySet<string>, files: Map<string, Map<number, Line>>): void {
  const text = fs.read(output);
  if (isFailure(text)) return;
  const wanted = (line: string): boolean => lints.has(/"code":\{"code":"([\w:]+)"/.exec(line)?.[1] ?? '');
  for (const { code, primary } of readDiagnostics(text, wanted)) {
    for (const span of primary) {
      const file = joinPath(root, span.file);
      const lines = files.get(file) ?? new Map<number, Line>();
      files.set(file, lines);
      const was = span.text.trimEnd();
      const line = lines.get(span.line);
      if (line?.text === was) line.lints.add(code ?? '');
      else lines.set(span.line, { text: was, lints: new Set([code ?? '']) });
    }
  }
}
