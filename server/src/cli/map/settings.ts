/** What `ffi-lint map` is asked to do, read from the flags. */
import type { Target } from '../../abi/targets.ts';
import type { Arguments } from '../arguments.ts';
import type { ViewSettings } from '../view/settings.ts';
import { readViewSettings } from '../view/settings.ts';
import { knownTarget } from '../view/targets.ts';

export const MAP_FORMATS = ['text', 'markdown', 'json'] as const;
export type MapFormat = (typeof MAP_FORMATS)[number];

export interface MapSettings extends ViewSettings {
  readonly format: MapFormat;
  /** One at most. */
  readonly targets: readonly Target[];
}

/** Throws a `UserError` for what cannot be done. */
export function readMapSettings(args: Arguments, cwd: string): MapSettings {
  const once = 'the map is made for one target and written in one format to one place';
  return {
    ...readViewSettings(args, args.positionals, cwd, { single: ['outputFormat', 'outputFile', 'target'], once }),
    format: MAP_FORMATS.find((one) => one === args.text('outputFormat')) ?? 'text',
    targets: args.all('target').map(knownTarget),
  };
}
