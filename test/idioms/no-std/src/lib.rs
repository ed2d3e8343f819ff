//! A library for firmware: core only, statics for the interrupt, addresses of hardware.
#![no_std]

use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicU32, Ordering};

static TICKS: AtomicU32 = AtomicU32::new(0);

#[repr(C)]
pub struct Registers {
    pub control: u32,
    pub data: u32,
}

#[no_mangle]
pub extern "C" fn SysTick_Handler() {
    TICKS.fetch_add(1, Ordering::Relaxed);
}

#[no_mangle]
pub extern "C" fn ticks() -> u32 {
    TICKS.load(Ordering::Relaxed)
}

/// # Safety
/// `registers` is null or the address of the device.
#[no_mangle]
pub unsafe extern "C" fn device_start(registers: *mut Registers) -> c_int {
    if registers.is_null() {
        return -1;
    }
    unsafe { (&raw mut (*registers).control).write_volatile(1) };
    0
}

extern "C" {
    fn board_delay(context: *mut c_void, microseconds: u32);
}

pub fn wait() {
    unsafe { board_delay(core::ptr::null_mut(), 10) };
}

#[cfg(all(not(test), target_os = "none"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
