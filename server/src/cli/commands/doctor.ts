/** `ffi-lint doctor`: what this machine and this folder are, for a bug report. */
import { never } from '../../base/cancel.ts';
import { silentLog } from '../../base/log.ts';
import { joinPath } from '../../base/paths.ts';
import { createSession } from '../../engine/session.ts';
import { keptSize } from '../../host/cache.ts';
import { discover } from '../../host/discover.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { GRAMMAR_FILES } from '../../host/grammars.ts';
import { hostTriple, userCacheDir } from '../../host/platform.ts';
import { runProcess } from '../../host/process.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { createSurroundings } from '../../model/extract/cargo/roots.ts';
import { ABI_VERSION, nativeFiles } from '../../probe/native-files.ts';
import { rustcProgram } from '../../probe/rust/toolchain.ts';
import { createRecordReader } from '../../probe/read-records.ts';
import { relativePath } from '../../report/places.ts';
import { plural } from '../../report/summary.ts';
import type { Arguments } from '../arguments.ts';
import { runConfiguration } from '../check/configuration.ts';
import type { RunConfiguration } from '../check/configuration.ts';
import { keptResultsFolder } from '../check/kept-results.ts';
import type { Context } from '../io.ts';
import { installedParsers } from '../parsers.ts';

/** In milliseconds: a program that hangs must not hang this. */
const TIMEOUT = 5000;

export async function doctor(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const [rustc, cargo, cc, python, targets, helper, wrapper] = await Promise.all([
    firstLine(rustcProgram(), ['--version'], io.cwd),
    firstLine('cargo', ['--version'], io.cwd),
    firstLine(io.env['CC'] || 'cc', ['--version'], io.cwd),
    firstLine('python3', ['--version'], io.cwd),
    installedTargets(io.cwd),
    nativeHelper(installation.root),
    rustcWrapper(installation.root, io.cwd),
  ]);
  const rows: readonly (readonly [string, string])[] = [
    ['ffi-lint', `${installation.version} in ${installation.root}`],
    ['node', `${process.version} on ${process.platform} ${process.arch}`],
    ['host', hostTriple() ?? 'not known to Rust'],
    ['rustc', rustc],
    ['cargo', cargo],
    ['cc', cc],
    ['python3', python],
    ['targets', targets],
    ['rules', String(installation.rules.length)],
    ['grammars', grammars(installation.root)],
    ['native', helper],
    ['ffi-rustc', wrapper],
    ['config', configuration(args, context)],
    ['links', await links(args, context)],
    ['cache', cache(userCacheDir(io.env))],
    ['folder', io.cwd],
  ];
  for (const [name, value] of rows) io.stdout(`${`${name}:`.padEnd(10)} ${value}\n`);
  return 0;
}

async function firstLine(command: string, flags: readonly string[], cwd: string): Promise<string> {
  const result = await runProcess(command, flags, { cwd, timeout: TIMEOUT, env: { LC_ALL: 'C' } });
  const line = (result.stdout || result.stderr).trim().split('\n')[0] ?? '';
  if (result.failure !== null) return result.failure.startsWith('was not found') ? 'not found' : result.failure;
  return result.code === 0 ? line : `ended with code ${result.code}: ${line}`;
}

/** Those whose standard library rustc can find. */
async function installedTargets(cwd: string): Promise<string> {
  const { code, stdout, failure } = await runProcess(rustcProgram(), ['--print', 'sysroot'], { cwd, timeout: TIMEOUT });
  if (failure !== null || code !== 0) return 'not known';
  const fs = nodeFileSystem();
  const folder = joinPath(stdout.trim(), 'lib/rustlib');
  const found = fs.list(folder).filter((name) => name.includes('-') && fs.isDirectory(joinPath(folder, `${name}/lib`)));
  return found.join(', ') || 'none';
}

function cache(folder: string): string {
  const { files, bytes } = keptSize(keptResultsFolder(folder));
  return files === 0 ? folder : `${folder}, results of ${plural(files, 'check')} in ${Math.ceil(bytes / 1000)} kB`;
}

