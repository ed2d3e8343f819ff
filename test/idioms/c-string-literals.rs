//! Texts for C: literals with their NUL, owned texts that live through the call, and texts that C gives back.
use std::ffi::{c_char, c_int, CStr, CString};

const NAME: &CStr = c"sensor";
static GREETING: &[u8] = b"hello\0";

extern "C" {
    fn puts(text: *const c_char) -> c_int;
    fn library_open(name: *const c_char, mode: *const c_char) -> c_int;
    fn library_name() -> *const c_char;
    fn library_write(text: *const c_char, length: usize) -> c_int;
}

pub fn show(text: &str) -> Result<c_int, std::ffi::NulError> {
    let owned = CString::new(text)?;
    unsafe {
        puts(c"literal".as_ptr());
        puts(GREETING.as_ptr().cast());
        puts(owned.as_ptr());
        library_write(text.as_ptr().cast(), text.len());
        Ok(library_open(NAME.as_ptr(), c"r".as_ptr()) + puts(CString::new(text)?.as_ptr()))
    }
}

pub fn name() -> Option<String> {
    let name = unsafe { library_name() };
    if name.is_null() {
        return None;
    }
    Some(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

#[no_mangle]
pub extern "C" fn plugin_name() -> *const c_char {
    c"example".as_ptr()
}

#[no_mangle]
pub extern "C" fn plugin_describe(number: c_int) -> *mut c_char {
    CString::new(format!("plugin {number}")).map_or(std::ptr::null_mut(), CString::into_raw)
}

/// # Safety
/// `text` is null or comes from `plugin_describe`.
#[no_mangle]
pub unsafe extern "C" fn plugin_string_free(text: *mut c_char) {
    if !text.is_null() {
        drop(unsafe { CString::from_raw(text) });
    }
}
