/** An extension module is built as a Rust library that Python cannot load. */
import type { CargoTarget, Package } from '../../model/cargo/package.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-crate-type',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['cargo'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: 'package `{name}` has the Python module `{module}` but builds no cdylib' },
  docs: {
    what: 'A library with a `#[pymodule]` and the feature `extension-module` has no `cdylib` among its crate-types',
    why: `Python loads extension modules from shared libraries (\`.so\`, \`.pyd\`). Without \`crate-type = ["cdylib"]\` Cargo makes an \`.rlib\`, and
\`maturin\` stops with an error. \`extension-module\` says that the crate is meant to be one: nothing else links with it.`,
    bad: `# src/lib.rs has a #[pymodule]
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[dependencies]
pyo3 = { version = "0.27", features = ["extension-module"] }
`,
    good: `[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.27", features = ["extension-module"] }
`,
    exceptions: [
      'libraries without the feature `extension-module`: they may be embedded, or be a part of another module',
      'packages of which another one of the workspace with a cdylib makes a module',
      'modules under a condition, and packages with `append_to_inittab!`',
    ],
    fixSafety: 'Another crate-type changes what is built.',
    references: [{ title: 'PyO3 guide, building and distribution', url: 'https://pyo3.rs/latest/building-and-distribution' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const lib = pkg.targets.find((target) => target.kind === 'lib');
    const wanted = pkg.dependencies.some(
      (one) => one.package === 'pyo3' && one.kind === 'normal' && !one.optional && one.features.includes('extension-module'),
    );
    if (!lib || !wanted || lib.crateTypes.includes('cdylib')) return;
    if (ctx.workspace.cargo.packages.some((other) => other !== pkg && dependsOn(other, pkg))) return;
    const module = ctx.surface.pyEntries.find(
      ({ kind, item }) => kind === 'module' && item.module.crate.target === lib && isPlain(item.cfg.kind),
    );
    if (!module || ctx.workspace.mentions('append_to_inittab', null)) return;
    const at = pkg.places.crateType ?? pkg.places.libTable ?? pkg.places.name ?? { start: 0, end: 0 };
    const fix = fixOf(pkg, lib);
    ctx.report('missing', {
      at: { file: pkg.manifest, span: at },
      data: { name: pkg.name, module: module.ast.name },
      related: [{ at: { file: module.item.file, span: module.item.entry.nameSpan }, message: 'the module' }],
      help: 'add `"cdylib"` to the `crate-type` of `[lib]`',
      fixes: fix ? [fix] : [],
    });
  },
});

function isPlain(cfg: string): boolean {
  return cfg === 'true';
}

function dependsOn(other: Package, pkg: Package): boolean {
  return other.dependencies.some((one) => one.package === pkg.name && one.kind === 'normal');
}

/** Beside the types that are listed; under the header of `[lib]`, or in a table of its own. */
function fixOf(pkg: Package, lib: CargoTarget): Fix | null {
  const { crateType, libTable } = pkg.places;
  if (crateType || !libTable || lib.crateTypes.some((type) => type !== 'lib')) return null;
  const edit = { file: pkg.manifest, span: { start: libTable.end, end: libTable.end }, text: '\ncrate-type = ["cdylib"]' };
  return { title: 'build a cdylib', safe: false, edits: [edit] };
}
