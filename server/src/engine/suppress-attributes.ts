/** Honours `#[allow]` and `#[expect]` of the rustc and clippy lints that a rule declares as equivalent. */
import { words } from '../base/words.ts';
import type { Attribute, Cfg } from '../model/rust/attribute.ts';

/** What decides about a lint at an item, innermost first. */
export interface LintSurroundings {
  /** The attributes of the item, of what it stands in (impl, extern block, mod …), of its modules, and the crate's inner ones. */
  readonly attributes: readonly (readonly Attribute[])[];
  /** `Package.lints`: `rust.improper_ctypes` → `allow`. */
  readonly lints: Readonly<Record<string, string>>;
}

const LEVELS: ReadonlySet<string> = new Set(['allow', 'expect', 'warn', 'deny', 'forbid']);

/** Groups of rustc and clippy with those of their lints that a rule names as its equivalent (`clippy-driver -W help`). */
const LINT_GROUPS: Readonly<Record<string, ReadonlySet<string>>> = {
  rust_2024_compatibility: words('missing_unsafe_on_extern static_mut_refs unsafe_attr_outside_unsafe'),
  unused: words('dead_code'),
  'clippy::complexity': words('clippy::manual_c_str_literals'),
  'clippy::correctness': words('clippy::not_unsafe_ptr_arg_deref clippy::uninit_assumed_init clippy::uninit_vec'),
  'clippy::nursery': words('clippy::as_ptr_cast_mut clippy::non_send_fields_in_send_ty'),
  'clippy::pedantic': words(`
    clippy::cast_ptr_alignment clippy::cast_sign_loss clippy::needless_pass_by_value clippy::no_mangle_with_rust_abi
    clippy::same_length_and_capacity
  `),
  'clippy::restriction': words(`
    clippy::arithmetic_side_effects clippy::default_union_representation clippy::expect_used clippy::indexing_slicing
    clippy::integer_division_remainder_used clippy::panic clippy::print_stderr clippy::print_stdout clippy::todo
    clippy::undocumented_unsafe_blocks clippy::unimplemented clippy::unreachable clippy::unwrap_used
  `),
  'clippy::style': words('clippy::missing_safety_doc'),
  'clippy::suspicious': words('clippy::from_raw_with_void_ptr clippy::repr_packed_without_abi'),
};

/** The groups that `clippy::all` stands for (the clippy book, "Clippy's Lints"). */
const ALL = ['complexity', 'correctness', 'style', 'suspicious', 'perf'].map((group) => `clippy::${group}`);

/** Why an attribute or the manifest hides a rule that has these equivalents; null where nothing does. */
export function hiddenByAttribute(equivalents: readonly string[], around: LintSurroundings): string | null {
  for (const lint of equivalents) {
    const decided = decidingLevel(lint, around);
    if (decided && (decided.level === 'allow' || decided.level === 'expect')) return decided.source;
  }
  return null;
}

/** The innermost level that is written for a lint. A level under a `cfg_attr` that may not hold decides only where it allows. */
function decidingLevel(lint: string, around: LintSurroundings): { readonly level: string; readonly source: string } | null {
  for (const attributes of around.attributes) {
    // Of several at one place the last one counts, as in rustc.
    for (const attribute of [...attributes].reverse()) {
      if (!LEVELS.has(attribute.path) || !names(attribute, (name) => covers(name, lint))) continue;
      if (attribute.condition && (isFalse(attribute.condition) || !allows(attribute))) continue;
      return { level: attribute.path, source: `\`#[${attribute.path}(${lint})]\`` };
    }
  }
  // A lint of its own decides before the groups that it is in.
  const inManifest = [lint, ...groupsOf(lint)].find((name) => around.lints[manifestKey(name)] !== undefined);
  const level = inManifest === undefined ? undefined : around.lints[manifestKey(inManifest)];
  if (level === undefined) {
    // `warnings` is what would warn: no lint that something decides about.
    const all = around.attributes.flat().some((one) => allows(one) && one.condition === null && names(one, (name) => name === 'warnings'));
    return all ? { level: 'allow', source: '`#[allow(warnings)]`' } : null;
  }
  return { level, source: `\`${inManifest} = "${level}"\` in Cargo.toml` };
}

function manifestKey(lint: string): string {
  return lint.startsWith('clippy::') ? `clippy.${lint.slice('clippy::'.length)}` : `rust.${lint}`;
}

/** Every group that a lint is in, but for `warnings`. */
export function groupsOf(lint: string): readonly string[] {
  const own = Object.keys(LINT_GROUPS).filter((group) => LINT_GROUPS[group]?.has(lint));
  return [...own, ...(own.some((group) => ALL.includes(group)) ? ['clippy::all'] : [])];
}

function allows(attribute: Attribute): boolean {
  return attribute.path === 'allow' || attribute.path === 'expect';
}

function names(attribute: Attribute, test: (lint: string) => boolean): boolean {
  return attribute.args?.some(({ name, value }) => value === null && test(name)) ?? false;
}

function covers(written: string, lint: string): boolean {
  const name = written.replace(/\s/g, '');
  return name === lint || groupsOf(lint).includes(name);
}

function isFalse(condition: Cfg): boolean {
  return condition.kind === 'false' || (condition.kind === 'all' && condition.operands.some(isFalse));
}
