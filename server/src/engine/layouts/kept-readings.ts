/** Keeps parsed headers and Python modules from one look at the layouts to the next, as long as no text that took part has changed. */
import type { Target } from '../../abi/targets.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import type { CUnit } from '../../model/c/ast.ts';
import type { PyModule } from '../../model/python/ctypes.ts';
import type { CSettings } from './c-units.ts';

export interface KeptReadings {
  unit(file: string, target: Target, settings: CSettings, read: () => CUnit | null): CUnit | null;
  module(file: string, text: string, read: () => PyModule): PyModule;
}

interface KeptUnit {
  readonly unit: CUnit;
  readonly texts: ReadonlyMap<string, string>;
}

/** Which files an include finds depends on the files at hand: a new set of them needs a new one of these. */
export function createKeptReadings(fs: FileSystem): KeptReadings {
  const units = new Map<string, KeptUnit>();
  const modules = new Map<string, { readonly text: string; readonly module: PyModule }>();
  const textOf = (file: string): string => {
    const read = fs.read(file);
    return isFailure(read) ? '' : read;
  };
  return {
    unit(file, target, settings, read) {
      const key = `${target.triple} ${file} ${JSON.stringify(settings)}`;
      const known = units.get(key);
      if (known && [...known.texts].every(([path, text]) => textOf(path) === text)) return known.unit;
      const unit = read();
      if (!unit) return null;
      const files = [...unit.files, file].filter((path) => !path.startsWith('<'));
      units.set(key, { unit, texts: new Map(files.map((path) => [path, textOf(path)])) });
      return unit;
    },
    module(file, text, read) {
      const known = modules.get(file);
      if (known?.text === text) return known.module;
      const module = read();
      modules.set(file, { text, module });
      return module;
    },
  };
}
