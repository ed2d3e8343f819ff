/** The stable ABI that a package is built for is not what it promises, does not exist, or lacks what the code uses. */
import type { Dependency, Package } from '../../model/cargo/package.ts';
import type { Span } from '../../base/text.ts';
import { classOptions, pyclasses } from '../pyo3-classes.ts';
import { enabledFeatures, minorOf, pyo3Of } from '../pyo3-packages.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type MessageId = 'floor' | 'gone' | 'class' | 'type';

/** Features of PyO3 that are gone, and since when (CHANGELOG). */
const GONE: Readonly<Record<string, number>> = { 'abi3-py36': 16, 'abi3-py37': 29, 'abi3-py38': 30 };
const DATETIME = /^Py(Date|DateTime|Time|Delta|TzInfo)(Access)?$/;
/** Classes of Python that the limited API lets nobody extend before PyO3 0.28. */
const NATIVE = /^Py(Dict|List|Tuple|Set|FrozenSet|String|Bytes|Float|Int|Long|Complex)$/;

export default defineRule<MessageId>({
  id: 'pyo3-abi3-mismatch',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['cargo', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    floor: 'the package promises Python {floor}, but `{feature}` builds for Python {built} and later',
    gone: 'feature `{feature}` does not exist in PyO3 {version}',
    class: '`{what}` of `{name}` needs more than `{feature}` offers',
    type: '`{what}` is not in the limited API of `{feature}`',
  },
  docs: {
    what: 'The feature `abi3-py3X` is newer than `requires-python`, is gone from this PyO3, or lacks what the code uses',
    why: `\`abi3-py310\` makes one wheel for Python 3.10 and later. With \`requires-python = ">=3.8"\`, installers on 3.8 take the package and find no wheel
for it. Features for versions that PyO3 no longer supports do not exist (cargo stops), and the limited API of old versions lacks buffers (3.11),
\`dict\` and \`weakref\` of classes (3.9), dates (PyO3 0.25) and extending native classes (PyO3 0.28), so that the code does not compile.`,
    bad: `# pyproject.toml: [project]
# pyproject.toml: requires-python = ">=3.8"
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.30", features = ["abi3-py310"] }
`,
    good: `# pyproject.toml: [project]
# pyproject.toml: requires-python = ">=3.10"
[package]
name = "sample"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.30", features = ["abi3-py310"] }
`,
    exceptions: [
      'features that are not on by default',
      '`abi3` without a version, which takes that of the Python that builds',
      'code under a condition',
    ],
    fixSafety: 'Another version of Python becomes the oldest that is supported.',
    references: [{ title: 'PyO3 guide, features: abi3', url: 'https://pyo3.rs/latest/features' }],
  },
  check(ctx) {
    if (ctx.unit.kind === 'manifest') checkManifest(ctx, ctx.unit.package);
    else if (ctx.unit.kind === 'rust' && ctx.unit.crate.package) checkCode(ctx, ctx.unit.crate.package);
  },
});

/** The feature that decides: the oldest version of those that are on. `minor` is null for `abi3` alone. */
function abi3Of(pkg: Package, pyo3: Dependency): { readonly feature: string; readonly minor: number | null } | null {
  const on = [...enabledFeatures(pkg, pyo3).keys()];
  const versions = on.flatMap((name) => {
    const minor = /^abi3-py3(\d+)$/.exec(name)?.[1];
    return minor === undefined ? [] : [{ feature: name, minor: Number(minor) }];
  });
  return versions.sort((a, b) => a.minor - b.minor)[0] ?? (on.includes('abi3') ? { feature: 'abi3', minor: null } : null);
}

