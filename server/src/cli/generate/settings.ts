/** What `ffi-lint generate` is asked to do, read from the flags. */
import type { Target } from '../../abi/targets.ts';
import { closest } from '../../base/closest.ts';
import { joinPath } from '../../base/paths.ts';
import { hostTriple } from '../../host/platform.ts';
import { GENERATE_FORMATS } from '../../generate/formats.ts';
import type { GenerateFormat } from '../../generate/formats.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { LayoutSettings } from '../layout/settings.ts';
import { knownTarget } from '../layout/settings.ts';

export interface GenerateSettings extends Omit<LayoutSettings, 'format' | 'targets' | 'probe' | 'cargoArguments'> {
  readonly format: GenerateFormat;
  readonly fn: string | null;
  /** null where none was given. */
  readonly target: Target | null;
}

/** Throws a `UserError` for what cannot be done. */
export function readGenerateSettings(args: Arguments, cwd: string): GenerateSettings {
  const [name, ...paths] = args.positionals;
  const all = GENERATE_FORMATS.join(', ');
  if (name === undefined) throw new UserError('what to generate is missing', `it is one of ${all}`);
  const format = GENERATE_FORMATS.find((one) => one === name);
  if (!format) {
    const near = closest(name, GENERATE_FORMATS);
    throw new UserError(`\`${name}\` cannot be generated${near ? `; did you mean \`${near}\`?` : ''}`, `it is one of ${all}`);
  }
  if (args.has('type') && args.has('fn')) throw new UserError('--type and --fn do not go together');
  if (args.has('config') && args.has('isolated')) throw new UserError('--config and --isolated do not go together');
  const files = args.all('outputFile');
  const targets = args.all('target');
  if (files.length > 1 || targets.length > 1) throw new UserError('bindings are made for one target and written to one place');
  const config = args.text('config');
  return {
    format,
    paths: (paths.length > 0 ? paths : ['.']).map((path) => joinPath(cwd, path)),
    file: files[0] === undefined || files[0] === '-' ? null : joinPath(cwd, files[0]),
    type: args.text('type'),
    fn: args.text('fn'),
    target: targets[0] === undefined ? null : knownTarget(targets[0]),
    quiet: args.has('quiet'),
    noIgnore: args.has('noIgnore'),
    config: config === null ? null : joinPath(cwd, config),
    isolated: args.has('isolated'),
    exclude: args.all('exclude'),
  };
}

/** The first of the configuration, else this machine's. */
export function configuredTarget(configured: readonly string[]): Target {
  const triple = configured[0] ?? hostTriple();
  if (triple === null) throw new UserError('the target of this machine is not known', 'name one with --target');
  return knownTarget(triple);
}
