//! An interface for C: a table of functions and a pointer that goes with them.
use std::ffi::{c_int, c_void};

#[repr(C)]
pub struct Vtable {
    pub size: usize,
    pub write: Option<unsafe extern "C" fn(this: *mut c_void, data: *const u8, length: usize) -> c_int>,
    pub release: Option<unsafe extern "C" fn(this: *mut c_void)>,
}

#[repr(C)]
pub struct Stream {
    pub vtable: *const Vtable,
    pub this: *mut c_void,
}

struct Memory {
    bytes: Vec<u8>,
}

unsafe extern "C" fn memory_write(this: *mut c_void, data: *const u8, length: usize) -> c_int {
    let Some(memory) = (unsafe { this.cast::<Memory>().as_mut() }) else { return -1 };
    if data.is_null() {
        return -1;
    }
    memory.bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(data, length) });
    0
}

unsafe extern "C" fn memory_release(this: *mut c_void) {
    if !this.is_null() {
        drop(unsafe { Box::from_raw(this.cast::<Memory>()) });
    }
}

static MEMORY: Vtable = Vtable {
    size: std::mem::size_of::<Vtable>(),
    write: Some(memory_write),
    release: Some(memory_release),
};

/// # Safety
/// `out` is null or points to memory for a stream.
#[no_mangle]
pub unsafe extern "C" fn memory_stream(out: *mut Stream) -> bool {
    if out.is_null() {
        return false;
    }
    let this = Box::into_raw(Box::new(Memory { bytes: Vec::new() })).cast();
    unsafe { out.write(Stream { vtable: &MEMORY, this }) };
    true
}

/// # Safety
/// `stream` is null or was filled by its maker.
#[no_mangle]
pub unsafe extern "C" fn stream_write(stream: *const Stream, data: *const u8, length: usize) -> c_int {
    let Some(stream) = (unsafe { stream.as_ref() }) else { return -1 };
    match unsafe { stream.vtable.as_ref() }.and_then(|vtable| vtable.write) {
        Some(write) => unsafe { write(stream.this, data, length) },
        None => -1,
    }
}
