//! Strings that cross the boundary: borrowed on the way in, owned by the caller on the way out.

use std::ffi::{c_char, CStr, CString};

use crate::Point;

/// The number of characters (not bytes) of a UTF-8 string, 0 for null; invalid parts count as one each.
///
/// # Safety
/// `text` is null or a NUL-terminated string.
#[no_mangle]
pub unsafe extern "C" fn string_length(text: *const c_char) -> usize {
    if text.is_null() {
        return 0;
    }
    unsafe { CStr::from_ptr(text) }.to_string_lossy().chars().count()
}

/// A text for people, null for a null point. The caller gives it back to `string_free`.
///
/// # Safety
/// `point` is null or points to a valid `Point`.
#[no_mangle]
pub unsafe extern "C" fn point_format(point: *const Point) -> *mut c_char {
    let Some(point) = (unsafe { point.as_ref() }) else {
        return std::ptr::null_mut();
    };
    CString::new(format!("({}, {})", point.x, point.y)).map_or(std::ptr::null_mut(), CString::into_raw)
}

/// Frees what `point_format` returned; null is fine.
///
/// # Safety
/// `text` is null or comes from `point_format` and was not freed yet.
#[no_mangle]
pub unsafe extern "C" fn string_free(text: *mut c_char) {
    if text.is_null() {
        return;
    }
    drop(unsafe { CString::from_raw(text) });
}
