/** Questions about attributes that several rooms ask: exported names, layouts, derives, PyO3. */
import { words } from '../../base/words.ts';
import type { Attribute, Meta } from '../rust/attribute.ts';

/** The linker's name that an attribute gives a fn or static; null where it is not exported. */
export function exportedSymbol(attributes: readonly Attribute[], name: string): string | null {
  for (const a of attributes) if (a.path === 'export_name' && a.value !== null) return a.value;
  return attributes.some((a) => a.path === 'no_mangle') ? name.replace(/^r#/, '') : null;
}

/** The linker's name of a foreign item. */
export function importedSymbol(attributes: readonly Attribute[], name: string): string {
  for (const a of attributes) if (a.path === 'link_name' && a.value !== null) return a.value;
  return name.replace(/^r#/, '');
}

/** What `repr` says; hints under `cfg_attr` count as given. */
export interface Repr {
  readonly c: boolean;
  readonly transparent: boolean;
  /** `u8` … `isize`, null without one. */
  readonly int: string | null;
  readonly packed: boolean;
  readonly simd: boolean;
  /** `align(N)` alone, or an explicit `Rust`: the field order is still not defined. */
  readonly rust: boolean;
}

const INTS = words(`
  u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize
`);

export function reprOf(attributes: readonly Attribute[]): Repr {
  const hints: Meta[] = attributes.filter((a) => a.path === 'repr').flatMap((a) => [...(a.args ?? [])]);
  const has = (name: string): boolean => hints.some((h) => h.name === name);
  return {
    c: has('C'),
    transparent: has('transparent'),
    int: hints.find((h) => INTS.has(h.name))?.name ?? null,
    packed: has('packed'),
    simd: has('simd'),
    rust: has('Rust'),
  };
}

/** Built-in attributes (Rust Reference, "Built-in attributes index") and tool prefixes: they do not rewrite what they stand on. */
const INERT = words(`
  cfg cfg_attr test ignore should_panic derive automatically_derived macro_export macro_use allow expect warn deny
  forbid deprecated must_use link link_name link_ordinal no_link repr crate_type no_main export_name link_section
  no_mangle used crate_name inline cold no_builtins target_feature track_caller instruction_set doc no_std
  no_implicit_prelude path recursion_limit type_length_limit panic_handler global_allocator windows_subsystem feature
  non_exhaustive naked linkage no_sanitize sanitize optimize coverage rustc_std_internal_symbol stable unstable lang
  unsafe default ffi_const ffi_pure thread_local rustfmt::skip rustfmt_skip diagnostic::on_unimplemented
  collapse_debuginfo debugger_visualizer
`);

/** Whether an attribute macro stands here that may rewrite the item into something else. */
export function isRewritten(attributes: readonly Attribute[]): boolean {
  return attributes.some(({ path }) => {
    // `cargo expand` and macros write built-in attributes by their full path.
    const name = path.replace(/^(?:::)?(?:core|std)::prelude::\w+::/, '');
    return !INERT.has(name) && !/^(rustfmt|clippy|diagnostic|rustc|miri|rust_analyzer)(::|_)/.test(name);
  });
}
/** The names in `#[derive(...)]`, last segments only. */
export function derives(attributes: readonly Attribute[]): readonly string[] {
  return attributes.filter((a) => a.path === 'derive').flatMap((a) => (a.args ?? []).map((m) => m.name.slice(m.name.lastIndexOf(':') + 1)));
}

const PYO3_ATTRIBUTES = new Set(['pyfunction', 'pymethods', 'pyclass', 'pymodule', 'pyfn', 'pymodule_init']);

/** The PyO3 attribute macro among these, by its last segment; `cfg_attr(feature = "python", …)` counts. */
export function pyo3Attribute(attributes: readonly Attribute[], name: string): Attribute | null {
  if (!PYO3_ATTRIBUTES.has(name)) return null;
  return attributes.find((a) => a.path === name || (a.path.endsWith(`::${name}`) && a.path.startsWith('pyo3'))) ?? null;
}
