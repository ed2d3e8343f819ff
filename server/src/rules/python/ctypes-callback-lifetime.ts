/** A callback object that Python drops is handed to a function that keeps the fn pointer. */
import { keptAt } from '../../analysis/ownership/kept-params.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { PythonFn } from '../../abi/python-side.ts';
import { loadedFns, paramName, rustPlace, rustSignatures } from '../python-fns.ts';
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-callback-lifetime',
  group: 'python',
  since: '0.1.0',
  severity: 'warning',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: { dropped: '`{name}` keeps {param}, but Python frees this callback object when nothing refers to it' },
  docs: {
    what: 'A `CFUNCTYPE` object, or what `ffi.callback` makes, is handed to a function that keeps the fn pointer, and nothing else refers to it',
    why: `The C function behind a \`CFUNCTYPE\` object lives as long as the object. Where it is made in the call, or in a variable of a function
that ends, Python frees it while Rust still has its address: the next call of the callback runs freed memory.`,
    bad: `use std::sync::Mutex;

static ON_EVENT: Mutex<Option<extern "C" fn(i32)>> = Mutex::new(None);

#[no_mangle]
pub extern "C" fn on_event(callback: Option<extern "C" fn(i32)>) {
    if let Ok(mut slot) = ON_EVENT.lock() {
        *slot = callback;
    }
}
// event.py: import ctypes
// event.py:
// event.py: EVENT = ctypes.CFUNCTYPE(None, ctypes.c_int)
// event.py: lib = ctypes.CDLL("libsample.so")
// event.py: lib.on_event.argtypes = [EVENT]
// event.py: lib.on_event.restype = None
// event.py: lib.on_event(EVENT(print))
`,
    good: `use std::sync::Mutex;

static ON_EVENT: Mutex<Option<extern "C" fn(i32)>> = Mutex::new(None);

#[no_mangle]
pub extern "C" fn on_event(callback: Option<extern "C" fn(i32)>) {
    if let Ok(mut slot) = ON_EVENT.lock() {
        *slot = callback;
    }
}
// event.py: import ctypes
// event.py:
// event.py: EVENT = ctypes.CFUNCTYPE(None, ctypes.c_int)
// event.py: lib = ctypes.CDLL("libsample.so")
// event.py: lib.on_event.argtypes = [EVENT]
// event.py: lib.on_event.restype = None
// event.py: handler = EVENT(print)
// event.py: lib.on_event(handler)
`,
    exceptions: [
      'functions that only call the callback before they return',
      'objects that a module, an instance or a list refers to, or that are returned',
      'functions of which it is not seen whether they keep it',
    ],
    fixSafety: null,
    references: [
      { title: 'ctypes, callback functions', url: 'https://docs.python.org/3/library/ctypes.html#callback-functions' },
      { title: 'cffi, callbacks', url: 'https://cffi.readthedocs.io/en/stable/using.html#callbacks-old-style' },
    ],
  },
  check(ctx) {
    for (const fn of loadedFns(ctx)) {
      for (const { value: call } of fn.calls) {
        for (const [index, arg] of (call.args ?? []).entries()) {
          if (arg.kind !== 'callback' || !arg.temporary || !isFn(ctx, fn, index)) continue;
          const name = fn.rust.ast.params[index]?.name;
          const body = name == null ? null : bodiesOf(ctx.workspace)(fn.rust.item);
          const kept = body && name != null ? keptAt(body, name) : null;
          if (!kept) continue;
          ctx.report('dropped', {
            at: arg.at,
            data: { name: fn.symbol, param: paramName(fn, index) },
            related: [{ at: { file: fn.rust.item.file, span: kept.span }, message: 'the pointer is kept here' }],
            mirror: rustPlace(fn).at,
            help: 'keep a reference to the object for as long as Rust may call it',
          });
        }
      }
    }
  },
});

/** A fn pointer; what is kept as a number or `void *` is one as soon as Python passes one. */
function isFn(ctx: Parameters<typeof rustSignatures>[0], fn: PythonFn, index: number): boolean {
  return rustSignatures(ctx, fn).some(({ params, resolve, target }) => {
    const param = params?.[index];
    return param !== undefined && passedAs(param.shape, 'rust', resolve, target).kind === 'pointer';
  });
}
