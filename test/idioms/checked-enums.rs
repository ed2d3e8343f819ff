//! Enums of C: integers at the boundary, checked before they become one of Rust's.
use std::ffi::{c_int, c_uint};

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Debug = 0,
    Info = 1,
    Error = 2,
}

impl TryFrom<c_uint> for Level {
    type Error = c_uint;

    fn try_from(value: c_uint) -> Result<Self, c_uint> {
        match value {
            0 => Ok(Level::Debug),
            1 => Ok(Level::Info),
            2 => Ok(Level::Error),
            other => Err(other),
        }
    }
}

extern "C" {
    fn logger_level() -> c_uint;
    fn logger_set_level(level: Level) -> c_int;
}

pub fn raise() -> Option<Level> {
    let level = Level::try_from(unsafe { logger_level() }).ok()?;
    unsafe { logger_set_level(Level::Error) };
    Some(level)
}

#[no_mangle]
pub extern "C" fn level_default() -> Level {
    Level::Info
}

#[no_mangle]
pub extern "C" fn level_set(level: c_uint) -> bool {
    Level::try_from(level).is_ok_and(|level| unsafe { logger_set_level(level) } == 0)
}
