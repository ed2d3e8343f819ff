/** What several rules ask of PyO3 classes: their options, their methods, the version that they are built with. */
import type { Attribute, Meta } from '../model/rust/attribute.ts';
import type { FnItem } from '../model/rust/ast-item.ts';
import { pyo3Attribute } from '../model/surface/attributes.ts';
import type { Crate, RustItem, Workspace } from '../model/workspace.ts';

/** `#[pyclass]` types of a file that are written there themselves. */
export function pyclasses(items: readonly RustItem[]): readonly RustItem[] {
  return items.filter(
    (item) =>
      (item.kind === 'struct' || item.kind === 'enum') &&
      !item.file.origin &&
      !item.test &&
      !item.inUnknownMacro &&
      pyo3Attribute(item.entry.attributes, 'pyclass') !== null,
  );
}

/** What stands in `#[pyclass(…)]` and in the `#[pyo3(…)]` beside it. */
export function classOptions(item: RustItem): readonly Meta[] {
  return pyo3Options(item.entry.attributes, 'pyclass');
}

/** What stands in the attributes of an item or field: `#[NAME(…)]`, under whichever path, and `#[pyo3(…)]`. */
export function pyo3Options(attributes: readonly Attribute[], name: string): readonly Meta[] {
  return attributes.filter(({ path }) => path === 'pyo3' || path === name || path.endsWith(`::${name}`)).flatMap(({ args }) => args ?? []);
}

/** The `#[pymethods]` impls of a class, those that macros make among them. */
export function pymethods(item: RustItem, workspace: Workspace): readonly RustItem[] {
  return workspace
    .implsOf(item)
    .filter((impl) => impl.entry.implTrait === null && pyo3Attribute(impl.entry.attributes, 'pymethods') !== null);
}

/** The oldest minor version of PyO3 that a crate may be built with (26 for 0.26, 1000 and more from 1.0 on); null where it is not known. */
export function pyo3Minor(workspace: Workspace, crate: Crate): number | null {
  const version = workspace.dependencyVersion(crate, 'pyo3');
  if (version.kind === 'unknown') return null;
  const [major, minor] = version.kind === 'exact' ? version.version : version.min;
  return major * 1000 + minor;
}

/** Whether an attribute of a name stands on a fn: `#[setter]`, `#[pyo3(setter)]` excluded. */
export function hasAttribute(ast: FnItem, name: string): boolean {
  return ast.attributes.some(({ path }) => path === name || path.endsWith(`::${name}`));
}

const KNOWN =
  /^((pyo3::)?(prelude::)?pyclass|pyo3|derive|doc|cfg|cfg_attr|allow|expect|warn|deny|repr|non_exhaustive|must_use|deprecated|(serde|clippy|rustfmt)(::.*)?|serde)$/;

/** Whether no attribute stands on a class that may give it methods or fields. */
export function isPlainClass(item: RustItem): boolean {
  return item.entry.attributes.every(({ path }) => KNOWN.test(path));
}

/** Whether all methods of a class are written out: no macro may make one. */
export function hasPlainMethods(item: RustItem, workspace: Workspace): boolean {
  return pymethods(item, workspace).every(
    ({ entry, members }) =>
      entry.attributes.every((a) => /(^|::)(pymethods|cfg|cfg_attr|allow|expect|doc)$/.test(a.path)) &&
      members.every((m) => m.kind !== 'macro-call'),
  );
}
