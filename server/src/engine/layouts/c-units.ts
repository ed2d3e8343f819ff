/** Reads headers for a target: finds what they include in the workspace, and gives the preprocessor what the target's compilers predefine. */
import { KNOWN_MACROS, predefinedMacros } from '../../abi/c-macros.ts';
import type { Target } from '../../abi/targets.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname, joinPath, nearestPath } from '../../base/paths.ts';
import { createKeptGroups } from '../../model/extract/c/kept-groups.ts';
import { readUnit } from '../../model/extract/c/read-unit.ts';
import type { CUnit } from '../../model/c/ast.ts';
import type { CFlags } from '../../model/c/flags.ts';
import { givenMacro } from '../../syntax/c/macros.ts';
import type { Macro } from '../../syntax/c/macros.ts';
import { preprocess } from '../../syntax/c/preprocess.ts';
import type { FileReading, Found } from '../../syntax/c/preprocess.ts';
import { between } from '../../syntax/c/values.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';

export interface CUnits {
  /** The header with all that it includes; null where it cannot be read. */
  read(file: string, target: Target, settings?: CSettings): CUnit | null;
  /** Files were changed, made or taken away: they are looked for and read again. */
  changed(): void;
}

/** What a build says on the compiler's command line. */
export interface CSettings {
  /** `NAME` or `NAME=VALUE`. */
  readonly defines: readonly string[];
  /** Absolute folders. */
  readonly includeDirs: readonly string[];
  /** Names that are not defined, whatever the compiler says. */
  readonly undefines?: readonly string[];
  /** Names that a build defines sometimes, or with a value that is not known. */
  readonly doubtful?: readonly string[];
  /** Absolute files that are read first. */
  readonly includes?: readonly string[];
  /** Names that are taken to be defined, as what nobody knows: one variant of several. */
  readonly supposed?: readonly string[];
}

/** The flags of a build, for the preprocessor. */
export function settingsOf({ defines, includeDirs, systemDirs, undefines, doubtful, includes }: CFlags): CSettings {
  return { defines, includeDirs: [...includeDirs, ...systemDirs], undefines, doubtful, includes };
}

const PLAIN: CSettings = { defines: [], includeDirs: [] };

/** `headers`: all that the workspace has, absolute paths. */
export function createCUnits(fs: FileSystem, headers: readonly string[], parsers: Parsers): CUnits {
  const found = new Map<string, Found | null>();
  const files = new Map<string, Found | null>();
  const open = (file: string): Found | null => {
    const known = files.get(file);
    if (known !== undefined) return known;
    const text = fs.read(file);
    const made = isFailure(text) ? null : { file, text };
    files.set(file, made);
    return made;
  };
  const find = finder(fs, headers, open);
  const readings = new Map<string, FileReading>();
  const kept = createKeptGroups();
  const predefined = new Map<string, readonly Macro[]>();
  return {
    read(file, target, settings = PLAIN) {
      const root = open(file);
      if (!root) return null;
      const include = (name: string, quoted: boolean, from: string): Found | null => {
        const key = `${quoted} ${name} ${dirname(from)} ${settings.includeDirs.join(' ')}`;
        const known = found.get(key);
        if (known !== undefined) return known;
        const made = find(name, quoted, from, settings.includeDirs);
        found.set(key, made);
        return made;
      };
      const given = predefined.get(target.triple) ?? macrosOf(target);
      predefined.set(target.triple, given);
      const source = preprocess({
        file,
        text: root.text,
        predefined: [...given.filter(({ name }) => !settings.undefines?.includes(name)), ...supposedIn(settings), ...definesOf(settings)],
        knownNames: settings.undefines?.length ? new Set([...KNOWN_MACROS, ...settings.undefines]) : KNOWN_MACROS,
        first: (settings.includes ?? []).flatMap((one) => open(one) ?? []),
        include,
        readings,
      });
      return readUnit(file, source, parsers, kept);
    },
    changed() {
      found.clear();
      files.clear();
    },
  };
}

/** As `-D` takes them: without a value it is 1. */
function definesOf({ defines, doubtful = [] }: CSettings): readonly Macro[] {
  const given = defines.flatMap((one) => {
    const [, name = '', value = '1'] = /^([^=]+)(?:=(.*))?$/s.exec(one) ?? [];
    return givenMacro(name.trim(), value) ?? [];
  });
  const sure = new Set(given.map(({ name }) => name));
  const maybe = doubtful.flatMap((name) => {
    const macro = sure.has(name) ? null : givenMacro(name, '1');
    return macro ? [{ ...macro, unsettled: `the build script defines \`${name}\` under a condition` }] : [];
  });
  return [...given, ...maybe];
}

/** True where a condition asks for one of them; it is nowhere replaced. */
function supposedIn({ supposed = [] }: CSettings): readonly Macro[] {
  return supposed.flatMap((name) => {
    const macro = givenMacro(name, '');
    return macro ? [{ ...macro, value: between(1n, null, `the value of \`${name}\` depends on the build`) }] : [];
  });
}

function macrosOf(target: Target): readonly Macro[] {
  return predefinedMacros(target).flatMap(({ name, text, bounds, doubt }) => {
    const macro = givenMacro(name, text);
    if (!macro) return [];
    const value = bounds ? between(bounds.low, bounds.high, `the value of \`${name}\` depends on the compiler`) : null;
    return [{ ...macro, value, unsettled: doubt }];
  });
}

/**
 * Quotes look beside the file that includes first. Then, for both, the given folders count, and then a header of the workspace whose path
 * ends in what is written: the only one, or the one nearest to the file; where two are equally near, none, since which one a build takes is not known.
 */
function finder(fs: FileSystem, headers: readonly string[], open: (file: string) => Found | null) {
  const byName = new Map<string, string[]>();
  for (const header of headers) {
    const name = header.slice(header.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), header]);
  }
  return (name: string, quoted: boolean, from: string, includeDirs: readonly string[]): Found | null => {
    const beside = from.startsWith('<') ? null : joinPath(dirname(from), name);
    if (quoted && beside !== null && fs.isFile(beside)) return open(beside);
    for (const folder of includeDirs) {
      const file = joinPath(folder, name);
      if (fs.isFile(file)) return open(file);
    }
    const last = name.slice(name.lastIndexOf('/') + 1);
    const fitting = (byName.get(last) ?? []).filter((header) => header.endsWith(`/${name}`));
    const found = nearestPath(fitting, from);
    return found === null ? null : open(found);
  };
}
