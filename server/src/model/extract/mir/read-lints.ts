/** Reads which types rustc's `improper_ctypes` lints refuse out of its JSON output. */
import type { UnsafeTypeLint } from '../../compiled/mir.ts';
import { readDiagnostics } from '../rustc-json.ts';

/** Types that a macro's definition writes are left out: their place is nobody's. */
export function readLints(output: string): readonly UnsafeTypeLint[] {
  return readDiagnostics(output, (line) => line.includes('improper_ctypes')).flatMap(({ code, message, primary }) =>
    /^improper_ctypes(_definitions)?$/.test(code ?? '')
      ? primary.flatMap(({ expansion, ...span }) => (expansion === null && span.endColumn > 0 ? [{ span, message }] : []))
      : [],
  );
}
