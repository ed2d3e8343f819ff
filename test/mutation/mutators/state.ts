/** Mistakes with shared state, zeroed values, status codes and other things around a call. */
import type { BoundaryFn } from '../../../server/src/model/surface/surface.ts';
import type { Module } from '../../../server/src/model/workspace.ts';
import type { Mutator, World } from '../world.ts';
import { INTEGER, atTop, bodies, isAtFileLevel, lastNameOf, paramsOf, pointerParams, text, withItems } from '../world.ts';

/** A statement at the top of an export, and the items of a module `mutant` at the end of its file. */
function planted(rule: string, does: string, items: string, statement: (fn: BoundaryFn, world: World) => string | null): Mutator {
  return {
    rule,
    does,
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        if (items !== '' && !isAtFileLevel(fn.item)) return [];
        const made = statement(fn, world);
        if (made === null) return [];
        return items === '' ? [{ edits: [atTop(fn, made)], where: fn.ast.name }] : [withItems(fn, made, items, world)];
      }),
  };
}

const C = {
  signal: 'extern "C" {\n        pub fn signal(signum: std::ffi::c_int, handler: extern "C" fn(std::ffi::c_int)) -> usize;\n    }',
  dlsym:
    'extern "C" {\n        pub fn dlsym(library: *mut std::ffi::c_void, name: *const std::ffi::c_char) -> *mut std::ffi::c_void;\n    }',
  malloc: 'extern "C" {\n        pub fn malloc(size: usize) -> *mut std::ffi::c_void;\n    }',
  mmap: 'extern "C" {\n        pub fn mmap(at: *mut std::ffi::c_void, length: usize, protection: i32, flags: i32, file: i32, offset: i64) -> *mut std::ffi::c_void;\n    }',
  fill: 'extern "C" {\n        pub fn mutant_fill(out: *mut u8, size: usize) -> std::ffi::c_int;\n    }',
};
const HANDLERS = ['println!("{signum}");', 'let _ = signum.to_string();', 'drop(format!("{signum}"));', 'drop(Box::new(signum));'];

/** Whether other crates can name what is public in a module. */
function isPublic(module: Module): boolean {
  const { parent } = module;
  if (!parent) return true;
  const declared = parent.items.find((one) => one.kind === 'mod' && one.name === module.path.at(-1));
  return declared?.entry.visibility === 'pub' && isPublic(parent);
}

const STRING_FOR_EVER =
  '/// # Safety\n    /// A C string.\n    pub unsafe fn name_of(name: *const std::ffi::c_char) -> &\'static str {\n        unsafe { std::ffi::CStr::from_ptr(name) }.to_str().unwrap_or("")\n    }';

