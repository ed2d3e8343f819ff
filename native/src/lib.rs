//! The native helper of ffi-lint: reads layout records through a small C ABI (`include/ffi_lint_native.h`). No call unwinds, and none trusts its arguments further than C allows.

mod file;
mod record;
mod state;
#[cfg(test)]
mod tests;

use std::ffi::{c_char, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::slice;

/// Changes when the C ABI does.
const ABI_VERSION: u32 = 1;

/// What every call that can fail returns; the names in C are `FFI_LINT_…`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The call did what it says.
    Ok = 0,
    /// A pointer is null, a path is not UTF-8, or a handle or index does not exist.
    InvalidArgument = -1,
    /// The file cannot be read.
    CannotRead = -2,
    /// The file is larger than 256 MiB.
    TooLarge = -3,
    /// The buffer is too small.
    TooSmall = -4,
    /// A fault of this library.
    Panic = -5,
}

/// One record, without its values.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordInfo {
    /// Of its first byte, from the start of the file.
    pub offset: u64,
    /// How many values it has.
    pub count: u64,
}

type Failure = (Status, String);

fn invalid(message: impl Into<String>) -> Failure {
    (Status::InvalidArgument, message.into())
}

/// Runs a call's body: a failure and a panic become a status, and their message the thread's last error.
fn guarded(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => Status::Ok,
        Ok(Err((status, message))) => {
            state::set_error(message);
            status
        }
        Err(_) => {
            state::set_error("the native helper panicked".to_owned());
            Status::Panic
        }
    }
}

fn with_record<T>(handle: u64, index: u64, then: impl FnOnce(&record::Record) -> Result<T, Failure>) -> Result<T, Failure> {
    let scan = state::get(handle).ok_or_else(|| invalid(format!("no scan has the handle {handle}")))?;
    let record = usize::try_from(index).ok().and_then(|at| scan.records.get(at));
    then(record.ok_or_else(|| invalid(format!("there are {} records, none has the index {index}", scan.records.len())))?)
}

/// The version of this ABI; a caller that expects another one must not go on.
#[no_mangle]
pub extern "C" fn ffi_lint_native_version() -> u32 {
    ABI_VERSION
}

/// Scans a file and writes a handle, which `ffi_lint_scan_free` gives back.
///
/// # Safety
/// `path` is null or a C string, `handle` is null or can be written.
#[no_mangle]
pub unsafe extern "C" fn ffi_lint_scan_file(path: *const c_char, handle: *mut u64) -> Status {
    guarded(|| {
        if path.is_null() || handle.is_null() {
            return Err(invalid("path and handle must not be null"));
        }
        // SAFETY: not null, and a C string by this function's contract.
        let path = unsafe { CStr::from_ptr(path) };
        let path = path.to_str().map_err(|_| invalid("the path is not UTF-8"))?;
        let scan = record::scan(&file::read(Path::new(path))?);
        // SAFETY: not null, and can be written by this function's contract.
        unsafe { handle.write(state::keep(scan)) };
        Ok(())
    })
}

/// How many records a scan found, and how many stretches looked like one but were not well formed.
///
/// # Safety
/// `records` and `rejected` are null or can be written.
#[no_mangle]
pub unsafe extern "C" fn ffi_lint_scan_count(handle: u64, records: *mut u64, rejected: *mut u64) -> Status {
    guarded(|| {
        if records.is_null() || rejected.is_null() {
            return Err(invalid("records and rejected must not be null"));
        }
        let scan = state::get(handle).ok_or_else(|| invalid(format!("no scan has the handle {handle}")))?;
        // SAFETY: not null, and can be written by this function's contract.
        unsafe {
            records.write(scan.records.len() as u64);
            rejected.write(scan.rejected);
        }
        Ok(())
    })
}

/// Where a record stands and how many values it has.
///
/// # Safety
/// `info` is null or can be written.
#[no_mangle]
pub unsafe extern "C" fn ffi_lint_scan_record(handle: u64, index: u64, info: *mut RecordInfo) -> Status {
    guarded(|| {
        if info.is_null() {
            return Err(invalid("info must not be null"));
        }
        with_record(handle, index, |record| {
            // SAFETY: not null, and can be written by this function's contract.
            unsafe { info.write(RecordInfo { offset: record.offset, count: record.values.len() as u64 }) };
            Ok(())
        })
    })
}

/// Copies a record's values; `capacity` is how many fit into `values`.
///
/// # Safety
/// `values` is null or `capacity` values can be written to it.
#[no_mangle]
pub unsafe extern "C" fn ffi_lint_scan_values(handle: u64, index: u64, values: *mut u64, capacity: u64) -> Status {
    guarded(|| {
        if values.is_null() {
            return Err(invalid("values must not be null"));
        }
        with_record(handle, index, |record| {
            let count = record.values.len();
            if capacity < count as u64 {
                return Err((Status::TooSmall, format!("the record has {count} values, the buffer takes {capacity}")));
            }
            // SAFETY: not null, and at least `count` values can be written by this function's contract.
            unsafe { values.copy_from_nonoverlapping(record.values.as_ptr(), count) };
            Ok(())
        })
    })
}

/// Gives a scan back; its handle means nothing from then on.
#[no_mangle]
pub extern "C" fn ffi_lint_scan_free(handle: u64) -> Status {
    guarded(|| if state::release(handle) { Ok(()) } else { Err(invalid(format!("no scan has the handle {handle}"))) })
}

/// Copies what went wrong last in this thread, cut to `capacity` bytes with the NUL that ends it; the whole length without the NUL is returned.
///
/// # Safety
/// `buffer` is null or `capacity` bytes can be written to it.
#[no_mangle]
pub unsafe extern "C" fn ffi_lint_last_error(buffer: *mut c_char, capacity: u64) -> u64 {
    let copied = catch_unwind(AssertUnwindSafe(|| {
        let message = state::last_error();
        if let (false, Some(room)) = (buffer.is_null(), usize::try_from(capacity).ok().and_then(|all| all.checked_sub(1))) {
            let count = room.min(message.len());
            // SAFETY: `count` bytes and a NUL are at most `capacity`, which can be written by this function's contract.
            let target = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), count + 1) };
            target[..count].copy_from_slice(&message.as_bytes()[..count]);
            target[count] = 0;
        }
        message.len() as u64
    }));
    copied.unwrap_or(0)
}
