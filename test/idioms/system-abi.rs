//! Functions and callbacks of Windows, whose ABI is the system's.
#![allow(non_snake_case)]
use std::ffi::c_void;

pub type Hwnd = *mut c_void;
pub type EnumProc = Option<unsafe extern "system" fn(Hwnd, isize) -> i32>;

#[cfg(windows)]
#[link(name = "user32")]
extern "system" {
    fn EnumWindows(callback: EnumProc, data: isize) -> i32;
    fn IsWindowVisible(window: Hwnd) -> i32;
}

#[cfg(windows)]
unsafe extern "system" fn count(window: Hwnd, data: isize) -> i32 {
    let total = data as *mut u32;
    if let Some(total) = unsafe { total.as_mut() } {
        *total += u32::from(unsafe { IsWindowVisible(window) } != 0);
    }
    1
}

#[cfg(windows)]
pub fn visible_windows() -> u32 {
    let mut total = 0u32;
    unsafe { EnumWindows(Some(count), &raw mut total as isize) };
    total
}

#[no_mangle]
pub extern "system" fn DllMain(_module: *mut c_void, _reason: u32, _reserved: *mut c_void) -> i32 {
    1
}