function grammars(root: string): string {
  const fs = nodeFileSystem();
  const missing = GRAMMAR_FILES.filter((file) => !fs.isFile(joinPath(root, `grammars/${file}`)));
  return missing.length === 0 ? `${GRAMMAR_FILES.length} files` : `missing: ${missing.join(', ')}`;
}

/** Loaded as a measurement would load it, in a process of its own. */
async function nativeHelper(root: string): Promise<string> {
  const fs = nodeFileSystem();
  const reader = createRecordReader({ root, fs, timeout: TIMEOUT });
  const failure = await reader.check();
  reader.close();
  const { library } = nativeFiles(fs, root);
  return failure === null
    ? `version ${ABI_VERSION}, ${relativePath(root, library ?? '')}`
    : `not usable, layouts are computed only: ${failure}`;
}

async function rustcWrapper(root: string, cwd: string): Promise<string> {
  const { wrapper } = nativeFiles(nodeFileSystem(), root);
  if (wrapper === null) return 'not built, Rust layouts are computed only';
  const said = await firstLine(wrapper, ['--ffi-lint-protocol'], cwd);
  return /^\d+$/.test(said) ? `protocol ${said}, ${relativePath(root, wrapper)}` : `not usable: ${said}`;
}

/** What of the Rust side is linked to C and to bindings of JavaScript and C#, and what is not. */
async function links(args: Arguments, context: Context): Promise<string> {
  const { io, installation } = context;
  const disk = nodeFileSystem();
  const configured = reading(args, context);
  const files = discover(nodeWalkFs(), [io.cwd], {
    excludes: (path) => configured.configFor(path).excludes(path),
    surroundings: createSurroundings(disk),
  });
  if ('failure' in files) return files.failure;
  if (files.headers.length + files.javascript.length + files.csharp.length === 0) return 'no headers here';
  const host = hostTriple();
  const session = createSession({
    fs: disk,
    log: silentLog,
    parsers: await installedParsers(installation.root),
    rules: [],
    configFor: configured.configFor,
    target: host,
  });
  session.open(files);
  // Loads the grammars that the files need.
  await session.check({ focus: null, cancellation: never });
  const { surface, peers, bindings } = session.snapshot();
  const linked = surface.functions.filter((fn) => peers.linkedTo(fn).some(({ peer }) => peer.language === 'c'));
  const read = new Set(linked.flatMap((fn) => peers.linkedTo(fn).map(({ peer }) => peer.file)));
  const dropped = [...read].reduce((sum, path) => sum + (peers.inFile(path)?.dropped ?? 0), 0);
  const why = (wanted: string): number => peers.unlinked.filter((one) => one.why === wanted).length;
  const bound = surface.functions.flatMap((fn) => bindings.usesOf(fn));
  const inBindings = `${plural(bound.length, 'declaration')} in ${plural(new Set(bound.map(({ peer }) => peer.file)).size, 'file')} of JavaScript and C#`;
  return [
    `${plural(linked.length, 'function')} in ${plural(read.size, 'header')}`,
    ...(bound.length > 0 ? [inBindings] : []),
    `${why('ambiguous')} ambiguous`,
    `${why('absent')} absent`,
    `${why('never-by-name')} with names that say nothing`,
    `${plural(dropped, 'declaration')} not understood`,
  ].join(', ');
}

function reading(args: Arguments, { io, installation }: Context): RunConfiguration {
  const file = args.text('config');
  const settings = { config: file === null ? null : joinPath(io.cwd, file), isolated: args.has('isolated'), overrides: {}, unused: null };
  return runConfiguration(nodeFileSystem(), installation.rules, settings, io.cwd);
}

function configuration(args: Arguments, context: Context): string {
  const { io } = context;
  const reader = reading(args, context);
  const { files, profile } = reader.configFor(joinPath(io.cwd, 'Cargo.toml'));
  const from = files.length === 0 ? 'none, the defaults hold' : files.map((path) => relativePath(io.cwd, path)).join(', ');
  const problems = reader.problems.map(({ message }) => `; ${message}`).join('');
  return `${from}; profile ${profile}${problems}`;
}