function checkManifest(ctx: RuleContext<MessageId>, pkg: Package): void {
  const pyo3 = pyo3Of(pkg);
  const abi3 = pyo3 && abi3Of(pkg, pyo3);
  if (!pyo3 || !abi3 || abi3.minor === null) return;
  const own = pyo3.featureSpans?.find(({ name }) => name === abi3.feature)?.span ?? null;
  const at: Span = own ?? pyo3.span ?? pkg.places.name ?? { start: 0, end: 0 };
  const replaced = (minor: number): readonly Fix[] =>
    own
      ? [
          {
            title: `build for Python 3.${minor} and later`,
            safe: false,
            edits: [{ file: pkg.manifest, span: own, text: `"abi3-py3${minor}"` }],
          },
        ]
      : [];
  const version = minorOf(ctx.workspace, pkg, 'pyo3');
  const gone = Object.hasOwn(GONE, abi3.feature) ? GONE[abi3.feature] : undefined;
  if (version !== null && gone !== undefined && version >= gone) {
    const oldest =
      1 + Math.max(...Object.entries(GONE).flatMap(([name, since]) => (version >= since ? [Number(name.slice('abi3-py3'.length))] : [])));
    ctx.report('gone', {
      at: { file: pkg.manifest, span: at },
      data: { version: `0.${version}`, feature: abi3.feature },
      help: `the oldest version that it supports is \`abi3-py3${oldest}\``,
      fixes: replaced(oldest),
    });
    return;
  }
  const project = ctx.workspace.cargo.projects?.get(pkg.manifest);
  const promised = project?.requiresPython;
  const floor = /(?:>=|~=|==)\s*3\.(\d+)/.exec(promised?.text ?? '')?.[1];
  if (!project || !promised || floor === undefined || Number(floor) >= abi3.minor) return;
  ctx.report('floor', {
    at: { file: pkg.manifest, span: at },
    data: { floor: `3.${floor}`, feature: abi3.feature, built: `3.${abi3.minor}` },
    related: [{ at: { file: project.file, span: promised.span }, message: 'the promise' }],
    help: `take \`abi3-py3${floor}\`, or ask for Python 3.${abi3.minor} in \`requires-python\``,
    severity: 'warning',
  });
}

function checkCode(ctx: RuleContext<MessageId>, pkg: Package): void {
  if (ctx.unit.kind !== 'rust') return;
  const pyo3 = pyo3Of(pkg);
  const abi3 = pyo3 && abi3Of(pkg, pyo3);
  const version = abi3 && minorOf(ctx.workspace, pkg, 'pyo3');
  if (!abi3 || version === null) return;
  const { feature, minor } = abi3;
  for (const item of pyclasses(ctx.unit.items)) {
    if (item.cfg.kind !== 'true') continue;
    for (const option of classOptions(item)) {
      const lacking = (option.name === 'dict' || option.name === 'weakref') && minor !== null && minor < 9;
      const native = option.name === 'extends' && version < 28 && NATIVE.test(option.value?.split('::').at(-1)?.trim() ?? '');
      if (!lacking && !native) continue;
      ctx.report('class', {
        at: { file: item.file, span: option.span },
        data: { what: native ? `extends = ${option.value ?? ''}` : option.name, name: item.name, feature },
        help: native ? 'extend no native class, or use PyO3 0.28' : 'build for Python 3.9 and later (`abi3-py39`)',
        item,
      });
    }
  }
  for (const item of ctx.unit.items) {
    if (item.kind !== 'use' || item.test || item.cfg.kind !== 'true') continue;
    for (const use of item.entry.uses) {
      const name = use.path.at(-1) ?? '';
      const buffer = name === 'PyBuffer' && minor !== null && minor < 11;
      if (use.path[0] !== 'pyo3' || !(buffer || (DATETIME.test(name) && version < 25))) continue;
      ctx.report('type', {
        at: { file: item.file, span: use.span },
        data: { what: name, feature },
        help: buffer ? 'build for Python 3.11 and later (`abi3-py311`)' : 'use PyO3 0.25, or convert with `chrono` or by attributes',
        item,
      });
    }
  }
}
