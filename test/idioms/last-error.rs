//! Errors by thread: a code is returned, the text is asked for afterwards.
use std::cell::RefCell;
use std::ffi::{c_char, c_int, CStr, CString};
use std::ptr;

thread_local! {
    static LAST: RefCell<Option<CString>> = const { RefCell::new(None) };
}

fn fail(text: &str) -> c_int {
    let text = CString::new(text.replace('\0', " ")).ok();
    LAST.with(|last| *last.borrow_mut() = text);
    -1
}

#[no_mangle]
pub extern "C" fn last_error() -> *const c_char {
    LAST.with(|last| last.borrow().as_ref().map_or(ptr::null(), |text| text.as_ptr()))
}

/// # Safety
/// `text` is null or a C string.
#[no_mangle]
pub unsafe extern "C" fn set_level(text: *const c_char) -> c_int {
    if text.is_null() {
        return fail("the level is missing");
    }
    match unsafe { CStr::from_ptr(text) }.to_str().map(str::parse::<c_int>) {
        Ok(Ok(level)) => level,
        Ok(Err(error)) => fail(&error.to_string()),
        Err(_) => fail("the level is not UTF-8"),
    }
}
