/** What one Python module says of foreign functions and types, in the terms that all languages share. */
import type { PyEnum, PyModule } from '../../model/python/ctypes.ts';
import type { TypeDef } from '../shape.ts';
import { unknownShape } from '../shape.ts';
import type { Target } from '../targets.ts';
import type { PeerFile, PeerType } from './peers.ts';
import { pythonPeerTypes } from './python-types.ts';

/** `generatedBy`: what its first lines say of a tool. */
export function pythonPeerFile(module: PyModule, targets: readonly Target[], generatedBy: string | null): PeerFile {
  const types = [...pythonPeerTypes(module, targets), ...module.enums.map((one) => enumType(one, module, targets))];
  const constants = module.constants.map((one) => ({ language: 'ctypes', file: module.file, ...one }) as const);
  return { language: 'ctypes', path: module.file, functions: [], types, constants, libraries: [], generatedBy, dropped: 0 };
}

/** Python's numbers have no width: as C's own enum, which is told of no width either. */
function enumType({ name, constants, at }: PyEnum, { file }: PyModule, targets: readonly Target[]): PeerType {
  const def: TypeDef = {
    kind: 'enum',
    name,
    language: 'c',
    c: true,
    underlying: null,
    packed: false,
    align: null,
    variants: constants.map((one) => ({ name: one.name, value: one.value, fields: [] })),
  };
  const resolve = (key: string) => unknownShape(`\`${key}\` is not defined`);
  return {
    language: 'ctypes',
    name,
    kind: 'enum',
    at,
    file,
    defs: new Map(targets.map(({ triple }) => [triple, { def, resolve }])),
    isOpaque: false,
    places: new Map(constants.map((one) => [one.name, one.at])),
  };
}
