//! The same C API as `geometry`, with the mistakes that are easily made. Run ffi-lint over it.

use std::ffi::{c_char, c_void, CStr, CString};

// No `#[repr(C)]`: Rust may lay it out as it likes.
pub struct Point {
    pub x: f64,
    pub y: f64,
}

// The Rust ABI under a C name.
#[no_mangle]
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

// Null is dereferenced.
#[no_mangle]
pub extern "C" fn point_distance(p1: *const Point, p2: *const Point) -> f64 {
    unsafe {
        let p1 = &*p1;
        let p2 = &*p2;
        let dx = p2.x - p1.x;
        let dy = p2.y - p1.y;
        (dx * dx + dy * dy).sqrt()
    }
}

// No layout again, and this one is passed by value.
pub struct Size {
    pub width: f64,
    pub unit: u8,
}

#[no_mangle]
pub extern "C" fn scale(size: Size, factor: f64) -> f64 {
    size.width * factor
}

// A slice is a pointer and a length, which C does not know of.
#[no_mangle]
pub extern "C" fn centre(points: &[Point]) -> f64 {
    points.iter().map(|p| p.x).sum::<f64>() / points.len() as f64
}

pub type PointCallback = unsafe extern "C" fn(point: *const Point, data: *mut c_void) -> i32;

// (NULL, 0) is how C passes an empty array: undefined behaviour here.
#[no_mangle]
pub unsafe extern "C" fn for_each_point(points: *const Point, count: usize, callback: PointCallback, data: *mut c_void) -> i32 {
    let points = std::slice::from_raw_parts(points, count);
    for point in points {
        if callback(point, data) != 0 {
            return -1;
        }
    }
    i32::try_from(points.len()).unwrap()
}

// Called back by C with a Rust closure: its panic would cross the C frames.
pub unsafe extern "C" fn call_closure<F: FnMut(f64)>(value: f64, data: *mut c_void) {
    let closure = &mut *(data as *mut F);
    closure(value);
}

// A missing check for null, and a panic for text that is not UTF-8.
#[no_mangle]
pub unsafe extern "C" fn string_length(text: *const c_char) -> usize {
    CStr::from_ptr(text).to_str().unwrap().chars().count()
}

// A Rust type by value.
#[no_mangle]
pub extern "C" fn point_name(name: String, point: *const Point) -> *mut c_char {
    if name.is_empty() {
        panic!("no name");
    }
    let Some(point) = (unsafe { point.as_ref() }) else {
        return std::ptr::null_mut();
    };
    CString::new(format!("{name} ({}, {})", point.x, point.y)).unwrap().into_raw()
}

// Frees null.
#[no_mangle]
pub unsafe extern "C" fn string_free(text: *mut c_char) {
    drop(CString::from_raw(text));
}
