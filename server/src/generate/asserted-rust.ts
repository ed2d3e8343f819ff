/** Rust types with their layouts on any target, as assertions need them. */
import { computeLayout } from '../abi/compute.ts';
import type { Layout } from '../abi/layout.types.ts';
import { rustShapes } from '../abi/rust-shapes.ts';
import type { RustShapes } from '../abi/rust-shapes.ts';
import { targetCfg } from '../abi/target-cfg.ts';
import type { Target } from '../abi/targets.ts';
import { evaluate } from '../model/rust/cfg.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import type { AssertedType } from './asserts.ts';

export interface RustAsserting {
  /** `inside`: the assertions stand beside the type itself, where all its fields can be seen; else in another module of its crate. */
  of(item: RustItem, inside: boolean): AssertedType;
  layout(item: RustItem, target: Target): Layout | null;
}

export function createRustAsserting(workspace: Workspace): RustAsserting {
  const shapes = new Map<string, RustShapes>();
  const layouts = new Map<string, Layout | null>();
  const layout = (item: RustItem, target: Target): Layout | null => {
    const key = `${item.id} ${target.triple}`;
    const known = layouts.get(key);
    if (known !== undefined) return known;
    const cfg = targetCfg(target);
    const made = shapes.get(target.triple) ?? rustShapes(workspace, cfg);
    shapes.set(target.triple, made);
    const def = evaluate(item.cfg, cfg) === false ? null : made.defOf(item);
    const found = def === null || def.kind === 'unknown' ? null : computeLayout(def, made.resolve, target);
    const result = found?.kind === 'layout' ? found : null;
    layouts.set(key, result);
    return result;
  };
  return {
    layout,
    of(item, inside) {
      const ast = workspace.ast(item);
      const fields = ast?.kind === 'struct' || ast?.kind === 'union' ? ast.fields : [];
      const seen = fields.filter(
        ({ visibility, attributes }) => (inside || visibility !== 'private') && attributes.every(({ path }) => !/^cfg/.test(path)),
      );
      return {
        spelling: inside ? item.name : ['crate', ...item.module.path, item.name].join('::'),
        fields: seen.map(({ name }) => name),
        layout: (target) => layout(item, target),
      };
    },
  };
}
