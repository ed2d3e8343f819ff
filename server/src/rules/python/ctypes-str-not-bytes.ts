/** Python hands a `str` to a function that takes a C string: ctypes passes wide characters, or refuses it. */
import { passedAs } from '../../abi/compare/value.ts';
import type { Signature } from '../../abi/peers/peers.ts';
import type { PyArg } from '../../model/python/bindings.ts';
import { paramName, pythonFns, rustPlace, rustSignatures } from '../python-fns.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-str-not-bytes',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    wide: '{param} of `{name}` is `{rust}`, but a `str` is passed as wide characters',
    refused: '{param} of `{name}` is `{rust}`, and its `argtypes` refuse a `str`',
  },
  docs: {
    what: 'Python hands a `str` to an exported function that takes a C string',
    why: `ctypes passes a \`str\` as a pointer to \`wchar_t\`: Rust reads \`h\`, then a zero byte, and takes the text for one letter long, or for
anything at all. With \`c_char_p\` in \`argtypes\` ctypes raises an \`ArgumentError\` instead.`,
    bad: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is null or ends with a zero byte.
#[no_mangle]
pub unsafe extern "C" fn greet(name: *const c_char) -> i32 {
    if name.is_null() {
        return -1;
    }
    i32::from(CStr::from_ptr(name).to_bytes().len() > 3)
}
// greet.py: import ctypes
// greet.py:
// greet.py: lib = ctypes.CDLL("libsample.so")
// greet.py: lib.greet("world")
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is null or ends with a zero byte.
#[no_mangle]
pub unsafe extern "C" fn greet(name: *const c_char) -> i32 {
    if name.is_null() {
        return -1;
    }
    i32::from(CStr::from_ptr(name).to_bytes().len() > 3)
}
// greet.py: import ctypes
// greet.py:
// greet.py: lib = ctypes.CDLL("libsample.so")
// greet.py: lib.greet.argtypes = [ctypes.c_char_p]
// greet.py: lib.greet(b"world")
`,
    exceptions: [
      'parameters that are pointers to wide characters (`wchar_t`, `u16`, `u32`)',
      'arguments that are not sure to be a `str`: parameters without a type, results of other functions',
      '`argtypes` of classes that convert what they get',
    ],
    fixSafety: 'Safe for a literal of ASCII characters, which becomes `bytes`. Not safe otherwise: the encoding is a guess.',
    references: [{ title: 'ctypes, fundamental data types', url: 'https://docs.python.org/3/library/ctypes.html#fundamental-data-types' }],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      if (fn.doubt !== null || fn.escapes !== null) continue;
      const signatures = rustSignatures(ctx, fn);
      const [first] = signatures;
      const declared = fn.argtypes?.value.types;
      if (!first?.params || declared === null) continue;
      for (const { module, value: call } of fn.calls) {
        for (const [index, arg] of (call.args ?? []).entries()) {
          const rust = first.params[index];
          if (arg.kind !== 'str' || !rust || !signatures.every((one) => takesBytes(one, index))) continue;
          const type = declared?.[index]?.type;
          if (type?.kind === 'unknown' || (type?.kind === 'ctype' && type.name === 'c_wchar_p')) continue;
          // `c_void_p` takes a `str`, as wide characters.
          const refused = type != null && !(type.kind === 'pointer' && type.to === null);
          ctx.report(refused ? 'refused' : 'wide', {
            at: arg.at,
            data: { param: paramName(fn, index), name: fn.symbol, rust: rust.written },
            related: [rustPlace(fn)],
            mirror: rustPlace(fn).at,
            help: 'pass `bytes`, with `.encode()` for a text',
            fixes: encoded(arg, module.file),
          });
        }
      }
    }
  },
});

/** A pointer to bytes. */
function takesBytes({ params, resolve, target }: Signature, index: number): boolean {
  const rust = params?.[index];
  const value = rust ? passedAs(rust.shape, 'rust', resolve, target) : null;
  if (value?.kind !== 'pointer' || value.shape.fn || !value.shape.pointee) return false;
  const to = passedAs(value.shape.pointee, 'rust', resolve, target);
  return to.kind === 'integer' && to.size === 1;
}

function encoded({ at, text }: PyArg, file: string): readonly Fix[] {
  // A text that is put together needs more than a suffix.
  if (/^(?:"[ -~]*"|'[ -~]*')$/.test(text) && !text.slice(1, -1).includes('\\')) {
    return [
      {
        title: `write \`b${text.length > 30 ? '"…"' : text}\``,
        safe: true,
        edits: [{ file, span: { start: at.span.start, end: at.span.start }, text: 'b' }],
      },
    ];
  }
  if (!/^\w+$|^\w*(?:"[^"]*"|'[^']*')$|^str\([^()]*\)$/.test(text)) return [];
  return [{ title: 'encode it', safe: false, edits: [{ file, span: { start: at.span.end, end: at.span.end }, text: '.encode()' }] }];
}
