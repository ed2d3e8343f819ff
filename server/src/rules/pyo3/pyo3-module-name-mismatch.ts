/** The Python module of a crate has another name than the file that is made of it. */
import type { PythonProject } from '../../model/python/project.ts';
import type { Package } from '../../model/cargo/package.ts';
import type { TopModule } from '../../analysis/python-module/module-facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import { indentAt } from '../indent.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-module-name-mismatch',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['cargo', 'rust'],
  equivalents: [],
  fix: 'safe',
  messages: { mismatch: 'maturin builds `{wanted}`, but the module is called `{name}`: it cannot be imported' },
  docs: {
    what: 'A `#[pymodule]` is called otherwise than the module that maturin makes of the library',
    why: `Python looks in \`name.so\` for the function \`PyInit_name\`, which the \`#[pymodule]\` makes. With two names, the import ends in
\`ImportError: dynamic module does not define module export function\`. The file's name is the last part of \`module-name\` in \`[tool.maturin]\`, or
else the name of the library.`,
    bad: `# src/lib.rs has a #[pymodule] called sample
# pyproject.toml: [build-system]
# pyproject.toml: build-backend = "maturin"
[package]
name = "tools"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.27"
`,
    good: `# src/lib.rs has a #[pymodule] called sample
# pyproject.toml: [build-system]
# pyproject.toml: build-backend = "maturin"
[package]
name = "tools"
version = "0.1.0"
edition = "2021"

[lib]
name = "sample"
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.27"
`,
    exceptions: [
      'crates without a pyproject.toml, or with one that does not use maturin',
      'submodules: nested ones, `#[pymodule(submodule)]`, and those that `wrap_pymodule!` puts into another',
      'crates with several modules of which one has the name, or of which one is conditional',
    ],
    fixSafety: 'The module could not be imported by any name before.',
    references: [
      { title: 'PyO3 guide, modules', url: 'https://pyo3.rs/latest/module' },
      { title: 'maturin, project layout', url: 'https://www.maturin.rs/project_layout' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const project = ctx.workspace.cargo.projects?.get(pkg.manifest);
    const lib = pkg.targets.find((target) => target.kind === 'lib');
    const crate = ctx.workspace.crates.find((one) => one.package === pkg && one.target === lib);
    if (!project?.maturin || !lib || !crate || (project.maturin.bindings ?? 'pyo3') !== 'pyo3') return;
    const modules = ctx.facts.pythonModule.topModules(crate);
    const wanted = wantedName(project, pkg, lib.name);
    if (modules.length === 0 || modules.some(({ name, conditional }) => conditional || name === wanted)) return;
    const [module] = modules;
    if (!module) return;
    const written = project.maturin.moduleName;
    const fix = modules.length === 1 ? fixOf(module, wanted, ctx.workspace) : null;
    ctx.report('mismatch', {
      at: { file: module.file, span: module.entry.nameSpan },
      data: { wanted, name: module.name },
      ...(written ? { related: [{ at: { file: project.file, span: written.span }, message: 'the name that is built' }] } : {}),
      help: `give the module that name: \`#[pyo3(name = "${wanted}")]\``,
      fixes: fix ? [fix] : [],
    });
  },
});

function wantedName({ maturin }: PythonProject, _pkg: Package, lib: string): string {
  return maturin?.moduleName?.text.split('.').at(-1) ?? lib;
}

function fixOf({ file, entry }: TopModule, wanted: string, workspace: Workspace): Fix | null {
  const mark = pyo3Attribute(entry.attributes, 'pymodule');
  if (!mark || mark.condition || !workspace.editable(file, mark.span) || !/^[A-Za-z_]\w*$/.test(wanted)) return null;
  const title = `call the module \`${wanted}\``;
  for (const { path, args } of entry.attributes) {
    const name = /(^|::)(pymodule|pyo3)$/.test(path) ? args?.find((meta) => meta.name === 'name') : undefined;
    if (name) return { title, safe: true, edits: [{ file: file.path, span: name.span, text: `name = "${wanted}"` }] };
  }
  const at = mark.span.end;
  const text = `\n${indentAt(workspace.text(file), mark.span.start)}#[pyo3(name = "${wanted}")]`;
  return { title, safe: true, edits: [{ file: file.path, span: { start: at, end: at }, text }] };
}
