/** The table that Deno.dlopen is given says another signature than Rust defines. */
import { checkSignatures, SIGNATURE_EXCEPTIONS, SIGNATURE_MESSAGES } from '../script-signature.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'deno-signature',
  group: 'javascript',
  since: '0.1.0',
  severity: 'error',
  languages: ['javascript', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: SIGNATURE_MESSAGES,
  docs: {
    what: 'Deno.dlopen is told another signature of an exported function than Rust defines',
    why: `The table decides in which registers arguments go and how a result is read; Deno checks the arguments against it, but not the
table against the library. TypeScript believes it as well.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.ts: const lib = Deno.dlopen('./libsample.so', {
// geo.ts:   geo_area: { parameters: ['f64', 'f32', 'u8'], result: 'f64' },
// geo.ts: });
// geo.ts: export const area = lib.symbols.geo_area;
`,
    good: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.ts: const lib = Deno.dlopen('./libsample.so', {
// geo.ts:   geo_area: { parameters: ['f64', 'f64', 'u8'], result: 'f64' },
// geo.ts: });
// geo.ts: export const area = lib.symbols.geo_area;
`,
    exceptions: [...SIGNATURE_EXCEPTIONS],
    fixSafety: null,
    references: [{ title: 'Deno, foreign function interface', url: 'https://docs.deno.com/runtime/fundamentals/ffi/' }],
  },
  check: (ctx) => checkSignatures(ctx, 'deno'),
});
