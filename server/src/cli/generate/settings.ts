/** What `ffi-lint generate` is asked to do, read from the flags. */
import type { Target } from '../../abi/targets.ts';
import { closest } from '../../base/closest.ts';
import { GENERATE_FORMATS } from '../../generate/formats.ts';
import type { GenerateFormat } from '../../generate/formats.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { ViewSettings } from '../view/settings.ts';
import { readViewSettings } from '../view/settings.ts';
import { knownTarget } from '../view/targets.ts';

export interface GenerateSettings extends ViewSettings {
  readonly format: GenerateFormat;
  readonly type: string | null;
  readonly fn: string | null;
  /** One at most. */
  readonly targets: readonly Target[];
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
  const once = 'bindings are made for one target and written to one place';
  return {
    ...readViewSettings(args, paths, cwd, { single: ['outputFile', 'target'], once }),
    format,
    type: args.text('type'),
    fn: args.text('fn'),
    targets: args.all('target').map(knownTarget),
  };
}
