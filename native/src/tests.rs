//! The C ABI as a caller sees it.

use super::*;
use crate::file::MOST_BYTES;
use std::ffi::CString;
use std::fs::File;
use std::ptr::{null, null_mut};

fn file(name: &str, bytes: &[u8]) -> CString {
    let path = std::env::temp_dir().join(format!("ffi_lint_native_{}_{name}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    CString::new(path.to_str().unwrap()).unwrap()
}

fn error() -> String {
    let mut buffer = [0; 200];
    let length = unsafe { ffi_lint_last_error(buffer.as_mut_ptr(), 200) };
    let text = unsafe { CStr::from_ptr(buffer.as_ptr()) }.to_str().unwrap().to_owned();
    assert_eq!(length, text.len() as u64);
    text
}

#[test]
fn reads_records_of_a_file() {
    let path = file("two", b"x@FFI1|1,2,3!@FFI1|x!@FFI1|4!");
    let (mut handle, mut records, mut rejected) = (0, 0, 0);
    let mut info = RecordInfo::default();
    let mut values = [0; 3];
    unsafe {
        assert_eq!(ffi_lint_scan_file(path.as_ptr(), &mut handle), Status::Ok);
        assert_eq!(ffi_lint_scan_count(handle, &mut records, &mut rejected), Status::Ok);
        assert_eq!((records, rejected), (2, 1));
        assert_eq!(ffi_lint_scan_record(handle, 0, &mut info), Status::Ok);
        assert_eq!(info, RecordInfo { offset: 1, count: 3 });
        assert_eq!(ffi_lint_scan_values(handle, 0, values.as_mut_ptr(), 3), Status::Ok);
        assert_eq!(values, [1, 2, 3]);
        assert_eq!(ffi_lint_scan_values(handle, 0, values.as_mut_ptr(), 2), Status::TooSmall);
        assert_eq!(error(), "the record has 3 values, the buffer takes 2");
        assert_eq!(ffi_lint_scan_record(handle, 2, &mut info), Status::InvalidArgument);
        assert_eq!(ffi_lint_scan_free(handle), Status::Ok);
        assert_eq!(ffi_lint_scan_free(handle), Status::InvalidArgument);
        assert_eq!(ffi_lint_scan_record(handle, 0, &mut info), Status::InvalidArgument);
    }
}

#[test]
fn refuses_what_it_cannot_use() {
    let mut handle = 0;
    let missing = CString::new("/no/such/file").unwrap();
    let folder = CString::new(std::env::temp_dir().to_str().unwrap()).unwrap();
    let not_utf8 = CString::new([0x66, 0xff]).unwrap();
    unsafe {
        assert_eq!(ffi_lint_scan_file(null(), &mut handle), Status::InvalidArgument);
        assert_eq!(ffi_lint_scan_file(missing.as_ptr(), null_mut()), Status::InvalidArgument);
        assert_eq!(ffi_lint_scan_file(not_utf8.as_ptr(), &mut handle), Status::InvalidArgument);
        assert_eq!(ffi_lint_scan_file(folder.as_ptr(), &mut handle), Status::CannotRead);
        assert_eq!(ffi_lint_scan_file(missing.as_ptr(), &mut handle), Status::CannotRead);
    }
    assert!(error().starts_with("/no/such/file: "));
    assert_eq!(handle, 0);
}

#[test]
fn refuses_a_file_that_is_too_large() {
    let path = file("large", b"");
    let large = File::options().write(true).open(path.to_str().unwrap()).unwrap();
    large.set_len(MOST_BYTES + 1).unwrap();
    let mut handle = 0;
    assert_eq!(unsafe { ffi_lint_scan_file(path.as_ptr(), &mut handle) }, Status::TooLarge);
    std::fs::remove_file(path.to_str().unwrap()).unwrap();
}

#[test]
fn a_panic_becomes_a_status() {
    assert_eq!(guarded(|| panic!("for the test")), Status::Panic);
    assert_eq!(error(), "the native helper panicked");
}

#[test]
fn an_error_is_cut_to_the_buffer() {
    state::set_error("abcdef".to_owned());
    let mut buffer: [c_char; 4] = [1; 4];
    assert_eq!(unsafe { ffi_lint_last_error(buffer.as_mut_ptr(), 4) }, 6);
    assert_eq!(unsafe { CStr::from_ptr(buffer.as_ptr()) }.to_bytes(), b"abc");
    assert_eq!(unsafe { ffi_lint_last_error(buffer.as_mut_ptr(), 0) }, 6);
    assert_eq!(unsafe { ffi_lint_last_error(null_mut(), 4) }, 6);
}
