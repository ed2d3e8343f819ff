/** The feature `extension-module` is always on, so that nothing but the module can be linked. */
import type { Package } from '../../model/cargo/package.ts';
import type { Workspace } from '../../model/workspace.ts';
import { enabledFeatures, minorOf, pyo3Of, withoutFeature } from '../pyo3-packages.ts';
import { defineRule } from '../rule.ts';

/** From here on PyO3 heeds the environment variable that build tools set, and from 0.28 its docs advise against the feature. */
const BY_ENVIRONMENT = 26;
const DISCOURAGED = 28;

export default defineRule({
  id: 'pyo3-extension-module-feature',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['cargo'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    always: '`extension-module` is always on: {what} of `{name}` cannot be linked',
    byDefault: '`extension-module` is on by default: {what} of `{name}` are only linked with `--no-default-features`',
  },
  docs: {
    what: 'PyO3 has the feature `extension-module` in `[dependencies]` or by default, and the package has tests or programs',
    why: `With the feature, PyO3 does not link with libpython, because an extension module finds Python in the process that loads it. A test or program is
no such thing: \`cargo test\` ends in "undefined symbol: PyErr_…". maturin (1.9.4 and later) and setuptools-rust (1.12) set
\`PYO3_BUILD_EXTENSION_MODULE\`, which PyO3 0.26 and later heed: the feature is not needed any more. Before, it belongs into
\`[tool.maturin] features\`, as an optional feature.`,
    bad: `# tests/it.rs: #[test]
# tests/it.rs: fn adds() {}
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.27", features = ["extension-module"] }
`,
    good: `# tests/it.rs: #[test]
# tests/it.rs: fn adds() {}
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.27"
`,
    exceptions: [
      'packages without tests, benches, examples and programs',
      'the feature behind a feature of the package that is not on by default',
      'packages whose build script calls `add_extension_module_link_args`',
    ],
    fixSafety: 'Safe from PyO3 0.28 on where pyproject.toml demands a maturin that says what is built.',
    references: [
      { title: 'PyO3 FAQ: cargo test does not link', url: 'https://pyo3.rs/latest/faq' },
      { title: 'PyO3 pull request 5588', url: 'https://github.com/PyO3/pyo3/pull/5588' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const pyo3 = pyo3Of(pkg);
    const on = pyo3 && enabledFeatures(pkg, pyo3).get('extension-module');
    if (!pyo3 || !on) return;
    const what = linked(pkg, ctx.workspace);
    if (what === null || ctx.workspace.mentions('add_extension_module_link_args', null)) return;
    const version = minorOf(ctx.workspace, pkg, 'pyo3');
    const project = ctx.workspace.cargo.projects?.get(pkg.manifest);
    const own = pyo3.featureSpans?.find(({ name }) => name === 'extension-module');
    const newMaturin = project?.requires.some((one) => /^maturin\s*(>=|~=|==)\s*(1\.(9\.[4-9]|9\.\d\d|[1-9]\d)|[2-9])/.test(one)) ?? false;
    const fix =
      version !== null && version >= BY_ENVIRONMENT
        ? withoutFeature(pkg, pyo3, 'extension-module', version >= DISCOURAGED && newMaturin)
        : null;
    ctx.report(on === 'always' ? 'always' : 'byDefault', {
      at: { file: pkg.manifest, span: own?.span ?? pyo3.span ?? pkg.places.name ?? { start: 0, end: 0 } },
      data: { what, name: pkg.name },
      help:
        version !== null && version >= BY_ENVIRONMENT
          ? 'leave it out: maturin 1.9.4 and setuptools-rust 1.12 tell PyO3 what is built'
          : 'make it an optional feature of the package, and turn it on in `[tool.maturin] features`',
      fixes: fix ? [fix] : [],
      // PyO3's own advice for older versions.
      ...(on === 'default' ? { severity: 'info' } : {}),
    });
  },
});

/** What has to be linked apart from the module; null where there is nothing. */
function linked(pkg: Package, workspace: Workspace): string | null {
  const kinds = new Set(pkg.targets.map(({ kind }) => kind));
  if (kinds.has('test')) return 'the tests';
  if (kinds.has('bin')) return 'the programs';
  if (kinds.has('example')) return 'the examples';
  if (kinds.has('bench')) return 'the benches';
  const isTest = workspace
    .filesNaming('test')
    .some((file) => workspace.cratesOf(file.path)[0]?.package === pkg && /#\[test\]/.test(workspace.text(file)));
  return isTest ? 'the unit tests' : null;
}
