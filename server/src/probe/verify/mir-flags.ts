/** How rustc is asked for its MIR and, in the same call, for its lints about types at the boundary. */

/** rustc versions whose MIR was read and understood (1.77 to 1.97 seen); others answer nothing. */
export const FIRST_MINOR = 77;

/**
 * `-Zunpretty=mir` makes no code and reads everything that `cargo check` reads. Its switches are unstable: `RUSTC_BOOTSTRAP` is set
 * for this one call, never for build scripts or dependencies. The analysis before it runs all lints, so that one call tells both:
 * those about types at the boundary are asked for, whatever the crate allows.
 */
export function mirArguments(output: string): readonly string[] {
  return [
    '-Zunpretty=mir',
    '-Zmir-include-spans=on',
    '-Zmir-opt-level=0',
    '-Ztrim-diagnostic-paths=no',
    '--error-format=json',
    '--force-warn',
    'improper_ctypes',
    '--force-warn',
    'improper_ctypes_definitions',
    '-o',
    output,
  ];
}

export const MIR_ENVIRONMENT: Readonly<Record<string, string>> = { RUSTC_BOOTSTRAP: '1' };
