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

/** Groups of rustc and clippy, as `rustc -W help` and the clippy book list them, as far as FFI lints are in them. */
const LINT_GROUPS: Readonly<Record<string, ReadonlySet<string>>> = {
  rust_2024_compatibility: new Set([
    'missing_unsafe_on_extern',
    'static_mut_refs',
    'unsafe_attr_outside_unsafe',
    'unsafe_op_in_unsafe_fn',
    'keyword_idents_2024',
  ]),
  unused: new Set(['unused_must_use', 'unused_unsafe']),
  'clippy::all': words(`
  clippy::cmp_null clippy::from_raw_with_void_ptr clippy::manual_c_str_literals clippy::missing_safety_doc
  clippy::missing_transmute_annotations clippy::mut_from_ref clippy::not_unsafe_ptr_arg_deref clippy::ptr_eq
  clippy::strlen_on_c_strings clippy::transmute_null_to_fn clippy::transmuting_null clippy::uninit_assumed_init
  clippy::uninit_vec clippy::zero_ptr
`),
};

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
      if (!LEVELS.has(attribute.path) || !attribute.args?.some(({ name, value }) => value === null && covers(name, lint))) continue;
      const allows = attribute.path === 'allow' || attribute.path === 'expect';
      if (attribute.condition && (isFalse(attribute.condition) || !allows)) continue;
      return { level: attribute.path, source: `\`#[${attribute.path}(${lint})]\`` };
    }
  }
  const key = lint.startsWith('clippy::') ? `clippy.${lint.slice('clippy::'.length)}` : `rust.${lint}`;
  const level = around.lints[key];
  return level === undefined ? null : { level, source: `\`${lint} = "${level}"\` in Cargo.toml` };
}

function covers(written: string, lint: string): boolean {
  const name = written.replace(/\s/g, '');
  return name === lint || (LINT_GROUPS[name]?.has(lint) ?? false);
}

function isFalse(condition: Cfg): boolean {
  return condition.kind === 'false' || (condition.kind === 'all' && condition.operands.some(isFalse));
}
