/** `argtypes` names a type that is not passed as Rust's is. */
import { severityOf } from '../../abi/compare/severity.ts';
import type { WrittenShape, Signature } from '../../abi/peers/peers.ts';
import type { Shape } from '../../abi/shape.ts';
import type { Target } from '../../abi/targets.ts';
import type { From, PythonFn } from '../../abi/python-side.ts';
import type { PyArgTypes, PyTypeUse } from '../../model/python/bindings.ts';
import type { Severity } from '../../base/severity.ts';
import { paramName, pythonFns, pythonSide, rendered, rustPlace, rustSignatures, verdictOf } from '../python-fns.ts';
import type { Judged } from '../python-fns.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-argument-type',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    width: '{param} of `{name}` is `{rust}` in Rust, but `{python}` in `argtypes` has another size',
    class: '{param} of `{name}` is `{rust}` in Rust, but `{python}` in `argtypes` goes in another register',
    kind: '{param} of `{name}` is `{rust}` in Rust, but `{python}` in `argtypes`',
    pointee: '{param} of `{name}` is `{rust}` in Rust, but `{python}` points to something else',
    sign: '{param} of `{name}` is `{rust}` in Rust, but `{python}` in `argtypes` has another sign',
    value: '{param} of `{name}` is `{rust}` in Rust, which not every value of `{python}` is',
  },
  docs: {
    what: 'A type in `argtypes` is not passed as the Rust parameter is',
    why: `ctypes converts each argument as \`argtypes\` says and nobody checks that against the library. A number of another size loses
digits, a float for an integer arrives in a register that the function does not read, and behind a pointer to another type Rust reads and
writes past the end of what Python gave it.`,
    bad: `#[no_mangle]
pub extern "C" fn seek(offset: i64) -> bool {
    offset >= 0
}
// seek.py: import ctypes
// seek.py:
// seek.py: lib = ctypes.CDLL("libsample.so")
// seek.py: lib.seek.argtypes = [ctypes.c_int]
// seek.py: lib.seek.restype = ctypes.c_bool
`,
    good: `#[no_mangle]
pub extern "C" fn seek(offset: i64) -> bool {
    offset >= 0
}
// seek.py: import ctypes
// seek.py:
// seek.py: lib = ctypes.CDLL("libsample.so")
// seek.py: lib.seek.argtypes = [ctypes.c_int64]
// seek.py: lib.seek.restype = ctypes.c_bool
`,
    exceptions: [
      '`c_void_p`, byte pointers and opaque classes, which fit every pointer',
      'types that only some targets disagree about, none of which findings are for',
      'types that are not known on one side, and lists that are computed',
      'the same width with the other sign, which is a hint for 32 and 64 bits',
    ],
    fixSafety: 'Not safe: ctypes then refuses or converts arguments that it let pass.',
    references: [{ title: 'ctypes, fundamental data types', url: 'https://docs.python.org/3/library/ctypes.html#fundamental-data-types' }],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      const { argtypes } = fn;
      if (!argtypes || fn.doubt !== null) continue;
      const signatures = rustSignatures(ctx, fn);
      const count = argtypes.value.types?.length ?? 0;
      if (signatures.some(({ params }) => params?.length !== count)) continue;
      for (const [index, use] of (argtypes.value.types ?? []).entries()) checkOne(ctx, fn, argtypes, index, use, signatures);
    }
  },
});

type Message = 'width' | 'class' | 'kind' | 'pointee' | 'sign' | 'value';

interface Problem {
  readonly message: Message;
  readonly severity: Severity;
}

function checkOne(
  ctx: RuleContext<Message>,
  fn: PythonFn,
  { module, value: list }: From<PyArgTypes>,
  index: number,
  use: PyTypeUse,
  signatures: readonly Signature[],
): void {
  const { type } = use;
  // A callback is judged as a whole.
  if (type === null || type.kind === 'unknown' || type.kind === 'function') return;
  const judged = signatures.flatMap((signature) => {
    const rust = signature.params?.[index];
    const peer = pythonSide(type, module, signature.target);
    const made = rust ? judge(rust, signature.target, verdictOf(rust, signature, peer), type.kind === 'ctype' ? type.name : '') : null;
    return made && rust ? [{ ...made, rust, signature }] : [];
  });
  const [first] = judged;
  // What holds on some of the targets only is the portable spelling's business.
  if (!first || judged.length !== signatures.length) return;
  const text = rendered(first.rust, first.signature, 'parameter', module);
  const own = list.behind !== null && use.at.file === module.file && isInside(use, list);
  ctx.report(first.message, {
    at: use.at,
    data: { param: paramName(fn, index), name: fn.symbol, rust: first.rust.written, python: use.text },
    related: [rustPlace(fn)],
    mirror: rustPlace(fn).at,
    severity: first.severity,
    help: text === null ? 'name the type that Rust takes' : `\`${text}\` is what Rust takes`,
    fixes:
      text !== null && own && text !== use.text
        ? [{ title: `write \`${text}\``, safe: false, edits: [{ file: use.at.file, span: use.at.span, text }] }]
        : [],
  });
}

function isInside(use: PyTypeUse, list: PyArgTypes): boolean {
  return list.at.span.start <= use.at.span.start && use.at.span.end <= list.at.span.end;
}

function judge(rust: WrittenShape, target: Target, { verdict, behind }: Judged, ctype: string): Problem | null {
  // A wide text where bytes are read: bytes fit everything, but a text has an encoding.
  if (ctype === 'c_wchar_p' && behind && isChar(rust.shape)) return { message: 'pointee', severity: 'error' };
  const severity = severityOf(verdict, 'rust');
  if (severity === null || verdict.code === 'code-data') return null;
  if (behind) return verdict.code === 'sign' || verdict.code === 'pointer-integer' ? null : { message: 'pointee', severity };
  switch (verdict.code) {
    case 'width':
    case 'class':
      return { message: verdict.code, severity };
    case 'sign':
      // libffi extends narrow numbers by the sign that Python declares, which x86-64 code does not look at.
      return { message: 'sign', severity: target.triple.startsWith('x86_64') ? 'hint' : severity };
    case 'bool':
    case 'value-range':
    case 'scalar-value':
      return { message: 'value', severity };
    case 'pointer-integer':
      return { message: 'kind', severity: 'info' };
    default:
      return { message: 'kind', severity };
  }
}

function isChar(shape: Shape): boolean {
  return shape.kind === 'pointer' && shape.pointee?.kind === 'c-int' && shape.pointee.name === 'char';
}
