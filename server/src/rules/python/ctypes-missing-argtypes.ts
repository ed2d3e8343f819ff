/** Python calls an exported function without saying what it takes: ctypes passes every Python number as a C `int`. */
import { passedAs } from '../../abi/compare/value.ts';
import type { Signature } from '../../abi/peers/peers.ts';
import type { Shape } from '../../abi/shape.ts';
import { VOID } from '../../abi/shape.ts';
import type { PythonFn } from '../../abi/python-side.ts';
import type { PyArg, PyCall } from '../../model/python/bindings.ts';
import { paramName, pythonFns, renderedList, rustPlace, rustSignatures, setting } from '../python-fns.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-missing-argtypes',
  group: 'python',
  since: '0.1.0',
  severity: 'warning',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    int: '`{name}` takes {what} as {param}, but without `argtypes` a Python number is a C `int`',
    float: '`{name}` takes {what} as {param}, but without `argtypes` a whole number is passed as a C `int`',
    refused: '`{name}` takes {what} as {param}, but without `argtypes` ctypes refuses a Python float',
  },
  docs: {
    what: 'Python calls an exported function without `argtypes`, with a number that is wider than a C `int`',
    why: `Without \`argtypes\` ctypes passes a Python number as a C \`int\`: of an address or a length only the lower 32 bits are sure to
arrive, without any error. A number for a float goes into another register, so that Rust reads whatever was there before; a Python float is
refused.`,
    bad: `/// # Safety
/// \`data\` points to \`length\` bytes.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, length: usize) -> u32 {
    if data.is_null() {
        return 0;
    }
    std::slice::from_raw_parts(data, length).iter().map(|&byte| u32::from(byte)).sum()
}
// checksum.py: import ctypes
// checksum.py:
// checksum.py: lib = ctypes.CDLL("libsample.so")
// checksum.py: lib.checksum.restype = ctypes.c_uint32
// checksum.py:
// checksum.py: def checksum(data: bytes) -> int:
// checksum.py:     return lib.checksum(data, len(data))
`,
    good: `/// # Safety
/// \`data\` points to \`length\` bytes.
#[no_mangle]
pub unsafe extern "C" fn checksum(data: *const u8, length: usize) -> u32 {
    if data.is_null() {
        return 0;
    }
    std::slice::from_raw_parts(data, length).iter().map(|&byte| u32::from(byte)).sum()
}
// checksum.py: import ctypes
// checksum.py:
// checksum.py: lib = ctypes.CDLL("libsample.so")
// checksum.py: lib.checksum.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
// checksum.py: lib.checksum.restype = ctypes.c_uint32
// checksum.py:
// checksum.py: def checksum(data: bytes) -> int:
// checksum.py:     return lib.checksum(data, len(data))
`,
    exceptions: [
      'functions that take nothing, or only numbers of 32 bits and fewer',
      'arguments that are ctypes objects, `bytes` or `None`: they bring their type along',
      'numbers that are written and fit a C `int`, for a whole number',
      'arguments for a pointer, unless a function of the library gives Python such an address as a number',
      'libraries and functions that are handed to code which may set `argtypes`, or looked up by computed names',
    ],
    fixSafety: 'Not safe: ctypes then refuses arguments that it let pass.',
    references: [
      {
        title: 'ctypes, specifying the required argument types',
        url: 'https://docs.python.org/3/library/ctypes.html#specifying-the-required-argument-types-function-prototypes',
      },
    ],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      if (fn.argtypes !== null || fn.doubt !== null || fn.escapes !== null) continue;
      if (fn.first.value.by === 'prototype' || fn.first.value.by === 'dispatcher') continue;
      const found = rustSignatures(ctx, fn).flatMap((signature) => problems(fn, signature, handles(ctx, fn, signature)));
      const worst = found.find(({ message }) => message !== 'int') ?? found[0];
      if (!worst) continue;
      const { signature, message, index, call } = worst;
      const list = renderedList(signature, fn.library.module);
      ctx.report(message, {
        at: call.at,
        data: { name: fn.symbol, what: `\`${signature.params?.[index]?.written ?? ''}\``, param: paramName(fn, index) },
        related: [rustPlace(fn)],
        mirror: rustPlace(fn).at,
        severity: message === 'int' ? 'warning' : 'error',
        help: list === null ? 'set `argtypes` before the first call' : `set \`${fn.symbol}.argtypes = ${list}\` before the first call`,
        fixes: setting(fn, 'argtypes', list),
      });
    }
  },
});

interface Problem {
  readonly signature: Signature;
  readonly message: 'int' | 'float' | 'refused';
  readonly index: number;
  readonly call: PyCall;
}

/** What the pointers lead to that Python has as numbers: `c_void_p` as a result is an `int`. */
function handles(ctx: RuleContext<'int' | 'float' | 'refused'>, fn: PythonFn, { target }: Signature): ReadonlySet<string> {
  const out = new Set<string>();
  for (const other of pythonFns(ctx)) {
    const type = other.restype?.value.type;
    const isNumber = other.restype === null || (type?.kind === 'pointer' && type.to === null) || type?.kind === 'ctype';
    if (other.library.value !== fn.library.value || !isNumber) continue;
    const result = rustSignatures(ctx, other).find((one) => one.target === target)?.result;
    const key = result ? pointeeKey(result.shape) : null;
    if (key !== null) out.add(key);
  }
  return out;
}

function pointeeKey(shape: Shape): string | null {
  const at = shape.kind === 'option' ? shape.inner : shape;
  if (at.kind !== 'pointer' || at.fn) return null;
  return at.pointee?.kind === 'ref' ? at.pointee.key : at.pointee?.kind === 'void' ? 'void' : null;
}

function problems(fn: PythonFn, signature: Signature, numbers: ReadonlySet<string>): readonly Problem[] {
  const { params, resolve, target } = signature;
  if (!params) return [];
  const values = params.map(({ shape }) => passedAs(shape, 'rust', resolve, target));
  return fn.calls.flatMap(({ value: call }) => {
    // A call with another number of arguments is another rule's.
    if (call.args === null || call.args.length !== params.length) return [];
    return call.args.flatMap((arg, index): Problem[] => {
      const value = values[index];
      if (value?.kind === 'float') {
        if (arg.kind === 'float') return [{ signature, message: 'refused', index, call }];
        return arg.kind === 'int' || arg.kind === 'bool' ? [{ signature, message: 'float', index, call }] : [];
      }
      // An address is only a number to Python where some function gave it one.
      const key = pointeeKey(params[index]?.shape ?? VOID);
      const address =
        value?.kind === 'pointer' && target.rust.pointer.size > 4 && (arg.kind === 'int' || (key !== null && numbers.has(key)));
      const wide = address || (value?.kind === 'integer' && value.size > 4);
      return wide && isNumber(arg) ? [{ signature, message: 'int', index, call }] : [];
    });
  });
}

/** What ctypes may take for a C `int`. A text is another rule's. */
function isNumber(arg: PyArg): boolean {
  return arg.kind === 'other' || (arg.kind === 'int' && arg.value !== null && Math.abs(arg.value) >= 2 ** 31);
}
