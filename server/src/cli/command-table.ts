/** The commands: what each is for and which flags it takes. */
import type { FlagKey } from './flags.ts';
import { FLAGS } from './flags.ts';

export interface CommandInfo {
  readonly name: string;
  readonly alias?: string;
  /** Its arguments, as help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly FlagKey[];
  /** The output formats that it knows, where these are not all. */
  readonly formats?: readonly string[];
  /** What a shell completes its arguments with. */
  readonly completes?: 'path' | 'rule' | 'shell' | 'command' | 'generate';
}

const GLOBAL: readonly FlagKey[] = ['help', 'version', 'color'];
const CARGO: readonly FlagKey[] = ['features', 'allFeatures', 'noDefaultFeatures', 'jobs'];
const OTHERS: readonly FlagKey[] = ['type', 'all', 'schema', 'print', 'files', 'force', 'stdio', 'nodeIpc', 'fn'];

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const isFlagKey = (key: string): key is FlagKey => Object.hasOwn(FLAGS, key);
const ALL_FLAGS: readonly FlagKey[] = Object.keys(FLAGS).filter(isFlagKey);

export const COMMANDS = [
  {
    name: 'check',
    usage: '[PATH…]',
    summary: 'check files and folders (the default command; the working directory without a path)',
    flags: ALL_FLAGS.filter((key) => !OTHERS.includes(key)),
    completes: 'path',
  },
  {
    name: 'layout',
    usage: '[PATH…]',
    summary: 'show the layouts of the types at the boundary: Rust, C and Python beside each other',
    flags: [
      ...GLOBAL,
      'outputFormat',
      'outputFile',
      'quiet',
      'type',
      'target',
      ...CARGO,
      'probe',
      'config',
      'isolated',
      'exclude',
      'noIgnore',
    ],
    formats: ['text', 'json', 'markdown', 'svg'],
    completes: 'path',
  },
  {
    name: 'generate',
    usage: 'FORMAT [PATH…]',
    summary: 'write bindings, Rust declarations, layout assertions or a proof; without FORMAT, list the formats',
    flags: [...GLOBAL, 'outputFile', 'quiet', 'type', 'fn', 'target', 'config', 'isolated', 'exclude', 'noIgnore'],
    completes: 'generate',
  },
  {
    name: 'map',
    usage: '[PATH…]',
    summary: 'show the symbols at the boundary: which language defines, declares and uses each, and what disagrees',
    flags: [...GLOBAL, 'outputFormat', 'outputFile', 'quiet', 'target', 'config', 'isolated', 'exclude', 'noIgnore'],
    formats: ['text', 'markdown', 'json'],
    completes: 'path',
  },
  {
    name: 'rule',
    alias: 'explain',
    usage: '[NAME…]',
    summary: 'explain rules, or list them all',
    flags: [...GLOBAL, 'all', 'outputFormat'],
    formats: ['text', 'json', 'markdown'],
    completes: 'rule',
  },
  {
    name: 'config',
    usage: '[PATH…]',
    summary: 'show the configuration: which files hold, its schema, or what holds for a file',
    flags: [...GLOBAL, 'schema', 'print', 'files', 'config', 'isolated', 'exclude', 'noIgnore'],
    completes: 'path',
  },
  { name: 'init', usage: '', summary: 'write a commented ffi-lint.toml and show how to run in CI', flags: [...GLOBAL, 'force'] },
  {
    name: 'doctor',
    usage: '',
    summary: 'show versions, toolchains, targets and configuration, for a bug report',
    flags: [...GLOBAL, 'config', 'isolated'],
  },
  { name: 'server', usage: '', summary: 'run the language server', flags: [...GLOBAL, 'stdio', 'nodeIpc'] },
  {
    name: 'completions',
    usage: `${SHELLS.join('|')}`,
    summary: 'print completions for a shell',
    flags: [...GLOBAL],
    completes: 'shell',
  },
  { name: 'clean', usage: '', summary: 'remove the caches of this user', flags: [...GLOBAL] },
  { name: 'version', usage: '', summary: 'show the version', flags: [...GLOBAL] },
  { name: 'help', usage: '[COMMAND]', summary: 'show help', flags: [...GLOBAL], completes: 'command' },
] as const satisfies readonly CommandInfo[];

export type CommandName = (typeof COMMANDS)[number]['name'];

export function findCommand(name: string): (CommandInfo & { readonly name: CommandName }) | null {
  return COMMANDS.find((command: CommandInfo) => command.name === name || command.alias === name) ?? null;
}
