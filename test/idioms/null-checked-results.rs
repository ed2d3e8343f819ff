//! Results of the C library that may be null, each looked at before it is used.
use std::ffi::{c_char, c_int, c_void, CStr};
use std::ptr::NonNull;

#[repr(C)]
pub struct File {
    _private: [u8; 0],
}

extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
    fn getenv(name: *const c_char) -> *const c_char;
    fn fopen(name: *const c_char, mode: *const c_char) -> *mut File;
    fn fclose(file: *mut File) -> c_int;
    fn strchr(text: *const c_char, letter: c_int) -> *const c_char;
}

pub fn home() -> Option<String> {
    let home = unsafe { getenv(c"HOME".as_ptr()) };
    (!home.is_null()).then(|| unsafe { CStr::from_ptr(home) }.to_string_lossy().into_owned())
}

pub fn extension(name: &CStr) -> Option<&CStr> {
    let dot = unsafe { strchr(name.as_ptr(), c_int::from(b'.')) };
    if dot.is_null() { None } else { Some(unsafe { CStr::from_ptr(dot) }) }
}

pub fn exists(name: &CStr) -> bool {
    let Some(file) = NonNull::new(unsafe { fopen(name.as_ptr(), c"r".as_ptr()) }) else { return false };
    unsafe { fclose(file.as_ptr()) == 0 }
}

pub fn scratch() -> u32 {
    let memory = unsafe { malloc(4) }.cast::<u32>();
    if memory.is_null() {
        return 0;
    }
    unsafe {
        memory.write(7);
        let value = memory.read();
        free(memory.cast());
        value
    }
}
