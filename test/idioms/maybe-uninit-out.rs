//! Memory that C fills: it becomes a value after the call said that it worked.
use std::ffi::c_int;
use std::mem::MaybeUninit;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub channel: u32,
    pub value: f64,
}

extern "C" {
    fn sensor_read(out: *mut Reading) -> c_int;
    fn sensor_read_all(out: *mut Reading, capacity: usize, count: *mut usize) -> c_int;
    fn sensor_fill(buffer: *mut u8, capacity: usize) -> isize;
}

pub fn read() -> Option<Reading> {
    let mut reading = MaybeUninit::uninit();
    if unsafe { sensor_read(reading.as_mut_ptr()) } != 0 {
        return None;
    }
    Some(unsafe { reading.assume_init() })
}

pub fn read_all() -> Vec<Reading> {
    let mut readings = Vec::with_capacity(16);
    let mut count = 0;
    if unsafe { sensor_read_all(readings.as_mut_ptr(), readings.capacity(), &mut count) } == 0 {
        unsafe { readings.set_len(count.min(readings.capacity())) };
    }
    readings
}

pub fn fill() -> Option<Vec<u8>> {
    let mut buffer = vec![0; 256];
    let count = usize::try_from(unsafe { sensor_fill(buffer.as_mut_ptr(), buffer.len()) }).ok()?;
    buffer.truncate(count);
    Some(buffer)
}

/// # Safety
/// `out` is null or points to memory for a reading.
#[no_mangle]
pub unsafe extern "C" fn last_reading(out: *mut Reading) -> bool {
    if out.is_null() {
        return false;
    }
    unsafe { out.write(Reading { channel: 1, value: 0.5 }) };
    true
}
