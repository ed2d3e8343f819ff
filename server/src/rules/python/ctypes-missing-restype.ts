/** Python calls an exported function without saying what it returns: ctypes takes the result for a C `int`. */
import type { Value } from '../../abi/compare/verdict.types.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { Signature } from '../../abi/peers/peers.ts';
import type { PythonFn } from '../../abi/python-side.ts';
import type { Severity } from '../../base/severity.ts';
import { pythonFns, rendered, rustPlace, rustSignatures, setting, usePlace } from '../python-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-missing-restype',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    truncated: '`{name}` returns {what}, but without `restype` ctypes takes it for a C `int`',
    class: '`{name}` returns {what}, but without `restype` ctypes reads another register',
    upper: '`{name}` returns {what}, but without `restype` ctypes reads four bytes of it',
    sign: '`{name}` returns {what}, but without `restype` large values become negative',
  },
  docs: {
    what: 'Python calls an exported function without `restype`, and its result is no C `int`',
    why: `ctypes takes a function whose \`restype\` is not set for one that returns \`int\`. Of a pointer or a 64-bit number only the lower
32 bits arrive, so that a handle works until memory is allocated above 4 GiB and then crashes the interpreter. A float is returned in another
register: what Python gets has nothing to do with it. Of a \`bool\` or an 8- or 16-bit number ctypes reads bytes that nobody has to set.`,
    bad: `pub struct Parser {
    depth: u32,
}

#[no_mangle]
pub extern "C" fn parser_new() -> *mut Parser {
    Box::into_raw(Box::new(Parser { depth: 0 }))
}

/// # Safety
/// \`parser\` comes from \`parser_new\` and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn parser_free(parser: *mut Parser) {
    if !parser.is_null() {
        drop(Box::from_raw(parser));
    }
}
// parser.py: import ctypes
// parser.py:
// parser.py: lib = ctypes.CDLL("libsample.so")
// parser.py: lib.parser_free.argtypes = [ctypes.c_void_p]
// parser.py:
// parser.py: parser = lib.parser_new()
// parser.py: lib.parser_free(parser)
`,
    good: `pub struct Parser {
    depth: u32,
}

#[no_mangle]
pub extern "C" fn parser_new() -> *mut Parser {
    Box::into_raw(Box::new(Parser { depth: 0 }))
}

/// # Safety
/// \`parser\` comes from \`parser_new\` and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn parser_free(parser: *mut Parser) {
    if !parser.is_null() {
        drop(Box::from_raw(parser));
    }
}
// parser.py: import ctypes
// parser.py:
// parser.py: lib = ctypes.CDLL("libsample.so")
// parser.py: lib.parser_new.restype = ctypes.c_void_p
// parser.py: lib.parser_free.argtypes = [ctypes.c_void_p]
// parser.py:
// parser.py: parser = lib.parser_new()
// parser.py: lib.parser_free(parser)
`,
    exceptions: [
      'functions that return nothing, or a 32-bit number (a `u32` is a hint: from 2³¹ on Python sees it negative)',
      'functions whose result every call throws away',
      'libraries and functions that are handed to code which may set `restype`, or looked up by computed names',
      'a `restype` that is set in any module that imports the library',
    ],
    fixSafety: 'Not safe: Python code may have been written around the wrong value.',
    references: [{ title: 'ctypes, return types', url: 'https://docs.python.org/3/library/ctypes.html#return-types' }],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      if (fn.restype !== null || fn.doubt !== null || fn.escapes !== null) continue;
      // What nobody calls harms nobody; what is called for its effect alone neither.
      if (fn.calls.length === 0 || fn.calls.every(({ value }) => value.statement)) continue;
      if (fn.first.value.by === 'prototype' || fn.first.value.by === 'dispatcher') continue;
      const worst = rustSignatures(ctx, fn)
        .flatMap((signature) => problemOf(signature) ?? [])
        .sort((a, b) => RANK[a.severity] - RANK[b.severity])[0];
      if (!worst) continue;
      const { signature, message, severity } = worst;
      const written = signature.result?.written ?? '';
      ctx.report(message, {
        at: usePlace(fn),
        data: { name: fn.symbol, what: `\`${written.length > 40 ? 'a long type' : written}\`` },
        related: [rustPlace(fn)],
        mirror: rustPlace(fn).at,
        severity,
        help: helpFor(fn, signature),
        fixes: signature.result ? setting(fn, 'restype', rendered(signature.result, signature, 'result', fn.library.module)) : [],
      });
    }
  },
});

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, hint: 3 };

interface Problem {
  readonly signature: Signature;
  readonly message: 'truncated' | 'class' | 'upper' | 'sign';
  readonly severity: Severity;
}

function problemOf(signature: Signature): Problem | null {
  if (!signature.result) return null;
  const value = passedAs(signature.result.shape, 'rust', signature.resolve, signature.target);
  const made = judge(value, signature.target.rust.pointer.size);
  return made === null ? null : { signature, ...made };
}

/** What becomes of the value where an `int` of four bytes is read. */
function judge(value: Value, word: number): Pick<Problem, 'message' | 'severity'> | null {
  switch (value.kind) {
    case 'pointer':
      return word > 4 ? { message: 'truncated', severity: 'error' } : null;
    case 'float':
      return { message: 'class', severity: 'error' };
    case 'aggregate':
      return { message: 'truncated', severity: 'error' };
    case 'bool':
      return { message: 'upper', severity: 'warning' };
    case 'integer':
      if (value.size > 4) return { message: 'truncated', severity: 'error' };
      if (value.size < 4) return { message: 'upper', severity: 'warning' };
      return value.signed ? null : { message: 'sign', severity: 'hint' };
    default:
      return null;
  }
}

function helpFor(fn: PythonFn, signature: Signature): string {
  const text = signature.result ? rendered(signature.result, signature, 'result', fn.library.module) : null;
  return text === null ? 'set `restype` before the first call' : `set \`${fn.symbol}.restype = ${text}\` before the first call`;
}
