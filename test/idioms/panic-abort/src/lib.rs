//! Every profile aborts: a panic never unwinds into C, and that is what the author decided.
use std::ffi::c_int;

#[no_mangle]
pub extern "C" fn half(value: c_int) -> c_int {
    assert!(value % 2 == 0, "an even number was expected");
    value / 2
}

#[no_mangle]
pub extern "C" fn as_byte(value: c_int) -> u8 {
    u8::try_from(value).unwrap()
}
