/** `restype` names a type that is not returned as Rust's is. */
import { severityOf } from '../../abi/compare/severity.ts';
import type { Severity } from '../../base/severity.ts';
import { pythonFns, pythonSide, rendered, rustPlace, rustSignatures, verdictOf } from '../python-fns.ts';
import type { Judged } from '../python-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-return-type',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    nothing: '`{name}` returns nothing in Rust, but `restype` is `{python}`',
    width: '`{name}` returns `{rust}`, but its `restype` `{python}` has another size',
    class: '`{name}` returns `{rust}`, but its `restype` `{python}` is read from another register',
    kind: '`{name}` returns `{rust}`, but its `restype` is `{python}`',
    pointee: '`{name}` returns `{rust}`, but its `restype` `{python}` points to another size or kind',
    sign: '`{name}` returns `{rust}`, but its `restype` `{python}` has another sign',
  },
  docs: {
    what: '`restype` is not what the Rust function returns',
    why: `ctypes reads the result as \`restype\` says: of a wider one it gets a part, of a narrower one bytes that nobody set, and a float
is not where an integer is looked for. Where Rust returns nothing, Python gets what was left in a register.`,
    bad: `#[no_mangle]
pub extern "C" fn ratio(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole)
}
// ratio.py: import ctypes
// ratio.py:
// ratio.py: lib = ctypes.CDLL("libsample.so")
// ratio.py: lib.ratio.argtypes = [ctypes.c_uint32, ctypes.c_uint32]
// ratio.py: lib.ratio.restype = ctypes.c_float
`,
    good: `#[no_mangle]
pub extern "C" fn ratio(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole)
}
// ratio.py: import ctypes
// ratio.py:
// ratio.py: lib = ctypes.CDLL("libsample.so")
// ratio.py: lib.ratio.argtypes = [ctypes.c_uint32, ctypes.c_uint32]
// ratio.py: lib.ratio.restype = ctypes.c_double
`,
    exceptions: [
      '`restype = None` for a function whose result is not wanted',
      '`c_void_p` and byte pointers, which fit every pointer',
      'a Python function as `restype`, and types that are not known on one side',
      'the same width with the other sign, which is a hint for 32 and 64 bits',
    ],
    fixSafety: 'Not safe: Python code may have been written around the wrong value.',
    references: [{ title: 'ctypes, return types', url: 'https://docs.python.org/3/library/ctypes.html#return-types' }],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      const { restype } = fn;
      if (!restype || fn.doubt !== null || restype.value.type === null || restype.value.type.kind === 'unknown') continue;
      const { module, value: use } = restype;
      const signatures = rustSignatures(ctx, fn);
      const judged = signatures.flatMap((signature) => {
        const made = signature.result
          ? judge(verdictOf(signature.result, signature, pythonSide(use.type, module, signature.target)))
          : null;
        return made ? [{ ...made, signature }] : [];
      });
      const [first] = judged;
      if (!first || judged.length !== signatures.length || !first.signature.result) continue;
      const text = rendered(first.signature.result, first.signature, 'result', module);
      ctx.report(first.message, {
        at: use.at,
        data: { name: fn.symbol, rust: first.signature.result.written, python: use.text },
        related: [rustPlace(fn)],
        mirror: rustPlace(fn).at,
        severity: first.severity,
        help: text === null ? 'name the type that Rust returns' : `set it to \`${text}\``,
        fixes:
          text !== null && use.behind && text !== use.text
            ? [{ title: `write \`${text}\``, safe: false, edits: [{ file: use.at.file, span: use.at.span, text }] }]
            : [],
      });
    }
  },
});

type Message = 'nothing' | 'width' | 'class' | 'kind' | 'pointee' | 'sign';

function judge({ verdict, behind }: Judged): { readonly message: Message; readonly severity: Severity } | null {
  if (verdict.code === 'nothing') return verdict.rust.kind === 'nothing' ? { message: 'nothing', severity: 'error' } : null;
  const severity = severityOf(verdict, 'peer');
  if (severity === null || verdict.code === 'code-data') return null;
  if (behind) return verdict.code === 'sign' || verdict.code === 'pointer-integer' ? null : { message: 'pointee', severity };
  switch (verdict.code) {
    case 'width':
    case 'class':
      return { message: verdict.code, severity };
    case 'sign':
      return { message: 'sign', severity };
    case 'pointer-integer':
      return { message: 'kind', severity: 'info' };
    default:
      return { message: 'kind', severity };
  }
}
