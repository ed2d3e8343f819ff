/** `ffi-lint config`: where the configuration comes from, what holds for a file, the schema. */
import { joinPath } from '../../base/paths.ts';
import { jsonSchema } from '../../config/json-schema.ts';
import { printConfig } from '../../config/print.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { relativePath } from '../../report/places.ts';
import type { Arguments } from '../arguments.ts';
import { refuseProblems, runConfiguration } from '../check/configuration.ts';
import { findFiles } from '../check/files.ts';
import { readSettings } from '../check/settings.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';

export async function config(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const { rules } = installation;
  const asked = (['schema', 'print', 'files'] as const).filter((key) => args.has(key));
  if (asked.length > 1) throw new UserError(`--${asked.join(' and --')} do not go together`);
  if (args.has('schema')) {
    io.stdout(`${JSON.stringify(jsonSchema(rules), null, 2)}\n`);
    return 0;
  }
  const fs = nodeFileSystem();
  const settings = readSettings(args, context);
  const configuration = runConfiguration(fs, rules, settings, io.cwd);
  const refuse = () =>
    refuseProblems(configuration.problems, ({ file, message }) => (file === '' ? message : `${relativePath(io.cwd, file)}: ${message}`));
  const print = args.text('print');
  if (print !== null) {
    const path = joinPath(io.cwd, print);
    if (!fs.isFile(path) && !fs.isDirectory(path)) throw new UserError(`--print: ${relativePath(io.cwd, path)} does not exist`);
    const text = printConfig(configuration.configFor(path), rules, path, (file) => relativePath(io.cwd, file));
    refuse();
    io.stdout(text);
    return 0;
  }
  const files = await findFiles({ settings, fs, walkFs: nodeWalkFs(), configuration, cwd: io.cwd });
  const checked = [
    ...files.rust,
    ...files.manifests,
    ...files.headers,
    ...files.python,
    ...(files.javascript ?? []),
    ...(files.csharp ?? []),
  ]
    .filter((path) => files.report?.has(path) ?? true)
    .sort();
  const sources = new Set(checked.flatMap((path) => configuration.configFor(path).files));
  refuse();
  if (args.has('files')) for (const path of checked) io.stdout(`${relativePath(io.cwd, path)}\n`);
  else if (sources.size === 0) io.stdout('no configuration file: the defaults hold\n');
  else for (const path of [...sources].sort()) io.stdout(`${relativePath(io.cwd, path)}\n`);
  return 0;
}
