//! Memory that Rust gives away with its length and capacity, and takes back with both.
use std::mem::ManuallyDrop;
use std::ptr;

#[repr(C)]
pub struct Buffer {
    pub data: *mut u8,
    pub length: usize,
    pub capacity: usize,
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Buffer {
        let mut bytes = ManuallyDrop::new(bytes);
        Buffer { data: bytes.as_mut_ptr(), length: bytes.len(), capacity: bytes.capacity() }
    }
}

#[no_mangle]
pub extern "C" fn buffer_make(length: usize) -> Buffer {
    vec![7; length].into()
}

/// # Safety
/// `buffer` comes from `buffer_make` and was not freed.
#[no_mangle]
pub unsafe extern "C" fn buffer_free(buffer: Buffer) {
    if !buffer.data.is_null() {
        drop(unsafe { Vec::from_raw_parts(buffer.data, buffer.length, buffer.capacity) });
    }
}

/// # Safety
/// `count` is null or points to memory for a number.
#[no_mangle]
pub unsafe extern "C" fn numbers_make(count: *mut usize) -> *mut u32 {
    if count.is_null() {
        return ptr::null_mut();
    }
    let numbers = vec![1, 2, 3].into_boxed_slice();
    unsafe { *count = numbers.len() };
    Box::into_raw(numbers).cast()
}

/// # Safety
/// Both come from `numbers_make`.
#[no_mangle]
pub unsafe extern "C" fn numbers_free(numbers: *mut u32, count: usize) {
    if !numbers.is_null() {
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(numbers, count)) });
    }
}
