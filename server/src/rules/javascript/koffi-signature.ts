/** What koffi is told of an exported function is not its signature in Rust. */
import { checkSignatures, SIGNATURE_EXCEPTIONS, SIGNATURE_MESSAGES } from '../script-signature.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'koffi-signature',
  group: 'javascript',
  since: '0.1.0',
  severity: 'error',
  languages: ['javascript', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: SIGNATURE_MESSAGES,
  docs: {
    what: 'A declaration for koffi says another signature of an exported function than Rust defines',
    why: `koffi calls a function as it is declared, and nothing compares that with the library. An argument of another width or kind
arrives as something else, a result of \`int\` cuts a pointer off, a missing argument is whatever was in the register.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.js: import koffi from 'koffi';
// geo.js:
// geo.js: const lib = koffi.load('./libsample.so');
// geo.js: export const area = lib.func('double geo_area(double width, float height, uint8_t layer)');
`,
    good: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64, layer: u8) -> f64 {
    if layer == 0 { 0.0 } else { width * height }
}
// geo.js: import koffi from 'koffi';
// geo.js:
// geo.js: const lib = koffi.load('./libsample.so');
// geo.js: export const area = lib.func('double geo_area(double width, double height, uint8_t layer)');
`,
    exceptions: [...SIGNATURE_EXCEPTIONS],
    fixSafety: null,
    references: [{ title: 'koffi, function calls', url: 'https://koffi.dev/functions' }],
  },
  check: (ctx) => checkSignatures(ctx, 'koffi'),
});
