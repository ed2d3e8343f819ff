//! Pointer and length from C as a slice: null and zero first, then the length, then the elements.
use std::ffi::c_int;
use std::slice;

/// An empty slice for null, whatever the length.
unsafe fn as_slice<'a, T>(data: *const T, count: usize) -> &'a [T] {
    if data.is_null() || count == 0 {
        return &[];
    }
    unsafe { slice::from_raw_parts(data, count) }
}

/// # Safety
/// `values` is null or points to `count` numbers.
#[no_mangle]
pub unsafe extern "C" fn sum(values: *const u32, count: usize) -> u64 {
    unsafe { as_slice(values, count) }.iter().map(|&value| u64::from(value)).sum()
}

/// # Safety
/// As `sum`.
#[no_mangle]
pub unsafe extern "C" fn at(values: *const u32, count: usize, index: usize) -> u32 {
    if values.is_null() {
        return 0;
    }
    let values = unsafe { slice::from_raw_parts(values, count) };
    values.get(index).copied().unwrap_or_default()
}

/// # Safety
/// `out` is null or has room for `capacity` bytes.
#[no_mangle]
pub unsafe extern "C" fn copy_name(out: *mut u8, capacity: c_int) -> c_int {
    let name = b"sensor";
    let Ok(capacity) = usize::try_from(capacity) else { return -1 };
    if out.is_null() || capacity < name.len() {
        return -1;
    }
    let out = unsafe { slice::from_raw_parts_mut(out, capacity) };
    out[..name.len()].copy_from_slice(name);
    name.len() as c_int
}

/// # Safety
/// `values` points to `rows * columns` numbers.
#[no_mangle]
pub unsafe extern "C" fn row_sum(values: *const f64, rows: usize, columns: usize, row: usize) -> f64 {
    let Some(count) = rows.checked_mul(columns) else { return f64::NAN };
    if values.is_null() || row >= rows {
        return f64::NAN;
    }
    let values = unsafe { slice::from_raw_parts(values, count) };
    values[row * columns..(row + 1) * columns].iter().sum()
}
