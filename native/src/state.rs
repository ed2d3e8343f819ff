//! Open scans by handle, and the last error of each thread. Handles are numbers, so that a stale one is an error and never a dangling pointer.

use crate::record::Scan;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

#[derive(Default)]
struct Open {
    last: u64,
    scans: HashMap<u64, Arc<Scan>>,
}

/// The map is whole after every single operation on it, so a panic elsewhere does not spoil it.
fn open() -> MutexGuard<'static, Open> {
    static OPEN: OnceLock<Mutex<Open>> = OnceLock::new();
    OPEN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a scan; handles start at 1 and are never used twice.
pub fn keep(scan: Scan) -> u64 {
    let mut open = open();
    open.last += 1;
    let handle = open.last;
    open.scans.insert(handle, Arc::new(scan));
    handle
}

pub fn get(handle: u64) -> Option<Arc<Scan>> {
    open().scans.get(&handle).cloned()
}

pub fn release(handle: u64) -> bool {
    open().scans.remove(&handle).is_some()
}

thread_local! {
    static LAST_ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A thread that is shutting down has no place for a message any more; then it is dropped.
pub fn set_error(message: String) {
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = message);
}

pub fn last_error() -> String {
    LAST_ERROR.try_with(|last| last.borrow().clone()).unwrap_or_default()
}
