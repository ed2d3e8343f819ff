/** An exported fn takes the place of a function of the system, and is another one. */
import { and } from '../../model/rust/cfg.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import type { BoundaryFn, Surface } from '../../model/surface/surface.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import { cSignatureDiff, knownSignatures, signatureText } from '../c-signature-diff.ts';
import { exportCfg } from '../linked-together.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'export-shadows-system-symbol',
  group: 'linkage',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['invalid_runtime_symbol_definitions', 'suspicious_runtime_symbol_definitions'],
  fix: 'unsafe',
  messages: { shadows: 'the exported `{name}` takes the place of the C function of that name: {what} differs' },
  docs: {
    what: 'An exported function has the name of a function of the C library, but another signature',
    why: `Symbols of a program come first: the C library, other libraries and Rust's own standard library then call this function where they mean
the system's. With another signature they pass what it does not expect.`,
    bad: `#[no_mangle]
pub extern "C" fn index(key: u32) -> u32 {
    key % 16
}
`,
    good: `#[no_mangle]
pub extern "C" fn mylib_index(key: u32) -> u32 {
    key % 16
}
`,
    exceptions: [
      'the signature that the system has on Unix or on Windows: a replacement that is meant',
      '`no_std` crates, and crates that define five or more functions of the C library: they are one, or an allocator',
      'functions that are compiled for WebAssembly only',
      'names with another meaning on each system, and types that are not known',
    ],
    fixSafety:
      'Not safe: C and other declarations of the symbol must follow. Rust code does not, as the function keeps its name there. There is none where a condition or macro exports it.',
    references: [
      { title: 'Rust Reference, no_mangle', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
      { title: 'POSIX, the name space', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/V2_chap02.html#tag_16_02_02' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.crate.noStd || ctx.unit.file.index.generated) return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'export' || fn.symbol === null || fn.rewritten || fn.abi === null) continue;
      const cfg = and(fn.item.cfg, exportCfg(fn.item));
      const diff = cSignatureDiff(fn, fn.symbol, cfg, ctx.workspace);
      if (!diff || isWasm(fn) || isLibrary(ctx.unit.crate, ctx.surface, ctx.workspace)) continue;
      ctx.report('shadows', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: fn.symbol, what: diff.what },
        help: `in C it is \`${signatureText(fn.symbol, diff.signature)}\`: give yours a prefix`,
        fixes: prefixFix(fn, fn.symbol, ctx.workspace),
        item: fn.item,
      });
    }
  },
});

/** Exports the fn under the crate's name and its own. */
function prefixFix({ item }: BoundaryFn, symbol: string, workspace: Workspace): readonly Fix[] {
  const attribute = item.entry.attributes.find((one) => one.path === 'no_mangle' || one.path === 'export_name');
  if (!attribute || attribute.condition !== null || item.inUnknownMacro || item.file.origin !== null) return [];
  const { start, end } = attribute.pathSpan;
  const old = attribute.path === 'no_mangle' ? '' : (/^\s*=\s*"[^"]*"/.exec(workspace.text(item.file).slice(end))?.[0] ?? null);
  if (old === null) return [];
  const name = `${item.module.crate.target.name}_${symbol}`;
  const span = { start, end: end + old.length };
  return [{ title: `export it as \`${name}\``, safe: false, edits: [{ file: item.file.path, span, text: `export_name = "${name}"` }] }];
}

function isWasm(fn: BoundaryFn): boolean {
  const cfg = and(fn.item.cfg, exportCfg(fn.item));
  return (
    ['wasm32', 'wasm64'].some((value) => implies(cfg, { kind: 'option', name: 'target_arch', value })) ||
    implies(cfg, { kind: 'option', name: 'target_family', value: 'wasm' })
  );
}

/** From so many functions of the C library on, a crate means to be one. */
const MANY = 5;

const counts = new WeakMap<Surface, Map<Crate, number>>();

function isLibrary(crate: Crate, surface: Surface, workspace: Workspace): boolean {
  let byCrate = counts.get(surface);
  if (!byCrate) {
    byCrate = new Map();
    counts.set(surface, byCrate);
  }
  let count = byCrate.get(crate);
  if (count === undefined) {
    count = surface.functions.filter(
      (fn) =>
        fn.role === 'export' &&
        fn.symbol !== null &&
        fn.item.module.crate === crate &&
        knownSignatures(fn.symbol, fn.item.cfg).length > 0 &&
        !cSignatureDiff(fn, fn.symbol, fn.item.cfg, workspace),
    ).length;
    byCrate.set(crate, count);
  }
  return count >= MANY;
}
