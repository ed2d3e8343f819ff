/** A library exports C functions but nothing builds a file that C can link. */
import type { CargoTarget, Package } from '../../model/cargo/package.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'missing-cdylib',
  group: 'linkage',
  since: '0.1.0',
  severity: 'info',
  recommended: true,
  languages: ['cargo'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: 'package `{name}` exports `{symbol}` but builds no cdylib or staticlib' },
  docs: {
    what: 'A library has `#[no_mangle]` functions but its crate-type is only `lib`, and no package of the workspace that depends on it builds something linkable',
    why: 'Cargo then makes an `.rlib`, which only rustc can read: there is no `.so`, `.dll`, `.dylib` or `.a` for C to link.',
    bad: `# src/lib.rs has a #[no_mangle] function
[package]
name = "answer"
version = "0.1.0"
edition = "2021"
`,
    good: `[package]
name = "answer"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["lib", "cdylib"]
`,
    exceptions: [
      'packages with a binary, packages whose workspace has a dependent with a cdylib, staticlib or binary',
      '`-sys` crates, `links`, build scripts that compile C (`cc`, `cmake`, `bindgen`): the C code is linked in',
      '`no_std` crates, proc macros, exports behind a feature or another condition',
    ],
    fixSafety: 'Another crate-type changes what is built and can need a different link setup.',
    references: [{ title: 'Rust Reference, linkage', url: 'https://doc.rust-lang.org/reference/linkage.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'manifest') return;
    const pkg = ctx.unit.package;
    const lib = pkg.targets.find((t) => t.kind === 'lib');
    if (!lib || lib.crateTypes.some((t) => t !== 'lib' && t !== 'rlib')) return;
    if (
      linksElsewhere(pkg) ||
      ctx.workspace.cargo.packages.some((other) => other !== pkg && dependsOn(other, pkg) && buildsLinkable(other))
    )
      return;
    const fn = ctx.surface.functions.find((f) => isPlainExport(f, lib));
    if (!fn) return;
    const at = pkg.places.crateType ?? pkg.places.libTable ?? pkg.places.name ?? { start: 0, end: 0 };
    const fix = fixOf(pkg);
    ctx.report('missing', {
      at: { file: pkg.manifest, span: at },
      data: { name: pkg.name, symbol: fn.symbol ?? fn.ast.name },
      related: [{ at: { file: fn.item.file, span: fn.ast.nameSpan }, message: 'exported here' }],
      help: 'add `crate-type = ["lib", "cdylib"]` under `[lib]`, or `"staticlib"`',
      fixes: fix ? [fix] : [],
    });
  },
});

function linksElsewhere(pkg: Package): boolean {
  if (pkg.links !== null || pkg.name.endsWith('-sys') || pkg.targets.some((t) => t.kind === 'bin')) return true;
  return pkg.dependencies.some(
    (d) => d.kind === 'build' && ['cc', 'cmake', 'bindgen', 'autocfg', 'cxx-build', 'meson', 'pkg-config'].includes(d.package),
  );
}

function dependsOn(other: Package, pkg: Package): boolean {
  return other.dependencies.some((d) => d.package === pkg.name && d.kind === 'normal');
}

function buildsLinkable(pkg: Package): boolean {
  return pkg.targets.some(
    (t) => t.kind === 'bin' || (t.kind === 'lib' && t.crateTypes.some((c) => c === 'cdylib' || c === 'staticlib' || c === 'dylib')),
  );
}

/** In the library itself, not in a file that only lies beside it, and whatever the features are. */
function isPlainExport(fn: BoundaryFn, lib: CargoTarget): boolean {
  const { crate } = fn.item.module;
  return (
    fn.role === 'export' &&
    isForeignAbi(fn.abi) &&
    !fn.rewritten &&
    crate.target === lib &&
    !crate.noStd &&
    fn.item.cfg.kind === 'true' &&
    !fn.item.entry.attributes.some((a) => a.condition !== null)
  );
}

/** With a `[lib]` table without a crate-type: the line goes under its header; without a table one is added at the end. */
function fixOf(pkg: Package): Fix | null {
  if (pkg.places.crateType || pkg.places.libTable === null) return null;
  const at = pkg.places.libTable.end;
  return {
    title: 'build a cdylib too',
    safe: false,
    edits: [{ file: pkg.manifest, span: { start: at, end: at }, text: '\ncrate-type = ["lib", "cdylib"]' }],
  };
}
