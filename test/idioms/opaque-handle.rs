//! A type of Rust behind a pointer that C only hands back, and a type of C that Rust never looks into.
use std::ffi::c_int;
use std::marker::{PhantomData, PhantomPinned};

pub struct Counter {
    values: Vec<u32>,
    limit: usize,
}

#[no_mangle]
pub extern "C" fn counter_new(limit: usize) -> *mut Counter {
    Box::into_raw(Box::new(Counter { values: Vec::new(), limit }))
}

/// # Safety
/// `counter` comes from `counter_new` and was not freed.
#[no_mangle]
pub unsafe extern "C" fn counter_add(counter: *mut Counter, value: u32) -> c_int {
    let Some(counter) = (unsafe { counter.as_mut() }) else { return -1 };
    if counter.values.len() >= counter.limit {
        return -2;
    }
    counter.values.push(value);
    0
}

/// # Safety
/// As `counter_add`.
#[no_mangle]
pub unsafe extern "C" fn counter_len(counter: *const Counter) -> usize {
    if counter.is_null() {
        return 0;
    }
    unsafe { &*counter }.values.len()
}

/// # Safety
/// `counter` is null or comes from `counter_new`, and is not used again.
#[no_mangle]
pub unsafe extern "C" fn counter_free(counter: *mut Counter) {
    if !counter.is_null() {
        drop(unsafe { Box::from_raw(counter) });
    }
}

/// Of the C library: size and fields are unknown here.
#[repr(C)]
pub struct Device {
    _data: [u8; 0],
    _marker: PhantomData<(*mut u8, PhantomPinned)>,
}

extern "C" {
    fn device_open(id: c_int) -> *mut Device;
    fn device_read(device: *mut Device) -> c_int;
    fn device_close(device: *mut Device);
}

pub struct Handle(*mut Device);

impl Handle {
    pub fn open(id: c_int) -> Option<Handle> {
        let device = unsafe { device_open(id) };
        if device.is_null() { None } else { Some(Handle(device)) }
    }

    pub fn read(&mut self) -> c_int {
        unsafe { device_read(self.0) }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        unsafe { device_close(self.0) };
    }
}
