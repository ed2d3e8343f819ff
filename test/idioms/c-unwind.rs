//! Functions through which panics and C++ exceptions may pass, and say so by their ABI.
use std::ffi::{c_int, c_void};

extern "C-unwind" {
    fn engine_run(callback: extern "C-unwind" fn(c_int, *mut c_void) -> c_int, data: *mut c_void) -> c_int;
}

extern "C-unwind" fn step(value: c_int, data: *mut c_void) -> c_int {
    assert!(!data.is_null(), "data is missing");
    if value < 0 {
        panic!("negative step {value}");
    }
    let values = [1, 2, 3];
    values[usize::try_from(value).unwrap()]
}

/// Panics of `step` come out here.
pub fn run() -> c_int {
    let mut data = 0u32;
    unsafe { engine_run(step, (&raw mut data).cast()) }
}

#[no_mangle]
pub extern "C-unwind" fn checked(value: c_int) -> c_int {
    u8::try_from(value).unwrap().into()
}
