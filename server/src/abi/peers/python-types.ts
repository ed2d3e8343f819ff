/** The ctypes classes of a module as peers of Rust types. */
import type { PyModule } from '../../model/python/ctypes.ts';
import { pythonShapes } from '../python-shapes.ts';
import type { TypeDef, UnknownShape } from '../shape.ts';
import type { Target } from '../targets.ts';
import type { PeerType } from './peers.ts';

type Def = PeerType['defs'] extends ReadonlyMap<string, infer D> ? D : never;

export function pythonPeerTypes(module: PyModule, targets: readonly Target[]): readonly PeerType[] {
  const sides = targets.map((target) => ({ target, shapes: pythonShapes(module, target) }));
  return module.classes.map((one) => {
    const defs = new Map<string, Def>();
    for (const { target, shapes } of sides) {
      const layout = shapes.layout(one);
      // Where bit-fields lie depends on the version of Python: then nothing is known of the class.
      const def: TypeDef | UnknownShape = layout.kind === 'unknown' ? layout : shapes.resolve(one.path);
      defs.set(target.triple, { def, resolve: shapes.resolve });
    }
    return {
      language: 'ctypes',
      name: one.path,
      kind: one.kind,
      at: one.at,
      file: module.file,
      defs,
      isOpaque: one.fields === null && one.parent === null && one.unknown === null,
      places: new Map((one.fields ?? []).map(({ name, at }) => [name, at])),
    };
  });
}
