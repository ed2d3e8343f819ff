//! Shared objects: C holds counts of an `Arc` and gives each back once.
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;

pub struct Shared {
    uses: AtomicU32,
}

#[no_mangle]
pub extern "C" fn shared_new() -> *const Shared {
    Arc::into_raw(Arc::new(Shared { uses: AtomicU32::new(0) }))
}

/// # Safety
/// `shared` comes from `shared_new` and still has a count.
#[no_mangle]
pub unsafe extern "C" fn shared_retain(shared: *const Shared) {
    if !shared.is_null() {
        unsafe { Arc::increment_strong_count(shared) };
    }
}

/// # Safety
/// As `shared_retain`; the count is gone afterwards.
#[no_mangle]
pub unsafe extern "C" fn shared_release(shared: *const Shared) {
    if !shared.is_null() {
        drop(unsafe { Arc::from_raw(shared) });
    }
}

/// # Safety
/// As `shared_retain`.
#[no_mangle]
pub unsafe extern "C" fn shared_use(shared: *const Shared) -> u32 {
    match unsafe { shared.as_ref() } {
        Some(shared) => shared.uses.fetch_add(1, Ordering::Relaxed) + 1,
        None => 0,
    }
}
