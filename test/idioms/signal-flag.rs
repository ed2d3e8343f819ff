//! A signal handler that only sets a flag.
use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

extern "C" fn on_signal(_signal: c_int) {
    STOP.store(true, Ordering::Relaxed);
}

#[cfg(unix)]
extern "C" {
    fn signal(signum: c_int, handler: extern "C" fn(c_int)) -> usize;
}

#[cfg(unix)]
pub fn install() -> bool {
    unsafe { signal(15, on_signal) != usize::MAX }
}

pub fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}
