/** The table that bun:ffi is given says another signature than Rust defines. */
import { checkSignatures, SIGNATURE_EXCEPTIONS, SIGNATURE_MESSAGES } from '../script-signature.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'bun-signature',
  group: 'javascript',
  since: '0.1.0',
  severity: 'error',
  languages: ['javascript', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: SIGNATURE_MESSAGES,
  docs: {
    what: 'A table for bun:ffi says another signature of an exported function than Rust defines',
    why: `Bun compiles the call from the table, without looking at the library: too few arguments, or a struct by value, for which Bun has
no type, crash the process.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.ts: import { dlopen, FFIType } from 'bun:ffi';
// geo.ts:
// geo.ts: export const { symbols } = dlopen('./libsample.so', {
// geo.ts:   geo_area: { args: [FFIType.f64, FFIType.f64], returns: FFIType.f64 },
// geo.ts: });
`,
    good: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.ts: import { dlopen, FFIType } from 'bun:ffi';
// geo.ts:
// geo.ts: export const { symbols } = dlopen('./libsample.so', {
// geo.ts:   geo_area: { args: [FFIType.f64, FFIType.f64, FFIType.u8], returns: FFIType.f64 },
// geo.ts: });
`,
    exceptions: [...SIGNATURE_EXCEPTIONS],
    fixSafety: null,
    references: [{ title: 'Bun, FFI', url: 'https://bun.sh/docs/api/ffi' }],
  },
  check: (ctx) => checkSignatures(ctx, 'bun'),
});
