//! A small C API, done right: points, a callback, strings. Its faulty twin is `geometry-faulty`.

mod callback;
mod text;

pub use callback::{for_each_point, PointCallback};
pub use text::{point_format, string_free, string_length};

/// Has the same layout as `struct Point` in `include/geometry.h`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Adds; wraps around instead of panicking on overflow.
#[no_mangle]
pub extern "C" fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The distance of two points, NaN where one is null.
///
/// # Safety
/// Each pointer is null or points to a valid `Point`.
#[no_mangle]
pub unsafe extern "C" fn point_distance(p1: *const Point, p2: *const Point) -> f64 {
    if p1.is_null() || p2.is_null() {
        return f64::NAN;
    }
    let (p1, p2) = unsafe { (&*p1, &*p2) };
    (p2.x - p1.x).hypot(p2.y - p1.y)
}
