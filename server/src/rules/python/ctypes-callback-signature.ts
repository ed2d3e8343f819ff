/** A `CFUNCTYPE` is not the type of the fn pointer that Rust calls. */
import { compare } from '../../abi/compare/compare.ts';
import { comparePointees } from '../../abi/compare/pointees.ts';
import { severityOf } from '../../abi/compare/severity.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { Signature } from '../../abi/peers/peers.ts';
import { shapeText } from '../../abi/shape-text.ts';
import type { FnShape, Shape } from '../../abi/shape.ts';
import type { PythonFn } from '../../abi/python-side.ts';
import type { Location } from '../../base/text.ts';
import type { PyModule, PyType } from '../../model/python/ctypes.ts';
import { paramName, pythonFns, pythonSide, rustPlace, rustSignatures } from '../python-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-callback-signature',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    arity: '{param} of `{name}` is called with {rust}, but the `CFUNCTYPE` takes {python}',
    type: '{param} of `{name}` gets `{rust}` as argument {number}, but the `CFUNCTYPE` takes something else',
    result: '{param} of `{name}` has to return `{rust}`, but the `CFUNCTYPE` returns something else',
    struct: 'the `CFUNCTYPE` for {param} of `{name}` returns a struct, which ctypes cannot do',
  },
  docs: {
    what: 'The `CFUNCTYPE` of a callback is not the type of the fn pointer that Rust calls',
    why: `ctypes builds a small C function that hands its arguments to Python as the \`CFUNCTYPE\` says. Rust calls it as its own type says:
where they differ, Python reads registers that nobody filled, and Rust gets a result that nobody gave.`,
    bad: `#[no_mangle]
pub extern "C" fn each(visit: extern "C" fn(u64) -> bool) {
    visit(1);
}
// each.py: import ctypes
// each.py:
// each.py: VISIT = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_int)
// each.py: lib = ctypes.CDLL("libsample.so")
// each.py: lib.each.argtypes = [VISIT]
// each.py: lib.each.restype = None
`,
    good: `#[no_mangle]
pub extern "C" fn each(visit: extern "C" fn(u64) -> bool) {
    visit(1);
}
// each.py: import ctypes
// each.py:
// each.py: VISIT = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_uint64)
// each.py: lib = ctypes.CDLL("libsample.so")
// each.py: lib.each.argtypes = [VISIT]
// each.py: lib.each.restype = None
`,
    exceptions: [
      'parameters that Rust takes as `*mut c_void`: what is done with them is not known',
      'types that are not known on one side',
      'the same width with the other sign',
      'a `CFUNCTYPE` that returns nothing where Rust expects nothing',
    ],
    fixSafety: null,
    references: [{ title: 'ctypes, callback functions', url: 'https://docs.python.org/3/library/ctypes.html#callback-functions' }],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      if (fn.doubt !== null) continue;
      const signatures = rustSignatures(ctx, fn);
      for (const { index, type, at, module } of callbacks(fn)) {
        const judged = signatures.flatMap((signature) => judge(signature, index, type, module) ?? []);
        const [first] = judged;
        if (!first || judged.length !== signatures.length) continue;
        ctx.report(first.message, {
          at,
          data: { ...first.data, param: paramName(fn, index), name: fn.symbol },
          related: [rustPlace(fn)],
          mirror: rustPlace(fn).at,
          help: first.message === 'struct' ? 'return through a pointer that Rust passes' : 'write the types of the Rust fn pointer',
        });
      }
    }
  },
});

type FunctionType = Extract<PyType, { kind: 'function' }>;

interface Callback {
  readonly index: number;
  readonly type: FunctionType;
  readonly at: Location;
  readonly module: PyModule;
}

/** From the declared types, or from the calls where nothing is declared. */
function callbacks({ argtypes, calls }: PythonFn): readonly Callback[] {
  if (argtypes) {
    return (argtypes.value.types ?? []).flatMap(({ type, at }, index) =>
      type?.kind === 'function' ? [{ index, type, at, module: argtypes.module }] : [],
    );
  }
  return calls.flatMap(({ module, value: call }) =>
    (call.args ?? []).flatMap(({ kind, type, at }, index) =>
      kind === 'callback' && type?.kind === 'function' ? [{ index, type, at, module }] : [],
    ),
  );
}

interface Problem {
  readonly message: 'arity' | 'type' | 'result' | 'struct';
  readonly data: Readonly<Record<string, string | number>>;
}

function judge(signature: Signature, index: number, type: FunctionType, module: PyModule): Problem | null {
  const { target, resolve } = signature;
  const param = signature.params?.[index];
  const value = param ? passedAs(param.shape, 'rust', resolve, target) : null;
  const rust: FnShape | null = value?.kind === 'pointer' ? value.shape.fn : null;
  if (!rust || rust.variadic) return null;
  const differs = (mine: Shape, theirs: PyType | null, reader: 'rust' | 'peer'): boolean => {
    const side = { shape: mine, resolve };
    const peer = pythonSide(theirs, module, target);
    const direct = compare(side, peer, target);
    const verdict = direct.code === 'ok' && direct.rust.kind === 'pointer' ? comparePointees(side, peer, target) : direct;
    return verdict.code !== 'sign' && severityOf(verdict, reader) === 'error';
  };
  if (rust.params.length !== type.params.length) {
    const counted = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;
    return { message: 'arity', data: { rust: counted(rust.params.length), python: type.params.length } };
  }
  if (
    passedAs(pythonSide(type.result, module, target).shape, 'c', pythonSide(type.result, module, target).resolve, target).kind ===
    'aggregate'
  ) {
    return { message: 'struct', data: {} };
  }
  for (const [i, mine] of rust.params.entries()) {
    const theirs = type.params[i];
    // The callback is what reads its arguments.
    if (theirs && differs(mine, theirs, 'peer')) return { message: 'type', data: { rust: shapeText(mine, 'rust'), number: i + 1 } };
  }
  const gives = type.result !== null;
  const wants = passedAs(rust.result, 'rust', resolve, target).kind !== 'nothing';
  if (wants && (!gives || differs(rust.result, type.result, 'rust')))
    return { message: 'result', data: { rust: shapeText(rust.result, 'rust') } };
  return null;
}