export const STATE_MUTATORS: readonly Mutator[] = [
  planted('static-mut-in-export', 'counts in a `static mut`', 'pub static mut COUNT: u32 = 0;', (fn) =>
    fn.ast.name.length % 2 === 0 ? 'unsafe { mutant::COUNT += 1 };' : 'let _mutant = unsafe { mutant::COUNT };',
  ),
  {
    rule: 'signal-handler-unsafe',
    does: 'installs a signal handler that prints or allocates',
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        const does = HANDLERS[fn.ast.name.length % HANDLERS.length] ?? '';
        const items = `pub extern "C" fn handler(signum: std::ffi::c_int) {\n        ${does}\n    }\n    ${C.signal}`;
        return isAtFileLevel(fn.item) ? [withItems(fn, 'unsafe { mutant::signal(2, mutant::handler) };', items, world)] : [];
      }),
  },
  planted(
    'zeroed-non-nullable',
    'zeroes a struct with a reference, box or fn pointer',
    '#[repr(C)]\n    pub struct Zero {\n        pub callback: extern "C" fn(i32),\n        pub size: usize,\n    }',
    () => 'let mutant: mutant::Zero = unsafe { std::mem::zeroed() }; let _ = mutant.size;',
  ),
  planted('transmute-ptr-to-fn', 'makes a fn pointer of a parameter', '', (fn) => {
    const data = pointerParams(fn).find(({ pointee }) => pointee === 'c_void');
    return data ? `let _mutant: extern "C" fn() = unsafe { std::mem::transmute(${data.name}) };` : null;
  }),
  planted(
    'transmute-ptr-to-fn',
    'makes a fn pointer of what `dlsym` gives',
    C.dlsym,
    () =>
      'let _mutant: extern "C" fn() = unsafe { std::mem::transmute(mutant::dlsym(std::ptr::null_mut(), b"mutant\\0".as_ptr().cast())) };',
  ),
  planted(
    'transmute-int-to-enum',
    'makes an enum of a parameter',
    '#[repr(u32)]\n    pub enum Mode {\n        A = 1,\n        B = 2,\n    }',
    (fn, world) => {
      // An unsafe fn may leave the check to its caller.
      const own = text(fn.item, fn.item.entry.span, world);
      const asked = (name: string): boolean =>
        new RegExp(
          `(if|match|while|[<>=]=?|\\.get\\(|nth\\()[^;{]*\\b${name}\\b|\\b${name}\\s*[<>=!]|\\w![(\\[{][^)\\]}]*\\b${name}\\b`,
        ).test(own);
      const number = fn.ast.unsafe ? null : paramsOf(fn, INTEGER).find(({ name }) => !asked(name));
      return number ? `let mutant: mutant::Mode = unsafe { std::mem::transmute(${number.name} as u32) }; let _ = mutant as u32;` : null;
    },
  ),
  planted(
    'unchecked-extern-return',
    'writes to what `malloc` gave',
    C.malloc,
    () => 'let mutant = unsafe { mutant::malloc(4) } as *mut u32; unsafe { *mutant = 1 };',
  ),
  planted(
    'mmap-null-check',
    'compares the result of `mmap` with null',
    C.mmap,
    // Code that knows of -1 knows what `mmap` gives.
    (fn, world) =>
      /-1|!0|MAX/.test(text(fn.item, fn.item.entry.span, world))
        ? null
        : 'let mutant = unsafe { mutant::mmap(std::ptr::null_mut(), 8, 3, 2, -1, 0) }; if mutant.is_null() { std::process::abort(); }',
  ),
  planted('null-check-after-deref', 'reads through a pointer that is checked later', '', (fn, world) => {
    const own = text(fn.item, fn.item.entry.span, world);
    const pointer = pointerParams(fn).find(
      ({ name, pointee }) => pointee !== '' && pointee !== 'c_void' && new RegExp(`if ${name}\\.is_null\\(\\)`).test(own),
    );
    return pointer ? `let _mutant = unsafe { ${pointer.name}.read() };` : null;
  }),
  planted(
    'set-len-before-fill',
    'sets the length before the call that fills',
    C.fill,
    () => 'let mut mutant: Vec<u8> = Vec::with_capacity(8); unsafe { mutant.set_len(8); mutant::mutant_fill(mutant.as_mut_ptr(), 8); }',
  ),
  planted(
    'uninit-out-param',
    'passes memory that was said to be a value',
    C.fill,
    () =>
      'let mut mutant: [u8; 8] = unsafe { std::mem::MaybeUninit::uninit().assume_init() }; unsafe { mutant::mutant_fill(mutant.as_mut_ptr(), 8) };',
  ),
  planted(
    'assume-init-ignores-status',
    'does not look at the status',
    C.fill,
    () =>
      'let mut mutant = std::mem::MaybeUninit::<u8>::uninit(); unsafe { mutant::mutant_fill(mutant.as_mut_ptr(), 1) }; let _mutant = unsafe { mutant.assume_init() };',
  ),
  planted(
    'stale-pointer-after-growth',
    'uses a pointer after the vector grew',
    '',
    () => 'let mut mutant = vec![1u8]; let stale = mutant.as_ptr(); mutant.push(2); let _mutant = unsafe { *stale };',
  ),
  planted(
    'packed-field-reference',
    'refers to a packed field',
    '#[repr(C, packed)]\n    pub struct Packed {\n        pub tag: u8,\n        pub value: u32,\n    }',
    () => 'let mutant = mutant::Packed { tag: 1, value: 2 }; let _mutant: &u32 = unsafe { &*std::ptr::addr_of!(mutant.value) };',
  ),
  planted(
    'layout-assumed-cast',
    'reads a Rust struct from bytes',
    'pub struct Plain {\n        pub tag: u8,\n        pub value: u32,\n    }',
    () =>
      'let mutant = [0u8; 8]; let mutant = unsafe { (mutant.as_ptr() as *const mutant::Plain).read_unaligned() }; let _ = mutant.value;',
  ),
  {
    rule: 'send-impl-without-bound',
    does: 'sends a generic wrapper without a bound',
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        const items = 'pub struct Wrapper<T>(pub *mut T);\n    unsafe impl<T> Send for Wrapper<T> {}';
        return isAtFileLevel(fn.item) && isPublic(fn.item.module) ? [withItems(fn, '', items, world, 'pub ')] : [];
      }),
  },
  planted(
    'libc-signature-mismatch',
    'declares a function of the C library wrongly',
    'extern "C" {\n        pub fn memset(to: *mut u8, value: u8, count: usize) -> *mut u8;\n    }',
    () => 'let mut mutant = [1u8]; unsafe { mutant::memset(mutant.as_mut_ptr(), 0, 1) };',
  ),
  planted(
    'union-without-c',
    'passes a union without a layout by pointer',
    'pub union Value {\n        number: u32,\n        bytes: [u8; 4],\n    }\n    extern "C" {\n        pub fn mutant_read(value: *const Value);\n    }',
    () => '',
  ),
  planted(
    'drop-type-by-value',
    'passes a struct with a `Drop` by value',
    '#[repr(C)]\n    pub struct Owned {\n        pub id: u32,\n        pub size: u32,\n    }\n    impl Drop for Owned {\n        fn drop(&mut self) {}\n    }\n    extern "C" {\n        pub fn mutant_take(owned: Owned);\n    }',
    () => 'unsafe { mutant::mutant_take(mutant::Owned { id: 1, size: 2 }) };',
  ),
  planted(
    'unterminated-str-to-c',
    'passes a literal without a NUL',
    'extern "C" {\n        pub fn puts(text: *const std::ffi::c_char) -> std::ffi::c_int;\n    }',
    () => 'unsafe { mutant::puts("mutant".as_ptr().cast()) };',
  ),
  planted(
    'stack-userdata',
    'registers a callback with the address of a local',
    'pub extern "C" fn tick(_: *mut std::ffi::c_void) {}\n    extern "C" {\n        pub fn mutant_set_callback(callback: extern "C" fn(*mut std::ffi::c_void), data: *mut std::ffi::c_void);\n    }\n    pub fn register() {\n        let mut count = 0u32;\n        unsafe { mutant_set_callback(tick, &mut count as *mut u32 as *mut std::ffi::c_void) };\n    }',
    () => 'mutant::register();',
  ),
  planted(
    'signed-length-cast',
    'takes a signed parameter for a length',
    '#[no_mangle]\n    pub unsafe extern "C" fn mutant_sum(data: *const u8, count: i32) -> u32 {\n        if data.is_null() {\n            return 0;\n        }\n        std::slice::from_raw_parts(data, count as usize).iter().map(|&b| u32::from(b)).sum()\n    }',
    () => '',
  ),
  {
    rule: 'cstr-static',
    does: 'gives out a C string for ever',
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) =>
        isAtFileLevel(fn.item) && isPublic(fn.item.module) ? [withItems(fn, '', STRING_FOR_EVER, world, 'pub ')] : [],
      ),
  },
  planted(
    'cstr-over-fixed-array',
    'reads a C string from an array that need not end',
    '#[repr(C)]\n    pub struct Device {\n        pub name: [std::ffi::c_char; 16],\n        pub id: u32,\n    }\n    pub fn name(device: &Device) -> &std::ffi::CStr {\n        unsafe { std::ffi::CStr::from_ptr(device.name.as_ptr()) }\n    }',
    () => '',
  ),
  planted(
    'panic-unsafe-ownership',
    'calls user code while a count is taken back',
    'pub struct Handler {\n        pub run: Box<dyn Fn(u32)>,\n    }\n    pub extern "C-unwind" fn on_event(data: *const std::ffi::c_void, event: u32) {\n        let handler = unsafe { std::sync::Arc::from_raw(data as *const Handler) };\n        (handler.run)(event);\n        std::mem::forget(handler);\n    }',
    () => '',
  ),
  planted('fn-pointer-double-indirection', 'reads a fn pointer out of a function', '', (fn) =>
    fn.ast.generics.length === 0 && fn.ast.params.every((param) => lastNameOf(param.type) !== 'VaListImpl')
      ? `let _mutant = unsafe { *(${fn.ast.name} as *const extern "C" fn()) };`
      : null,
  ),
];
