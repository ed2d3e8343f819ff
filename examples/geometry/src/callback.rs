//! C code is called back for each point, with the pointer that it gave us.

use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::Point;

/// Returns 0 to go on, anything else to stop. C passes null where it wants no call.
pub type PointCallback = Option<unsafe extern "C" fn(point: *const Point, data: *mut c_void) -> i32>;

/// Calls `callback` for each point; the number of calls, or -1 for bad arguments.
///
/// # Safety
/// `points` is null or points to `count` points; `callback` accepts `data`.
#[no_mangle]
pub unsafe extern "C" fn for_each_point(
    points: *const Point,
    count: usize,
    callback: PointCallback,
    data: *mut c_void,
) -> i32 {
    let Some(callback) = callback else { return -1 };
    if points.is_null() {
        return if count == 0 { 0 } else { -1 };
    }
    let points = unsafe { std::slice::from_raw_parts(points, count) };
    // Whatever happens in here, no panic leaves this function.
    catch_unwind(AssertUnwindSafe(|| {
        let mut calls: i32 = 0;
        for point in points {
            calls = calls.saturating_add(1);
            if unsafe { callback(point, data) } != 0 {
                break;
            }
        }
        calls
    }))
    .unwrap_or(-1)
}
