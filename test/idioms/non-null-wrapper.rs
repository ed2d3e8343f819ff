//! A handle of C as a Rust type: made only from what is not null, freed once, sent with a reason.
use std::ffi::{c_char, c_int, CStr};
use std::marker::PhantomData;
use std::ptr::NonNull;

#[repr(C)]
pub struct Connection {
    _private: [u8; 0],
}

extern "C" {
    fn connection_open(host: *const c_char) -> *mut Connection;
    fn connection_rows(connection: *mut Connection) -> c_int;
    fn connection_close(connection: *mut Connection);
}

pub struct Database {
    raw: NonNull<Connection>,
}

// SAFETY: the library allows a connection to move between threads, one at a time.
unsafe impl Send for Database {}

impl Database {
    pub fn open(host: &CStr) -> Option<Self> {
        NonNull::new(unsafe { connection_open(host.as_ptr()) }).map(|raw| Database { raw })
    }

    pub fn rows(&self) -> Rows<'_> {
        Rows { raw: self.raw, left: unsafe { connection_rows(self.raw.as_ptr()) }, _database: PhantomData }
    }

    pub fn into_raw(self) -> *mut Connection {
        std::mem::ManuallyDrop::new(self).raw.as_ptr()
    }

    /// # Safety
    /// `raw` comes from `into_raw`.
    pub unsafe fn from_raw(raw: *mut Connection) -> Option<Self> {
        NonNull::new(raw).map(|raw| Database { raw })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        unsafe { connection_close(self.raw.as_ptr()) };
    }
}

/// Lives as long as the database.
pub struct Rows<'a> {
    raw: NonNull<Connection>,
    left: c_int,
    _database: PhantomData<&'a Database>,
}

impl Iterator for Rows<'_> {
    type Item = NonNull<Connection>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left -= 1;
        (self.left >= 0).then_some(self.raw)
    }
}
