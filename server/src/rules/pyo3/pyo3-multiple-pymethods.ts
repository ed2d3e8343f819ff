/** A class has its Python methods in several impl blocks, which PyO3 takes only with a feature. */
import type { Span } from '../../base/text.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { pyclasses, pymethods } from '../pyo3-classes.ts';
import { withFeature } from '../pyo3-packages.ts';
import { defineRule, orNone } from '../rule.ts';

export default defineRule({
  id: 'pyo3-multiple-pymethods',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { several: '`{name}` has several `#[pymethods]` blocks, but PyO3 is built without `multiple-pymethods`' },
  docs: {
    what: 'A type has more than one `#[pymethods]` impl while the feature `multiple-pymethods` of PyO3 is off',
    why: `Each \`#[pymethods]\` block implements the same trait for its class, so two of them conflict (E0119, far away from the cause, in code of the macro).
The feature \`multiple-pymethods\` collects them when the program is loaded instead, with the crate \`inventory\`.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
struct Counter {
    n: u32,
}

// error[E0119]: conflicting implementations
#[pymethods]
impl Counter {
    fn count(&self) -> u32 {
        self.n
    }
}

#[pymethods]
impl Counter {
    fn is_zero(&self) -> bool {
        self.n == 0
    }
}
`,
    good: `use pyo3::prelude::*;

#[pyclass]
struct Counter {
    n: u32,
}

#[pymethods]
impl Counter {
    fn count(&self) -> u32 {
        self.n
    }

    fn is_zero(&self) -> bool {
        self.n == 0
    }
}
`,
    exceptions: [
      'blocks under conditions (`cfg`), of which one may be chosen',
      'impls without `#[pymethods]`, trait impls',
      'workspaces in which any package turns the feature on: Cargo builds PyO3 once for all of them',
    ],
    fixSafety: 'The feature collects the methods when the module is loaded, by the crate `inventory`, which not every platform has.',
    references: [{ title: 'PyO3 guide, features: multiple-pymethods', url: 'https://pyo3.rs/latest/features' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const pkg = ctx.unit.crate.package;
    const pyo3 = pkg?.dependencies.find((one) => one.package === 'pyo3');
    if (!pyo3 || mayHaveFeature(ctx.workspace)) return;
    for (const item of pyclasses(ctx.unit.items)) {
      const blocks = pymethods(item, ctx.workspace);
      const plain = blocks.filter(
        ({ cfg, file, entry }) =>
          cfg.kind === 'true' && !file.origin && entry.attributes.every((a) => a.condition === null && a.path !== 'cfg'),
      );
      const [first, second] = plain;
      if (!first || !second) continue;
      ctx.report('several', {
        at: { file: second.file, span: headOf(second) },
        data: { name: item.name },
        related: [{ at: { file: first.file, span: headOf(first) }, message: 'the first block' }],
        help: 'put the methods into one block, or turn the feature `multiple-pymethods` of `pyo3` on',
        fixes: pkg && pyo3 ? orNone(withFeature(pkg, pyo3, 'multiple-pymethods', ctx.text(pkg.manifest))) : [],
        item: second,
      });
    }
  },
});

/** `impl Counter`, without the body. */
function headOf({ entry }: RustItem): Span {
  const { start, end } = entry.signatureSpan;
  return { start, end: (entry.bodySpan?.start ?? end + 1) - 1 };
}

/** Turned on by a package of the workspace, or, as Cargo.lock shows by its dependency `inventory`, by anything. */
function mayHaveFeature(workspace: Workspace): boolean {
  const on = (feature: string): boolean => /(^|\/)multiple-pymethods$/.test(feature);
  return (
    workspace.cargo.packages.some(
      (pkg) =>
        pkg.dependencies.some((one) => one.package === 'pyo3' && one.features.some(on)) ||
        Object.values(pkg.features).some((all) => all.some(on)),
    ) ||
    [...workspace.cargo.locks.values()].some(({ packages }) =>
      packages.some((one) => one.name === 'pyo3' && one.dependencies.some((edge) => edge.split(' ')[0] === 'inventory')),
    )
  );
}
