//! Types of one field that C sees as that field: ids, flags, status codes that C may add to, and typed pointers.
use std::ffi::{c_int, c_void};
use std::num::NonZeroU32;
use std::ptr::NonNull;

#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Status(pub c_int);

impl Status {
    pub const OK: Status = Status(0);
    pub const BUSY: Status = Status(1);
}

#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Flags(u32);

#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Id(NonZeroU32);

#[repr(transparent)]
pub struct Window(NonNull<c_void>);

extern "C" {
    fn window_open(flags: Flags) -> Option<Window>;
    fn window_id(window: *const Window) -> Option<Id>;
    fn window_status(id: Id) -> Status;
}

#[no_mangle]
pub extern "C" fn status_is_ok(status: Status) -> bool {
    status == Status::OK
}

pub fn open() -> Option<(Window, Status)> {
    let window = unsafe { window_open(Flags(3)) }?;
    let id = unsafe { window_id(&window) }?;
    let status = unsafe { window_status(id) };
    Some((window, status))
}
