/** A crate that goes with one version of PyO3 is used with another. */
import type { Package } from '../../model/cargo/package.ts';
import type { VersionRange } from '../../model/cargo/requirement.ts';
import { compareVersions, parseRequirement } from '../../model/cargo/requirement.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Crates with the version numbers of the PyO3 that they need, and since when (each release's manifest). */
const COMPANIONS: Readonly<Record<string, number>> = {
  numpy: 17,
  pythonize: 17,
  'pyo3-async-runtimes': 21,
  'pyo3-build-config': 15,
  'pyo3-ffi': 16,
  'pyo3-macros': 15,
};

export default defineRule({
  id: 'pyo3-companion-version',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['cargo'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    mismatch: '`{name}` {theirs} needs PyO3 {theirs}, but this package has {ours}',
    ended: '`pyo3-asyncio` ends with PyO3 0.20, but this package has {ours}',
  },
  docs: {
    what: '`numpy`, `pythonize`, `pyo3-async-runtimes` or `pyo3-build-config` is of another minor version than `pyo3`',
    why: `These crates are released together with PyO3 and need the same \`0.x\`. With another one, Cargo finds two versions of PyO3 that both want to link
with Python and stops ("only one package in the dependency graph may specify this links value"), or the types of one are unknown to the other.
\`pyo3-asyncio\` was not continued: \`pyo3-async-runtimes\` is, from 0.21 on.`,
    bad: `[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.30"

[build-dependencies]
pyo3-build-config = "0.29"
`,
    good: `[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.30"

[build-dependencies]
pyo3-build-config = "0.30"
`,
    exceptions: [
      'crates from git or a path',
      'ranges of versions that have one in common',
      'versions of these crates from before they were numbered so',
    ],
    fixSafety: 'The other version may have another API.',
    references: [{ title: 'numpy, its versions', url: 'https://github.com/PyO3/rust-numpy' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const ours = rangeOf(pkg, 'pyo3');
    if (!ours) return;
    for (const dependency of pkg.dependencies) {
      const { package: name, span, requirementSpan } = dependency;
      const since = COMPANIONS[name];
      const theirs = rangeOf(pkg, name, dependency.kind);
      const at = { file: pkg.manifest, span: requirementSpan ?? span ?? pkg.places.name ?? { start: 0, end: 0 } };
      if (name === 'pyo3-asyncio' && theirs && ours.min[0] === 0 && ours.min[1] >= 21) {
        ctx.report('ended', { at, data: { ours: minor(ours) }, help: 'use `pyo3-async-runtimes`, which goes on with it' });
        continue;
      }
      if (since === undefined || !Object.hasOwn(COMPANIONS, name) || !theirs || theirs.min[0] !== 0 || ours.min[0] !== 0) continue;
      if (theirs.min[1] < since || meets(ours, theirs)) continue;
      const fixes: readonly Fix[] =
        requirementSpan && /^\d/.test(dependency.requirement ?? '')
          ? [
              {
                title: `use \`${name}\` ${minor(ours)}`,
                safe: false,
                edits: [{ file: pkg.manifest, span: requirementSpan, text: `"${minor(ours)}"` }],
              },
            ]
          : [];
      ctx.report('mismatch', {
        at,
        data: { name, theirs: minor(theirs), ours: minor(ours) },
        help: 'use the same minor version of both',
        fixes,
      });
    }
  },
});

function rangeOf(pkg: Package, name: string, kind?: string): VersionRange | null {
  const found = pkg.dependencies.filter((one) => one.package === name && (kind === undefined ? one.kind === 'normal' : one.kind === kind));
  const [first] = found;
  if (!first || found.some((one) => one.source !== 'registry') || new Set(found.map((one) => one.requirement)).size > 1) return null;
  return first.requirement === null ? null : parseRequirement(first.requirement);
}

/** Whether some minor version is in both ranges: the last number is each crate's own. */
function meets(a: VersionRange, b: VersionRange): boolean {
  const down = (range: VersionRange): VersionRange => ({
    min: [range.min[0], range.min[1], 0],
    max: range.max && (range.max[2] > 0 ? [range.max[0], range.max[1] + 1, 0] : range.max),
  });
  const x = down(a);
  const y = down(b);
  return (y.max === null || compareVersions(x.min, y.max) < 0) && (x.max === null || compareVersions(y.min, x.max) < 0);
}

function minor({ min }: VersionRange): string {
  return `${min[0]}.${min[1]}`;
}
