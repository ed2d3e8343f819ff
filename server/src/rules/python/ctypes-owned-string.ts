/** Python reads a string that Rust gives away as `c_char_p`: the address is lost, and the string can never be freed. */
import { givenAway } from '../owned-strings.ts';
import { pythonFns, rustPlace } from '../python-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-owned-string',
  group: 'python',
  since: '0.1.0',
  severity: 'warning',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { lost: '`{name}` gives a string away, but `c_char_p` forgets its address: it can never be freed' },
  docs: {
    what: 'A string that Rust gives away is read with `restype = c_char_p`, which forgets its address',
    why: `With \`c_char_p\` as \`restype\` ctypes copies the text into \`bytes\` and drops the pointer. Where Rust gave the string away
(\`CString::into_raw\`), nobody can give it back: each call leaks it. Passing the \`bytes\` to the freeing function hands Rust memory of Python's.`,
    bad: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn name_new() -> *mut c_char {
    CString::default().into_raw()
}

/// # Safety
/// \`name\` comes from \`name_new\` and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn name_free(name: *mut c_char) {
    if !name.is_null() {
        drop(CString::from_raw(name));
    }
}
// name.py: import ctypes
// name.py:
// name.py: lib = ctypes.CDLL("libsample.so")
// name.py: lib.name_new.restype = ctypes.c_char_p
// name.py:
// name.py: name = lib.name_new().decode()
`,
    good: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn name_new() -> *mut c_char {
    CString::default().into_raw()
}

/// # Safety
/// \`name\` comes from \`name_new\` and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn name_free(name: *mut c_char) {
    if !name.is_null() {
        drop(CString::from_raw(name));
    }
}
// name.py: import ctypes
// name.py:
// name.py: lib = ctypes.CDLL("libsample.so")
// name.py: lib.name_new.restype = ctypes.c_void_p
// name.py: lib.name_free.argtypes = [ctypes.c_void_p]
// name.py:
// name.py: pointer = lib.name_new()
// name.py: name = ctypes.string_at(pointer).decode()
// name.py: lib.name_free(pointer)
`,
    exceptions: [
      'functions that return a text which Rust keeps (`*const c_char` to a static, a field)',
      '`c_void_p` and `POINTER(c_char)`, which keep the address',
      'functions with an `errcheck`, which may free it',
    ],
    fixSafety: 'Not safe: the callers get a number instead of `bytes`, and have to read and free it.',
    references: [
      { title: 'ctypes, c_char_p', url: 'https://docs.python.org/3/library/ctypes.html#ctypes.c_char_p' },
      { title: 'std, CString::into_raw', url: 'https://doc.rust-lang.org/std/ffi/struct.CString.html#method.into_raw' },
    ],
  },
  check(ctx) {
    for (const fn of pythonFns(ctx)) {
      const { restype } = fn;
      const type = restype?.value.type;
      if (!restype || type?.kind !== 'ctype' || type.name !== 'c_char_p' || fn.doubt !== null || fn.errcheck) continue;
      const evidence = givenAway(ctx, fn.rust);
      if (!evidence) continue;
      const text = restype.value.text.replace(/c_char_p$/, 'c_void_p');
      const { spelling } = restype.module.bindings;
      const spells = text.includes('.') || spelling.star || spelling.imported.get('c_void_p') === 'c_void_p';
      ctx.report('lost', {
        at: restype.value.at,
        data: { name: fn.symbol },
        related: [rustPlace(fn), evidence],
        mirror: rustPlace(fn).at,
        help: 'use `c_void_p`, read the text with `ctypes.string_at`, and give the pointer back',
        fixes:
          restype.value.behind && spells && text !== restype.value.text
            ? [{ title: `write \`${text}\``, safe: false, edits: [{ file: restype.value.at.file, span: restype.value.at.span, text }] }]
            : [],
      });
    }
  },
});
