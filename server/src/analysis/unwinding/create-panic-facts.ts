/** Answers questions about panics, each fn looked through once. */
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import type { Cfg } from '../../model/rust/attribute.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { catches } from './boundaries.ts';
import { hangsOnHandedIn } from './handed-in.ts';
import type { PanicFacts, PanicSite, UnwindEffect } from './panic-facts.ts';
import type { Panics } from './sites.ts';
import { NO_PANICS, panicsIn } from './sites.ts';

export function createPanicFacts(workspace: Workspace): PanicFacts {
  const sites = new WeakMap<BoundaryFn, readonly PanicSite[]>();
  const others = new WeakMap<RustItem, Panics>();
  return {
    sites: (fn) => {
      let found = sites.get(fn);
      if (!found) {
        found = panicsLeave(fn) ? panicsIn(fn, workspace, 'sites').sites : [];
        sites.set(fn, found);
      }
      return found;
    },
    calls: (fn) => (panicsLeave(fn) ? panicsIn(fn, workspace, 'calls').calls : []),
    inside: (item) => {
      let panics = others.get(item);
      if (!panics) {
        const ast = item.kind === 'fn' ? workspace.ast(item) : null;
        const scope = { module: item.module, item };
        panics = ast?.kind === 'fn' ? panicsIn({ item, ast, scope, role: 'export' }, workspace, 'calls') : NO_PANICS;
        others.set(item, panics);
      }
      return panics;
    },
    hangsOnHandedIn: (steps, end) => hangsOnHandedIn(steps, end, workspace),
    effect: (fn) => unwindEffect(fn),
    catches: (item) => catches(item, workspace),
  };
}

/** Handlers whose work is to end the process. */
const MEANT_TO_END = /(^|_)(abort|fatal|panic|die|assert_fail(ed|ure)?)$/;

/** Whether a panic in its body would reach a foreign caller: handlers that never return, `C-unwind` and rewritten fns are left out. */
function panicsLeave(fn: BoundaryFn): boolean {
  return (
    fn.role !== 'import' &&
    !MEANT_TO_END.test(fn.ast.name) &&
    !fn.unwinds &&
    !fn.rewritten &&
    isForeignAbi(fn.abi) &&
    fn.ast.result?.kind !== 'never'
  );
}

/** The first version whose `extern "C"` fns abort when a panic reaches them (release notes of Rust 1.81). */
const ABORTS_SINCE = 81;

/** No panic unwinds there: these targets abort unless std itself is built anew (`panic-strategy` of rustc's target specifications). */
const WASM: Cfg = {
  kind: 'any',
  operands: [
    { kind: 'option', name: 'target_arch', value: 'wasm32' },
    { kind: 'option', name: 'target_arch', value: 'wasm64' },
    { kind: 'option', name: 'target_family', value: 'wasm' },
  ],
};
const BARE: Cfg = {
  kind: 'any',
  operands: ['none', 'uefi', 'espidf'].map((value) => ({ kind: 'option', name: 'target_os', value })),
};

/** Packages that build for such targets only, so whatever cannot do without one of them does too. */
const BARE_PACKAGES: ReadonlySet<string> = new Set(['cortex-m', 'cortex-m-rt', 'riscv-rt', 'esp-hal', 'esp-idf-hal', 'esp-idf-sys']);

/**
 * `#![no_std]` without a condition, and nothing brings std or a heap in: code for small machines, whose panic handler is all there is.
 * Crates with a heap are as often used by programs with std.
 */
function isWithoutStd(fn: BoundaryFn): boolean {
  const { index } = fn.item.module.crate.root.file;
  return (
    index.innerAttributes.some(({ path, condition }) => path === 'no_std' && condition === null) &&
    !index.entries.some(({ kind, name }) => kind === 'extern-crate' && (name === 'std' || name === 'alloc'))
  );
}

function unwindEffect(fn: BoundaryFn): UnwindEffect {
  const { crate } = fn.item.module;
  const version = crate.package?.rustVersion ?? null;
  if (crate.package?.panic.alwaysAborts) return { severity: 'info', effect: 'aborts the process, as all profiles do', note: null };
  if (implies(fn.item.cfg, WASM)) return { severity: 'info', effect: 'aborts, as all do on WebAssembly', note: null };
  const bare = crate.package?.dependencies.some(
    (one) => one.kind === 'normal' && !one.optional && one.target === null && BARE_PACKAGES.has(one.package),
  );
  if (bare || implies(fn.item.cfg, BARE) || isWithoutStd(fn))
    return { severity: 'info', effect: 'aborts, as all do on such targets', note: null };
  if (version?.[0] !== 1 || version[1] >= ABORTS_SINCE) return { severity: 'warning', effect: 'aborts the process', note: null };
  return {
    severity: 'error',
    effect: 'is undefined behaviour before Rust 1.81',
    note: `Cargo.toml declares rust-version ${version[0]}.${version[1]}, where the panic unwinds into the caller; since 1.81 it aborts`,
  };
}
