//! Panics end at the boundary: by a helper, by a macro, or on the spot, and the caller gets an error code.
use std::ffi::{c_char, c_int, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};

#[repr(C)]
pub enum Status {
    Ok = 0,
    Invalid = 1,
    Panicked = 2,
}

fn guard<R>(on_panic: R, work: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(on_panic)
}

macro_rules! ffi_boundary {
    ($fallback:expr, $body:block) => {
        match catch_unwind(AssertUnwindSafe(|| $body)) {
            Ok(value) => value,
            Err(_) => $fallback,
        }
    };
}

/// # Safety
/// `text` is null or a C string.
#[no_mangle]
pub unsafe extern "C" fn parse(text: *const c_char, out: *mut c_int) -> Status {
    guard(Status::Panicked, || {
        if text.is_null() || out.is_null() {
            return Status::Invalid;
        }
        let text = unsafe { CStr::from_ptr(text) }.to_str().expect("the text is UTF-8");
        unsafe { out.write(text.trim().parse().unwrap()) };
        Status::Ok
    })
}

#[no_mangle]
pub extern "C" fn element(index: usize) -> c_int {
    ffi_boundary!(-1, {
        let values = [1, 2, 3];
        assert!(index < 3, "{index} is out of range");
        values[index]
    })
}

#[no_mangle]
pub extern "C" fn quotient(a: c_int, b: c_int) -> c_int {
    catch_unwind(|| a / b).unwrap_or_else(|_| c_int::MAX)
}
