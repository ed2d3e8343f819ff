//! Callbacks that may be missing: `Option` of an extern fn is C's nullable function pointer.
use std::ffi::{c_int, c_void};

pub type Progress = Option<unsafe extern "C" fn(done: c_int, total: c_int, data: *mut c_void) -> bool>;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Hooks {
    pub progress: Progress,
    pub release: Option<extern "C" fn(*mut c_void)>,
    pub data: *mut c_void,
}

/// # Safety
/// `hooks` is null or points to hooks whose functions take their `data`.
#[no_mangle]
pub unsafe extern "C" fn work(hooks: *const Hooks, total: c_int) -> c_int {
    let Some(hooks) = (unsafe { hooks.as_ref() }) else { return -1 };
    for done in 0..total {
        if let Some(progress) = hooks.progress {
            if !unsafe { progress(done, total, hooks.data) } {
                return done;
            }
        }
    }
    if let Some(release) = hooks.release {
        release(hooks.data);
    }
    total
}

extern "C" {
    fn library_set_hooks(hooks: *const Hooks);
    fn library_get_progress() -> Progress;
}

pub fn clear() -> bool {
    let hooks = Hooks { progress: None, release: None, data: std::ptr::null_mut() };
    unsafe {
        library_set_hooks(&hooks);
        library_get_progress().is_none()
    }
}
