/** How rustc is asked for its MIR and, in the same call, for its lints about types at the boundary. */

/** rustc versions whose MIR was read and understood (1.77 to 1.97 seen); others answer nothing. */
export const FIRST_MINOR = 77;

/** Lints of rustc that say what rules say, or what they cannot know; asked for whatever the crate allows. */
export const LINTS: ReadonlySet<string> = new Set([
  'improper_ctypes',
  'improper_ctypes_definitions',
  'clashing_extern_declarations',
  'dangling_pointers_from_temporaries',
  'deprecated',
  'invalid_value',
  'missing_abi',
  'missing_unsafe_on_extern',
  'no_mangle_generic_items',
  'static_mut_refs',
  'unsafe_attr_outside_unsafe',
]);

/**
 * `-Zunpretty=mir` makes no code and reads everything that `cargo check` reads. Its switches are unstable: `RUSTC_BOOTSTRAP` is set
 * for this one call, never for build scripts or dependencies. The analysis before it runs all lints, so that one call tells both:
 * some are asked for, whatever the crate allows. A version that does not know one of them says so and goes on.
 */
export function mirArguments(output: string): readonly string[] {
  return [
    '-Zunpretty=mir',
    '-Zmir-include-spans=on',
    '-Zmir-opt-level=0',
    '-Ztrim-diagnostic-paths=no',
    '--error-format=json',
    ...[...LINTS].flatMap((lint) => ['--force-warn', lint]),
    '-o',
    output,
  ];
}

export const MIR_ENVIRONMENT: Readonly<Record<string, string>> = { RUSTC_BOOTSTRAP: '1' };
