//! The blocks and attributes of edition 2024: `unsafe extern`, `safe fn`, `#[unsafe(no_mangle)]`.
use std::ffi::{c_char, c_int};

unsafe extern "C" {
    pub safe fn abs(value: c_int) -> c_int;
    pub unsafe fn strlen(text: *const c_char) -> usize;
    pub safe static library_version: c_int;
    static mut library_errors: c_int;
}

#[unsafe(no_mangle)]
pub static PLUGIN_VERSION: c_int = 3;

#[unsafe(export_name = "plugin_distance")]
pub extern "C" fn distance(a: c_int, b: c_int) -> c_int {
    abs(a.wrapping_sub(b)) + library_version
}

/// # Safety
/// `text` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn plugin_length(text: *const c_char) -> usize {
    if text.is_null() {
        return 0;
    }
    unsafe { strlen(text) }
}

pub fn errors() -> *const c_int {
    &raw const library_errors
}
