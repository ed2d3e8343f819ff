/** What `ffi-lint layout` is asked to do, read from the flags. */
import type { Target } from '../../abi/targets.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { ViewSettings } from '../view/settings.ts';
import { readViewSettings } from '../view/settings.ts';
import { knownTarget } from '../view/targets.ts';
import type { ProbeMode } from './measuring.ts';

export const LAYOUT_FORMATS = ['text', 'json', 'markdown', 'svg'] as const;
export const PROBE_MODES: readonly ProbeMode[] = ['off', 'auto', 'require'];
export type LayoutFormat = (typeof LAYOUT_FORMATS)[number];

export interface LayoutSettings extends ViewSettings {
  readonly format: LayoutFormat;
  readonly type: string | null;
  /** Empty where none was given. */
  readonly targets: readonly Target[];
  /** null where nothing was asked for. */
  readonly probe: ProbeMode | null;
  readonly cargoArguments: readonly string[];
}

/** Throws a `UserError` for what cannot be done. */
export function readLayoutSettings(args: Arguments, cwd: string): LayoutSettings {
  const once = 'layouts are written in one format to one place';
  return {
    ...readViewSettings(args, args.positionals, cwd, { single: ['outputFormat', 'outputFile'], once }),
    format: LAYOUT_FORMATS.find((one) => one === args.text('outputFormat')) ?? 'text',
    type: args.text('type'),
    targets: [...new Set(args.all('target'))].map(knownTarget),
    probe: PROBE_MODES.find((mode) => mode === args.text('probe')) ?? null,
    cargoArguments: cargoArguments(args),
  };
}

function jobs(text: string | null): readonly string[] {
  if (text === null) return [];
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UserError(`--jobs needs a whole number from 1, not \`${text}\``);
  return ['--jobs', text];
}

/** The features asked for and --jobs, as cargo takes them. */
export function cargoArguments(args: Arguments): readonly string[] {
  return [
    ...args.all('features').flatMap((list) => ['--features', list]),
    ...(args.has('allFeatures') ? ['--all-features'] : []),
    ...(args.has('noDefaultFeatures') ? ['--no-default-features'] : []),
    ...jobs(args.text('jobs')),
  ];
}
