//! A closure as C's callback with user data: borrowed for a call, or boxed until the library gives it back.
use std::ffi::{c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

extern "C" {
    fn list_for_each(callback: unsafe extern "C" fn(c_int, *mut c_void), data: *mut c_void);
    fn list_set_handler(
        callback: Option<unsafe extern "C" fn(c_int, *mut c_void)>,
        data: *mut c_void,
        destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    );
}

unsafe extern "C" fn call<F: FnMut(i32)>(value: c_int, data: *mut c_void) {
    let closure = unsafe { &mut *data.cast::<F>() };
    let _ = catch_unwind(AssertUnwindSafe(|| closure(value)));
}

unsafe extern "C" fn destroy<F>(data: *mut c_void) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(data.cast::<F>()) })));
}

/// The closure is only called before this returns.
pub fn for_each<F: FnMut(i32)>(mut each: F) {
    unsafe { list_for_each(call::<F>, (&raw mut each).cast()) };
}

/// The library keeps the closure, and calls `destroy` when it is replaced.
pub fn set_handler<F: FnMut(i32) + Send + 'static>(handler: F) {
    let data = Box::into_raw(Box::new(handler));
    unsafe { list_set_handler(Some(call::<F>), data.cast(), Some(destroy::<F>)) };
}
