/** Python declares or calls an exported function with another number of arguments than Rust takes. */
import type { PythonFn, PythonSide } from '../../abi/python-side.ts';
import type { Location } from '../../base/text.ts';
import { pythonFns, renderedList, rustPlace, rustSignatures } from '../python-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-arity',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    declared: '`{name}` takes {rust} in Rust, but `argtypes` lists {python}',
    called: '`{name}` takes {rust} in Rust, but is called with {python}',
  },
  docs: {
    what: 'Python declares or calls an exported function with another number of arguments than Rust takes',
    why: `ctypes believes \`argtypes\`: Rust reads arguments that nobody passed, which are whatever was left in the registers or on the stack.
Too many are ignored by most calling conventions, but say that one side has changed without the other.`,
    bad: `#[no_mangle]
pub extern "C" fn area(width: f64, height: f64) -> f64 {
    width * height
}
// area.py: import ctypes
// area.py:
// area.py: lib = ctypes.CDLL("libsample.so")
// area.py: lib.area.argtypes = [ctypes.c_double]
// area.py: lib.area.restype = ctypes.c_double
`,
    good: `#[no_mangle]
pub extern "C" fn area(width: f64, height: f64) -> f64 {
    width * height
}
// area.py: import ctypes
// area.py:
// area.py: lib = ctypes.CDLL("libsample.so")
// area.py: lib.area.argtypes = [ctypes.c_double, ctypes.c_double]
// area.py: lib.area.restype = ctypes.c_double
`,
    exceptions: [
      'variadic functions',
      'functions whose parameters are compiled under a condition',
      'lists that are computed, and functions that several places declare differently',
      'calls with `*args`',
      'arguments that a dispatcher adds to those that it is given: what most of its calls lack',
    ],
    fixSafety: 'Not safe: the calls have to change too.',
    references: [
      {
        title: 'ctypes, specifying the required argument types',
        url: 'https://docs.python.org/3/library/ctypes.html#specifying-the-required-argument-types-function-prototypes',
      },
    ],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      const signatures = rustSignatures(ctx, fn);
      const [first] = signatures;
      const count = first?.params?.length;
      if (count === undefined || signatures.some((one) => one.variadic || one.params?.length !== count)) continue;
      const wrong = wrongCount(fn, count - addedBy(fn, ctx.python));
      if (!wrong) continue;
      const list = first && fn.argtypes ? renderedList(first, fn.argtypes.module) : null;
      ctx.report(wrong.message, {
        at: wrong.at,
        data: {
          name: fn.symbol,
          rust: counted(count, 'parameter'),
          python: wrong.message === 'declared' ? String(wrong.count) : counted(wrong.count, 'argument'),
        },
        related: [rustPlace(fn)],
        mirror: rustPlace(fn).at,
        help: list === null ? 'give it the arguments that Rust takes' : `the list for this signature is \`${list}\``,
        fixes:
          wrong.message === 'declared' && list !== null && fn.argtypes?.value.behind
            ? [{ title: `write \`${list}\``, safe: false, edits: [{ file: wrong.at.file, span: wrong.at.span, text: list }] }]
            : [],
      });
    }
  },
});

/** How many arguments a dispatcher passes beside those that it is given: what most of its calls lack. */
function addedBy(fn: PythonFn, python: PythonSide): number {
  if (fn.first.value.by !== 'dispatcher') return 0;
  const counts = new Map<number, number>();
  for (const { rust, argtypes, calls } of python.dispatched(fn.library.value.key)) {
    const given = argtypes ? argtypes.value.types?.length : calls[0]?.value.args?.length;
    if (given === undefined) continue;
    const missing = rust.ast.params.length - given;
    counts.set(missing, (counts.get(missing) ?? 0) + 1);
  }
  const [[most = 0, count = 0] = [], [, next = 0] = []] = [...counts].sort(([, a], [, b]) => b - a);
  return count >= 3 && count > next ? most : 0;
}

interface Wrong {
  readonly message: 'declared' | 'called';
  readonly at: Location;
  readonly count: number;
}

function wrongCount({ argtypes, calls, doubt, escapes }: PythonFn, count: number): Wrong | null {
  if (doubt !== null) return null;
  if (argtypes) {
    const { types, at } = argtypes.value;
    return types !== null && types.length !== count ? { message: 'declared', at, count: types.length } : null;
  }
  if (escapes !== null) return null;
  for (const { value: call } of calls) {
    if (call.args !== null && call.args.length !== count) return { message: 'called', at: call.at, count: call.args.length };
  }
  return null;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
