/** koffi or Bun copies a string that Rust gives away: the address is lost, and the string can never be freed. */
import { TEXTS } from '../../abi/bindings/names.ts';
import { bindingFns, placesOf, rustPlace } from '../binding-fns.ts';
import { givenAway } from '../owned-strings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'js-owned-string',
  group: 'javascript',
  since: '0.1.0',
  severity: 'warning',
  languages: ['javascript', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: { lost: '`{name}` gives a string away, but `{type}` forgets its address: it can never be freed' },
  docs: {
    what: 'A string that Rust gives away is read with a type that forgets its address',
    why: `koffi makes a JavaScript string of a \`str\` or \`char *\` that is returned, Bun of a \`cstring\`, and both drop the pointer. Where Rust
gave the string away (\`CString::into_raw\`), nobody can give it back: each call leaks it.`,
    bad: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn name_new() -> *mut c_char {
    CString::default().into_raw()
}

#[no_mangle]
pub unsafe extern "C" fn name_free(name: *mut c_char) {
    if !name.is_null() {
        drop(CString::from_raw(name));
    }
}
// names.js: import koffi from 'koffi';
// names.js:
// names.js: const lib = koffi.load('./libsample.so');
// names.js: export const nameNew = lib.func('char *name_new()');
`,
    good: `use std::ffi::{c_char, CString};

#[no_mangle]
pub extern "C" fn name_new() -> *mut c_char {
    CString::default().into_raw()
}

#[no_mangle]
pub unsafe extern "C" fn name_free(name: *mut c_char) {
    if !name.is_null() {
        drop(CString::from_raw(name));
    }
}
// names.js: import koffi from 'koffi';
// names.js:
// names.js: const lib = koffi.load('./libsample.so');
// names.js: const nameFree = lib.func('void name_free(void *name)');
// names.js: const OwnedName = koffi.disposable('OwnedName', 'str', nameFree);
// names.js: export const nameNew = lib.func('name_new', OwnedName, []);
`,
    exceptions: [
      'functions that return a text which Rust keeps (`*const c_char` to a static, a field)',
      'types that koffi disposes of, and pointers, which keep the address',
    ],
    fixSafety: null,
    references: [
      { title: 'koffi, heap-allocated values', url: 'https://koffi.dev/variables' },
      { title: 'std, CString::into_raw', url: 'https://doc.rust-lang.org/std/ffi/struct.CString.html#method.into_raw' },
    ],
  },
  check(ctx) {
    for (const linked of [...bindingFns(ctx, 'koffi'), ...bindingFns(ctx, 'bun')]) {
      const result = placesOf(linked, ctx).find(({ index }) => index === null);
      if (!result || result.peer.shape !== TEXTS.copied) continue;
      const evidence = givenAway(ctx, linked.rust);
      if (!evidence) continue;
      ctx.report('lost', {
        at: result.peer.at,
        data: { name: linked.peer.symbol, type: result.peer.written.replace(/^["']|["']$/g, '') },
        related: [rustPlace(linked), evidence],
        mirror: rustPlace(linked).at,
        help:
          linked.peer.language === 'bun'
            ? 'return `ptr`, read it with `new CString(pointer)`, and give the pointer back'
            : 'return a type of `koffi.disposable` with the function that frees it',
      });
    }
  },
});
