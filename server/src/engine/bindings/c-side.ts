/** The headers at hand with the types that they name, and which Rust type each stands for. */
import { cNamedTypes } from '../../abi/c-named-types.ts';
import type { CNamedType } from '../../abi/c-named-types.ts';
import { cLayouts } from '../../abi/c-layouts.ts';
import type { TypeLayout } from '../../abi/layout-entries.ts';
import { pairLayouts } from '../../abi/pairs.ts';
import { rustLayouts } from '../../abi/rust-layouts.ts';
import type { Target } from '../../abi/targets.ts';
import { dirname } from '../../base/paths.ts';
import type { CUnit } from '../../model/c/ast.ts';
import { createCUnits } from '../layouts/c-units.ts';
import type { GenerateInput } from './generate-bindings.ts';

export interface CHeader {
  readonly file: string;
  readonly unit: CUnit;
  readonly types: readonly CNamedType[];
}

export interface CPair {
  readonly rust: TypeLayout;
  readonly c: TypeLayout;
  readonly header: CHeader;
  readonly type: CNamedType;
}

export interface CSide {
  readonly headers: readonly CHeader[];
  /** Types that Rust and a header both have, by name. */
  readonly pairs: readonly CPair[];
  layouts(header: CHeader, target: Target): readonly TypeLayout[];
}

export function cSide({ fs, parsers, files, snapshot }: GenerateInput, target: Target, wanted: (file: string) => boolean): CSide {
  const units = createCUnits(fs, files.headers, parsers);
  const headers = files.headers.flatMap((file): CHeader[] => {
    const unit = /\.h$/.test(file) && wanted(file) ? units.read(file, target) : null;
    return unit ? [{ file, unit, types: cNamedTypes(unit, (other) => other === file).types }] : [];
  });
  const layouts = (header: CHeader, on: Target): readonly TypeLayout[] => {
    const unit = on === target ? header.unit : units.read(header.file, on);
    return unit ? cLayouts(unit, on, (other) => other === header.file).types : [];
  };
  const rust = rustLayouts(snapshot.workspace, snapshot.surface, target).types;
  const c = headers.flatMap((header) => layouts(header, target));
  const symbols = headers.flatMap(({ unit, file }) =>
    unit.symbols.filter(({ at, internal }) => at.file === file && !internal).map(({ name }) => name),
  );
  const packages = [...new Set(files.manifests.map(dirname))];
  const pairs = pairLayouts([...rust, ...c], { packages, symbols }).flatMap((pair): CPair[] => {
    const header = headers.find(({ file }) => file === pair.c?.at.file);
    const type = header?.types.find(({ name }) => name === pair.c?.name);
    return pair.rust && pair.c && header && type ? [{ rust: pair.rust, c: pair.c, header, type }] : [];
  });
  return { headers, pairs, layouts };
}
