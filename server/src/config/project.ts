/** What a configuration says of the project beside rule levels: headers, links, dispatchers, compilers. */
import { joinPath } from '../base/paths.ts';
import type { Layer } from './layers.ts';
import { isTable, strings, tables } from './levels.ts';
import type { PlainTable } from './validate.ts';

export type ProbeMode = 'off' | 'auto' | 'require';

/** Which Rust files, headers and files of other languages belong together. */
export interface Link {
  /** What the globs are relative to. */
  readonly folder: string;
  readonly rust: readonly string[];
  readonly headers: readonly string[];
  readonly python: readonly string[];
  readonly javascript: readonly string[];
  readonly csharp: readonly string[];
  /** null where the files say it. */
  readonly language: 'c' | 'python' | null;
  /** `NAME` or `NAME=VALUE`. */
  readonly defines: readonly string[];
  /** Empty: those of the configuration. */
  readonly targets: readonly string[];
}

/** A Python function that calls C functions by name; the numbers are argument positions from 0. */
export interface Dispatcher {
  readonly callee: string;
  readonly name: number;
  readonly argtypes: number | null;
  readonly restype: number | null;
}

export interface Project {
  /** Absolute folders. */
  readonly includeDirs: readonly string[];
  /** `NAME` or `NAME=VALUE`. */
  readonly defines: readonly string[];
  readonly links: readonly Link[];
  readonly dispatchers: readonly Dispatcher[];
  /** null leaves it to the command. */
  readonly probe: ProbeMode | null;
  readonly verify: ProbeMode;
}

/** Lists of tables are taken from all layers, anything else from the last one that has it. */
export function projectOf(layers: readonly Layer[]): Project {
  const last = (key: string): Layer | undefined => layers.findLast(({ values }) => values[key] !== undefined);
  const includes = last('include-dirs');
  return {
    includeDirs: includes ? strings(includes.values['include-dirs']).map((path) => joinPath(includes.folder, path)) : [],
    defines: strings(last('defines')?.values['defines']),
    links: layers.flatMap(({ folder, values }) => tables(values['links']).map((link) => linkOf(link, folder))),
    dispatchers: layers.flatMap(({ values }) => {
      const python = values['python'];
      return isTable(python) ? tables(python['dispatchers']).flatMap(dispatcherOf) : [];
    }),
    probe: probeMode(last('probe')?.values['probe']),
    verify: probeMode(last('verify')?.values['verify']) ?? 'off',
  };
}

function linkOf(link: PlainTable, folder: string): Link {
  const { language } = link;
  return {
    folder,
    rust: strings(link['rust']),
    headers: strings(link['headers']),
    python: strings(link['python']),
    javascript: strings(link['javascript']),
    csharp: strings(link['csharp']),
    language: language === 'c' || language === 'python' ? language : null,
    defines: strings(link['defines']),
    targets: strings(link['targets']),
  };
}

function dispatcherOf({ callee, name, argtypes, restype }: PlainTable): readonly Dispatcher[] {
  if (typeof callee !== 'string') return [];
  const position = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return [{ callee, name: position(name) ?? 0, argtypes: position(argtypes), restype: position(restype) }];
}

function probeMode(value: unknown): ProbeMode | null {
  return value === 'off' || value === 'auto' || value === 'require' ? value : null;
}
